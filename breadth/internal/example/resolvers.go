package example

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"casegraph/breadth/difftest"
)

// Resolver answers over Data and counts the calls of its batch resolvers.
type Resolver struct {
	*Data
	Calls   atomic.Int64
	Parents atomic.Int64
}

// NewConfig is the schema's configuration over data.
func NewConfig(r *Resolver) Config {
	return Config{Resolvers: r, Directives: DirectiveRoot{
		Shout: func(ctx context.Context, _ any, next graphql.Resolver) (any, error) {
			v, err := next(ctx)
			if text, ok := v.(*string); ok && text != nil && err == nil {
				return new(strings.ToUpper(*text)), nil
			}
			return v, err
		},
	}}
}

type (
	accounts      struct{ *Resolver }
	devices       struct{ *Resolver }
	casesOf       struct{ *Resolver }
	queries       struct{ *Resolver }
	mutations     struct{ *Resolver }
	subscriptions struct{ *Resolver }
)

// Account answers the fields of accounts.
func (r *Resolver) Account() AccountResolver { return accounts{r} }

// Device answers the fields of devices.
func (r *Resolver) Device() DeviceResolver { return devices{r} }

// Case answers the fields of cases.
func (r *Resolver) Case() CaseResolver { return casesOf{r} }

// Query answers the queries.
func (r *Resolver) Query() QueryResolver { return queries{r} }

// Mutation answers the mutations.
func (r *Resolver) Mutation() MutationResolver { return mutations{r} }

// Subscription answers the subscriptions.
func (r *Resolver) Subscription() SubscriptionResolver { return subscriptions{r} }

// batch answers a field for all its parents. Some have an error or a null in
// place of their value, and some fields fail or panic whole.
func batch[P interface {
	comparable
	Node
}, V any](r *Resolver, field string, parents []P, one func(P) V) ([]V, error) {
	r.Calls.Add(1)
	r.Parents.Add(int64(len(parents)))
	switch {
	case r.faults.Hits(40, field, "whole"):
		return nil, errors.New(field + " failed")
	case r.faults.Hits(40, field, "panic"):
		panic(field)
	}
	values := make([]V, len(parents))
	errs, failed := make(graphql.BatchErrorList, len(parents)), false
	for i, parent := range parents {
		var none P
		switch {
		case parent == none: // gqlgen's executor hands on what is null in a list
			continue
		case r.faults == nil:
			values[i] = one(parent)
			continue
		}
		switch id := parent.GetID(); r.faults.At(field, id) {
		case difftest.Error:
			errs[i], failed = fmt.Errorf("%s of %s", field, id), true
		case difftest.Coded:
			errs[i], failed = &gqlerror.Error{Message: field, Extensions: map[string]any{"code": "CODED"}}, true
		case difftest.Nil:
		default:
			values[i] = one(parent)
		}
	}
	if failed {
		return values, errs
	}
	return values, nil
}

func (r accounts) Devices(ctx context.Context, objs []*Account, first *int) ([][]*Device, error) {
	if len(graphql.CollectFieldsCtx(ctx, []string{"Device", "Node", "Dated"})) == 0 {
		return nil, errors.New("the field's context lacks")
	}
	return batch(r.Resolver, "devices", objs, func(a *Account) []*Device {
		list := some(r.devices[:], a.n, count(first, 3))
		if r.bad("device", a.n, 12) && len(list) > 1 {
			list[1] = nil
		}
		return list
	})
}

func (r accounts) Cases(_ context.Context, objs []*Account, first *int, status *Status) ([]*CaseConnection, error) {
	return batch(r.Resolver, "cases", objs, func(a *Account) *CaseConnection { return r.page(a.n, count(first, 2), status) })
}

func (r accounts) Owner(_ context.Context, objs []*Account) ([]*Account, error) {
	return batch(r.Resolver, "owner", objs, func(a *Account) *Account {
		if a.n%4 == 0 {
			return nil
		}
		return r.accounts[a.n/2]
	})
}

func (r accounts) Score(_ context.Context, objs []*Account) ([]int, error) {
	return batch(r.Resolver, "score", objs, func(a *Account) int { return a.n * 10 })
}

func (r accounts) Spends(_ context.Context, objs []*Account) ([]*int, error) {
	return batch(r.Resolver, "spends", objs, func(a *Account) *int { return &a.Balance })
}

func (r accounts) Slow(ctx context.Context, a *Account) (*string, error) {
	switch r.faults.At("slow", a.ID) {
	case difftest.Error:
		return nil, fmt.Errorf("slow of %s", a.ID)
	case difftest.Coded:
		panic(a.ID)
	case difftest.Nil:
		return nil, nil
	}
	return new("slow " + graphql.GetFieldContext(ctx).Field.Name), nil
}

func (r devices) Accounts(_ context.Context, objs []*Device, first *int) ([][]*Account, error) {
	return batch(r.Resolver, "accounts", objs, func(d *Device) []*Account { return some(r.accounts[:], d.n*3, count(first, 2)) })
}

func (r devices) Primary(_ context.Context, objs []*Device) ([]*Account, error) {
	return batch(r.Resolver, "primary", objs, func(d *Device) *Account { return r.accounts[d.n] })
}

func (r devices) Places(_ context.Context, objs []*Device) ([][][]*Place, error) {
	return batch(r.Resolver, "places", objs, func(d *Device) [][]*Place {
		if d.n%3 == 0 {
			return nil
		}
		list := [][]*Place{{{City: "A", Point: &[]float64{1, 2.5}}, {City: "B"}}, nil, {}}
		if r.bad("place", d.n, 12) {
			list[0][1] = nil
		}
		return list
	})
}

func (r casesOf) Assignee(_ context.Context, objs []*Case) ([]*Account, error) {
	return batch(r.Resolver, "assignee", objs, func(c *Case) *Account { return r.accounts[c.n%60] })
}

func (r casesOf) Subjects(_ context.Context, objs []*Case) ([][]Subject, error) {
	return batch(r.Resolver, "subjects", objs, func(c *Case) []Subject {
		list := []Subject{r.accounts[c.n%60], *r.devices[c.n%40]}
		switch {
		case r.bad("nil subject", c.n, 15):
			list = append(list, nil)
		case r.bad("typed nil subject", c.n, 15):
			list = append(list, (*Account)(nil))
		case r.bad("unknown subject", c.n, 15):
			list = append(list, stranger{})
		}
		return list
	})
}

// stranger is a subject that the schema does not know.
type stranger struct{ Subject }

func (r casesOf) Related(_ context.Context, objs []*Case, first *int) ([][]Node, error) {
	return batch(r.Resolver, "related", objs, func(c *Case) []Node {
		if c.n%5 == 0 {
			return nil
		}
		from := []Node{r.cases[(c.n+1)%80], nil, r.accounts[c.n%60], *r.devices[c.n%40], (*Case)(nil)}
		return some(from, c.n, count(first, 2))
	})
}

func (r casesOf) Near(_ context.Context, objs []*Case) ([]Dated, error) {
	return batch(r.Resolver, "near", objs, func(c *Case) Dated {
		if c.n%2 == 0 {
			return r.devices[c.n%40]
		}
		return r.cases[(c.n+1)%80]
	})
}

func (r casesOf) Timeline(_ context.Context, objs []*Case, since *time.Time) ([][]*Event, error) {
	return batch(r.Resolver, "timeline", objs, func(c *Case) []*Event {
		if since != nil {
			return r.timeline(c, *since)
		}
		return r.timelines[c.n]
	})
}

func (r queries) Account(_ context.Context, id string) (*Account, error) {
	a, _ := r.node(id).(*Account)
	return a, nil
}

func (r queries) Accounts(_ context.Context, ids []string, filter *AccountFilter, first *int) ([]*Account, error) {
	var list []*Account
	if ids == nil {
		list = some(r.accounts[:], 1, count(first, 4))
	}
	for _, id := range ids {
		if a, _ := r.node(id).(*Account); a != nil || r.bad("absent", len(ids), 4) {
			list = append(list, a)
		}
	}
	if filter == nil || filter.Name == nil {
		return list, nil
	}
	kept := list[:0:0]
	for _, a := range list {
		if a != nil && strings.Contains(a.Name, *filter.Name) {
			kept = append(kept, a)
		}
	}
	return kept, nil
}

func (r queries) MaybeAccounts(_ context.Context, first *int) ([]*Account, error) {
	list := some(r.accounts[:], 2, count(first, 4))
	for i := range list {
		if i%3 == 1 {
			list[i] = nil
		}
	}
	return list, nil
}

func (r queries) MustAccount(_ context.Context, id string) (*Account, error) {
	a, ok := r.node(id).(*Account)
	if !ok && r.bad("must", len(id), 2) {
		return nil, errors.New("must")
	}
	return a, nil
}

func (r queries) Case(_ context.Context, id string) (*Case, error) {
	c, ok := r.node(id).(*Case)
	if !ok {
		return nil, fmt.Errorf("no case %q", id)
	}
	return c, nil
}

func (r queries) Cases(_ context.Context, first *int, status *Status) (*CaseConnection, error) {
	return r.page(0, count(first, 5), status), nil
}

func (r queries) Node(_ context.Context, id string) (Node, error) { return r.node(id), nil }

func (r queries) Nodes(_ context.Context, ids []string) ([]Node, error) {
	list := make([]Node, len(ids))
	for i, id := range ids {
		list[i] = r.node(id)
	}
	return list, nil
}

func (r queries) Search(_ context.Context, text string) ([]Subject, error) {
	n := len(text)
	return []Subject{r.accounts[n], *r.devices[n], r.accounts[n+1], r.devices[n+9], r.accounts[n]}, nil
}

func (r queries) Expand(context.Context, string) (*Graph, error) { return r.graph, nil }

func (r queries) Now(context.Context) (*time.Time, error) {
	if r.bad("now", 0, 2) {
		return nil, nil
	}
	return &epoch, nil
}

func (r queries) Half(_ context.Context, of *float64) (float64, error) { return *of / 2, nil }

func (r mutations) Rename(_ context.Context, id, name string) (*Account, error) {
	a, ok := r.node(id).(*Account)
	if !ok {
		return nil, fmt.Errorf("no account %q", id)
	}
	renamed := *a
	renamed.Name = name
	r.accounts[a.n] = &renamed
	return &renamed, nil
}

func (r mutations) MustRename(ctx context.Context, id, name string) (*Account, error) {
	return r.Rename(ctx, id, name)
}

func (r subscriptions) Ticks(ctx context.Context, n int) (<-chan *Case, error) {
	ticks := make(chan *Case)
	go func() {
		defer close(ticks)
		for i := range n {
			select {
			case ticks <- r.cases[i%80]:
			case <-ctx.Done():
				return
			}
		}
	}()
	return ticks, nil
}
