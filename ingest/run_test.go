package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"casegraph"
)

func TestRowsThatCannotComeInAreToldWithTheirPlace(t *testing.T) {
	w := newWorld(t)
	path := w.write("rows.ndjson", strings.Join([]string{
		ana,
		`{"node":"ACCOUNT","source":"bank","referenceId":"ben","colour":"red"}`,
		``,
		`{"node":"ACCOUNT","source":"bank","referenceId":7}`,
		`{"node":"ACCOUNT",`,
		`{"node":"SESSION","source":"bank","referenceId":"s","country":"Spain"}`,
		`{"node":"ACCOUNT","source":"bank","referenceId":"eve","shows":[{"kind":"email","value":"no mail"}]}`,
		`{"node":"ACCOUNT","id":"act_1"}`,
		pay1,
	}, "\r\n"))
	im := w.importOf(strings.ReplaceAll(path, "\n", ""))
	im.Rejects = filepath.Join(t.TempDir(), "rejects.ndjson")
	// The rows above span lines; a file has one a line.
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte("\n\t\t"), nil)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	done, err := im.Run(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	w.equal("counts", done.Counts, Counts{Records: 9, Rows: 8, Links: 4, Created: 3, Rejected: 5, Warnings: 1})
	told, err := os.ReadFile(im.Rejects)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`{"input":0,"file":"F","line":2,"column":68,"field":"colour","reason":"colour: is no attribute of a row"}
{"input":0,"file":"F","line":4,"column":49,"field":"referenceId","reason":"referenceId: must be text and is a JSON number"}
{"input":0,"file":"F","line":5,"reason":"no JSON: it ends too early"}
{"input":0,"file":"F","line":6,"field":"country","reason":"country: at most 2 characters"}
{"input":0,"file":"F","line":7,"field":"shows[0]","reason":"shows[0]: email: must have exactly one @","kept":true}
{"input":0,"file":"F","line":8,"field":"id","reason":"id: no account has the id \"act_1\""}
`, `"F"`, fmt.Sprintf("%q", path))
	if string(told) != want {
		t.Errorf("rejects are\n%s\nand should be\n%s", told, want)
	}
}

func TestAnImportWithoutRejectsLeavesNoFile(t *testing.T) {
	w := newWorld(t)
	im := w.importOf(w.write("rows.ndjson", `{"node":"ACCOUNT","source":"bank","referenceId":"ana"}`))
	im.Rejects = w.write("rejects.ndjson", "from an earlier import")
	if _, err := im.Run(w.ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(im.Rejects); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the rejects file: %v", err)
	}
}

// counting counts what each transaction writes.
type counting struct {
	casegraph.Store
	links []int
}

func (c *counting) Begin(ctx context.Context, needs casegraph.Needs) (casegraph.Batch, error) {
	batch, err := c.Store.Begin(ctx, needs)
	return &countingBatch{batch, c}, err
}

type countingBatch struct {
	casegraph.Batch
	counting *counting
}

func (b *countingBatch) Write(ctx context.Context, d *casegraph.Decided) error {
	b.counting.links = append(b.counting.links, len(d.Links))
	return b.Batch.Write(ctx, d)
}

// payments are n transactions between a few accounts, one row a line; every
// seventh is no row.
func payments(n int) string {
	var b strings.Builder
	for i := range n {
		if i%7 == 6 {
			b.WriteString("{\n")
			continue
		}
		fmt.Fprintf(&b, `{"node":"TRANSACTION","source":"bank","referenceId":"p%d","at":%d,"amount":%d,"of":[{"role":"payer","referenceId":"a%d"},{"role":"payee","referenceId":"a%d"}]}`+"\n",
			i, 1_700_000_000_000+i, i, i%5, (i+1)%6)
	}
	return b.String()
}

func TestNoTransactionWritesMoreThanAThousandLinks(t *testing.T) {
	w := newWorld(t)
	counted := &counting{Store: w.store}
	c := newCommitter(t, counted)
	im := w.importOf(w.write("rows.ndjson", payments(900)))
	im.Committer = c
	if _, err := im.Run(w.ctx); err != nil {
		t.Fatal(err)
	}
	if len(counted.links) < 3 {
		t.Errorf("%d transactions", len(counted.links))
	}
	for _, n := range counted.links {
		if n > 1000 {
			t.Errorf("a transaction writes %d links", n)
		}
	}
}

// An import that is interrupted anywhere, any number of times, and gone on
// with, leaves what one without interruptions leaves: graph, log, counts and
// rejects.
func TestAnInterruptedImportGoesOnWhereItEnded(t *testing.T) {
	whole := newWorld(t)
	folder := t.TempDir()
	path := filepath.Join(folder, "rows.ndjson.gz")
	second := filepath.Join(folder, "more.ndjson")
	for name, text := range map[string][]byte{path: gzipped(payments(1500)), second: []byte(payments(400))} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	im := whole.importOf(path, second)
	im.Rejects = filepath.Join(folder, "whole")
	want, err := im.Run(whole.ctx)
	if err != nil {
		t.Fatal(err)
	}
	wantRejects, _ := os.ReadFile(im.Rejects)

	for _, everyPages := range []int{1, 2} {
		w := newWorld(t)
		im := w.importOf(path, second)
		im.Rejects = filepath.Join(folder, "rejects")
		var done Progress
		for interruptions := 0; ; interruptions++ {
			ctx, stop := context.WithCancel(w.ctx)
			after := everyPages
			im.Progress = func(Progress) {
				if after--; after == 0 {
					stop()
				}
			}
			var err error
			done, err = im.Run(ctx)
			stop()
			if err == nil {
				break
			}
			if !errors.Is(err, context.Canceled) || interruptions > 20 {
				t.Fatal(err)
			}
		}
		if done.Counts != want.Counts || !done.Resumed {
			t.Errorf("counts %+v and should be %+v", done.Counts, want.Counts)
		}
		w.equal("the log's end", w.end(), whole.end())
		w.equal("export", w.export(), whole.export())
		if rejects, _ := os.ReadFile(im.Rejects); !bytes.Equal(rejects, wantRejects) {
			t.Errorf("rejects\n%s\nand should be\n%s", rejects, wantRejects)
		}
	}
}

func gzipped(text string) []byte {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(text))
	z.Close()
	return packed.Bytes()
}

// What progress tells is what is in, not what was read ahead, however well a
// file is compressed.
func TestProgressIsThatOfTheRowsThatAreIn(t *testing.T) {
	const rows = 1400
	for _, name := range []string{"rows.ndjson", "rows.ndjson.gz"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			text := payments(rows)
			if filepath.Ext(name) == ".gz" {
				text = string(gzipped(text))
			}
			im, told := w.importOf(w.write(name, text), w.write("more.ndjson", payments(rows/7))), 0
			im.PageLinks = 200
			im.Progress = func(p Progress) {
				told++
				before, length := int64(0), int64(len(text))
				record := p.Records
				if p.Records > rows {
					before, length, record = length, p.TotalBytes-length, (p.Records-rows)*7
				}
				want := before + length*record/rows
				if off := p.Bytes - want; off < -length/20 || off > length/20 {
					t.Errorf("%d of %d bytes at record %d and should be about %d", p.Bytes, p.TotalBytes, p.Records, want)
				}
			}
			done, err := im.Run(w.ctx)
			if err != nil || told < 12 {
				t.Fatal(err, told)
			}
			w.equal("bytes", done.Bytes, done.TotalBytes)
		})
	}
}

func TestADamagedFileIsToldWithItsPlace(t *testing.T) {
	text := strings.ReplaceAll(payments(1500), "{\n", "{}\n")
	whole := gzipped(text)
	changed, otherSum := bytes.Clone(whole), bytes.Clone(whole)
	changed[len(whole)/2] ^= 0x55
	otherSum[len(whole)-6] ^= 1
	documents := func(document []byte) ([]Row, error) {
		row, err := ParseRow(document)
		return []Row{row}, err
	}
	for name, c := range map[string]struct {
		packed []byte
		decode func([]byte) ([]Row, error)
	}{
		"cut off": {whole[:len(whole)/2], nil}, "documents, cut off": {whole[:len(whole)/2], documents},
		"changed": {changed, nil}, "with another sum": {otherSum, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			path := w.write("rows.ndjson.gz", string(c.packed))
			im := w.importOf(path)
			im.Inputs[0].Decode = c.decode
			done, err := im.Run(w.ctx)
			want := fmt.Sprintf("%s: behind %s %d: the compressed file is damaged or cut off: of its text ", path, im.Inputs[0].unit(), done.Records)
			if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.HasSuffix(err.Error(), "; fetch it or compress it again") {
				t.Fatalf("says %v and should say %s", err, want)
			}
			end := w.end()
			if again, same := im.Run(w.ctx); same == nil || same.Error() != err.Error() || !again.Resumed || w.end() != end {
				t.Errorf("once more: %v, %+v", same, again)
			}
			if err := os.WriteFile(path, whole, 0o600); err != nil {
				t.Fatal(err)
			}
			all, err := im.Run(w.ctx)
			if err != nil || all.Resumed || done.Records == 0 || all.Unchanged < done.Created-6 || all.Rejected != 1500/7 {
				t.Errorf("mended: %v, %+v behind %+v", err, all, done)
			}
		})
	}
	for text, message := range map[string]string{"": "is no gzip file, as its name says (EOF)",
		pay1: "is no gzip file, as its name says (gzip: invalid header)"} {
		w := newWorld(t)
		if _, err := w.importOf(w.write("rows.ndjson.gz", text)).Run(w.ctx); err == nil || !strings.Contains(err.Error(), "rows.ndjson.gz: "+message) {
			t.Errorf("%q says %v", text, err)
		}
	}
}

func TestAnImportBeginsAnewWhenItIsDoneOrTheFilesDiffer(t *testing.T) {
	w := newWorld(t)
	path := w.write("rows.ndjson", payments(1000))
	interrupted := func() {
		ctx, stop := context.WithCancel(w.ctx)
		im := w.importOf(path)
		im.Progress = func(Progress) { stop() }
		if _, err := im.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func(*Import){
		"it is told to":    func(im *Import) { im.Restart = true },
		"the files differ": func(im *Import) { im.Inputs[0].Path = w.write("other.ndjson", payments(1001)) },
	} {
		interrupted()
		im := w.importOf(path)
		change(im)
		done, err := im.Run(w.ctx)
		if err != nil || done.Resumed {
			t.Errorf("when %s: %v, resumed %v", name, err, done.Resumed)
		}
	}
	interrupted()
	for _, resumed := range []bool{true, false} {
		done, err := w.importOf(path).Run(w.ctx)
		if err != nil || done.Resumed != resumed {
			t.Errorf("%v, resumed %v and should be %v", err, done.Resumed, resumed)
		}
	}
}

func TestAStoreThatFailsEndsTheImportAndItGoesOnLater(t *testing.T) {
	w := newWorld(t)
	failing := &failing{Store: w.store, left: 2}
	im := w.importOf(w.write("rows.ndjson", payments(1500)))
	im.Committer = newCommitter(t, failing)
	if _, err := im.Run(w.ctx); casegraph.CodeOf(err) != casegraph.CodeUnavailable {
		t.Fatal(err)
	}
	failing.left = 1000
	done, err := im.Run(w.ctx)
	if err != nil || !done.Resumed {
		t.Fatalf("%v, resumed %v", err, done.Resumed)
	}
	w.equal("created", done.Created, int64(1500-1500/7))
}

type failing struct {
	casegraph.Store
	left int
}

func (f *failing) Begin(ctx context.Context, needs casegraph.Needs) (casegraph.Batch, error) {
	if f.left--; f.left < 0 {
		return nil, &casegraph.Error{Code: casegraph.CodeUnavailable, Message: "the store can't be reached"}
	}
	return f.Store.Begin(ctx, needs)
}

func TestALineThatIsTooLongIsPassedOver(t *testing.T) {
	w := newWorld(t)
	done := w.file("rows.ndjson", `{"node":"ACCOUNT","source":"bank","referenceId":"`+strings.Repeat("x", MaxLine)+"\"}\n"+
		`{"node":"ACCOUNT","source":"bank","referenceId":"ana"}`)
	w.equal("counts", done.Counts, Counts{Records: 2, Rows: 2, Created: 1, Rejected: 1})
}

func TestTextThatIsNoUTF8IsRefused(t *testing.T) {
	w := newWorld(t)
	done := w.file("rows.ndjson", `{"node":"ACCOUNT","source":"bank","referenceId":"x`+"\xff\"}\n"+
		`{"node":"ACCOUNT","source":"bank","referenceId":"x`+"\xfe\"}\n"+`{"node":"ACCOUNT","source":"bank","referenceId":"é"}`+"\n"+
		`{"node":"ACCOUNT","source":"bank","referenceId":"\ud800"}`)
	w.equal("counts", done.Counts, Counts{Records: 4, Rows: 4, Created: 1, Rejected: 3})
}

// rejected is the first line of a rejects file.
func (w *world) rejected(path string) (told Reject) {
	w.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(text)).Decode(&told)
	}
	if err != nil {
		w.Fatal(err)
	}
	return told
}

func (w *world) export() string {
	w.Helper()
	var b bytes.Buffer
	rows, err := Export(w.ctx, w.store, &b)
	if err != nil {
		w.Fatal(err)
	}
	if rows != bytes.Count(b.Bytes(), []byte("\n")) {
		w.Errorf("%d rows are told", rows)
	}
	return sortedLines(b.String())
}

// sortedLines makes exports of graphs that were made in another order equal,
// objects before links.
func sortedLines(text string) string {
	var objects, links []string
	for line := range strings.Lines(text) {
		var row struct{ Link string }
		if json.Unmarshal([]byte(line), &row); row.Link == "" {
			objects = append(objects, line)
		} else {
			links = append(links, line)
		}
	}
	return strings.Join(sorted(objects), "") + strings.Join(sorted(links), "")
}
