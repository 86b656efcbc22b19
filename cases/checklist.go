package cases

import (
	"maps"
	"slices"
	"strings"

	"casegraph"
	"casegraph/commit"
)

// CheckItemInput says that an item of a case's checklist is done, or is not.
type CheckItemInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Item            string // the item's key
	Done            bool
	Note            string // at most MaxNote characters
}

// CheckItem ticks an item off, or takes that back. What must be done before it
// is done; what must be done after it is not, when it is taken back. It answers
// CaseAnswer; the event is case.item-checked or case.item-unchecked.
func CheckItem(by Asker, in CheckItemInput, w *Workflow) (commit.Change, error) {
	item := w.item(in.Item)
	if item == nil {
		return commit.Change{}, casegraph.BadInput("item: the checklist has no %.100q", in.Item)
	}
	event := "case.item-unchecked"
	if in.Done {
		event = "case.item-checked"
	}
	return by.changeCase(in.CaseID, in.ExpectedVersion, in.Note, event, nil, func(v *commit.View, c *casegraph.Case) error {
		if err := w.of(c); err != nil {
			return err
		}
		was := c.Checks
		change := w.uncheck
		if in.Done {
			change = w.check
		}
		err := change(v, c, item)
		if !maps.Equal(was, c.Checks) {
			AskAnew(c)
		}
		return err
	})
}

func (w *Workflow) check(v *commit.View, c *casegraph.Case, item *casegraph.TemplateItem) error {
	if open := unchecked(c, item.After); len(open) > 0 {
		return casegraph.BadInput("item: before %s comes %s", item.Key, strings.Join(open, ", "))
	}
	if _, done := c.Checks[item.Key]; !done {
		checks := map[string]casegraph.Check{item.Key: {ByID: v.Actor, At: v.Now}}
		maps.Copy(checks, c.Checks)
		c.Checks = checks
	}
	return nil
}

func (w *Workflow) uncheck(_ *commit.View, c *casegraph.Case, item *casegraph.TemplateItem) error {
	for _, other := range w.Template.Checklist {
		if _, done := c.Checks[other.Key]; done && slices.Contains(other.After, item.Key) {
			return casegraph.BadInput("item: %s is done already, which comes after %s", other.Key, item.Key)
		}
	}
	checks := maps.Clone(c.Checks)
	if delete(checks, item.Key); len(checks) == 0 {
		checks = nil
	}
	c.Checks = checks
	return nil
}

func (w *Workflow) item(key string) *casegraph.TemplateItem {
	for i := range w.Template.Checklist {
		if w.Template.Checklist[i].Key == key {
			return &w.Template.Checklist[i]
		}
	}
	return nil
}

// missingItems are the required items that are not done.
func (w *Workflow) missingItems(c *casegraph.Case) []string {
	var required []string
	for _, item := range w.Template.Checklist {
		if item.Required {
			required = append(required, item.Key)
		}
	}
	return unchecked(c, required)
}

func unchecked(c *casegraph.Case, keys []string) []string {
	var open []string
	for _, key := range keys {
		if _, done := c.Checks[key]; !done {
			open = append(open, key)
		}
	}
	return open
}

// CheckedItem is an item of a case's checklist with who did it.
type CheckedItem struct {
	*casegraph.TemplateItem
	Done bool
	// WaitsFor are the items to be done before it that are not.
	WaitsFor []string
	ByID     casegraph.ID
	At       casegraph.Time
}

// Checklist tells how far a case is.
func (w *Workflow) Checklist(c *casegraph.Case) []*CheckedItem {
	items := make([]*CheckedItem, len(w.Template.Checklist))
	for i := range w.Template.Checklist {
		item := &w.Template.Checklist[i]
		check, done := c.Checks[item.Key]
		items[i] = &CheckedItem{TemplateItem: item, Done: done, WaitsFor: unchecked(c, item.After), ByID: check.ByID, At: check.At}
	}
	return items
}
