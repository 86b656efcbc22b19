package figures

import (
	"crypto/sha256"
	"slices"

	"casegraph"
)

// model is every change of a case that a figure depends on, in the order of the
// log. None of it holds a pointer for each.
type model struct {
	seq     casegraph.Seq // how far the log was read
	changes []change
	seqs    []casegraph.Seq // of each change
	cases   map[caseKey]uint32
	last    []uint32 // of each case, its last change
	// restricted are the cases that not everybody sees, answered those that have
	// had their answer.
	restricted, answered []bool

	texts   *texts
	turns   numbered[turn]
	hands   [][]hand // of each turn
	places  numbered[place]
	endings numbered[ending]
	tags    map[uint32][]uint32 // the tags of a list of tags, each once; 0 alone of none
}

// change is what a case is from an event to the case's next.
type change struct {
	at casegraph.Time
	// until is when the next change was; next is its index, 0 if there is none.
	until casegraph.Time
	// since is when the case was last opened or reopened.
	since casegraph.Time
	next  uint32
	of    uint32 // the case

	place, assignee, tags, ending, clocks uint32

	what what
}

// what happened with a change.
type what uint8

const (
	opened what = 1 << iota
	closed
	reopened
	answered
	escalated // away from here, by the change that follows
)

// caseKey stands for a case's id, in less memory.
type caseKey [16]byte

func keyOf(id casegraph.ID) caseKey {
	sum := sha256.Sum256([]byte(id))
	return caseKey(sum[:16])
}

func newModel() *model {
	return &model{cases: map[caseKey]uint32{}, texts: newTexts(), tags: map[uint32][]uint32{}}
}

// put makes a change one to the state, from one whose clocks were these.
func (m *model) put(c *change, s *state, before uint32) {
	c.place, c.assignee, c.tags, c.ending = m.places.number(s.place()), s[assignee], s[tags], m.endings.number(s.ending())
	c.clocks = m.turn(before, s[clocks])
	m.readTags(c.tags)
}

// state is what a case is behind a change.
func (m *model) state(c *change) state {
	p, e := m.places.all[c.place], m.endings.all[c.ending]
	s := state{caseType: p.caseType, template: p.template, queue: p.queue, source: p.source, assignee: c.assignee, tags: c.tags,
		clocks: m.turns.all[c.clocks].is, resolution: e.resolution, outcome: e.outcome}
	if e.ended {
		s[ended] = m.texts.number("1")
	}
	return s
}

func (m *model) readTags(list uint32) {
	if _, known := m.tags[list]; known {
		return
	}
	each := []uint32{}
	for _, tag := range m.texts.list(list) {
		each = append(each, m.texts.number(tag))
	}
	if len(each) == 0 {
		each = append(each, 0)
	}
	slices.Sort(each)
	m.tags[list] = slices.Compact(each)
}

// open adds a case.
func (m *model) open(key caseKey, seq casegraph.Seq, at casegraph.Time, s state) {
	of := uint32(len(m.last))
	m.cases[key] = of
	c := change{at: at, since: at, of: of, what: opened}
	m.put(&c, &s, 0)
	if s[ended] != 0 {
		c.what |= closed
	}
	m.last = append(m.last, uint32(len(m.changes)))
	m.restricted, m.answered = append(m.restricted, false), append(m.answered, false)
	m.changes, m.seqs = append(m.changes, c), append(m.seqs, seq)
}

// change adds what an event made of a case; what makes no difference to any
// figure is left out.
func (m *model) change(of uint32, seq casegraph.Seq, at casegraph.Time, s state, answers, escalates bool) {
	before := &m.changes[m.last[of]]
	c := change{at: max(at, before.at), since: before.since, of: of}
	stood := m.turns.all[before.clocks].is
	m.put(&c, &s, stood)
	switch was := m.endings.all[before.ending].ended; {
	case !was && s[ended] != 0:
		c.what |= closed
	case was && s[ended] == 0:
		c.what |= reopened
		c.since = c.at
	}
	if answers && !m.answered[of] {
		c.what |= answered
		m.answered[of] = true
	}
	same := c.place == before.place && c.assignee == before.assignee && c.tags == before.tags && c.ending == before.ending && s[clocks] == stood
	if same && c.what == 0 && !escalates {
		return
	}
	if escalates {
		before.what |= escalated
	}
	before.until, before.next = c.at, uint32(len(m.changes))
	m.last[of] = before.next
	m.changes, m.seqs = append(m.changes, c), append(m.seqs, seq)
}
