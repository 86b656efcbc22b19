package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"casegraph"
)

// Input is one file to bring in. Its name ends in .gz if it is compressed.
type Input struct {
	Path string
	// Decode makes rows of one JSON document of the file; nil reads one row of
	// our own form a line.
	Decode func(document []byte) ([]Row, error)

	mapping *Mapping
	mapped  *mappedFile
}

// told is what one record of an input says.
type told struct {
	line int
	rows []Row
	// makers are what made the rows, where a mapping did.
	makers []*mappedRow
	// faults are what can't be read of it.
	faults []fault
}

// fault is an error in a record, and which part of a mapping met it.
type fault struct {
	err   error
	maker *mappedRow
}

// source reads an input record by record.
type source interface {
	// next is the next record; io.EOF ends them.
	next() (told, error)
	// place is where the records read so far end.
	place() place
}

// unit is what the input's places count.
func (in *Input) unit() string {
	if in.Decode != nil {
		return "document"
	}
	return "line"
}

// check refuses a file that can't be read, or a table that lacks a column.
func (in *Input) check() error {
	_, f, err := in.open(place{})
	if err == nil {
		f.close()
	}
	return err
}

// open opens the input behind a place. The file must be closed.
func (in *Input) open(at place) (source, *file, error) {
	f, err := openFile(in.Path)
	if err != nil {
		return nil, nil, err
	}
	var s source
	switch {
	case in.mapped != nil && in.mapped.delimiter != 0:
		s, err = newTableSource(f, in.mapped, at)
	case in.Decode != nil:
		s, err = newDocumentSource(f, in.Decode, at)
	default:
		s, err = newLineSource(f, in.mapped, at)
	}
	if err != nil {
		f.close()
		return nil, nil, fmt.Errorf("%s: %w", in.Path, err)
	}
	return s, f, nil
}

// lineSource reads JSON lines: rows of our own form, or mapped objects.
type lineSource struct {
	lines  *lines
	mapped *mappedFile
}

func newLineSource(f *file, mapped *mappedFile, at place) (source, error) {
	lines, err := newLines(f, at)
	return &lineSource{lines, mapped}, err
}

func (s *lineSource) place() place { return s.lines.at }

func (s *lineSource) next() (told, error) {
	line, err := s.lines.next()
	t := told{line: s.lines.at.Line}
	switch {
	case isRowError(err):
		t.faults = []fault{{err: err}}
	case err != nil:
		return t, err
	case len(line) == 0:
	case !utf8.Valid(line):
		t.faults = []fault{{err: &rowError{reason: "a line must be UTF-8"}}}
	case casegraph.LoneSurrogate(line):
		t.faults = []fault{{err: errSurrogate}}
	case s.mapped == nil:
		t.own(line)
	default:
		t.mapped(line, s.mapped)
	}
	return t, nil
}

var errSurrogate = &rowError{reason: `half of a surrogate pair (such as \ud800 alone) is no character`}

func (t *told) own(line []byte) {
	row, err := ParseRow(line)
	if err != nil {
		t.faults = []fault{{err: err}}
		return
	}
	t.rows = []Row{row}
}

func (t *told) mapped(line []byte, m *mappedFile) {
	rec, err := parseJSONRecord(line)
	if err != nil {
		t.faults = []fault{{err: err}}
		return
	}
	t.make(rec, m)
}

// make makes a record's rows.
func (t *told) make(rec record, m *mappedFile) {
	for _, maker := range m.rows {
		if !maker.takes(rec) {
			continue
		}
		row, err := maker.row(rec)
		if err != nil {
			t.faults = append(t.faults, fault{err, maker})
			continue
		}
		t.rows, t.makers = append(t.rows, row), append(t.makers, maker)
	}
}

// maker is what made a row, or nil.
func (t *told) maker(i int) *mappedRow {
	if t.makers == nil {
		return nil
	}
	return t.makers[i]
}

// tableSource reads delimited text.
type tableSource struct {
	table  *table
	mapped *mappedFile
	record tableRecord
}

func newTableSource(f *file, mapped *mappedFile, at place) (source, error) {
	table, err := newTable(f, mapped.delimiter, at)
	if err != nil {
		return nil, err
	}
	return &tableSource{table: table, mapped: mapped, record: tableRecord{columns: table.columns}}, mapped.fits(table.columns)
}

func (s *tableSource) place() place { return s.table.at }

func (s *tableSource) next() (told, error) {
	cells, line, err := s.table.next()
	t := told{line: line}
	switch {
	case isRowError(err):
		t.faults = []fault{{err: err}}
	case err != nil:
		return t, err
	default:
		s.record.cells = cells
		t.make(&s.record, s.mapped)
	}
	return t, nil
}

// documentSource reads JSON documents, over one line each or many.
type documentSource struct {
	decoder *json.Decoder
	decode  func([]byte) ([]Row, error)
	base    place
	at      place // its Line counts documents
}

func newDocumentSource(f *file, decode func([]byte) ([]Row, error), at place) (source, error) {
	err := f.skip(at.Offset)
	return &documentSource{decoder: json.NewDecoder(f), decode: decode, base: at, at: at}, err
}

func (s *documentSource) place() place { return s.at }

func (s *documentSource) next() (told, error) {
	var document json.RawMessage
	err := s.decoder.Decode(&document)
	t := told{line: s.at.Line + 1}
	var syntax *json.SyntaxError
	switch {
	case err == io.EOF:
		return t, err
	case errors.As(err, &syntax) || err == io.ErrUnexpectedEOF:
		return t, fmt.Errorf("what follows is no JSON: %w", err)
	case err != nil:
		return t, err
	}
	s.at = place{Offset: s.base.Offset + s.decoder.InputOffset(), Line: s.at.Line + 1}
	if !utf8.Valid(document) {
		t.faults = []fault{{err: &rowError{reason: "a document must be UTF-8"}}}
		return t, nil
	}
	if casegraph.LoneSurrogate(document) {
		t.faults = []fault{{err: errSurrogate}}
		return t, nil
	}
	rows, err := s.decode(document)
	if err != nil {
		t.faults = []fault{{err: err}}
		return t, nil
	}
	t.rows = rows
	return t, nil
}

func isRowError(err error) bool {
	var unread *rowError
	return errors.As(err, &unread)
}
