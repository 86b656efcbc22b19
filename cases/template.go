package cases

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"casegraph"
	"casegraph/commit"
)

// templateHead is what is kept of all revisions of a template, under
// "template/KEY".
type templateHead struct {
	Last      int64        `json:"last"`                // the newest revision's number
	Published casegraph.ID `json:"published,omitempty"` // the revision that new cases follow
}

// TemplateHead is the key of the value that tells which revision of a template
// new cases follow.
func TemplateHead(key string) string { return "template/" + key }

// PublishedRevision is the revision that new cases follow, from that value; ""
// if there is none.
func PublishedRevision(value []byte) (casegraph.ID, error) {
	head, err := readHead(value)
	return head.Published, err
}

func readHead(value []byte) (head templateHead, err error) {
	if value != nil {
		if err = json.Unmarshal(value, &head); err != nil {
			err = fmt.Errorf("cases: template: %w", err)
		}
	}
	return head, err
}

// TemplateAnswer names the revision that was changed.
type TemplateAnswer struct {
	TemplateID casegraph.ID `json:"templateId"`
}

// CreateTemplateInput is a new revision of a template, the first if there is
// none of its key.
type CreateTemplateInput struct {
	Key  string // lower-kebab, at most 60 characters
	Form casegraph.TemplateForm
}

// CreateTemplate writes a draft. It answers TemplateAnswer; the event is
// template.created.
func CreateTemplate(by Asker, in CreateTemplateInput, newID func(casegraph.Kind) casegraph.ID) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	if err := CheckKey("key", in.Key); err != nil {
		return commit.Change{}, err
	}
	t := &casegraph.Template{Key: in.Key, State: casegraph.TemplateDraft, TemplateForm: in.Form}
	if _, err := NewWorkflow(t); err != nil {
		return commit.Change{}, Within("form", err)
	}
	t.ID = newID(casegraph.KindTemplate)
	head := TemplateHead(in.Key)
	return commit.Change{Actor: by.ID, Needs: casegraph.Needs{Nodes: []casegraph.ID{t.ID}, Values: []string{head}}, Decide: func(v *commit.View) (*commit.Writes, error) {
		last, err := readHead(v.Value(head))
		if err != nil {
			return nil, err
		}
		last.Last++
		created := *t
		created.Revision = last.Last
		return &commit.Writes{Nodes: []casegraph.Node{&created}, Values: []casegraph.Value{{Key: head, Data: Encode(last)}},
			Events: []commit.Event{{Name: "template.created", Subject: t.ID}}, Answer: Encode(TemplateAnswer{t.ID})}, nil
	}}, nil
}

// CheckKey refuses what can't be the key of a template or a rule: 1 to 60
// characters in lower-kebab.
func CheckKey(field, key string) error {
	if len(key) > MaxTemplateWord || !kebab.MatchString(key) {
		return casegraph.BadInput("%s: 1 to %d lower-case letters and digits, parted by single hyphens", field, MaxTemplateWord)
	}
	return nil
}

// Within places an error about a part of an input.
func Within(part string, err error) error {
	var e *casegraph.Error
	if !errors.As(err, &e) || e.Field == "" {
		return err
	}
	return &casegraph.Error{Code: e.Code, Field: part + "." + e.Field, Message: part + "." + e.Message}
}

// UpdateTemplateInput is a draft as it shall be.
type UpdateTemplateInput struct {
	TemplateID      casegraph.ID
	ExpectedVersion *int64 // nil is any
	Form            casegraph.TemplateForm
}

// UpdateTemplate writes a draft anew. It answers TemplateAnswer; the event is
// template.updated.
func UpdateTemplate(by Asker, in UpdateTemplateInput) (commit.Change, error) {
	if _, err := NewWorkflow(&casegraph.Template{TemplateForm: in.Form}); err != nil {
		return commit.Change{}, Within("form", err)
	}
	return by.changeTemplate(in.TemplateID, in.ExpectedVersion, "", "template.updated", func(_ *commit.View, t *casegraph.Template, _ *templateHead) error {
		if t.State != casegraph.TemplateDraft {
			return casegraph.BadInput("templateId: revision %d is %s; create a new revision of %s", t.Revision, t.State, t.Key)
		}
		t.TemplateForm = in.Form
		return nil
	})
}

// TemplateInput names a revision of a template.
type TemplateInput struct {
	TemplateID      casegraph.ID
	ExpectedVersion *int64 // nil is any
}

// Named is what a template names that must be there when it is published.
type Named struct {
	Calendars []string
	Queue     string // "" for none
	MemberIDs []casegraph.ID
}

// NamedBy is what a template names.
func NamedBy(form *casegraph.TemplateForm) Named {
	return Named{form.Calendars(), form.Queue, memberNeeds(form.Assignment)}
}

// PublishTemplate makes a draft the revision that new cases follow; key is the
// template's, and named what it names. It answers TemplateAnswer; the event is
// template.published.
func PublishTemplate(by Asker, in TemplateInput, key string, named Named) (commit.Change, error) {
	change, err := by.changeTemplate(in.TemplateID, in.ExpectedVersion, key, "template.published", func(v *commit.View, t *casegraph.Template, head *templateHead) error {
		switch t.State {
		case casegraph.TemplateArchived:
			return casegraph.BadInput("templateId: the revision is archived")
		case casegraph.TemplateDraft:
			if err := haveNamed(v, t, named); err != nil {
				return err
			}
			t.State, t.PublishedAt, head.Published = casegraph.TemplatePublished, v.Now, t.ID
		}
		return nil
	})
	for _, name := range named.Calendars {
		change.Needs.Nodes = append(change.Needs.Nodes, casegraph.CalendarID(name))
	}
	change.Needs.Nodes = append(change.Needs.Nodes, named.MemberIDs...)
	if named.Queue != "" {
		change.Needs.Values = append(change.Needs.Values, queueName(named.Queue))
	}
	return change, err
}

// haveNamed refuses a template that names what is not there.
func haveNamed(v *commit.View, t *casegraph.Template, named Named) error {
	switch {
	case t.Queue != named.Queue || !slices.Equal(memberNeeds(t.Assignment), named.MemberIDs):
		return casegraph.Conflict("the draft has changed meanwhile; ask again")
	case t.Queue != "" && v.Value(queueName(t.Queue)) == nil:
		return casegraph.BadInput("templateId: its cases go into the queue %.100q, which there is not", t.Queue)
	}
	if err := haveMembers(v, "templateId.assignment", t.Assignment); err != nil {
		return err
	}
	return haveCalendars(v, t, named.Calendars)
}

// haveCalendars refuses clocks that count by calendars that are not there.
func haveCalendars(v *commit.View, t *casegraph.Template, looked []string) error {
	for i, k := range t.Clocks {
		switch {
		case k.Calendar == "":
		case !slices.Contains(looked, k.Calendar):
			return casegraph.Conflict("the draft has changed meanwhile; ask again")
		case v.Node(casegraph.CalendarID(k.Calendar)) == nil:
			return casegraph.BadInput("templateId: clocks[%d] counts by the calendar %.100q, which there is not", i, k.Calendar)
		}
	}
	return nil
}

// ArchiveTemplate keeps a revision from opening cases; those that follow it go
// on. key is the template's. It answers TemplateAnswer; the event is
// template.archived.
func ArchiveTemplate(by Asker, in TemplateInput, key string) (commit.Change, error) {
	return by.changeTemplate(in.TemplateID, in.ExpectedVersion, key, "template.archived", func(_ *commit.View, t *casegraph.Template, head *templateHead) error {
		t.State = casegraph.TemplateArchived
		if head.Published == t.ID {
			head.Published = ""
		}
		return nil
	})
}

// changeTemplate is a change of one revision; key is "" where the others need
// not be looked at.
func (a Asker) changeTemplate(id casegraph.ID, expected *int64, key, event string,
	change func(*commit.View, *casegraph.Template, *templateHead) error) (commit.Change, error) {
	if err := a.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	needs := casegraph.Needs{Nodes: []casegraph.ID{id}}
	if key != "" {
		needs.Values = []string{TemplateHead(key)}
	}
	return commit.Change{Actor: a.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		t, ok := v.Node(id).(*casegraph.Template)
		if !ok || (key != "" && t.Key != key) {
			return nil, casegraph.NoSuch("templateId", "template", id)
		}
		if err := AtVersion(t, expected); err != nil {
			return nil, err
		}
		w := &commit.Writes{Nodes: []casegraph.Node{t}, Events: []commit.Event{{Name: event, Subject: id}}, Answer: Encode(TemplateAnswer{id})}
		var head templateHead
		if key != "" {
			var err error
			if head, err = readHead(v.Value(TemplateHead(key))); err != nil {
				return nil, err
			}
		}
		was := head
		if err := change(v, t, &head); err != nil {
			return nil, err
		}
		if head != was {
			w.Values = []casegraph.Value{{Key: TemplateHead(key), Data: Encode(head)}}
		}
		return w, nil
	}}, nil
}
