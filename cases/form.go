package cases

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"casegraph"
)

// The bounds of a template.
const (
	MaxTemplateFields   = 200
	MaxTemplateStatuses = 50
	MaxTemplateItems    = 100
	MaxTemplateSections = 50
	MaxTemplateChoices  = 500
	MaxTemplateWord     = 60 // characters of a name, key, label or choice
)

var (
	prefixForm = regexp.MustCompile(`^[A-Z][A-Z0-9]{0,9}$`)
	fieldForm  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,59}$`)
)

// checkForm refuses a template that contradicts itself; each error names the
// place.
func checkForm(form *casegraph.TemplateForm) error {
	if _, err := Text("name", form.Name, 1, MaxTemplateWord); err != nil {
		return err
	}
	if _, err := Text("description", form.Description, 0, MaxDescription); err != nil {
		return err
	}
	if !prefixForm.MatchString(form.Prefix) {
		return casegraph.BadInput("prefix: 1 to 10 capital letters and digits, a letter first")
	}
	for _, check := range []func(*casegraph.TemplateForm) error{checkFormFields, checkFormResolutions, checkFormItems, checkFormStatuses, checkFormLayout, checkFormClocks, checkFormAssignment} {
		if err := check(form); err != nil {
			return err
		}
	}
	return nil
}

func checkFormFields(form *casegraph.TemplateForm) error {
	if len(form.Fields) > MaxTemplateFields {
		return casegraph.BadInput("fields: at most %d", MaxTemplateFields)
	}
	for i := range form.Fields {
		f, place := &form.Fields[i], fmt.Sprintf("fields[%d]", i)
		isChoice := f.Type == casegraph.FieldChoices || f.Type == casegraph.FieldMultiChoices
		switch {
		case !fieldForm.MatchString(f.Key):
			return casegraph.BadInput("%s.key: 1 to 60 letters, digits, _ and -, a letter first", place)
		case slices.ContainsFunc(form.Fields[:i], func(other casegraph.TemplateField) bool { return other.Key == f.Key }):
			return casegraph.BadInput("%s.key: %s is there twice", place, f.Key)
		case isChoice == (len(f.Choices) == 0):
			return casegraph.BadInput("%s.choices: those of CHOICES and MULTI_CHOICES, and of no other type", place)
		case len(f.Choices) > MaxTemplateChoices:
			return casegraph.BadInput("%s.choices: at most %d", place, MaxTemplateChoices)
		case f.Required && f.WriteOnce && f.Default != nil:
			return casegraph.BadInput("%s.default: a field that is written once and required would always keep it", place)
		}
		for j, choice := range f.Choices {
			if _, err := Text(fmt.Sprintf("%s.choices[%d]", place, j), choice, 1, MaxTemplateWord); err != nil {
				return err
			}
			if slices.Contains(f.Choices[:j], choice) {
				return casegraph.BadInput("%s.choices[%d]: %q is there twice", place, j, choice)
			}
		}
		if _, err := Text(place+".label", f.Label, 0, MaxTemplateWord); err != nil {
			return err
		}
		if f.Default != nil {
			if err := checkDefault(f); err != nil {
				return casegraph.BadInput("%s.default: %v", place, err)
			}
		}
	}
	return nil
}

// checkDefault holds a field's default to the field's own rules.
func checkDefault(f *casegraph.TemplateField) error {
	schema, err := fieldSchema(&casegraph.TemplateForm{Fields: []casegraph.TemplateField{{Key: f.Key, Type: f.Type, Choices: f.Choices, Schema: f.Schema}}})
	if err != nil {
		return err
	}
	fields, err := casegraph.FieldsOf(map[string]any{f.Key: f.Default})
	if err != nil {
		return err
	}
	return (&Workflow{schema: schema}).checkFields(fields)
}

func checkFormResolutions(form *casegraph.TemplateForm) error {
	for i, r := range form.Resolutions {
		name, err := Text(fmt.Sprintf("resolutions[%d].name", i), r.Name, 1, MaxResolution)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(form.Resolutions[:i], func(other casegraph.TemplateResolution) bool { return strings.EqualFold(other.Name, name) }) {
			return casegraph.BadInput("resolutions[%d].name: %s is there twice", i, name)
		}
	}
	return nil
}

// checkFormItems also sees to it that no item waits for itself.
func checkFormItems(form *casegraph.TemplateForm) error {
	if len(form.Checklist) > MaxTemplateItems {
		return casegraph.BadInput("checklist: at most %d items", MaxTemplateItems)
	}
	before := map[string]bool{}
	for i, item := range form.Checklist {
		place := fmt.Sprintf("checklist[%d]", i)
		if !fieldForm.MatchString(item.Key) || before[item.Key] {
			return casegraph.BadInput("%s.key: 1 to 60 letters, digits, _ and -, a letter first, each once", place)
		}
		if _, err := Text(place+".label", item.Label, 1, MaxTitle); err != nil {
			return err
		}
		for j, key := range item.After {
			if !before[key] {
				return casegraph.BadInput("%s.after[%d]: no item above it has the key %.100q", place, j, key)
			}
		}
		before[item.Key] = true
	}
	return nil
}

func checkFormStatuses(form *casegraph.TemplateForm) error {
	if n := len(form.Statuses); n == 0 || n > MaxTemplateStatuses {
		return casegraph.BadInput("statuses: from 1 to %d", MaxTemplateStatuses)
	}
	stages := map[casegraph.Stage]int{}
	for i, s := range form.Statuses {
		if _, err := Text(fmt.Sprintf("statuses[%d].name", i), s.Name, 1, MaxTemplateWord); err != nil {
			return err
		}
		if findStatus(form.Statuses[:i], s.Name) != nil {
			return casegraph.BadInput("statuses[%d].name: %s is there twice", i, s.Name)
		}
		stages[s.Stage]++
	}
	if stages[casegraph.StageInitial] != 1 || stages[casegraph.StageEnd] == 0 {
		return casegraph.BadInput("statuses: one is INITIAL, and at least one an END")
	}
	for i := range form.Statuses {
		for j := range form.Statuses[i].Transitions {
			if err := checkTransition(form, &form.Statuses[i], j, fmt.Sprintf("statuses[%d].transitions[%d]", i, j)); err != nil {
				return err
			}
		}
	}
	return checkReach(form)
}

func checkTransition(form *casegraph.TemplateForm, from *casegraph.TemplateStatus, j int, place string) error {
	t := &from.Transitions[j]
	target := findStatus(form.Statuses, t.To)
	switch {
	case target == nil || target.Name != t.To || target.Name == from.Name:
		return casegraph.BadInput("%s.to: another status of the template, as it is spelt there", place)
	case slices.ContainsFunc(from.Transitions[:j], func(other casegraph.TemplateTransition) bool { return other.To == t.To }):
		return casegraph.BadInput("%s.to: %s is there twice", place, t.To)
	case t.Resolution && target.Stage != casegraph.StageEnd:
		return casegraph.BadInput("%s.resolution: only an END takes one", place)
	case t.Checklist && len(form.Checklist) == 0:
		return casegraph.BadInput("%s.checklist: the template has none", place)
	}
	for k, key := range t.Fields {
		if !slices.ContainsFunc(form.Fields, func(f casegraph.TemplateField) bool { return f.Key == key }) {
			return casegraph.BadInput("%s.fields[%d]: the template has no field %.100q", place, k, key)
		}
	}
	return nil
}

// checkReach refuses statuses that no case can get, and those from which no
// case comes to an end.
func checkReach(form *casegraph.TemplateForm) error {
	for i := range form.Statuses {
		s := &form.Statuses[i]
		reached := reach(form, s.Name)
		if s.Stage == casegraph.StageInitial {
			for k, other := range form.Statuses {
				if !reached[other.Name] {
					return casegraph.BadInput("statuses[%d]: nothing leads from %s to %s", k, s.Name, other.Name)
				}
			}
		}
		if !slices.ContainsFunc(form.Statuses, func(end casegraph.TemplateStatus) bool { return end.Stage == casegraph.StageEnd && reached[end.Name] }) {
			return casegraph.BadInput("statuses[%d]: nothing leads from %s to an END", i, s.Name)
		}
	}
	return nil
}

func reach(form *casegraph.TemplateForm, from string) map[string]bool {
	reached, open := map[string]bool{from: true}, []string{from}
	for len(open) > 0 {
		next := findStatus(form.Statuses, open[0])
		open = open[1:]
		for _, t := range next.Transitions {
			if !reached[t.To] {
				reached[t.To] = true
				open = append(open, t.To)
			}
		}
	}
	return reached
}

func checkFormLayout(form *casegraph.TemplateForm) error {
	if len(form.Layout) > MaxTemplateSections {
		return casegraph.BadInput("layout: at most %d sections", MaxTemplateSections)
	}
	for i, section := range form.Layout {
		if _, err := Text(fmt.Sprintf("layout[%d].title", i), section.Title, 1, MaxTemplateWord); err != nil {
			return err
		}
		if section.Panel != casegraph.PanelFields && len(section.Fields) > 0 {
			return casegraph.BadInput("layout[%d].fields: only the panel FIELDS shows them", i)
		}
		for j, key := range section.Fields {
			if !slices.ContainsFunc(form.Fields, func(f casegraph.TemplateField) bool { return f.Key == key }) {
				return casegraph.BadInput("layout[%d].fields[%d]: the template has no field %.100q", i, j, key)
			}
		}
	}
	return nil
}
