package ingest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// record is one record of a file: a line of a table or a JSON object.
type record interface {
	// column gives a cell, or a path of a JSON object. A number is its digits.
	// ok is false where there is nothing.
	column(name string) (cell cell, ok bool)
}

// cell is what stands in a place of a record.
type cell struct {
	text string
	// raw is the JSON of a cell that is JSON and no text; else nil.
	raw []byte
}

// value is something that a mapping reads from a record: a constant, a column
// or path, or several of them joined.
type value struct {
	constant *string
	column   string
	path     string
	after    string // the text that stands before the value, such as "Email:"
	as       string // number or boolean, for fields
	time     string // a layout, or rfc3339, s or ms
	step     *step
	parts    []*value
}

// step turns whole steps into time.
type step struct {
	every time.Duration
	from  time.Time
}

// UnmarshalYAML reads the forms that a value can have.
func (v *value) UnmarshalYAML(node ast.Node) error {
	switch node := node.(type) {
	case *ast.SequenceNode:
		return yaml.NodeToValue(node, &v.parts, yaml.Strict())
	case *ast.MappingNode, *ast.MappingValueNode:
		return v.decode(node)
	}
	var text string
	err := yaml.NodeToValue(node, &text, yaml.Strict())
	v.constant = &text
	return err
}

func (v *value) decode(node ast.Node) error {
	var form struct {
		Column string `yaml:"column"`
		Path   string `yaml:"path"`
		After  string `yaml:"after"`
		As     string `yaml:"as"`
		Time   string `yaml:"time"`
		Step   *struct {
			Every string `yaml:"every"`
			From  string `yaml:"from"`
		} `yaml:"step"`
	}
	if err := yaml.NodeToValue(node, &form, yaml.Strict()); err != nil {
		return err
	}
	*v = value{column: form.Column, path: form.Path, after: form.After, as: form.As, time: form.Time}
	if form.Step == nil {
		return nil
	}
	every, err := time.ParseDuration(form.Step.Every)
	if err != nil || every < time.Millisecond {
		return fmt.Errorf("step.every must be a duration such as 1h, not %q", form.Step.Every)
	}
	from, err := time.Parse(time.RFC3339, form.Step.From)
	if err != nil {
		return fmt.Errorf("step.from must be RFC 3339 such as 2020-01-01T00:00:00Z, not %q", form.Step.From)
	}
	v.step = &step{every: every, from: from}
	return nil
}

// check refuses a value that can't be read from the input.
func (v *value) check(table bool) error {
	for _, part := range v.parts {
		if err := part.check(table); err != nil {
			return err
		}
		if part.time != "" || part.step != nil || part.as != "" || part.parts != nil {
			return fmt.Errorf("what is joined is text")
		}
	}
	switch {
	case v.constant != nil || v.parts != nil:
		return nil
	case (v.column == "") == (v.path == ""):
		return fmt.Errorf("reads either a column or a path")
	case table && v.path != "":
		return fmt.Errorf("a table has columns, no paths")
	case !table && v.column != "":
		return fmt.Errorf("JSON has paths, no columns; a table names its delimiter")
	case v.as != "" && v.as != "number" && v.as != "boolean":
		return fmt.Errorf("as must be number or boolean")
	}
	return nil
}

// origin is where the value is read from, for messages.
func (v *value) origin() string {
	switch {
	case v.parts != nil:
		var all []string
		for _, part := range v.parts {
			if from := part.origin(); from != "" {
				all = append(all, from)
			}
		}
		return strings.Join(all, ", ")
	case v.path != "":
		return v.path
	}
	return v.column
}

// columns are the table's columns that the value reads.
func (v *value) columns() []string {
	var all []string
	for _, part := range v.parts {
		all = append(all, part.columns()...)
	}
	if v.column != "" {
		all = append(all, v.column)
	}
	return all
}

func (v *value) cell(rec record) (cell, bool, error) {
	if v.constant != nil {
		return cell{text: *v.constant}, true, nil
	}
	name := v.column
	if v.path != "" {
		name = v.path
	}
	c, ok := rec.column(name)
	if ok && v.after != "" {
		if c.text, ok = strings.CutPrefix(c.text, v.after); !ok {
			return c, false, fmt.Errorf("must begin with %q", v.after)
		}
	}
	return c, ok, nil
}

// text is the value as text. ok is false where there is nothing, or where a
// part of what is joined is nothing.
func (v *value) text(rec record) (text string, ok bool, err error) {
	if v.parts == nil {
		c, ok, err := v.cell(rec)
		if err == nil && ok && c.text == "" && c.raw != nil {
			return "", false, fmt.Errorf("must be text or a number")
		}
		return c.text, ok, err
	}
	var joined strings.Builder
	for _, part := range v.parts {
		text, ok, err := part.text(rec)
		if err != nil || !ok {
			return "", false, err
		}
		joined.WriteString(text)
	}
	return joined.String(), true, nil
}

// json is the value as JSON, nil where there is nothing.
func (v *value) json(rec record) ([]byte, error) {
	text, ok := "", false
	var err error
	if v.parts != nil {
		text, ok, err = v.text(rec)
	} else {
		var c cell
		c, ok, err = v.cell(rec)
		if text = c.text; err == nil && ok && c.raw != nil && v.as == "" {
			return c.raw, nil
		}
	}
	if err != nil || !ok {
		return nil, err
	}
	switch v.as {
	case "number":
		if text = strings.TrimSpace(text); !json.Valid([]byte(text)) || strings.Trim(text, "+-0123456789.eE") != "" {
			return nil, fmt.Errorf("must be a number")
		}
		return []byte(text), nil
	case "boolean":
		is, err := strconv.ParseBool(strings.ToLower(strings.TrimSpace(text)))
		if err != nil {
			return nil, fmt.Errorf("must be true or false")
		}
		return strconv.AppendBool(nil, is), nil
	}
	return jsonText(text), nil
}

func jsonText(text string) []byte {
	quoted, _ := json.Marshal(text) // text can always be
	return quoted
}

// moment is the value as a time, 0 where there is nothing.
func (v *value) moment(rec record) (Moment, error) {
	text, ok, err := v.text(rec)
	if err != nil || !ok || text == "" {
		return 0, err
	}
	var at time.Time
	switch {
	case v.step != nil:
		steps, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return 0, fmt.Errorf("must be a whole number of steps")
		}
		at = time.UnixMilli(v.step.from.UnixMilli() + steps*v.step.every.Milliseconds())
	case v.time == "s" || v.time == "ms":
		whole, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("must be a whole number")
		}
		if at = time.UnixMilli(whole); v.time == "s" {
			at = time.Unix(whole, 0)
		}
	default:
		layout := v.time
		if layout == "" || layout == "rfc3339" {
			layout = time.RFC3339
		}
		if at, err = time.Parse(layout, text); err != nil {
			return 0, fmt.Errorf("must be a time written as %s", layout)
		}
	}
	var m Moment
	err = m.set(at)
	return m, err
}

// tableRecord is a line of a table.
type tableRecord struct {
	columns map[string]int
	cells   []string
}

func (r *tableRecord) column(name string) (cell, bool) {
	i, ok := r.columns[name]
	if !ok || r.cells[i] == "" {
		return cell{}, false
	}
	return cell{text: r.cells[i]}, true
}

// jsonRecord is a JSON object. Its paths have dots between keys.
type jsonRecord struct{ root map[string]any }

func parseJSONRecord(line []byte) (*jsonRecord, error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	var root map[string]any
	if err := decoder.Decode(&root); err != nil {
		return nil, explain(err, line)
	}
	if root == nil || decoder.More() {
		return nil, &rowError{reason: "a line holds one JSON object"}
	}
	return &jsonRecord{root}, nil
}

func (r *jsonRecord) column(path string) (cell, bool) {
	at := any(r.root)
	for more := true; more; {
		var key string
		key, path, more = strings.Cut(path, ".")
		object, ok := at.(map[string]any)
		if !ok {
			return cell{}, false
		}
		at = object[key]
	}
	switch at := at.(type) {
	case nil:
		return cell{}, false
	case string:
		return cell{text: at}, true
	case json.Number:
		return cell{text: at.String(), raw: []byte(at)}, true
	case bool:
		return cell{text: strconv.FormatBool(at), raw: strconv.AppendBool(nil, at)}, true
	}
	raw, err := json.Marshal(at)
	return cell{raw: raw}, err == nil
}
