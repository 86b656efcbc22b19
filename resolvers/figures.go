package resolvers

import (
	"context"
	"strings"
	"time"

	"casegraph"
	"casegraph/api"
	"casegraph/figures"
)

func (r query) CaseAnalytics(ctx context.Context, groupBy *figures.Grouping, interval *figures.Interval, timeZone *string,
	filter *api.CaseAnalyticsFilter, from, to *casegraph.Time, asOf *api.Moment) (*figures.Answer, error) {
	q := figures.Query{GroupBy: given(groupBy), Interval: given(interval), From: given(from), To: given(to), Filter: filter.Filter(), Mask: mask(ctx)}
	var err error
	if q.Zone, err = zone(given(timeZone)); err != nil {
		return nil, err
	}
	if q.AsOf, err = r.moment(ctx, "asOf", asOf); err != nil {
		return nil, err
	}
	if q.Now, err = r.timeOf(ctx, asOf); err != nil {
		return nil, err
	}
	return r.Figures.Ask(ctx, q)
}

// given is what an argument says, or nothing.
func given[T any](argument *T) (value T) {
	if argument != nil {
		value = *argument
	}
	return value
}

// zone finds a time zone by its name.
func zone(name string) (*time.Location, error) {
	location, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, casegraph.BadInput("timeZone: must be the name of a time zone, such as Europe/Vienna")
	}
	return location, nil
}

// timeOf is when a moment is.
func (r *Resolver) timeOf(ctx context.Context, m *api.Moment) (casegraph.Time, error) {
	now := casegraph.TimeOf(r.Now())
	switch {
	case m == nil:
		return now, nil
	case m.At != nil:
		return min(*m.At, now), nil
	}
	events, _, err := r.Store.Events(ctx, *m.Event-1, 1)
	if err != nil || len(events) == 0 {
		return now, err
	}
	return events[0].At, nil
}

// Name is what people call a row's group.
func (r caseFigures) Name(ctx context.Context, rows []*figures.Row) ([]*string, error) {
	names, err := r.namesOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	all := make([]*string, len(rows))
	for i, row := range rows {
		all[i] = new(names(row.Value))
	}
	return all, nil
}

// Csv is the rows as CSV.
func (r caseAnalytics) CSV(ctx context.Context, answers []*figures.Answer) ([]string, error) {
	all := make([]string, len(answers))
	for i, a := range answers {
		names, err := r.namesOf(ctx, a.Rows)
		if err != nil {
			return nil, err
		}
		all[i] = a.CSV(names)
	}
	return all, nil
}

// namesOf reads what people call the groups, in one call: users, queues and
// templates have a name, other values are their own.
func (r *Resolver) namesOf(ctx context.Context, rows []*figures.Row) (func(value string) string, error) {
	var ids []casegraph.ID
	seen := map[string]bool{}
	for _, row := range rows {
		if named(row.Value) && !seen[row.Value] {
			seen[row.Value] = true
			ids = append(ids, casegraph.ID(row.Value))
		}
	}
	var found map[casegraph.ID]casegraph.Node
	if len(ids) > 0 {
		var err error
		if found, err = r.Store.Nodes(ctx, casegraph.NodesRequest{IDs: ids, Mask: mask(ctx)}); err != nil {
			return nil, err
		}
	}
	return func(value string) string {
		switch n := found[casegraph.ID(value)].(type) {
		case *casegraph.User:
			return n.Name
		case *casegraph.Queue:
			return n.Name
		case *casegraph.Template:
			return n.Name + ", revision " + decimal(n.Revision)
		}
		return value
	}, nil
}

func named(value string) bool {
	for _, kind := range []casegraph.Kind{casegraph.KindUser, casegraph.KindQueue, casegraph.KindTemplate} {
		if strings.HasPrefix(value, kind.Prefix()) {
			return true
		}
	}
	return false
}
