package ingest

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"casegraph"
)

// mapped brings one file in by a mapping and gives what was told of its rows.
func (w *world) mapped(mapping, file, text string) (Progress, []string) {
	w.Helper()
	m, err := ParseMapping([]byte(mapping))
	if err != nil {
		w.Fatal(err)
	}
	path := w.write(file, text)
	inputs, err := m.Inputs(filepath.Dir(path))
	if err != nil {
		w.Fatal(err)
	}
	im := w.importOf()
	im.Inputs, im.Rejects = inputs, filepath.Join(w.TempDir(), "rejects")
	done, err := im.Run(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	told, err := os.ReadFile(im.Rejects)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		w.Fatal(err)
	}
	return done, strings.Split(strings.TrimSpace(strings.ReplaceAll(string(told), path, file)), "\n")
}

const tableMapping = `
source: bank
inputs:
  - file: in.csv
    delimiter: ";"
    rows:
      - skip: {column: state, is: [void, test]}
        node: TRANSACTION
        referenceId: ["T-", {column: id}]
        transactionType: transfer
        currency: EUR
        amount: {column: sum}
        at: {column: made, time: "2006-01-02 15:04:05.999"}
        of:
          - {role: payer, referenceId: {column: from}}
          - {role: payee, source: other, referenceId: {column: to}}
        fields:
          fee: {column: fee, as: number}
          late: {column: late, as: boolean}
          memo: {column: memo}
`

func TestATableBecomesRows(t *testing.T) {
	w := newWorld(t)
	done, told := w.mapped(tableMapping, "in.csv", "\xef\xbb\xbfid;from;to;sum;made;state;fee;late;memo\r\n"+
		"9007199254740993;ana;ben;0.10;2024-01-02 03:04:05.06;done;1.50;TRUE;\"two\nlines; \"\"quoted\"\"\"\r\n"+
		"2;ana;ben;5;;void;;;\r\n"+
		"3;ana;ben;five;;done;;;\r\n"+
		"4;ana;ben;5;yesterday;done;;;\r\n"+
		"5;ana;ben\r\n"+
		"6;ana;;5;;done;;;\r\n"+
		"7;ana;ben;5;;done;x;;\r\n"+
		"8;ana;ben;5;;done;;;\r\n")
	w.equal("counts", done.Counts, Counts{Records: 8, Rows: 7, Links: 6, Created: 2, Rejected: 5})
	w.equal("transaction", w.data(transaction("T-9007199254740993")), `{"source":"bank","referenceId":"T-9007199254740993","at":1704164645060,`+
		`"fields":{"fee":1.50,"late":true,"memo":"two\nlines; \"quoted\""},"transactionType":"transfer","amount":0.10,"currency":"EUR"}`)
	w.equal("what is not there is not given", w.data(transaction("T-8")), `{"source":"bank","referenceId":"T-8","transactionType":"transfer","amount":5,"currency":"EUR"}`)
	w.equal("rejects", told, []string{
		`{"input":0,"file":"in.csv","line":5,"field":"amount","path":"sum","reason":"amount: must be a plain number such as 1250.00, at most 64 characters"}`,
		`{"input":0,"file":"in.csv","line":6,"field":"at","path":"made","reason":"at: must be a time written as 2006-01-02 15:04:05.999"}`,
		`{"input":0,"file":"in.csv","line":7,"column":1,"reason":"wrong number of fields"}`,
		`{"input":0,"file":"in.csv","line":8,"field":"of[1].referenceId","path":"to","reason":"of[1].referenceId: must be given"}`,
		`{"input":0,"file":"in.csv","line":9,"field":"fields.fee","path":"fee","reason":"fields.fee: must be a number"}`})
}

func TestJSONBecomesRows(t *testing.T) {
	w := newWorld(t)
	done, told := w.mapped(`
source: bank
inputs:
  - file: in.jsonl
    rows:
      - only: {path: kind, is: person}
        node: ACCOUNT
        referenceId: {path: id}
        at: {path: p.day, step: {every: 24h, from: "2024-01-01T00:00:00Z"}}
        fields:
          all: {path: p}
        shows:
          - {kind: phone, value: {path: p.phone}}
          - {kind: email, value: {path: p.mail, after: "Mail:"}}
      - only: {path: kind, is: [uses]}
        link: SHOWS
        from: {kind: ACCOUNT, referenceId: {path: from}}
        identifier: {kind: device, value: ["dev-", {path: to}]}
        firstSeen: {path: s, time: s}
        lastSeen: {path: ms, time: ms}
`, "in.jsonl", `{"kind":"person","id":9007199254740993,"p":{"day":31,"mail":"Mail:a@b.com","n":[1,null]}}
{"kind":"uses","from":"9007199254740993","to":7,"s":1704067200,"ms":1704153600000}
{"kind":"place","id":1}
{"kind":"person","id":{},"p":{}}
{"kind":"person","id":2,"p":{"mail":"a@b.com"}}
[]
{"kind":"person","id":3,"p":{"day":1.5}}
`)
	w.equal("counts", done.Counts, Counts{Records: 7, Rows: 6, Links: 2, Created: 1, Updated: 1, Rejected: 4})
	id := account("9007199254740993")
	w.equal("account", w.data(id), `{"source":"bank","referenceId":"9007199254740993","at":1706745600000,"fields":{"all":{"day":31,"mail":"Mail:a@b.com","n":[1,null]}}}`)
	w.equal("links", w.links(id, casegraph.LinkShows), []string{
		`SHOWS → device dev-7 2024-01-01–2024-01-02 as ["dev-7"]`,
		`SHOWS → email a@b.com 2024-02-01 as ["a@b.com"]`})
	w.equal("rejects", told, []string{
		`{"input":0,"file":"in.jsonl","line":4,"field":"referenceId","path":"id","reason":"referenceId: must be text or a number"}`,
		`{"input":0,"file":"in.jsonl","line":5,"field":"shows[1].value","path":"p.mail","reason":"shows[1].value: must begin with \"Mail:\""}`,
		`{"input":0,"file":"in.jsonl","line":6,"column":1,"reason":"a row must be an object and is a JSON array"}`,
		`{"input":0,"file":"in.jsonl","line":7,"field":"at","path":"p.day","reason":"at: must be a whole number of steps"}`})
}

func TestMappingsThatAreRefused(t *testing.T) {
	row := func(lines string) string {
		return "source: bank\ninputs:\n  - file: in.csv\n    delimiter: \",\"\n    rows:\n      - node: ACCOUNT\n        referenceId: {column: id}\n" + lines
	}
	for mapping, message := range map[string]string{
		"":                                       "inputs: a mapping names at least one file",
		"inputs: [":                              "mapping: [1:9]",
		row("        colour: 1"):                 `[8:9] unknown field "colour"`,
		row("        name: {column: n, sum: 1}"): `unknown field "sum"`,
		row("        name: {path: n}"):           "inputs[0].rows[0].name: a table has columns, no paths",
		row("        name: {}"):                  "inputs[0].rows[0].name: reads either a column or a path",
		row("        name: {column: n, time: s}"):                                "inputs[0].rows[0].name: is no time",
		row("        name: [{column: n, as: number}]"):                           "inputs[0].rows[0].name: what is joined is text",
		row("        fields: {n: {column: n, as: date}}"):                        "inputs[0].rows[0].fields.n: as must be number or boolean",
		row("        at: {column: n, step: {every: day, from: 2024}}"):           `step.every must be a duration such as 1h, not "day"`,
		row("        skip: {column: n}"):                                         "inputs[0].rows[0].skip.is: names at least one value",
		row("        shows: [{value: {column: n}}]"):                             "inputs[0].rows[0].shows[0]: has a kind and a value",
		"inputs: [{file: in.csv}]":                                               "inputs[0].rows: says at least one thing that a record becomes",
		"inputs: [{file: ../in.csv, rows: [{node: ACCOUNT}]}]":                   "inputs[0].file: must be a name inside the folder that is imported",
		"inputs: [{file: in.csv, delimiter: ab, rows: []}]":                      "inputs[0].delimiter: must be one character, not a quote or a line's end",
		"inputs: [{file: in.csv, rows: [{node: ACCOUNT}]}]":                      "inputs[0].rows[0].referenceId: must be given",
		"inputs: [{file: in.csv, rows: [{node: ACCOUNT, link: OF}]}]":            "inputs[0].rows[0].node: a row has either a node or a link",
		"inputs: [{file: i, rows: [{link: OF, from: {source: bank}}]}]":          "inputs[0].rows[0].from.referenceId: must be given",
		"inputs: [{file: i, rows: [{node: ACCOUNT, referenceId: {column: c}}]}]": "inputs[0].rows[0].referenceId: JSON has paths, no columns; a table names its delimiter",
	} {
		if _, err := ParseMapping([]byte(mapping)); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%s\nsays: %v\nand should say: %s", mapping, err, message)
		}
	}
}

// What is the same in every row and breaks a rule is the mapping's fault, and
// told at once with its line.
func TestConstantsThatNoRowCouldHaveAreRefused(t *testing.T) {
	const head = "source: bank\ninputs:\n  - file: in.jsonl\n    rows:\n"
	node := func(lines string) string {
		return head + "      - node: TRANSACTION\n        referenceId: {path: id}\n" + lines
	}
	link := func(kind, lines string) string {
		return head + "      - link: " + kind + "\n        from: {kind: ACCOUNT, referenceId: {path: a}}\n        to: {referenceId: {path: b}}\n" + lines
	}
	for _, c := range []struct{ mapping, message string }{
		{node("        at: yesterday"), "line 7: inputs[0].rows[0].at: must be a time written as 2006-01-02T15:04:05Z07:00"},
		{node("        note: fine\n        amount: five"), "line 8: inputs[0].rows[0].amount: must be a plain number"},
		{node("        country: Spain"), "line 7: inputs[0].rows[0].country: is no attribute of TRANSACTION"},
		{node("        accountType: {path: t}"), "line 7: inputs[0].rows[0].accountType: is no attribute of TRANSACTION"},
		{node("        key: {path: t}"), "line 7: inputs[0].rows[0].key: is no attribute of TRANSACTION"},
		{node("        source: The Bank"), "line 7: inputs[0].rows[0].source: must be 1 to 100 lower-case letters"},
		{node("        of:\n          - {referenceId: {path: p}}\n          - {role: giver, referenceId: {path: q}}"), "line 9: inputs[0].rows[0].of[1].role: must be payer or payee"},
		{node("        of: [{kind: CASE, referenceId: {path: p}}]"), "line 7: inputs[0].rows[0].of[0].kind: must be ACCOUNT"},
		{node("        shows:\n          - {kind: E-Mail, value: {path: p}}"), "line 8: inputs[0].rows[0].shows[0].kind: must be email, "},
		{node("        shows:\n          - {kind: email, value: nobody}"), "line 8: inputs[0].rows[0].shows[0]: email: must have exactly one @"},
		{node("        fields:\n          n: {path: n}\n        status: " + strings.Repeat("x", 101)), "line 9: inputs[0].rows[0].status: at most 100 characters"},
		{head + "      - node: PERSON\n        referenceId: {path: id}", "line 5: inputs[0].rows[0].node: must be ACCOUNT, "},
		{head + "      - {node: SESSION, referenceId: {path: id}, country: Spain}", "line 5: inputs[0].rows[0].country: at most 2 characters"},
		{link("PAYS", ""), "line 5: inputs[0].rows[0].link: must be RELATED"},
		{link("RELATED", "        key: Owns"), "line 8: inputs[0].rows[0].key: must begin with a lower-case word"},
		{link("RELATES_TO", "        key: OWNS"), "line 8: inputs[0].rows[0].key: must be one of RELATES, "},
		{link("SAME_AS", "        score: high"), "line 8: inputs[0].rows[0].score: must be a number"},
		{link("SAME_AS", "        score: 2"), "line 8: inputs[0].rows[0].score: must be from 0 to 1"},
		{link("SAME_AS", "        state: MAYBE"), "line 8: inputs[0].rows[0].state: must be PROPOSED"},
		{link("OF", "        firstSeen: {path: f}\n        lastSeen: never"), "line 9: inputs[0].rows[0].lastSeen: must be a time"},
		{link("RELATED", "        key: owns\n        currency: {path: c}"), "line 9: inputs[0].rows[0].currency: is no attribute of a link"},
	} {
		if _, err := ParseMapping([]byte(c.mapping)); err == nil || !strings.HasPrefix(err.Error(), c.message) {
			t.Errorf("%s\nsays: %v\nand should say: %s", c.mapping, err, c.message)
		}
	}
	for _, mapping := range []string{
		node("        at: 2024-01-01T00:00:00Z\n        amount: 5\n        shows: [{kind: email, value: a@b.com}, {kind: phone, value: 020 7946 0000}, {kind: ip, value: {path: ip}}]"),
		link("RELATED", "        key: [\"owns:\", {path: y}]\n        fields: {share: {path: s}}"),
		link("SAME_AS", "        state: {path: s}\n        score: {path: n}\n        reason: {path: r}\n        firstSeen: 2024-01-01T00:00:00Z\n        lastSeen: {path: l}"),
		strings.ReplaceAll(link("OF", "        role: payer\n        firstSeen: {path: f}"), "ACCOUNT", "TRANSACTION"),
		strings.ReplaceAll(link("RELATES_TO", "        key: {path: k}"), "ACCOUNT", "CASE"),
	} {
		if _, err := ParseMapping([]byte(mapping)); err != nil {
			t.Errorf("%s\nis refused: %v", mapping, err)
		}
	}
}

func TestNothingComesInIfALaterTableLacksAColumn(t *testing.T) {
	w := newWorld(t)
	m, err := ParseMapping([]byte(`
source: bank
inputs:
  - {file: a.csv, delimiter: ",", rows: [{node: ACCOUNT, referenceId: {column: id}}]}
  - {file: b.csv, delimiter: ",", rows: [{node: ACCOUNT, referenceId: {column: id}}, {node: ACCOUNT, referenceId: ["B", {column: nr}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(w.write("a.csv", "id\n1\n"))
	if err := os.WriteFile(filepath.Join(folder, "b.csv"), []byte("id,no\n2,3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	im := w.importOf()
	if im.Inputs, err = m.Inputs(folder); err != nil {
		t.Fatal(err)
	}
	want := `b.csv: has no column "nr", which rows[1] of the mapping reads`
	if _, err := im.Run(w.ctx); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("says %v and should say %s", err, want)
	}
	w.equal("the log's end", w.end(), 0)
}

func TestATableWithoutTheMappingsColumnIsRefusedAtOnce(t *testing.T) {
	w := newWorld(t)
	for text, message := range map[string]string{
		"":                              "has no header line",
		"id,id\n":                       `has two columns named "id"`,
		"id;from;to;sum;made;state;fee": `has no column "late"`,
	} {
		m, err := ParseMapping([]byte(tableMapping))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(text, "id,") {
			text = "id;id\n"
		}
		inputs, err := m.Inputs(filepath.Dir(w.write("in.csv", text)))
		if err != nil {
			t.Fatal(err)
		}
		im := w.importOf()
		im.Inputs = inputs
		if _, err := im.Run(w.ctx); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%q says %v and should say %s", text, err, message)
		}
	}
}

func TestOurOwnMappingsAreWhole(t *testing.T) {
	entries, err := Mappings.ReadDir("mappings")
	if err != nil || len(entries) != 5 {
		t.Fatal(err, len(entries))
	}
	for _, entry := range entries {
		text, err := Mappings.ReadFile("mappings/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseMapping(text); err != nil {
			t.Errorf("%s: %v", entry.Name(), err)
		}
	}
}

// Reading a table from the place behind any of its records gives the rest.
func FuzzATableGoesOnBehindAnyRecord(f *testing.F) {
	f.Add("a,b\n1,2\n\"x\ny\",\"\"\"\"\n\n3,4")
	f.Add("0\n\"\n\",\n0")
	f.Add("a\r\n\"\r\n\"\r\n\"broken\n\"x\"y\n1\n")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "in.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		all, places := readTable(t, path, place{})
		for i := range places {
			if rest, _ := readTable(t, path, places[i]); strings.Join(rest, "\x00") != strings.Join(all[i+1:], "\x00") {
				t.Fatalf("behind record %d of %q:\n%q\nand should be\n%q", i, text, rest, all[i+1:])
			}
		}
	})
}

func readTable(t *testing.T, path string, at place) (records []string, places []place) {
	read := &Input{Path: path, mapped: &mappedFile{delimiter: ','}}
	s, f, err := read.open(at)
	if err != nil {
		return nil, nil // no header
	}
	defer f.close()
	table := s.(*tableSource).table
	for {
		cells, line, err := table.next()
		if err == io.EOF {
			return records, places
		}
		if err != nil && !isRowError(err) {
			t.Fatal(err)
		}
		record := strings.Join(cells, "\x01")
		if err != nil {
			record = err.Error()
		}
		records, places = append(records, strings.Join([]string{record, itoa(line)}, "\x02")), append(places, table.at)
	}
}

// A quote that goes wrong costs its own line and no other.
func TestAStrayQuoteCostsItsLine(t *testing.T) {
	long := strings.Repeat("c,d\n", MaxRecord/2)
	for name, text := range map[string]string{
		"to the end of the file":    "a,b\n1,2\n3,\"4\n5,6\n7,8\n",
		"to another quote":          "a,b\n1,2\n3,\"4\n5,6\n7,\"8\"\n",
		"further than a record may": "a,b\n1,2\n3,\"4\n5,6\n7,8\n" + long,
		"in the last line":          "a,b\n1,2\n5,6\n7,8\n3,\"4",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "table.csv")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			records, places := readTable(t, path, place{})
			read := strings.ReplaceAll(strings.Join(records[:4], " "), "\x01", ",")
			for _, want := range []string{"1,2\x022", "5,6", "7,8"} {
				if !strings.Contains(read, want) {
					t.Errorf("%q is lost: %q", want, read)
				}
			}
			if lines := strings.Count(strings.TrimSpace(text), "\n"); len(records) != lines {
				t.Errorf("%d records of %d lines", len(records), lines)
			}
			if endless := strings.Contains(strings.Join(records, " "), "a record has at most 1048576 bytes"); endless != (len(text) > MaxRecord) {
				t.Errorf("refused as endless: %v; %q", endless, records[1])
			}
			if rest, _ := readTable(t, path, places[1]); strings.Join(rest, "\x00") != strings.Join(records[2:], "\x00") {
				t.Errorf("behind the second record: %d records, want %d", len(rest), len(records)-2)
			}
		})
	}
}

// However long a record is, it costs itself alone, and no more is held of it
// than a record may have.
func TestARecordThatIsTooLongIsPassedOver(t *testing.T) {
	long := strings.Repeat("x", 8*MaxRecord)
	for name, text := range map[string]string{
		"in one line":           "a,b\n1,2\n3," + long + "\n5,6\n7,8\n",
		"in quotes":             "a,b\n1,2\n3,\"" + long + "\"\n5,6\n7,8\n",
		"with an open quote":    "a,b\n1,2\n3,\"" + long + "\n5,6\n7,8\n",
		"in the last line":      "a,b\n1,2\n5,6\n7,8\n3," + long,
		"behind empty lines":    "a,b\n1,2\n" + strings.Repeat("\r\n", MaxRecord) + "3," + long + "\n5,6\n7,8\n",
		"before an endless one": "a,b\n1,2\n5,6\n7,8\n3,\"" + long,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "table.csv")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := openFile(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.close()
			table, err := newTable(f, ',', place{})
			if err != nil {
				t.Fatal(err)
			}
			var rows, refused []string
			for {
				cells, line, err := table.next()
				if err == io.EOF {
					break
				}
				if held := table.text.held.Cap(); held > 4*(MaxRecord+readAhead) {
					t.Fatalf("%d bytes are held", held)
				}
				if want := strings.Count(text[:strings.Index(text, "\n3,")+1], "\n") + 1; err != nil && line != want {
					t.Errorf("line %d is refused and should be %d", line, want)
				}
				if err != nil {
					refused = append(refused, err.Error())
				} else {
					rows = append(rows, strings.Join(cells, ","))
				}
			}
			want := "a record has at most 1048576 bytes; is there a quote that opens and does not close?"
			if len(refused) != 1 || refused[0] != want {
				t.Errorf("refused: %q", refused)
			}
			if got := strings.Join(rows, " "); got != "1,2 5,6 7,8" {
				t.Errorf("rows: %s", got)
			}
			if table.at != (place{Offset: int64(len(text)), Line: strings.Count(text+"\n", "\n") - strings.Count(text[len(text)-1:], "\n")}) {
				t.Errorf("ends at %+v of %d bytes", table.at, len(text))
			}
		})
	}
}

func FuzzRowsAreReadOrRefused(f *testing.F) {
	f.Add(ana)
	f.Add(pay1)
	f.Add(`{"link":"SHOWS","from":{"id":"act_1"},"identifier":{"kind":"ip","value":"::1"},"firstSeen":-1}`)
	f.Fuzz(func(t *testing.T, text string) {
		row, err := ParseRow([]byte(text))
		if err != nil {
			return
		}
		p, _, err := (&Settings{}).prepare(t.Context(), &row)
		if err == nil && len(p.needs(nil).Nodes) == 0 {
			t.Error("a row of nothing is accepted")
		}
		if code := casegraph.CodeOf(err); err != nil && code != casegraph.CodeBadInput && code != casegraph.CodeNotFound {
			t.Errorf("a row is refused as %s: %v", code, err)
		}
	})
}

func FuzzMappingsAreReadOrRefused(f *testing.F) {
	f.Add(tableMapping)
	f.Fuzz(func(t *testing.T, text string) {
		if m, err := ParseMapping([]byte(text)); err == nil && len(m.inputs) == 0 {
			t.Error("a mapping of nothing is accepted")
		}
	})
}
