package cases

import (
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"casegraph"
	"casegraph/commit"
)

// Workflow is a revision of a template, made ready to judge cases by.
type Workflow struct {
	Template *casegraph.Template
	schema   *jsonschema.Schema
}

// NewWorkflow refuses a template that contradicts itself.
func NewWorkflow(t *casegraph.Template) (*Workflow, error) {
	if err := checkForm(&t.TemplateForm); err != nil {
		return nil, err
	}
	schema, err := fieldSchema(&t.TemplateForm)
	return &Workflow{Template: t, schema: schema}, err
}

// General is what cases without a template follow.
var General = func() *Workflow {
	w, err := NewWorkflow(&casegraph.Template{State: casegraph.TemplatePublished, TemplateForm: casegraph.TemplateForm{
		Name: "General", Prefix: "CASE", OtherFields: true,
		Statuses: []casegraph.TemplateStatus{
			{Name: StatusOpen, Stage: casegraph.StageInitial, Transitions: to(StatusInReview)},
			{Name: StatusInReview, Stage: casegraph.StageIntermediate, Transitions: to(StatusWaiting, StatusResolved)},
			{Name: StatusWaiting, Stage: casegraph.StageIntermediate, Transitions: to(StatusInReview, StatusResolved)},
			{Name: StatusResolved, Stage: casegraph.StageEnd, Transitions: to(StatusOpen)},
		}}})
	if err != nil {
		panic(err)
	}
	return w
}()

func to(statuses ...string) []casegraph.TemplateTransition {
	transitions := make([]casegraph.TemplateTransition, len(statuses))
	for i, status := range statuses {
		transitions[i].To = status
	}
	return transitions
}

// ErrMoved says that a case follows another template than the one that it was
// to be judged by: read it again.
var ErrMoved = &casegraph.Error{Code: casegraph.CodeConflict, Field: "templateId", Message: "templateId: the case has moved to another template meanwhile: ask again"}

// of refuses a case that follows another template.
func (w *Workflow) of(c *casegraph.Case) error {
	if c.TemplateID != w.Template.ID {
		return ErrMoved
	}
	return nil
}

// status finds a status by its name, in whatever case it is typed; nil if the
// template has none.
func (w *Workflow) status(name string) *casegraph.TemplateStatus {
	return findStatus(w.Template.Statuses, name)
}

func findStatus(statuses []casegraph.TemplateStatus, name string) *casegraph.TemplateStatus {
	for i := range statuses {
		if strings.EqualFold(statuses[i].Name, name) {
			return &statuses[i]
		}
	}
	return nil
}

// initial is the status that a case begins with.
func (w *Workflow) initial() string {
	i := slices.IndexFunc(w.Template.Statuses, func(s casegraph.TemplateStatus) bool { return s.Stage == casegraph.StageInitial })
	return w.Template.Statuses[i].Name
}

// Statuses lists the names in the order of the template.
func (w *Workflow) Statuses() []string {
	names := make([]string, len(w.Template.Statuses))
	for i := range names {
		names[i] = w.Template.Statuses[i].Name
	}
	return names
}

// ends names the statuses that end a case.
func (w *Workflow) ends() string {
	var names []string
	for _, s := range w.Template.Statuses {
		if s.Stage == casegraph.StageEnd {
			names = append(names, s.Name)
		}
	}
	return strings.Join(names, " or ")
}

// transitions are those from a case's status. A status that is none of the
// template's, as an imported case may have, leads to each of them.
func (w *Workflow) transitions(c *casegraph.Case) []casegraph.TemplateTransition {
	if from := w.status(c.Status); from != nil {
		return from.Transitions
	}
	return to(w.Statuses()...)
}

// resolution finds a way to end a case by its name; nil if the template lists
// none of that name.
func (w *Workflow) resolution(name string) *casegraph.TemplateResolution {
	for i := range w.Template.Resolutions {
		if r := &w.Template.Resolutions[i]; strings.EqualFold(r.Name, name) {
			return r
		}
	}
	return nil
}

// checkResolution finds how a resolution is spelt. Where the template lists
// none, any will do.
func (w *Workflow) checkResolution(name string) (casegraph.TemplateResolution, error) {
	if name == "" || len(w.Template.Resolutions) == 0 {
		return casegraph.TemplateResolution{Name: name}, nil
	}
	if r := w.resolution(name); r != nil {
		return *r, nil
	}
	var names []string
	for _, r := range w.Template.Resolutions {
		names = append(names, r.Name)
	}
	return casegraph.TemplateResolution{}, casegraph.BadInput("resolution: one of %s", strings.Join(names, ", "))
}

// AllowedTransition is a status that a case may get, and what it takes.
type AllowedTransition struct {
	casegraph.TemplateTransition
	Stage casegraph.Stage
	// MissingFields and MissingItems stand in the way still.
	MissingFields []string
	MissingItems  []string
	// RoleAllows tells whether the asker's role is enough.
	RoleAllows bool
	// AwaitedByID is who asked for it, where a second person must confirm it; ""
	// if nobody has.
	AwaitedByID casegraph.ID
}

// Allowed tells what a case may become next, for this asker.
func (w *Workflow) Allowed(by Asker, c *casegraph.Case) []*AllowedTransition {
	var allowed []*AllowedTransition
	if c.Merged != nil {
		return nil
	}
	for _, t := range w.transitions(c) {
		a := &AllowedTransition{TemplateTransition: t, Stage: w.status(t.To).Stage, MissingFields: missingFields(c, t.Fields),
			RoleAllows: by.Role.Rank() >= t.LeastRole().Rank()}
		if t.Checklist {
			a.MissingItems = w.missingItems(c)
		}
		if t.SecondPerson && c.Awaiting != nil && strings.EqualFold(c.Awaiting.To, t.To) {
			a.AwaitedByID = c.Awaiting.ByID
		}
		allowed = append(allowed, a)
	}
	return allowed
}

// guard refuses a transition whose guards do not let it.
func (w *Workflow) guard(by Asker, c *casegraph.Case, t casegraph.TemplateTransition, resolution, note string) error {
	if by.Require(t.LeastRole()) != nil {
		return forbidden("status: %s needs the role %s; yours is %s", t.To, t.LeastRole(), by.Role)
	}
	if missing := missingFields(c, t.Fields); len(missing) > 0 {
		return casegraph.BadInput("status: %s needs the fields %s", t.To, strings.Join(missing, ", "))
	}
	if missing := w.missingItems(c); t.Checklist && len(missing) > 0 {
		return casegraph.BadInput("status: %s needs the checklist finished; open are %s", t.To, strings.Join(missing, ", "))
	}
	switch {
	case t.Note && note == "":
		return casegraph.BadInput("note: %s needs one", t.To)
	case t.Resolution && resolution == "":
		return casegraph.BadInput("resolution: %s needs one", t.To)
	}
	return nil
}

// forbidden is at the field status.
func forbidden(format string, args ...any) error {
	return &casegraph.Error{Code: casegraph.CodeForbidden, Field: "status", Message: fmt.Sprintf(format, args...)}
}

// AskAnew takes back what a second person was asked for: the case is no longer
// what the first one asked about. Fields, words, the checklist and objects make
// it another; who has it, labels and comments do not.
func AskAnew(c *casegraph.Case) { c.Awaiting = nil }

// secondPerson keeps what the first person asked for, until another asks for
// the same; it tells whether that is so now.
func secondPerson(v *commit.View, c *casegraph.Case, status string, resolution *casegraph.TemplateResolution) (confirmed bool, err error) {
	asked := c.Awaiting
	switch {
	case asked == nil || asked.To != status:
		c.Awaiting = &casegraph.AwaitedStatus{To: status, Resolution: resolution.Name, ByID: v.Actor, At: v.Now}
		return false, nil
	case asked.ByID == v.Actor:
		return false, forbidden("status: %s waits for another person than the one who asked for it", status)
	case resolution.Name != "" && resolution.Name != asked.Resolution:
		return false, casegraph.BadInput("resolution: %q was asked for; set the status %s to drop that first", asked.Resolution, c.Status)
	}
	resolution.Name = asked.Resolution
	return true, nil
}
