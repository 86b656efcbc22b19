package ingest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// MaxLine is the length of the longest line of JSON, in bytes.
const MaxLine = 4 << 20

// place is where in a file reading goes on: behind a record.
type place struct {
	Offset int64 `json:"offset"` // of the text, after decompression
	Line   int   `json:"line"`   // lines read
}

// file is the text of an input being read, which lies there plain or gzipped.
type file struct {
	raw      *os.File
	text     io.Reader
	unpacked int64 // bytes of text
	// packed and zipped are of a compressed file alone.
	packed int64 // bytes read of the file itself
	zipped *bufio.Reader
}

// openFile opens a file; one whose name ends in .gz is decompressed.
func openFile(path string) (*file, error) {
	raw, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &file{raw: raw, text: raw}
	if !strings.HasSuffix(path, ".gz") {
		return f, nil
	}
	f.zipped = bufio.NewReaderSize(readerFunc(func(p []byte) (int, error) {
		n, err := raw.Read(p)
		f.packed += int64(n)
		return n, err
	}), 1<<16)
	if f.text, err = gzip.NewReader(f.zipped); err != nil {
		raw.Close()
		return nil, fmt.Errorf("%s: is no gzip file, as its name says (%w)", path, err)
	}
	return f, nil
}

func (f *file) close() { f.raw.Close() }

func (f *file) Read(p []byte) (int, error) {
	n, err := f.text.Read(p)
	f.unpacked += int64(n)
	if err != nil && err != io.EOF && f.zipped != nil {
		err = &damaged{at: f.unpacked, err: err}
	}
	return n, err
}

// damaged is a compressed file whose text can't be had from a byte of it on.
type damaged struct {
	at  int64
	err error
}

func (e *damaged) Error() string {
	return fmt.Sprintf("the compressed file is damaged or cut off: of its text %d bytes can be read (%v); fetch it or compress it again", e.at, e.err)
}

// skip moves on in the text.
func (f *file) skip(n int64) error {
	if f.zipped == nil {
		_, err := f.raw.Seek(n, io.SeekCurrent)
		return err
	}
	_, err := io.CopyN(io.Discard, f, n)
	return err
}

// before is about how many bytes of the file, as it lies there, hold its text
// before a place that was read.
func (f *file) before(at place) int64 {
	if f.zipped == nil || f.unpacked == 0 {
		return at.Offset
	}
	used := f.packed - int64(f.zipped.Buffered())
	return int64(float64(used) * (float64(at.Offset) / float64(f.unpacked)))
}

// lines reads a file line by line.
type lines struct {
	r     *bufio.Reader
	at    place
	start bool
}

func newLines(f *file, at place) (*lines, error) {
	if err := f.skip(at.Offset); err != nil {
		return nil, err
	}
	return &lines{r: bufio.NewReaderSize(f, 1<<18), at: at, start: at.Offset == 0}, nil
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// next is the next line without its end; io.EOF ends it. A line that is too
// long is passed over and told by a *rowError. The line is good until next.
func (l *lines) next() ([]byte, error) {
	var line []byte
	tooLong := false
	for {
		part, err := l.r.ReadSlice('\n')
		l.at.Offset += int64(len(part))
		if err == nil && line == nil && !tooLong {
			line = part
			break
		}
		if len(line)+len(part) > MaxLine {
			tooLong, line = true, nil
		} else if !tooLong {
			line = append(bytes.Clone(line), part...)
		}
		if err == nil || (err == io.EOF && (tooLong || len(line) > 0)) {
			break
		}
		if err != bufio.ErrBufferFull {
			return nil, err
		}
	}
	l.at.Line++
	if tooLong {
		return nil, &rowError{reason: fmt.Sprintf("a line has at most %d bytes", MaxLine)}
	}
	if l.start {
		line, l.start = bytes.TrimPrefix(line, byteOrderMark), false
	}
	return bytes.TrimRight(line, "\r\n"), nil
}

// table reads a file of delimited text whose first record names the columns.
type table struct {
	text    *window
	buffer  *bufio.Reader // of the text; r reads it
	r       *csv.Reader
	columns map[string]int
	passed  int64 // of what r has read: the records before
	base    int   // lines before those that r has read
	at      place
}

func newTable(f *file, delimiter rune, at place) (*table, error) {
	t := &table{text: &window{file: f}, columns: map[string]int{}}
	t.buffer = bufio.NewReaderSize(t.text, readAhead)
	t.read(delimiter)
	names, err := t.r.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("has no header line")
	}
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	for i, name := range names {
		if i == 0 {
			name = strings.TrimPrefix(name, string(byteOrderMark))
		}
		if _, twice := t.columns[name]; twice {
			return nil, fmt.Errorf("has two columns named %q", name)
		}
		t.columns[name] = i
	}
	t.moved()
	if at.Offset <= t.at.Offset {
		return t, nil
	}
	if err := t.text.skip(at.Offset - t.at.Offset); err != nil {
		return nil, err
	}
	t.at = at
	t.read(delimiter)
	return t, nil
}

const readAhead = 1 << 18

// read begins to read at the place where the window begins.
func (t *table) read(delimiter rune) {
	t.text.given = 0
	t.buffer.Reset(t.text)
	t.r = csv.NewReader(t.buffer)
	t.r.Comma, t.r.ReuseRecord = delimiter, true
	t.r.FieldsPerRecord = len(t.columns) // 0: as many as the first record has
	t.passed, t.base = 0, t.at.Line
}

// moved takes note of what the reader has read.
func (t *table) moved() {
	read := t.r.InputOffset()
	t.leave(int(read - t.passed))
	t.passed = read
}

// leave leaves text behind, and counts its lines.
func (t *table) leave(n int) {
	left := t.text.leave(n)
	t.at.Offset += int64(n)
	t.at.Line += bytes.Count(left, newline)
}

var newline = []byte{'\n'}

// next is the next record and its first line; io.EOF ends it. What is no
// record is told by a *rowError. The record is good until next.
func (t *table) next() ([]string, int, error) {
	record, err := t.r.Read()
	var bad *csv.ParseError
	switch {
	case err == io.EOF:
		return nil, 0, err
	case errors.Is(err, errEndless):
		if t.leaveBlank() {
			return t.next()
		}
		return t.passOver(t.at.Line+1, &rowError{reason: fmt.Sprintf(
			"a record has at most %d bytes; is there a quote that opens and does not close?", MaxRecord)})
	case errors.As(err, &bad) && bad.Line > bad.StartLine:
		return t.passOver(t.base+bad.StartLine, &rowError{reason: "a quote opens and does not close as it should: " + bad.Err.Error()})
	}
	if err != nil && bad == nil {
		return nil, 0, err
	}
	t.moved()
	if bad != nil {
		return nil, t.base + bad.StartLine, &rowError{column: bad.Column, reason: bad.Err.Error()}
	}
	line, _ := t.r.FieldPos(0)
	return record, t.base + line, nil
}

// leaveBlank leaves the empty lines behind that stand before a record.
func (t *table) leaveBlank() bool {
	held := t.text.held.Bytes()
	blank := len(held) - len(bytes.TrimLeft(held, "\r\n"))
	t.leave(blank)
	t.read(t.r.Comma)
	return blank > 0
}

// passOver leaves out one line, where a record went wrong, and reads on behind
// it: the lines that a quote has swallowed are rows like others.
func (t *table) passOver(line int, fault *rowError) ([]string, int, error) {
	for t.at.Line < line {
		held := t.text.held.Bytes()
		if end := bytes.IndexByte(held, '\n'); end >= 0 {
			t.leave(end + 1)
			continue
		}
		t.leave(len(held))
		if err := t.text.more(); err == io.EOF {
			break // it was the last
		} else if err != nil {
			return nil, line, err
		}
	}
	t.at.Line = line
	t.read(t.r.Comma)
	return nil, line, fault
}

// MaxRecord is the length of the longest record of delimited text, in bytes.
const MaxRecord = 1 << 20

var errEndless = errors.New("a record does not end")

// window is the text of a file from where a record begins to where it was read,
// so that it can be read again. It ends a record that is too long, so that one
// quote can't take in a whole file.
type window struct {
	file  *file
	held  bytes.Buffer
	given int // of what is held
}

func (w *window) Read(p []byte) (int, error) {
	if w.given > MaxRecord+readAhead {
		return 0, errEndless
	}
	if w.given == w.held.Len() {
		if err := w.more(); err != nil {
			return 0, err
		}
	}
	n := copy(p, w.held.Bytes()[w.given:])
	w.given += n
	return n, nil
}

// more reads on in the file.
func (w *window) more() error {
	w.held.Grow(readAhead)
	free := w.held.AvailableBuffer()
	n, err := w.file.Read(free[:min(cap(free), readAhead)])
	w.held.Write(free[:n])
	if n > 0 {
		return nil
	}
	return err
}

// leave leaves text behind; it is good until more is read.
func (w *window) leave(n int) []byte {
	w.given -= n
	return w.held.Next(n)
}

// skip moves on in the file.
func (w *window) skip(n int64) error {
	held := min(n, int64(w.held.Len()))
	w.held.Next(int(held))
	return w.file.skip(n - held)
}
