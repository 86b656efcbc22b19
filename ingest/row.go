package ingest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"casegraph"
)

// Row is one thing that a source says: an object or a case (Node is set), a
// link (Link is set) or a risk mark (Risk is set). An attribute that is nil or zero is not given: what is
// known of it stays. docs/import.md describes the form as people write it.
type Row struct {
	Node casegraph.Kind      `json:"node,omitempty"`
	Link casegraph.LinkKind  `json:"link,omitempty"`
	Risk casegraph.RiskLevel `json:"risk,omitempty"`

	// ID is for objects whose own ids are kept, such as Persona's; else the id
	// is a hash of kind, Source and ReferenceID. Of a case the ReferenceID is
	// its number.
	ID          casegraph.ID `json:"id,omitempty"`
	Source      string       `json:"source,omitempty"`
	ReferenceID string       `json:"referenceId,omitempty"`

	Attributes
	// Of and Shows, if given, are all the owners and identifiers that the source
	// knows of: others that it told earlier end. The same holds for the IP and
	// Device of a session.
	Of    *[]Owner `json:"of,omitempty"`
	Shows *[]Sight `json:"shows,omitempty"`
	// Contains are objects attached to a case; none is taken off.
	Contains []Content `json:"contains,omitempty"`

	// From, To and what follows belong to links.
	From       *Ref    `json:"from,omitempty"`
	To         *Ref    `json:"to,omitempty"`
	Key        string  `json:"key,omitempty"`
	Role       string  `json:"role,omitempty"`
	State      string  `json:"state,omitempty"`
	Score      float64 `json:"score,omitempty"`
	Reason     string  `json:"reason,omitempty"`
	Identifier *Sight  `json:"identifier,omitempty"`
	FirstSeen  Moment  `json:"firstSeen,omitempty"`
	LastSeen   Moment  `json:"lastSeen,omitempty"`
	Count      int64   `json:"count,omitempty"`
	Confidence float64 `json:"confidence,omitempty"`

	// On, or Identifier, is what a risk mark is on; its time is At. By is who set
	// it, a user's e-mail; ExpiresAt is from when on it no longer counts.
	On        *Ref    `json:"on,omitempty"`
	By        *string `json:"by,omitempty"`
	ExpiresAt Moment  `json:"expiresAt,omitempty"`
}

// Attributes are what a row may say of a node, each only of the kinds that
// have it; Fields belongs to every kind and to RELATED links too.
type Attributes struct {
	At     Moment    `json:"at,omitempty"`
	Status *string   `json:"status,omitempty"`
	Tags   *[]string `json:"tags,omitempty"`
	Note   *string   `json:"note,omitempty"`
	// Fields are a JSON merge patch (RFC 7396): null removes one.
	Fields casegraph.Fields `json:"fields,omitempty"`

	AccountType     *string `json:"accountType,omitempty"`
	Name            *string `json:"name,omitempty"`
	Template        *string `json:"template,omitempty"`
	DecidedAt       Moment  `json:"decidedAt,omitempty"`
	ReportType      *string `json:"reportType,omitempty"`
	HasMatch        *bool   `json:"hasMatch,omitempty"`
	TransactionType *string `json:"transactionType,omitempty"`
	Amount          *Amount `json:"amount,omitempty"`
	Currency        *string `json:"currency,omitempty"`
	IP              *string `json:"ip,omitempty"`
	Device          *string `json:"device,omitempty"`
	UserAgent       *string `json:"userAgent,omitempty"`
	Country         *string `json:"country,omitempty"`
	Place           *string `json:"place,omitempty"`

	Title       *string `json:"title,omitempty"`
	CaseType    *string `json:"caseType,omitempty"`
	Resolution  *string `json:"resolution,omitempty"`
	Description *string `json:"description,omitempty"`
	// Assignee, Creator and Resolver are users' e-mails; of no known user they
	// are kept in the fields of the same names.
	Assignee   *string `json:"assignee,omitempty"`
	Creator    *string `json:"creator,omitempty"`
	Resolver   *string `json:"resolver,omitempty"`
	Restricted *bool   `json:"restricted,omitempty"`
	AssignedAt Moment  `json:"assignedAt,omitempty"`
	ResolvedAt Moment  `json:"resolvedAt,omitempty"`
}

// Ref names a node: by id, or by what its source calls it. Given both, the id
// is kept and the node is made if it is not there yet.
type Ref struct {
	Kind        casegraph.Kind `json:"kind,omitempty"`
	ID          casegraph.ID   `json:"id,omitempty"`
	Source      string         `json:"source,omitempty"`
	ReferenceID string         `json:"referenceId,omitempty"`

	name string // where it stands in the row, for errors; "" for the row itself
}

// Owner is an account that an object is of.
type Owner struct {
	Ref
	// Role tells several owners apart; a transaction has payer and payee.
	Role string `json:"role,omitempty"`
}

// Content is an object in a case.
type Content struct {
	Ref
	Role   string `json:"role,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// Sight is an identifier as an object shows it.
type Sight struct {
	Kind  casegraph.IdentifierKind `json:"kind"`
	Value string                   `json:"value"`
	// Confidence is from 0 to 1; 0 where nothing is known of it.
	Confidence float64 `json:"confidence,omitempty"`

	absent bool // a mapping found nothing there
}

// Roles of a transaction's owners.
const (
	RolePayer = "payer"
	RolePayee = "payee"
)

// Moment is a time in milliseconds since 1970, 0 for unknown. In JSON it is
// RFC 3339 text or a whole number of milliseconds.
type Moment casegraph.Time

// MarshalJSON writes RFC 3339, or null for an unknown time.
func (m Moment) MarshalJSON() ([]byte, error) {
	if m == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(casegraph.Time(m).String())
}

// UnmarshalJSON reads RFC 3339 text, a number of milliseconds, or null.
func (m *Moment) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	var ms int64
	at, err := time.Parse(`"`+time.RFC3339Nano+`"`, string(text))
	if json.Unmarshal(text, &ms) == nil {
		at, err = time.UnixMilli(ms), nil
	}
	if err == nil {
		err = m.set(at)
	}
	if err != nil {
		return misread[Moment]()
	}
	return nil
}

func (m *Moment) set(at time.Time) error {
	if year := at.UTC().Year(); year < 1 || year > 9999 {
		return errors.New("a time lies in the years 1 to 9999")
	}
	*m = Moment(casegraph.TimeOf(at))
	return nil
}

// Amount is a decimal number. In JSON it is a number or text, and kept as it
// was written.
type Amount casegraph.Decimal

// UnmarshalJSON reads a number or text.
func (a *Amount) UnmarshalJSON(text []byte) error {
	digits := string(bytes.Trim(text, `"`))
	decimal, err := casegraph.ParseDecimal(digits)
	if err != nil {
		return misread[Amount]()
	}
	*a = Amount(decimal)
	return nil
}

// misread is the error to which a JSON decoder adds the attribute's name.
func misread[T any]() error { return &json.UnmarshalTypeError{Type: reflect.TypeFor[T]()} }

// ParseRow reads a row in our own form. Attributes that no row has are refused.
func ParseRow(text []byte) (Row, error) {
	var row Row
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&row); err != nil {
		return Row{}, explain(err, text)
	}
	if decoder.More() {
		return Row{}, &rowError{column: int(decoder.InputOffset()) + 1, reason: "a line holds one row"}
	}
	return row, nil
}

// explain says what is wrong with a line's JSON in the words of the form.
func explain(err error, line []byte) error {
	var syntax *json.SyntaxError
	var mistyped *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return &rowError{reason: "no JSON: it ends too early"}
	case errors.As(err, &syntax):
		return &rowError{column: int(syntax.Offset), reason: "no JSON: " + syntax.Error()}
	case errors.As(err, &mistyped):
		return mistypedAt(mistyped, line)
	}
	if quoted, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		name, at := strings.Trim(quoted, `"`), 0
		path := pathOf(line, func(path string, end int64) bool {
			at = int(end) // behind the value
			return !strings.HasPrefix(path, "fields.") && path[strings.LastIndexByte(path, '.')+1:] == name
		})
		path = cmp.Or(path, name)
		return &rowError{column: at, field: path, reason: path + ": is no attribute of a row"}
	}
	return &rowError{reason: err.Error()}
}

// mistypedAt tells a value of another type than its attribute's.
func mistypedAt(err *json.UnmarshalTypeError, line []byte) error {
	path := strings.TrimPrefix(err.Field, reflect.TypeFor[Attributes]().Name()+".")
	if err.Offset > 0 { // which tells the element of a list
		path = pathOf(line, func(_ string, end int64) bool { return end >= err.Offset })
	}
	rule := "must be " + inWords(err.Type)
	if kind, _, _ := strings.Cut(err.Value, " "); kind != "" { // what follows is the value
		rule += " and is a JSON " + kind
	}
	if path == "" {
		return &rowError{column: int(err.Offset), reason: "a row " + rule}
	}
	return &rowError{column: int(err.Offset), field: path, reason: path + ": " + rule}
}

// pathOf is the path, such as of[0].role, of the first value of a JSON text that
// is wanted by its path or by where its first token ends.
func pathOf(text []byte, wanted func(path string, end int64) bool) (found string) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	var search func(path string) (over bool)
	search = func(path string) bool {
		token, err := decoder.Token()
		if err != nil {
			return true
		}
		if wanted(path, decoder.InputOffset()) {
			found = path
			return true
		}
		begin, nested := token.(json.Delim)
		for i := 0; nested && decoder.More(); i++ {
			element := fmt.Sprintf("%s[%d]", path, i)
			if begin == '{' {
				key, err := decoder.Token()
				if err != nil {
					return true
				}
				element = strings.TrimPrefix(fmt.Sprintf("%s.%s", path, key), ".")
			}
			if search(element) {
				return true
			}
		}
		if nested {
			decoder.Token() // its end
		}
		return false
	}
	search("")
	return found
}

// inWords is what JSON calls a value that goes into a Go type.
func inWords(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[Moment]():
		return "a time of the years 1 to 9999, as RFC 3339 text such as 2026-11-22T09:30:00Z or in milliseconds since 1970"
	case reflect.TypeFor[Amount]():
		return "a plain number such as 1250.00, of at most 64 characters"
	}
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}

// rowError is a row that can't be read: where, and why.
type rowError struct {
	column int    // in the line, from 1; 0 unknown
	field  string // the attribute at fault, or ""
	reason string
}

func (e *rowError) Error() string { return e.reason }
