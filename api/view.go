package api

import (
	"casegraph"
	"casegraph/cases"
)

// ViewCount is how many nodes a view has, as far as it is counted.
type ViewCount struct {
	Value int
	More  bool
}

// ViewFilter says which views.
type ViewFilter struct {
	And, Or    []*ViewFilter
	Not        *ViewFilter
	Name       *TextFilter
	Kind       []casegraph.Kind `filter:"of"`
	OwnerID    *IdFilter
	Sharing    []casegraph.ViewSharing
	ArchivedAt *TimeFilter
}

// Filter is the filter in the domain's terms; nil holds for every view.
func (f *ViewFilter) Filter() casegraph.Filter { return filterOf(f) }

// CreateViewInput is a view to be.
type CreateViewInput struct {
	Name, Description string
	Kind              casegraph.Kind
	Filter            casegraph.Fields
	OrderBy           *OrderBy
	Columns           []string
	Sharing           casegraph.ViewSharing
	SharedWithIDs     []casegraph.ID
}

// Rule is the input in the terms of cases.
func (in *CreateViewInput) Rule() cases.CreateViewInput {
	order := in.OrderBy
	if order == nil {
		order = &OrderBy{}
	}
	return cases.CreateViewInput{Name: in.Name, Description: in.Description, Of: in.Kind, Filter: in.Filter, OrderBy: order.By.Attribute(),
		Ascending: order.Direction == Ascending, Columns: in.Columns, Sharing: in.Sharing, SharedWithIDs: in.SharedWithIDs}
}

// UpdateViewInput is what a view shall be.
type UpdateViewInput struct {
	ViewID            casegraph.ID
	Name, Description casegraph.OptString
	Filter            casegraph.OptFields
	OrderBy           *OrderBy
	Columns           []string // nil is not given
	ExpectedVersion   *int64
}

// Rule is the input in the terms of cases.
func (in *UpdateViewInput) Rule() cases.UpdateViewInput {
	rule := cases.UpdateViewInput{ViewID: in.ViewID, Name: in.Name, Description: in.Description, Filter: in.Filter, Columns: in.Columns, ExpectedVersion: in.ExpectedVersion}
	if in.OrderBy != nil {
		rule.OrderBy, rule.Ascending = new(in.OrderBy.By.Attribute()), in.OrderBy.Direction == Ascending
	}
	return rule
}

// OrderOf is the order of a view as people give it.
func OrderOf(v *casegraph.View) *OrderBy {
	order := &OrderBy{By: OrderCreatedAt, Direction: Descending}
	for _, by := range []ListOrder{OrderUpdatedAt, OrderAt, OrderDueAt} {
		if by.Attribute() == v.OrderBy {
			order.By = by
		}
	}
	if v.Ascending {
		order.Direction = Ascending
	}
	return order
}

// ViewPayload is what a change of a view gives.
type ViewPayload struct{ View *casegraph.View }
