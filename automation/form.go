package automation

import (
	"fmt"
	"slices"
	"strings"

	"casegraph"
	"casegraph/cases"
)

// The bounds of a rule.
const (
	MaxEvents  = 20 // names of events
	MaxActions = 10
)

// ready is a rule made ready to run.
type ready struct {
	*casegraph.Rule
	kind      casegraph.Kind
	condition *condition
}

// prepare checks a rule; each error names the place within its form.
func prepare(r *casegraph.Rule) (*ready, error) {
	if _, err := cases.Text("name", r.Name, 1, cases.MaxTemplateWord); err != nil {
		return nil, err
	}
	if _, err := cases.Text("description", r.Description, 0, cases.MaxDescription); err != nil {
		return nil, err
	}
	kind, err := kindOfEvents(r.On)
	if err != nil {
		return nil, err
	}
	made := &ready{Rule: r, kind: kind}
	if made.condition, err = compile(kind, r.If); err != nil {
		return nil, casegraph.BadInput("if: %v", err)
	}
	if r.Once != casegraph.OnceAnObject && r.Once != casegraph.OnceAnEvent {
		return nil, casegraph.BadInput("once: must be OBJECT or EVENT")
	}
	if len(r.Do) == 0 || len(r.Do) > MaxActions {
		return nil, casegraph.BadInput("do: from 1 to %d actions", MaxActions)
	}
	for i := range r.Do {
		if err := checkAction(fmt.Sprintf("do[%d]", i), kind, &r.Do[i]); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// kindOfEvents is the one kind of node that all the events are about.
func kindOfEvents(names []string) (of casegraph.Kind, err error) {
	if len(names) == 0 || len(names) > MaxEvents {
		return "", casegraph.BadInput("on: from 1 to %d names of events", MaxEvents)
	}
	for i, name := range names {
		word, verb, _ := strings.Cut(name, ".")
		kind := casegraph.Kind(strings.ToUpper(word))
		switch {
		case word != strings.ToLower(word) || !(kind == casegraph.KindCase || kind.IsObject()) || len(verb) > 60 || (verb != "*" && !isVerb(verb)):
			return "", casegraph.BadInput("on[%d]: %.100q is no event of a case or an object, such as case.created or inquiry.*", i, name)
		case of != "" && kind != of:
			return "", casegraph.BadInput("on[%d]: all events are of one kind of node: %s", i, lower(of))
		}
		of = kind
	}
	return of, nil
}

func isVerb(verb string) bool {
	return verb != "" && strings.Trim(verb, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// of tells whether an event is one of the rule's.
func (r *ready) of(e *casegraph.Event) bool {
	word, _, _ := strings.Cut(e.Name, ".")
	return slices.Contains(r.On, e.Name) || slices.Contains(r.On, word+".*")
}

// checkAction refuses an action that lacks something, or has what it has no use
// for.
func checkAction(place string, kind casegraph.Kind, a *casegraph.RuleAction) error {
	opens, ofCase := a.Action == casegraph.DoOpenCase, kind == casegraph.KindCase
	switch {
	case opens && ofCase:
		return casegraph.BadInput("%s.action: a case is opened for an object; these events are of cases", place)
	case !opens && a.Action != casegraph.DoTag && !ofCase:
		return casegraph.BadInput("%s.action: %s is of rules on events of cases", place, a.Action)
	}
	uses := map[casegraph.RuleVerb]string{casegraph.DoOpenCase: "template title attach queueId assigneeId tags fields",
		casegraph.DoTag: "tags", casegraph.DoEscalate: "queueId note", casegraph.DoSetQueue: "queueId note", casegraph.DoAssign: "assigneeId note"}[a.Action]
	needs := map[casegraph.RuleVerb]string{casegraph.DoOpenCase: "title",
		casegraph.DoTag: "tags", casegraph.DoEscalate: "queueId note", casegraph.DoAssign: "assigneeId"}[a.Action]
	for _, each := range []struct {
		name  string
		given bool
	}{{"template", a.Template != ""}, {"title", a.Title != ""}, {"attach", len(a.Attach) > 0}, {"queueId", a.QueueID != ""},
		{"assigneeId", a.AssigneeID != ""}, {"tags", len(a.Tags) > 0}, {"note", a.Note != ""}, {"fields", len(a.Fields) > 0}} {
		switch {
		case each.given && !named(uses, each.name):
			return casegraph.BadInput("%s.%s: %s has no use for it", place, each.name, a.Action)
		case !each.given && named(needs, each.name):
			return casegraph.BadInput("%s.%s: %s needs it", place, each.name, a.Action)
		}
	}
	if _, err := cases.Text(place+".title", a.Title, 0, cases.MaxTitle); err != nil {
		return err
	}
	if _, err := cases.Text(place+".note", a.Note, 0, cases.MaxNote); err != nil {
		return err
	}
	for i, kind := range a.Attach {
		if !kind.IsObject() || slices.Contains(a.Attach[:i], kind) {
			return casegraph.BadInput("%s.attach[%d]: kinds of objects, each once", place, i)
		}
	}
	if _, err := casegraph.ParseFields(a.Fields); len(a.Fields) > 0 && err != nil {
		return casegraph.BadInput("%s.fields: %v", place, err)
	}
	return cases.CheckTags(place+".tags", a.Tags)
}

func named(names, name string) bool { return slices.Contains(strings.Fields(names), name) }
