package figures

import (
	"casegraph"
)

// sieve asks a filter once for all that looks the same to it.
type sieve struct {
	model  *model
	filter *casegraph.Filter
	// Which parts of a change the filter looks at, and what it said of them.
	place, assignee, tags bool
	known                 map[[3]uint32]bool
	byPlace               []int8 // the same where it looks at the place alone: 1 keeps, -1 does not
}

// newSieve is nil for a filter that keeps all.
func newSieve(m *model, f *casegraph.Filter) *sieve {
	if f.IsZero() {
		return nil
	}
	s := &sieve{model: m, filter: f, known: map[[3]uint32]bool{}}
	s.look(f)
	if !s.assignee && !s.tags {
		s.byPlace = make([]int8, len(m.places.all))
	}
	return s
}

func (s *sieve) look(f *casegraph.Filter) {
	switch {
	case f.Path == "assigneeId":
		s.assignee = true
	case f.Path == "tags":
		s.tags = true
	case f.Path != "":
		s.place = true
	}
	for _, parts := range [][]casegraph.Filter{f.And, f.Or} {
		for i := range parts {
			s.look(&parts[i])
		}
	}
	if f.Not != nil {
		s.look(f.Not)
	}
}

// keeps tells whether the filter holds behind a change.
func (s *sieve) keeps(c *change) bool {
	if s.byPlace != nil {
		if s.byPlace[c.place] == 0 {
			s.byPlace[c.place] = -1
			if s.matches(c) {
				s.byPlace[c.place] = 1
			}
		}
		return s.byPlace[c.place] == 1
	}
	var key [3]uint32
	if s.place {
		key[0] = c.place
	}
	if s.assignee {
		key[1] = c.assignee
	}
	if s.tags {
		key[2] = c.tags
	}
	keeps, known := s.known[key]
	if !known {
		keeps = s.matches(c)
		s.known[key] = keeps
	}
	return keeps
}

func (s *sieve) matches(c *change) bool {
	t, p := s.model.texts, s.model.places.all[c.place]
	id := func(n uint32) casegraph.ID { return casegraph.ID(t.all[n]) }
	return s.filter.Matches(&casegraph.Case{CaseType: t.all[p.caseType], Source: t.all[p.source], TemplateID: id(p.template), QueueID: id(p.queue),
		AssigneeID: id(c.assignee), Tags: t.list(c.tags)})
}
