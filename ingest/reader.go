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
	"slices"
	"strings"
	"sync/atomic"
)

// MaxLine is the length of the longest line of JSON, in bytes.
const MaxLine = 4 << 20

// place is where in a file reading goes on: behind a record.
type place struct {
	Offset int64 `json:"offset"` // of the text, after decompression
	Line   int   `json:"line"`   // lines read
}

// file is an input being read, plain or gzip.
type file struct {
	path   string
	raw    *os.File
	read   *atomic.Int64 // bytes of the file itself
	text   io.Reader
	closer []io.Closer
}

// openFile opens a file; one whose name ends in .gz is decompressed.
func openFile(path string, read *atomic.Int64) (*file, error) {
	raw, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &file{path: path, raw: raw, read: read, text: &counted{raw, read}, closer: []io.Closer{raw}}
	if strings.HasSuffix(path, ".gz") {
		unzipped, err := gzip.NewReader(bufio.NewReaderSize(f.text, 1<<16))
		if err != nil {
			raw.Close()
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		f.text, f.closer = unzipped, append(f.closer, unzipped)
	}
	return f, nil
}

func (f *file) close() {
	for _, c := range f.closer {
		c.Close()
	}
}

// skip moves on to an offset of the text.
func (f *file) skip(offset int64) error {
	if offset == 0 {
		return nil
	}
	if plain, ok := f.text.(*counted); ok {
		_, err := f.raw.Seek(offset, io.SeekStart)
		plain.read.Add(offset)
		return err
	}
	_, err := io.CopyN(io.Discard, f.text, offset)
	return err
}

type counted struct {
	io.Reader
	read *atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read.Add(int64(n))
	return n, err
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
	return &lines{r: bufio.NewReaderSize(f.text, 1<<18), at: at, start: at.Offset == 0}, nil
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
	file    *file
	again   *file // the same, opened to go on elsewhere; or nil
	r       *csv.Reader
	columns map[string]int
	base    place // where r began
	at      place
	ends    *lineEnds
}

func newTable(f *file, delimiter rune, at place) (*table, error) {
	t := &table{file: f, columns: map[string]int{}}
	f.closer = append(f.closer, t)
	t.read(f.text, delimiter, place{})
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
	return t, t.goOn(at)
}

// Close closes what was opened to go on.
func (t *table) Close() error {
	if t.again != nil {
		t.again.close()
	}
	return nil
}

// goOn begins to read again at a place.
func (t *table) goOn(at place) error {
	again, err := openFile(t.file.path, t.file.read)
	if err != nil {
		return err
	}
	t.Close()
	t.again = again
	if err := again.skip(at.Offset); err != nil {
		return err
	}
	t.read(again.text, t.r.Comma, at)
	t.r.FieldsPerRecord = len(t.columns)
	return nil
}

const readAhead = 1 << 18

// read begins to read the text that lies at a place.
func (t *table) read(text io.Reader, delimiter rune, at place) {
	t.base, t.at, t.ends = at, at, &lineEnds{text: text}
	t.r = csv.NewReader(bufio.NewReaderSize(t.ends, readAhead))
	t.r.Comma, t.r.ReuseRecord = delimiter, true
}

// moved takes note of what the reader has read.
func (t *table) moved() {
	read := t.r.InputOffset()
	t.at = place{Offset: t.base.Offset + read, Line: t.at.Line + t.ends.before(read)}
}

// next is the next record and its first line; io.EOF ends it. What is no
// record is told by a *rowError. The record is good until next.
func (t *table) next() ([]string, int, error) {
	record, err := t.r.Read()
	var bad *csv.ParseError
	switch {
	case err == io.EOF:
		return nil, 0, err
	case errors.Is(err, errEndless):
		return t.passOver(t.at.Line+1, &rowError{reason: fmt.Sprintf("a quote opens and does not close within %d bytes", MaxRecord)})
	case errors.As(err, &bad) && bad.Line > bad.StartLine:
		return t.passOver(t.base.Line+bad.StartLine, &rowError{reason: "a quote opens and does not close as it should: " + bad.Err.Error()})
	}
	t.moved()
	if bad != nil {
		return nil, t.base.Line + bad.StartLine, &rowError{column: bad.Column, reason: bad.Err.Error()}
	}
	if err != nil {
		return nil, 0, err
	}
	line, _ := t.r.FieldPos(0)
	return record, t.base.Line + line, nil
}

// passOver leaves out one line, where a quote went wrong, and reads on behind
// it: the lines that the quote has swallowed are rows like others.
func (t *table) passOver(line int, fault *rowError) ([]string, int, error) {
	ends := t.ends.ends
	behind := line - t.at.Line - 1
	if behind >= len(ends) { // it is the last
		t.moved()
		return nil, line, fault
	}
	if err := t.goOn(place{Offset: t.base.Offset + ends[behind], Line: line}); err != nil {
		return nil, line, err
	}
	return nil, line, fault
}

// MaxRecord is the length of the longest record of delimited text, in bytes.
const MaxRecord = 1 << 20

var errEndless = errors.New("a record does not end")

// lineEnds remembers where lines end in what is read ahead. It does not read
// past the longest record, so that one quote can't take in a whole file.
type lineEnds struct {
	text  io.Reader
	read  int64
	begun int64 // where the record begins
	ends  []int64
}

func (l *lineEnds) Read(p []byte) (int, error) {
	if l.read-l.begun > MaxRecord+readAhead {
		return 0, errEndless
	}
	n, err := l.text.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			l.ends = append(l.ends, l.read+int64(i)+1)
		}
	}
	l.read += int64(n)
	return n, err
}

// before counts the lines that end up to an offset, each once.
func (l *lineEnds) before(offset int64) int {
	l.begun = offset
	n, _ := slices.BinarySearch(l.ends, offset+1)
	l.ends = l.ends[n:]
	return n
}
