package ingest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// Reject is a row that did not come in, or not as it could: one line of the rejects
// file. It holds no value of the row, for those may be personal.
type Reject struct {
	// Input is the number of the file in the import, from 0, File its path.
	Input int    `json:"input"`
	File  string `json:"file"`
	// Line is the record's first line, from 1; of a document its number. Column
	// is the place in that line, from 1, where it is known.
	Line   int `json:"line"`
	Column int `json:"column,omitempty"`
	// Field is the row's attribute at fault, Path the column or JSON path that a
	// mapping reads it from.
	Field  string `json:"field,omitempty"`
	Path   string `json:"path,omitempty"`
	Reason string `json:"reason"`
	// Kept says that the row came in: without what the reason names, or with it
	// as the reason says.
	Kept bool `json:"kept,omitempty"`
}

func newReject(input int, path string, line int, maker *mappedRow, err error) Reject {
	r := Reject{Input: input, File: path, Line: line, Field: fieldOf(err), Reason: err.Error()}
	var unread *rowError
	if errors.As(err, &unread) {
		r.Column = unread.column
	}
	if maker != nil {
		r.Path = maker.readFrom[r.Field]
		if r.Path == "" {
			r.Path = maker.readFrom[r.Field+".value"]
		}
	}
	return r
}

// rejects writes the rejects file. Without a path it counts alone.
type rejects struct {
	path string
	file *os.File
	w    *bufio.Writer
	any  bool
}

// openRejects begins the file anew, or goes on behind what was told of the
// rows before a place.
func openRejects(path string, resumed *position) (*rejects, error) {
	r := &rejects{path: path}
	if path == "" {
		return r, nil
	}
	var kept []Reject
	if resumed != nil {
		var err error
		if kept, err = readRejects(path, resumed); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	r.file, r.w = f, bufio.NewWriter(f)
	return r, r.write(kept)
}

// readRejects reads what was told of rows that are in the graph.
func readRejects(path string, resumed *position) ([]Reject, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var kept []Reject
	for decoder := json.NewDecoder(f); decoder.More(); {
		var one Reject
		if err := decoder.Decode(&one); err != nil {
			return kept, nil // the line that the interruption cut
		}
		if one.Input < resumed.Input || one.Input == resumed.Input && one.Line <= resumed.Line {
			kept = append(kept, one)
		}
	}
	return kept, nil
}

func (r *rejects) write(all []Reject) error {
	if r.file == nil || len(all) == 0 {
		return nil
	}
	r.any = true
	encoder := json.NewEncoder(r.w)
	encoder.SetEscapeHTML(false)
	for i := range all {
		if err := encoder.Encode(&all[i]); err != nil {
			return fmt.Errorf("rejects: %w", err)
		}
	}
	return r.w.Flush()
}

// close ends the file; an empty one is removed.
func (r *rejects) close() error {
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	if !r.any {
		err = errors.Join(err, os.Remove(r.path))
	}
	return err
}
