package ingest

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"

	"casegraph"
	"casegraph/identity"
)

// Mapping says how files of somebody else's form become rows. docs/import.md
// describes its YAML.
type Mapping struct {
	text   []byte
	inputs []mappedFile
}

// mappedFile is one file of a mapping and what each of its records becomes.
type mappedFile struct {
	file      string
	delimiter rune // 0: JSON lines
	rows      []*mappedRow
}

// The YAML's own form. goccy/go-yaml refuses unknown keys with their line.
type (
	yamlMapping struct {
		Source string      `yaml:"source"`
		Inputs []yamlInput `yaml:"inputs"`
	}
	yamlInput struct {
		File      string    `yaml:"file"`
		Delimiter string    `yaml:"delimiter"`
		Rows      []yamlRow `yaml:"rows"`
	}
	yamlRow struct {
		Only *yamlTest `yaml:"only"`
		Skip *yamlTest `yaml:"skip"`

		Node        casegraph.Kind     `yaml:"node"`
		Link        casegraph.LinkKind `yaml:"link"`
		Source      string             `yaml:"source"`
		ReferenceID *value             `yaml:"referenceId"`

		At              *value            `yaml:"at"`
		Status          *value            `yaml:"status"`
		Note            *value            `yaml:"note"`
		AccountType     *value            `yaml:"accountType"`
		Name            *value            `yaml:"name"`
		Template        *value            `yaml:"template"`
		ReportType      *value            `yaml:"reportType"`
		TransactionType *value            `yaml:"transactionType"`
		Amount          *value            `yaml:"amount"`
		Currency        *value            `yaml:"currency"`
		IP              *value            `yaml:"ip"`
		Device          *value            `yaml:"device"`
		UserAgent       *value            `yaml:"userAgent"`
		Country         *value            `yaml:"country"`
		Place           *value            `yaml:"place"`
		Title           *value            `yaml:"title"`
		CaseType        *value            `yaml:"caseType"`
		Description     *value            `yaml:"description"`
		Fields          map[string]*value `yaml:"fields"`

		Of    []yamlRef   `yaml:"of"`
		Shows []yamlSight `yaml:"shows"`

		From       *yamlRef   `yaml:"from"`
		To         *yamlRef   `yaml:"to"`
		Identifier *yamlSight `yaml:"identifier"`
		Key        *value     `yaml:"key"`
		Role       string     `yaml:"role"`
		State      *value     `yaml:"state"`
		Score      *value     `yaml:"score"`
		Reason     *value     `yaml:"reason"`
		FirstSeen  *value     `yaml:"firstSeen"`
		LastSeen   *value     `yaml:"lastSeen"`
	}
	yamlTest struct {
		Column string `yaml:"column"`
		Path   string `yaml:"path"`
		Is     texts  `yaml:"is"`
	}
	yamlRef struct {
		Kind        casegraph.Kind `yaml:"kind"`
		Source      string         `yaml:"source"`
		ReferenceID *value         `yaml:"referenceId"`
		Role        string         `yaml:"role"`
	}
	yamlSight struct {
		Kind  casegraph.IdentifierKind `yaml:"kind"`
		Value *value                   `yaml:"value"`
	}
	texts []string
)

// UnmarshalYAML reads one text or a list of them.
func (t *texts) UnmarshalYAML(decode func(any) error) error {
	var one string
	if decode(&one) == nil {
		*t = texts{one}
		return nil
	}
	return decode((*[]string)(t))
}

// ReadMapping reads a mapping file.
func ReadMapping(path string) (*Mapping, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, err := ParseMapping(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// ParseMapping reads a mapping's YAML. Errors name the line.
func ParseMapping(text []byte) (*Mapping, error) {
	var form yamlMapping
	if err := yaml.UnmarshalWithOptions(text, &form, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("mapping: %s", strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	if len(form.Inputs) == 0 {
		return nil, casegraph.BadInput("inputs: a mapping names at least one file")
	}
	m := &Mapping{text: text}
	for i := range form.Inputs {
		input, err := compileInput(&form, &form.Inputs[i])
		if err != nil {
			err = casegraph.BadInput("inputs[%d].%v", i, err)
			return nil, fmt.Errorf("line %d: %w", lineOf(text, fieldOf(err)), err)
		}
		m.inputs = append(m.inputs, input)
	}
	return m, nil
}

// lineOf is the line of a mapping in which an attribute such as
// inputs[0].rows[1].at stands, or else what it is part of.
func lineOf(text []byte, attribute string) int {
	file, err := parser.ParseBytes(text, 0)
	for err == nil && attribute != "" {
		if path, err := yaml.PathString("$." + attribute); err == nil {
			if node, err := path.FilterFile(file); err == nil && node != nil {
				return node.GetToken().Position.Line
			}
		}
		attribute = attribute[:max(strings.LastIndexAny(attribute, ".["), 0)]
	}
	return 1
}

// Inputs are the mapping's files in a folder; each may be there as it is named
// or, with .gz behind the name, compressed.
func (m *Mapping) Inputs(folder string) ([]Input, error) {
	inputs := make([]Input, len(m.inputs))
	for i := range m.inputs {
		path := filepath.Join(folder, m.inputs[i].file)
		if _, err := os.Stat(path); os.IsNotExist(err) {
			if _, err := os.Stat(path + ".gz"); err == nil {
				path += ".gz"
			}
		}
		inputs[i] = Input{Path: path, mapping: m, mapped: &m.inputs[i]}
		if _, err := os.Stat(path); err != nil {
			return nil, err
		}
	}
	return inputs, nil
}

func compileInput(form *yamlMapping, in *yamlInput) (mappedFile, error) {
	f := mappedFile{file: in.File}
	if in.File == "" || !filepath.IsLocal(in.File) {
		return f, fmt.Errorf("file: must be a name inside the folder that is imported")
	}
	if in.Delimiter != "" {
		r, size := utf8.DecodeRuneInString(in.Delimiter)
		if size != len(in.Delimiter) || strings.ContainsRune("\"\r\n\uFFFD", r) {
			return f, fmt.Errorf("delimiter: must be one character, not a quote or a line's end")
		}
		f.delimiter = r
	}
	if len(in.Rows) == 0 {
		return f, fmt.Errorf("rows: says at least one thing that a record becomes")
	}
	for i := range in.Rows {
		row, err := compileRow(form.Source, f.delimiter != 0, &in.Rows[i])
		if err != nil {
			return f, fmt.Errorf("rows[%d].%v", i, err)
		}
		f.rows = append(f.rows, row)
	}
	return f, nil
}

// fits refuses a table that lacks a column which the mapping reads.
func (f *mappedFile) fits(header map[string]int) error {
	for i, row := range f.rows {
		for _, column := range slices.Sorted(slices.Values(row.columns)) { // the same one is named each time
			if _, ok := header[column]; !ok {
				return fmt.Errorf("has no column %q, which rows[%d] of the mapping reads", column, i)
			}
		}
	}
	return nil
}

// mappedRow makes rows of records.
type mappedRow struct {
	only, skip *test
	node       casegraph.Kind
	link       casegraph.LinkKind
	source     string
	set        []setter
	// columns are all that must be in a table's header.
	columns []string
	// readFrom tells which columns or paths an attribute is read from.
	readFrom map[string]string
}

// setter puts one thing that is read from a record on a row.
type setter func(rec record, row *Row) error

type test struct {
	value  *value
	values []string
}

func (t *test) holds(rec record) bool {
	text, ok, err := t.value.text(rec)
	return err == nil && ok && slices.Contains(t.values, text)
}

// takes tells whether the row is made of the record.
func (m *mappedRow) takes(rec record) bool {
	return (m.only == nil || m.only.holds(rec)) && (m.skip == nil || !m.skip.holds(rec))
}

// row makes a record's row.
func (m *mappedRow) row(rec record) (Row, error) {
	row := Row{Node: m.node, Link: m.link, Source: m.source}
	for _, set := range m.set {
		if err := set(rec, &row); err != nil {
			return row, err
		}
	}
	return row, nil
}

// compiler compiles one row's YAML.
type compiler struct {
	row   *mappedRow
	table bool
	err   error
}

func compileRow(source string, table bool, y *yamlRow) (*mappedRow, error) {
	c := &compiler{row: &mappedRow{node: y.Node, link: y.Link, source: y.Source, readFrom: map[string]string{}}, table: table}
	if c.row.source == "" {
		c.row.source = source
	}
	if (y.Node == "") == (y.Link == "") {
		return nil, fmt.Errorf("node: a row has either a node or a link")
	}
	c.row.only, c.row.skip = c.test("only", y.Only), c.test("skip", y.Skip)

	c.required("referenceId", y.ReferenceID, y.Node != "", func(r *Row, text string) { r.ReferenceID = text })
	c.moment("at", y.At, func(r *Row) *Moment { return &r.At })
	c.moment("firstSeen", y.FirstSeen, func(r *Row) *Moment { return &r.FirstSeen })
	c.moment("lastSeen", y.LastSeen, func(r *Row) *Moment { return &r.LastSeen })
	c.amount("amount", y.Amount)
	for _, a := range []struct {
		name  string
		value *value
		of    func(*Row) **string
	}{
		{"status", y.Status, func(r *Row) **string { return &r.Status }},
		{"note", y.Note, func(r *Row) **string { return &r.Note }},
		{"accountType", y.AccountType, func(r *Row) **string { return &r.AccountType }},
		{"name", y.Name, func(r *Row) **string { return &r.Name }},
		{"template", y.Template, func(r *Row) **string { return &r.Template }},
		{"reportType", y.ReportType, func(r *Row) **string { return &r.ReportType }},
		{"transactionType", y.TransactionType, func(r *Row) **string { return &r.TransactionType }},
		{"currency", y.Currency, func(r *Row) **string { return &r.Currency }},
		{"ip", y.IP, func(r *Row) **string { return &r.IP }},
		{"device", y.Device, func(r *Row) **string { return &r.Device }},
		{"userAgent", y.UserAgent, func(r *Row) **string { return &r.UserAgent }},
		{"country", y.Country, func(r *Row) **string { return &r.Country }},
		{"place", y.Place, func(r *Row) **string { return &r.Place }},
		{"title", y.Title, func(r *Row) **string { return &r.Title }},
		{"caseType", y.CaseType, func(r *Row) **string { return &r.CaseType }},
		{"description", y.Description, func(r *Row) **string { return &r.Description }},
	} {
		c.optional(a.name, a.value, a.of)
	}
	c.fields(y.Fields)
	c.owners(y.Of)
	c.shows(y.Shows)
	c.ends(y)
	if c.err == nil {
		c.err = c.row.try()
	}
	return c.row, c.err
}

func (c *compiler) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

// known checks that a value can be read from the input, and remembers where from.
func (c *compiler) known(name string, v *value) bool {
	if v == nil {
		return false
	}
	if err := v.check(c.table); err != nil {
		c.fail("%s: %v", name, err)
		return false
	}
	c.row.readFrom[name] = v.origin()
	c.row.columns = append(c.row.columns, v.columns()...)
	return true
}

// plain is known, and refuses time formats where there is no time.
func (c *compiler) plain(name string, v *value) bool {
	if c.known(name, v) && (v.time != "" || v.step != nil) {
		c.fail("%s: is no time", name)
	}
	return v != nil
}

func (c *compiler) test(name string, y *yamlTest) *test {
	if y == nil {
		return nil
	}
	v := &value{column: y.Column, path: y.Path}
	if len(y.Is) == 0 {
		c.fail("%s.is: names at least one value", name)
	}
	c.known(name, v)
	return &test{value: v, values: y.Is}
}

func (c *compiler) add(s setter) { c.row.set = append(c.row.set, s) }

func (c *compiler) required(name string, v *value, needed bool, put func(*Row, string)) {
	if v == nil && needed {
		c.fail("%s: must be given", name)
	}
	if !c.plain(name, v) {
		return
	}
	c.add(func(rec record, row *Row) error {
		text, _, err := v.text(rec)
		if err != nil {
			return casegraph.BadInput("%s: %v", name, err)
		}
		put(row, text)
		return nil
	})
}

func (c *compiler) optional(name string, v *value, of func(*Row) **string) {
	if !c.plain(name, v) {
		return
	}
	c.add(func(rec record, row *Row) error {
		text, ok, err := v.text(rec)
		if err != nil {
			return casegraph.BadInput("%s: %v", name, err)
		}
		if ok {
			*of(row) = &text
		}
		return nil
	})
}

func (c *compiler) moment(name string, v *value, of func(*Row) *Moment) {
	if !c.known(name, v) {
		return
	}
	c.add(func(rec record, row *Row) error {
		at, err := v.moment(rec)
		if err != nil {
			return casegraph.BadInput("%s: %v", name, err)
		}
		*of(row) = at
		return nil
	})
}

func (c *compiler) amount(name string, v *value) {
	if !c.plain(name, v) {
		return
	}
	c.add(func(rec record, row *Row) error {
		text, ok, err := v.text(rec)
		if err == nil && !ok {
			return nil
		}
		digits, bad := casegraph.ParseDecimal(text)
		if err = cmp.Or(err, bad); err != nil {
			return casegraph.BadInput("%s: %v", name, err)
		}
		amount := Amount(digits)
		row.Amount = &amount
		return nil
	})
}

func (c *compiler) score(name string, v *value) {
	if !c.plain(name, v) {
		return
	}
	c.add(func(rec record, row *Row) error {
		text, ok, err := v.text(rec)
		if err == nil && ok {
			if row.Score, err = strconv.ParseFloat(text, 64); err != nil {
				err = errors.New("must be a number")
			}
		}
		if err != nil {
			return casegraph.BadInput("%s: %v", name, err)
		}
		return nil
	})
}

func (c *compiler) fields(values map[string]*value) {
	if len(values) == 0 {
		return
	}
	names := make([]string, 0, len(values))
	for name, v := range values {
		names = append(names, name)
		c.known("fields."+name, v)
	}
	slices.Sort(names)
	keys := make([][]byte, len(names))
	for i, name := range names {
		keys[i] = append(jsonText(name), ':')
	}
	c.add(func(rec record, row *Row) error {
		object := make([]byte, 1, 128)
		object[0] = '{'
		for i, name := range names {
			element, err := values[name].json(rec)
			if err != nil {
				return casegraph.BadInput("fields.%s: %v", name, err)
			}
			if element == nil {
				continue
			}
			if len(object) > 1 {
				object = append(object, ',')
			}
			object = append(append(object, keys[i]...), element...)
		}
		row.Fields = append(object, '}')
		return nil
	})
}

func (c *compiler) owners(refs []yamlRef) {
	if len(refs) == 0 {
		return
	}
	makers := make([]func(record) (Ref, error), len(refs))
	for i := range refs {
		makers[i] = c.ref(fmt.Sprintf("of[%d]", i), &refs[i])
	}
	c.add(func(rec record, row *Row) error {
		owners := make([]Owner, len(refs))
		for i := range refs {
			ref, err := makers[i](rec)
			if err != nil {
				return err
			}
			owners[i] = Owner{Ref: ref, Role: refs[i].Role}
		}
		row.Of = &owners
		return nil
	})
}

func (c *compiler) ref(name string, y *yamlRef) func(record) (Ref, error) {
	ref, v := Ref{Kind: y.Kind, Source: y.Source}, y.ReferenceID
	if ref.Source == "" {
		ref.Source = c.row.source
	}
	if v == nil {
		c.fail("%s.referenceId: must be given", name)
	}
	c.plain(name+".referenceId", v)
	return func(rec record) (Ref, error) {
		text, _, err := v.text(rec)
		if err != nil {
			return Ref{}, casegraph.BadInput("%s.referenceId: %v", name, err)
		}
		made := ref
		made.ReferenceID = text
		return made, nil
	}
}

func (c *compiler) shows(sights []yamlSight) {
	if len(sights) == 0 {
		return
	}
	for i := range sights {
		c.sight(fmt.Sprintf("shows[%d]", i), &sights[i])
	}
	c.add(func(rec record, row *Row) error {
		shown := make([]Sight, 0, len(sights))
		for i := range sights {
			text, ok, err := sights[i].Value.text(rec)
			if err != nil {
				return casegraph.BadInput("shows[%d].value: %v", i, err)
			}
			shown = append(shown, Sight{Kind: sights[i].Kind, Value: text, absent: !ok})
		}
		row.Shows = &shown
		return nil
	})
}

func (c *compiler) sight(name string, y *yamlSight) {
	switch {
	case y.Value == nil || y.Kind == "":
		c.fail("%s: has a kind and a value", name)
		return
	case identity.ValidKind(identity.Kind(y.Kind)) != nil:
		c.fail("%s.kind: %s", name, identity.KindRule)
	}
	c.plain(name+".value", y.Value)
}

// ends compiles what only links have.
func (c *compiler) ends(y *yamlRow) {
	if y.From != nil {
		from := c.ref("from", y.From)
		c.add(func(rec record, row *Row) error {
			ref, err := from(rec)
			row.From = &ref
			return err
		})
	}
	if y.To != nil {
		to := c.ref("to", y.To)
		c.add(func(rec record, row *Row) error {
			ref, err := to(rec)
			row.To = &ref
			return err
		})
	}
	if y.Identifier != nil {
		c.sight("identifier", y.Identifier)
		c.add(func(rec record, row *Row) error {
			text, _, err := y.Identifier.Value.text(rec)
			row.Identifier = &Sight{Kind: y.Identifier.Kind, Value: text}
			if err != nil {
				return casegraph.BadInput("identifier.value: %v", err)
			}
			return nil
		})
	}
	c.required("key", y.Key, false, func(r *Row, text string) { r.Key = text })
	c.required("state", y.State, false, func(r *Row, text string) { r.State = text })
	c.required("reason", y.Reason, false, func(r *Row, text string) { r.Reason = text })
	c.score("score", y.Score)
	if y.Role != "" {
		c.add(func(_ record, row *Row) error { row.Role = y.Role; return nil })
	}
}
