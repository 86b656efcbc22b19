package cases

import (
	"bytes"
	"reflect"

	"casegraph"
	"casegraph/commit"
)

// UpdateFieldsInput is new values of a case's or an object's attributes.
type UpdateFieldsInput struct {
	NodeID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	// Title and Description are of cases alone. A title can't be null; a
	// description that is null is taken away.
	Title       casegraph.OptString // 1 to MaxTitle characters
	Description casegraph.OptString // at most MaxDescription characters
	// Fields is a JSON merge patch (RFC 7396) of the fields: what it does not
	// name stays, null takes away; null for the whole takes all away.
	Fields casegraph.OptFields
	Note   string // at most MaxNote characters
}

// idName is what the input calls the node's id: cases and objects are updated
// by inputs of their own.
func (in *UpdateFieldsInput) idName() string {
	if kind, _ := casegraph.KindOf(in.NodeID); kind == casegraph.KindCase {
		return "caseId"
	}
	return "nodeId"
}

// UpdateFieldsAnswer names the node updated.
type UpdateFieldsAnswer struct {
	NodeID casegraph.ID `json:"nodeId"`
}

// UpdateFields changes a case's title, description and fields, or an object's
// fields. It answers UpdateFieldsAnswer; the event is case.updated,
// account.updated, … A case's fields must meet its template's rules; objects
// have none, and need no workflow.
func UpdateFields(by Asker, in UpdateFieldsInput, w *Workflow) (commit.Change, error) {
	if err := by.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	note, err := Text("note", in.Note, 0, MaxNote)
	if err != nil {
		return commit.Change{}, err
	}
	words, err := checkWords(in)
	if err != nil {
		return commit.Change{}, err
	}
	needs := casegraph.Needs{Nodes: []casegraph.ID{in.NodeID}, Values: noteValues(in.NodeID, note)}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		n, err := by.caseOrObject(v, in.idName(), in.NodeID, in.ExpectedVersion)
		if err != nil {
			return nil, err
		}
		if err := words.put(n); err != nil {
			return nil, err
		}
		fields := fieldsOf(n)
		was := *fields
		if in.Fields.Set && in.Fields.Value == nil {
			*fields = nil
		} else if *fields, err = fields.Patched(in.Fields.Value); err != nil {
			return nil, casegraph.BadInput("fields: %v", err)
		}
		if err := w.keepsTo(n, was); err != nil {
			return nil, err
		}
		writes := &commit.Writes{
			Nodes:  []casegraph.Node{n},
			Events: []commit.Event{{Name: eventName(n, ".updated"), Subject: in.NodeID, Note: note}},
			Answer: Encode(UpdateFieldsAnswer{NodeID: in.NodeID}),
		}
		if c, isCase := n.(*casegraph.Case); isCase && !reflect.DeepEqual(c, v.Node(c.ID)) {
			AskAnew(c)
			responded(v, c, writes)
		}
		return keepNote(v, n, note, writes), nil
	}}, nil
}

// keepsTo refuses what a case's template does not allow.
func (w *Workflow) keepsTo(n casegraph.Node, was casegraph.Fields) error {
	c, isCase := n.(*casegraph.Case)
	if !isCase {
		return nil
	}
	if err := w.of(c); err != nil {
		return err
	}
	if bytes.Equal(was, c.Fields) {
		return nil
	}
	if err := w.checkWriteOnce(was, c.Fields); err != nil {
		return err
	}
	return w.checkFields(c.Fields)
}

// caseWords are a case's title and description to be; nil leaves one alone.
type caseWords struct{ title, description *string }

func checkWords(in UpdateFieldsInput) (caseWords, error) {
	var words caseWords
	if in.Title.Set {
		title, err := Text("title", orEmpty(in.Title.Value), 1, MaxTitle)
		if err != nil {
			return words, err
		}
		words.title = &title
	}
	if in.Description.Set {
		description, err := Text("description", orEmpty(in.Description.Value), 0, MaxDescription)
		if err != nil {
			return words, err
		}
		words.description = &description
	}
	return words, nil
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (w caseWords) put(n casegraph.Node) error {
	c, isCase := n.(*casegraph.Case)
	switch {
	case !isCase && w.title != nil:
		return casegraph.BadInput("title: only cases have one")
	case !isCase && w.description != nil:
		return casegraph.BadInput("description: only cases have one")
	}
	if w.title != nil {
		c.Title = *w.title
	}
	if w.description != nil {
		c.Description = *w.description
	}
	return nil
}

// fieldsOf are the fields of a case or an object.
func fieldsOf(n casegraph.Node) *casegraph.Fields {
	if c, ok := n.(*casegraph.Case); ok {
		return &c.Fields
	}
	return &external(n).Fields
}
