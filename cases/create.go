package cases

import (
	"encoding/json"
	"fmt"

	"casegraph"
	"casegraph/commit"
)

// CreateInput is a case to open.
type CreateInput struct {
	Title string // 1 to MaxTitle characters
	// Template is the key of the template whose published revision the case
	// follows, or TemplateID a revision; "" and "" is General.
	Template   string
	TemplateID casegraph.ID
	// CaseType is lower-kebab, at most 60 characters; "" is "general". A template
	// has its own.
	CaseType    string
	Description string // at most MaxDescription characters
	AssigneeID  casegraph.ID
	QueueID     casegraph.ID
	Tags        []string
	Fields      casegraph.Fields
	// Restricted cases are seen, and so opened, by administrators alone.
	Restricted bool
	// DueInSeconds sets the clock ClockDue; nil sets none.
	DueInSeconds *int64
	// Objects are attached from the start; see Attach.
	Objects []ObjectInput
}

// ClockDue is the clock that a case gets which is opened with a time.
const ClockDue = "due"

// CreateAnswer names the case opened.
type CreateAnswer struct {
	CaseID casegraph.ID   `json:"caseId"`
	Number string         `json:"number"`
	Items  []AttachedItem `json:"items,omitempty"`
}

// Create opens a case by a template, from nothing or from any objects, with the
// next number of its prefix, which the value "number/" and the prefix counts. It
// answers CreateAnswer; the event is case.created.
func Create(by Asker, in CreateInput, w *Workflow, newID func(casegraph.Kind) casegraph.ID) (commit.Change, error) {
	c, err := by.newCase(in, w, newID)
	if err != nil {
		return commit.Change{}, err
	}
	objects, err := checkedObjects(in.Objects)
	if err != nil {
		return commit.Change{}, err
	}
	counter := "number/" + w.Template.Prefix
	needs := attachNeeds(c.ID, objectIDs(objects))
	needs.Values = []string{counter}
	if in.AssigneeID != "" {
		needs.Nodes = append(needs.Nodes, in.AssigneeID)
	}
	if c.TemplateID != "" {
		needs.Nodes = append(needs.Nodes, c.TemplateID)
	}
	needs.Nodes = append(append(needs.Nodes, queueNeeds(in.QueueID)...), w.calendarNeeds()...)
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		created := *c
		if err := opens(v, c.TemplateID); err != nil {
			return nil, err
		}
		if in.AssigneeID != "" {
			if err := by.assign(v, &created, in.AssigneeID); err != nil {
				return nil, err
			}
		}
		if err := enqueue(v, &created, in.QueueID); err != nil {
			return nil, err
		}
		if err := w.startClocks(v, &created, in.DueInSeconds); err != nil {
			return nil, err
		}
		links, items, err := by.attach(v, c.ID, objects)
		if err != nil {
			return nil, err
		}
		count, err := next(v.Value(counter))
		if err != nil {
			return nil, err
		}
		created.Number = fmt.Sprintf("%s-%d", w.Template.Prefix, count)
		return &commit.Writes{
			Nodes:  []casegraph.Node{&created},
			Links:  links,
			Values: []casegraph.Value{{Key: counter, Data: []byte(decimal(count))}},
			Events: []commit.Event{{Name: "case.created", Subject: c.ID}},
			Answer: Encode(CreateAnswer{CaseID: c.ID, Number: created.Number, Items: items}),
		}, nil
	}}, nil
}

// newCase is the case as far as it can be told without looking at anything.
func (a Asker) newCase(in CreateInput, w *Workflow, newID func(casegraph.Kind) casegraph.ID) (*casegraph.Case, error) {
	err := a.Require(casegraph.RoleInvestigator)
	if err != nil {
		return nil, err
	}
	if in.Restricted && a.Require(casegraph.RoleAdmin) != nil {
		return nil, &casegraph.Error{Code: casegraph.CodeForbidden, Field: "restricted",
			Message: fmt.Sprintf("restricted: this needs the role %s; yours is %s", casegraph.RoleAdmin, a.Role)}
	}
	c := &casegraph.Case{Status: w.initial(), TemplateID: w.Template.ID, CreatorID: a.ID, Restricted: in.Restricted}
	if c.Title, err = Text("title", in.Title, 1, MaxTitle); err != nil {
		return nil, err
	}
	if c.Description, err = Text("description", in.Description, 0, MaxDescription); err != nil {
		return nil, err
	}
	if c.CaseType, err = w.caseType(in.CaseType); err != nil {
		return nil, err
	}
	if c.Tags, err = checkTags(in.Tags); err != nil {
		return nil, err
	}
	if in.Fields != nil {
		if c.Fields, err = casegraph.ParseFields(in.Fields); err != nil {
			return nil, casegraph.BadInput("fields: %v", err)
		}
	}
	if c.Fields, err = w.withDefaults(c.Fields); err != nil {
		return nil, err
	}
	if err = w.checkFields(c.Fields); err != nil {
		return nil, err
	}
	if in.DueInSeconds != nil {
		if err := checkClockTime(ClockDue, in.DueInSeconds, 0); err != nil {
			return nil, casegraph.BadInput("dueInSeconds: from 1 to %d", MaxClockSeconds)
		}
	}
	c.ID = newID(casegraph.KindCase)
	return c, nil
}

// startClocks starts the clocks of a case that is opened.
func (w *Workflow) startClocks(v *commit.View, c *casegraph.Case, due *int64) error {
	k, err := w.clocks(v)
	if err != nil {
		return err
	}
	status := w.status(c.Status)
	if err := k.enter(c, status, true, false); err != nil || due == nil {
		return err
	}
	return k.set(c, status, SetClockInput{Name: ClockDue, Seconds: due})
}

// opens refuses a revision that is not, or is no longer, published.
func opens(v *commit.View, id casegraph.ID) error {
	if id == "" {
		return nil
	}
	if t, ok := v.Node(id).(*casegraph.Template); !ok || t.State != casegraph.TemplatePublished {
		return casegraph.BadInput("templateId: the revision is not published")
	}
	return nil
}

func (w *Workflow) caseType(name string) (string, error) {
	if w.Template.Key == "" {
		return caseType(name)
	}
	if name != "" && name != w.Template.Key {
		return "", casegraph.BadInput("caseType: the template's is %s", w.Template.Key)
	}
	return w.Template.Key, nil
}

// next is the number after the one that a counter holds.
func next(counter []byte) (int64, error) {
	var count int64
	if counter != nil {
		if err := json.Unmarshal(counter, &count); err != nil {
			return 0, fmt.Errorf("cases: counter: %w", err)
		}
	}
	return count + 1, nil
}
