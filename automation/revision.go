package automation

import (
	"encoding/json"
	"fmt"
	"reflect"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// head is what is kept of all revisions of a rule, under "rule/KEY".
type head struct {
	Last      int64 `json:"last"`                // the newest revision's number
	Published int64 `json:"published,omitempty"` // the latest that was published
}

// Head is the key of the value that tells which revision of a rule runs.
func Head(key string) string { return "rule/" + key }

func readHead(value []byte) (h head, err error) {
	if value != nil {
		if err = json.Unmarshal(value, &h); err != nil {
			err = fmt.Errorf("automation: rule: %w", err)
		}
	}
	return h, err
}

// Latest is the number of the latest published revision, from the value under
// Head; 0 if none was published.
func Latest(value []byte) (int64, error) {
	h, err := readHead(value)
	return h.Published, err
}

// Answer names the revision that was changed.
type Answer struct {
	RuleID casegraph.ID `json:"ruleId"`
}

// CreateInput is a new revision of a rule, the first if there is none of its key.
type CreateInput struct {
	Key  string // lower-kebab, at most 60 characters
	Form casegraph.RuleForm
}

// Create writes a draft. It answers Answer; the event is rule.created.
func Create(by cases.Asker, in CreateInput, newID func(casegraph.Kind) casegraph.ID) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	if err := cases.CheckKey("key", in.Key); err != nil {
		return commit.Change{}, err
	}
	r := &casegraph.Rule{Key: in.Key, State: casegraph.RuleDraft, RuleForm: in.Form}
	if _, err := prepare(r); err != nil {
		return commit.Change{}, cases.Within("form", err)
	}
	r.ID = newID(casegraph.KindRule)
	name := Head(in.Key)
	return commit.Change{Actor: by.ID, Needs: casegraph.Needs{Nodes: []casegraph.ID{r.ID}, Values: []string{name}}, Decide: func(v *commit.View) (*commit.Writes, error) {
		last, err := readHead(v.Value(name))
		if err != nil {
			return nil, err
		}
		last.Last++
		created := *r
		created.Revision = last.Last
		return &commit.Writes{Nodes: []casegraph.Node{&created}, Values: []casegraph.Value{{Key: name, Data: cases.Encode(last)}},
			Events: []commit.Event{{Name: "rule.created", Subject: r.ID}}, Answer: cases.Encode(Answer{r.ID})}, nil
	}}, nil
}

// UpdateInput is a draft as it shall be.
type UpdateInput struct {
	RuleID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Form            casegraph.RuleForm
}

// Update writes a draft anew. It answers Answer; the event is rule.updated.
func Update(by cases.Asker, in UpdateInput) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	if _, err := prepare(&casegraph.Rule{RuleForm: in.Form}); err != nil {
		return commit.Change{}, cases.Within("form", err)
	}
	return change(by, Input{in.RuleID, in.ExpectedVersion}, "", "rule.updated", func(_ *commit.View, r *casegraph.Rule, _ *head) error {
		if r.State != casegraph.RuleDraft {
			return casegraph.BadInput("ruleId: revision %d is %s; create a new revision of %s", r.Revision, r.State, r.Key)
		}
		r.RuleForm = in.Form
		return nil
	})
}

// Input names a revision of a rule.
type Input struct {
	RuleID          casegraph.ID
	ExpectedVersion *int64 // nil is any
}

// Named is what a rule names that must be there when it is published.
type Named struct {
	Templates []string       // their keys
	IDs       []casegraph.ID // of queues and users
}

// NamedBy is what a rule names.
func NamedBy(form *casegraph.RuleForm) (n Named) {
	for _, a := range form.Do {
		if a.Template != "" {
			n.Templates = append(n.Templates, a.Template)
		}
		for _, id := range []casegraph.ID{a.QueueID, a.AssigneeID} {
			if id != "" {
				n.IDs = append(n.IDs, id)
			}
		}
	}
	return n
}

// have refuses a rule that names what is not there.
func (n Named) have(v *commit.View, r *casegraph.Rule) error {
	if !reflect.DeepEqual(NamedBy(&r.RuleForm), n) {
		return casegraph.Conflict("the draft has changed meanwhile; ask again")
	}
	for i, a := range r.Do {
		place := fmt.Sprintf("ruleId.do[%d]", i)
		if a.Template != "" {
			id, err := cases.PublishedRevision(v.Value(cases.TemplateHead(a.Template)))
			switch {
			case err != nil:
				return err
			case id == "":
				return casegraph.BadInput("%s.template: no published template has the key %.100q", place, a.Template)
			}
		}
		if err := cases.Within(place, cases.CanGo(v, a.QueueID, a.AssigneeID)); err != nil {
			return err
		}
	}
	return nil
}

// Publish makes a draft the revision that runs, from the next event on; key is
// the rule's, and named what it names, all of which must be there. It answers
// Answer; the event is rule.published.
func Publish(by cases.Asker, in Input, key string, named Named) (commit.Change, error) {
	made, err := change(by, in, key, "rule.published", func(v *commit.View, r *casegraph.Rule, h *head) error {
		switch {
		case r.State == casegraph.RuleArchived:
			return casegraph.BadInput("ruleId: the revision is archived")
		case r.State == casegraph.RuleDraft && r.Revision < h.Published:
			return casegraph.BadInput("ruleId: revision %d is published; create a new one", h.Published)
		case r.State == casegraph.RuleDraft:
			if err := named.have(v, r); err != nil {
				return err
			}
			r.State, r.PublishedAt, h.Published = casegraph.RulePublished, v.Now, r.Revision
		}
		return nil
	})
	made.Needs.Nodes = append(made.Needs.Nodes, named.IDs...)
	for _, key := range named.Templates {
		made.Needs.Values = append(made.Needs.Values, cases.TemplateHead(key))
	}
	return made, err
}

// Archive ends a revision; if it is the latest, no other runs in its place. key
// is the rule's. It answers Answer; the event is rule.archived.
func Archive(by cases.Asker, in Input, key string) (commit.Change, error) {
	return change(by, in, key, "rule.archived", func(_ *commit.View, r *casegraph.Rule, _ *head) error {
		r.State = casegraph.RuleArchived
		return nil
	})
}

// change is a change of one revision; key is "" where the others need not be
// looked at.
func change(by cases.Asker, in Input, key, event string, apply func(*commit.View, *casegraph.Rule, *head) error) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	needs := casegraph.Needs{Nodes: []casegraph.ID{in.RuleID}}
	if key != "" {
		needs.Values = []string{Head(key)}
	}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		r, ok := v.Node(in.RuleID).(*casegraph.Rule)
		if !ok || (key != "" && r.Key != key) {
			return nil, casegraph.NoSuch("ruleId", "rule", in.RuleID)
		}
		if err := cases.AtVersion(r, in.ExpectedVersion); err != nil {
			return nil, err
		}
		w := &commit.Writes{Nodes: []casegraph.Node{r}, Events: []commit.Event{{Name: event, Subject: r.ID}}, Answer: cases.Encode(Answer{r.ID})}
		if key == "" {
			return w, apply(v, r, nil)
		}
		h, err := readHead(v.Value(Head(key)))
		if err != nil {
			return nil, err
		}
		if err := apply(v, r, &h); err != nil {
			return nil, err
		}
		w.Values = []casegraph.Value{{Key: Head(key), Data: cases.Encode(h)}}
		return w, nil
	}}, nil
}
