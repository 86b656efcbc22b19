package resolvers

import (
	"context"
	"strings"

	"casegraph"
	"casegraph/api"
	"casegraph/calendar"
	"casegraph/cases"
	"casegraph/commit"
)

func (r query) Calendar(ctx context.Context, id *casegraph.ID, name *string) (*casegraph.Calendar, error) {
	if name != nil {
		lower := strings.ToLower(strings.TrimSpace(*name))
		name = &lower
	}
	return find[*casegraph.Calendar](ctx, r.Resolver, 0, casegraph.KindCalendar, id, "name", name, nil)
}

func (r query) Calendars(ctx context.Context, first *int, after *casegraph.Cursor, last *int, before *casegraph.Cursor, filter *api.CalendarFilter, order *api.OrderBy) (*api.CalendarConnection, error) {
	return list[*casegraph.Calendar](ctx, r.Resolver, casegraph.KindCalendar, filter.Filter(), order, paging{first, last, after, before})
}

func (r calendarFields) After(_ context.Context, calendars []*casegraph.Calendar, seconds int, from *casegraph.Time) ([]*casegraph.Time, error) {
	if seconds < 0 || seconds > cases.MaxClockSeconds {
		return nil, casegraph.BadInput("seconds: from 0 to %d", cases.MaxClockSeconds)
	}
	since := casegraph.TimeOf(r.Now())
	if from != nil {
		since = *from
	}
	moments := make([]*casegraph.Time, len(calendars))
	for i, c := range calendars {
		hours, err := calendar.New(&c.CalendarForm)
		if err != nil {
			return nil, err
		}
		if at, ok := hours.Add(since, int64(seconds)*1000); ok {
			moments[i] = &at
		}
	}
	return moments, nil
}

// Clocks takes one call for templates that are not known yet, and one for the
// calendars of them all.
func (r caseFields) Clocks(ctx context.Context, parents []*casegraph.Case) ([][]*cases.ShownClock, error) {
	flows, err := byWorkflow(ctx, r.Resolver, parents, func(w *cases.Workflow, _ *casegraph.Case) *cases.Workflow { return w })
	if err != nil {
		return nil, err
	}
	var ids []casegraph.ID
	for i, c := range parents {
		if len(c.Clocks) == 0 {
			continue
		}
		for _, name := range flows[i].Template.Calendars() {
			ids = append(ids, casegraph.CalendarID(name))
		}
	}
	found, err := r.nodesThen(ctx, 0, ids)
	if err != nil {
		return nil, err
	}
	hours := map[string]*calendar.Hours{}
	for _, n := range found {
		if c, ok := n.(*casegraph.Calendar); ok {
			if hours[strings.ToLower(c.Name)], err = calendar.New(&c.CalendarForm); err != nil {
				return nil, err
			}
		}
	}
	shown := make([][]*cases.ShownClock, len(parents))
	for i, c := range parents {
		now := casegraph.TimeOf(r.Now())
		if c.AsOf != 0 {
			now = 0
		}
		shown[i] = flows[i].ShownClocks(c, hours, now)
	}
	return shown, nil
}

func (r mutation) CreateCalendar(ctx context.Context, input cases.CreateCalendarInput) (*api.CalendarPayload, error) {
	change, err := cases.CreateCalendar(AskerOf(ctx), input)
	return r.changeCalendar(ctx, input, change, err)
}

func (r mutation) ReplaceCalendar(ctx context.Context, input cases.ReplaceCalendarInput) (*api.CalendarPayload, error) {
	change, err := cases.ReplaceCalendar(AskerOf(ctx), input)
	return r.changeCalendar(ctx, input, change, err)
}

func (r mutation) changeCalendar(ctx context.Context, input any, change commit.Change, err error) (*api.CalendarPayload, error) {
	answer, _, err := do[cases.CalendarAnswer](ctx, r.Resolver, input, change, err)
	if err != nil {
		return nil, err
	}
	c, err := one[*casegraph.Calendar](ctx, r.Resolver, 0, answer.CalendarID)
	return &api.CalendarPayload{Calendar: c}, err
}

func (r mutation) SetCaseClock(ctx context.Context, input cases.SetClockInput) (*api.CasePayload, error) {
	return r.changeClocks(ctx, input.CaseID, input, func(w *cases.Workflow) (commit.Change, error) {
		return cases.SetClock(AskerOf(ctx), input, w)
	})
}

func (r mutation) ClearCaseClock(ctx context.Context, input cases.ClearClockInput) (*api.CasePayload, error) {
	return r.changeClocks(ctx, input.CaseID, input, func(w *cases.Workflow) (commit.Change, error) {
		return cases.ClearClock(AskerOf(ctx), input, w)
	})
}

func (r mutation) changeClocks(ctx context.Context, id casegraph.ID, input any, change func(*cases.Workflow) (commit.Change, error)) (*api.CasePayload, error) {
	answer, _, err := judged[cases.CaseAnswer](ctx, r.Resolver, id, input, change)
	if err != nil {
		return nil, err
	}
	return casePayload(ctx, r.Resolver, answer.CaseID)
}
