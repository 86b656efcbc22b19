package cases

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"casegraph"
	"casegraph/calendar"
	"casegraph/commit"
)

// The bounds of clocks.
const (
	MaxClocks       = 20            // of a template, and of a case
	MaxClockSeconds = 3_155_760_000 // a hundred years
)

// clocks moves the clocks of a case, all at one moment.
type clocks struct {
	now   casegraph.Time
	rules []casegraph.TemplateClock
	hours map[string]*calendar.Hours // by the calendar's name, in lower case
}

// calendarNeeds are the calendars that the template's clocks count by.
func (w *Workflow) calendarNeeds() []casegraph.ID {
	var ids []casegraph.ID
	for _, name := range w.Template.Calendars() {
		ids = append(ids, casegraph.CalendarID(name))
	}
	return ids
}

// clocks are the template's rules with their calendars, which calendarNeeds
// names.
func (w *Workflow) clocks(v *commit.View) (*clocks, error) {
	k := &clocks{now: v.Now, rules: w.Template.Clocks, hours: map[string]*calendar.Hours{}}
	for _, name := range w.Template.Calendars() {
		c, ok := v.Node(casegraph.CalendarID(name)).(*casegraph.Calendar)
		if !ok {
			return nil, casegraph.BadInput("clocks: there is no calendar %.100q", name)
		}
		hours, err := calendar.New(&c.CalendarForm)
		if err != nil {
			return nil, err
		}
		k.hours[strings.ToLower(name)] = hours
	}
	return k, nil
}

func (k *clocks) rule(name string) *casegraph.TemplateClock {
	for i := range k.rules {
		if k.rules[i].Name == name {
			return &k.rules[i]
		}
	}
	return nil
}

// of are the hours by which a clock counts; one that somebody set counts all
// time.
func (k *clocks) of(name string) *calendar.Hours {
	if rule := k.rule(name); rule != nil {
		return k.hours[strings.ToLower(rule.Calendar)]
	}
	return nil
}

// enter moves the clocks of a case that gets a status: those that it starts,
// stops or lets stand. A case that leaves its end has the clocks go on that
// were stopped there.
func (k *clocks) enter(c *casegraph.Case, status *casegraph.TemplateStatus, opened, ended bool) error {
	ring(c, k.now)
	all := maps.Clone(c.Clocks)
	if all == nil {
		all = map[string]casegraph.Clock{}
	}
	for _, rule := range k.rules {
		starts := rule.StartsIn == status.Name || (opened && rule.StartsIn == "")
		if was, there := all[rule.Name]; starts && (!there || (!opened && was.State == casegraph.ClockStopped)) {
			all[rule.Name] = casegraph.Clock{State: casegraph.ClockPaused, StartedAt: k.now, Left: rule.Seconds * 1000, Warn: rule.WarnSeconds * 1000,
				Response: rule.Stops == casegraph.ClockStopsOnResponse}
		}
	}
	for name, clock := range all {
		rule := k.rule(name)
		if rule == nil {
			rule = &casegraph.TemplateClock{Stops: casegraph.ClockStopsAtEnd}
		}
		if err := k.move(name, &clock, rule, status, ended); err != nil {
			return err
		}
		all[name] = clock
	}
	c.SetClocks(all)
	return nil
}

func (k *clocks) move(name string, clock *casegraph.Clock, rule *casegraph.TemplateClock, status *casegraph.TemplateStatus, ended bool) error {
	atEnd := rule.Stops == casegraph.ClockStopsAtEnd
	switch {
	case (atEnd && status.Stage == casegraph.StageEnd) || (rule.Stops == casegraph.ClockStopsInStatus && slices.Contains(rule.StopsIn, status.Name)):
		stop(clock, k.now)
		return nil
	case clock.State == casegraph.ClockStopped && !(atEnd && ended):
		return nil
	}
	if !slices.Contains(rule.PausesIn, status.Name) || clock.BreachedAt != 0 {
		return k.resume(name, clock)
	}
	k.pause(name, clock)
	return nil
}

// stop leaves a clock as it is, for good or until the case is opened again.
func stop(clock *casegraph.Clock, now casegraph.Time) {
	if clock.State != casegraph.ClockStopped {
		clock.State, clock.StoppedAt, clock.WarnAt, clock.PausedAt = casegraph.ClockStopped, now, 0, 0
	}
}

// pause keeps what is left of a clock's time, instead of when it is up.
func (k *clocks) pause(name string, clock *casegraph.Clock) {
	if clock.PausedAt != 0 {
		return
	}
	since := k.now
	if clock.State == casegraph.ClockStopped {
		since = clock.StoppedAt
	}
	if clock.DueAt != 0 {
		clock.Left = k.of(name).Between(since, clock.DueAt)
	}
	clock.State, clock.PausedAt = casegraph.ClockPaused, k.now
	clock.DueAt, clock.WarnAt, clock.StoppedAt = 0, 0, 0
}

// resume has a clock go on with what is left of its time. One whose time was up
// stays due when it was; what it was stopped for does not count as late.
func (k *clocks) resume(name string, clock *casegraph.Clock) error {
	if clock.State == casegraph.ClockRunning {
		return nil
	}
	if clock.BreachedAt == 0 {
		hours, left := k.of(name), clock.Left
		if clock.State == casegraph.ClockStopped && clock.DueAt != 0 {
			left = hours.Between(clock.StoppedAt, clock.DueAt)
		}
		due, ok := hours.Add(k.now, left)
		if !ok {
			return casegraph.BadInput("clocks: %s would not be up within 200 years", name)
		}
		clock.DueAt, clock.Left = due, 0
		if clock.Warn != 0 && clock.WarnedAt == 0 {
			clock.WarnAt, _ = hours.Add(k.now, left-clock.Warn)
		}
	}
	if clock.BreachedAt != 0 && clock.State == casegraph.ClockStopped {
		clock.Closed += k.of(name).Between(clock.StoppedAt, k.now)
	}
	clock.State, clock.PausedAt, clock.StoppedAt = casegraph.ClockRunning, 0, 0
	return nil
}

// ring records the warnings and breaches that have come by now, by the moments
// at which they came: so it makes no difference when it is looked.
func ring(c *casegraph.Case, now casegraph.Time) {
	at := c.AlarmAt()
	if at == 0 || at > now {
		return
	}
	all := maps.Clone(c.Clocks)
	for name, clock := range all {
		if clock.State != casegraph.ClockRunning {
			continue
		}
		if clock.WarnAt != 0 && clock.WarnAt <= now && clock.WarnedAt == 0 {
			clock.WarnedAt = clock.WarnAt
		}
		if clock.DueAt <= now && clock.BreachedAt == 0 {
			clock.BreachedAt = clock.DueAt
		}
		all[name] = clock
	}
	c.SetClocks(all)
}

// rung are the events of the warnings and breaches that a case has and had not,
// in the order in which they came.
func rung(was, is *casegraph.Case) []commit.Event {
	type alarm struct {
		at    casegraph.Time
		event commit.Event
	}
	var alarms []alarm
	for _, name := range is.ClockNames() {
		before, after := was.Clocks[name], is.Clocks[name]
		add := func(before, after casegraph.Time, verb string) {
			if after != 0 && before == 0 {
				alarms = append(alarms, alarm{after, commit.Event{Name: "case.clock-" + verb, Subject: is.ID, Note: name + ": " + after.String()}})
			}
		}
		add(before.WarnedAt, after.WarnedAt, "warned")
		add(before.BreachedAt, after.BreachedAt, "breached")
	}
	slices.SortStableFunc(alarms, func(a, b alarm) int { return int(a.at - b.at) })
	events := make([]commit.Event, len(alarms))
	for i := range alarms {
		events[i] = alarms[i].event
	}
	return events
}

// Ring records the warnings and breaches of a case that have come. Whoever asks
// second, at the same moment or later, finds them recorded: nothing is written
// twice. It answers CaseAnswer; the events are case.clock-warned and
// case.clock-breached, one each.
func Ring(id casegraph.ID) commit.Change {
	return commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{id}}, Decide: func(v *commit.View) (*commit.Writes, error) {
		w := &commit.Writes{Answer: Encode(CaseAnswer{CaseID: id})}
		c, ok := v.Node(id).(*casegraph.Case)
		if !ok {
			return w, nil
		}
		was := c.Clone().(*casegraph.Case)
		if ring(c, v.Now); c.AlarmAt() != was.AlarmAt() {
			w.Nodes, w.Events = []casegraph.Node{c}, rung(was, c)
		}
		return w, nil
	}}
}

// stopAll stops the clocks of a case that goes on in another.
func stopAll(c *casegraph.Case, now casegraph.Time) {
	ring(c, now)
	all := maps.Clone(c.Clocks)
	for name, clock := range all {
		stop(&clock, now)
		all[name] = clock
	}
	c.SetClocks(all)
}

// responded stops the clocks that wait for the first response, where this is one:
// the case is written with it.
func responded(v *commit.View, c *casegraph.Case, w *commit.Writes) *commit.Writes {
	waits := func(name string) bool {
		k := c.Clocks[name]
		return k.Response && k.State != casegraph.ClockStopped
	}
	answers := func(e commit.Event) bool { return casegraph.IsResponse(e.Name, v.Actor) }
	if !slices.ContainsFunc(w.Events, answers) || !slices.ContainsFunc(c.ClockNames(), waits) {
		return w
	}
	was := c.Clone().(*casegraph.Case)
	ring(c, v.Now)
	all := maps.Clone(c.Clocks)
	for name, clock := range all {
		if waits(name) {
			stop(&clock, v.Now)
			all[name] = clock
		}
	}
	c.SetClocks(all)
	w.Events = append(w.Events, rung(was, c)...)
	if !slices.ContainsFunc(w.Nodes, func(n casegraph.Node) bool { return n.Head().ID == c.ID }) {
		w.Nodes = append(w.Nodes, c)
	}
	return w
}

// SetClockInput gives a case a clock, or gives one another time.
type SetClockInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Name            string // lower-kebab, 1 to MaxTemplateWord characters
	// Seconds from now, or DueAt; one of them. Seconds of a template's clock are
	// counted by its calendar, as are WarnSeconds.
	Seconds *int64
	DueAt   *casegraph.Time
	// WarnSeconds is how long before to warn; 0 for never.
	WarnSeconds int64
	Reason      string // 1 to MaxNote characters
}

// SetClock sets a clock by hand. It runs anew, whether or not its time was up;
// one that no template knows stops at the case's end. It answers CaseAnswer;
// the event is case.clock-set.
func SetClock(by Asker, in SetClockInput, w *Workflow) (commit.Change, error) {
	reason, err := Text("reason", in.Reason, 1, MaxNote)
	if err != nil {
		return commit.Change{}, err
	}
	if err := checkClockTime(in.Name, in.Seconds, in.WarnSeconds); err != nil {
		return commit.Change{}, err
	}
	if (in.Seconds == nil) == (in.DueAt == nil) {
		return commit.Change{}, casegraph.BadInput("seconds: give either seconds or dueAt")
	}
	return by.changeClocks(in.CaseID, in.ExpectedVersion, reason, "case.clock-set", w, func(v *commit.View, c *casegraph.Case, k *clocks) error {
		if c.ResolvedAt != 0 {
			return casegraph.BadInput("caseId: the case is at its end")
		}
		if in.DueAt != nil && (*in.DueAt <= v.Now || *in.DueAt > v.Now+MaxClockSeconds*1000) {
			return casegraph.BadInput("dueAt: ahead, by at most a hundred years")
		}
		return k.set(c, w.status(c.Status), in)
	})
}

func (k *clocks) set(c *casegraph.Case, status *casegraph.TemplateStatus, in SetClockInput) error {
	all := maps.Clone(c.Clocks)
	if all == nil {
		all = map[string]casegraph.Clock{}
	}
	clock := casegraph.Clock{State: casegraph.ClockPaused, StartedAt: k.now, Warn: in.WarnSeconds * 1000}
	if was, there := all[in.Name]; there {
		clock.StartedAt, clock.Response = was.StartedAt, was.Response
	} else if len(all) == MaxClocks {
		return casegraph.BadInput("name: the case has %d clocks", MaxClocks)
	}
	if in.Seconds != nil {
		clock.Left = *in.Seconds * 1000
	} else {
		clock.Left = k.of(in.Name).Between(k.now, *in.DueAt)
	}
	rule := k.rule(in.Name)
	if rule != nil && status != nil && slices.Contains(rule.PausesIn, status.Name) {
		clock.PausedAt = k.now
	} else if err := k.resume(in.Name, &clock); err != nil {
		return err
	} else if in.DueAt != nil {
		clock.DueAt = *in.DueAt // also outside of the calendar's hours
	}
	all[in.Name] = clock
	c.SetClocks(all)
	return nil
}

// ClearClockInput takes a clock away.
type ClearClockInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Name            string
	Reason          string // 1 to MaxNote characters
}

// ClearClock takes a clock away; what it told stays in the log. It answers
// CaseAnswer; the event is case.clock-cleared.
func ClearClock(by Asker, in ClearClockInput, w *Workflow) (commit.Change, error) {
	reason, err := Text("reason", in.Reason, 1, MaxNote)
	if err != nil {
		return commit.Change{}, err
	}
	return by.changeClocks(in.CaseID, in.ExpectedVersion, reason, "case.clock-cleared", w, func(_ *commit.View, c *casegraph.Case, _ *clocks) error {
		if _, there := c.Clocks[in.Name]; !there {
			return casegraph.BadInput("name: the case has no clock %.100q", in.Name)
		}
		all := maps.Clone(c.Clocks)
		delete(all, in.Name)
		c.SetClocks(all)
		return nil
	})
}

// changeClocks is a change of a case's clocks by hand, which is no response.
func (a Asker) changeClocks(id casegraph.ID, expected *int64, reason, event string, w *Workflow,
	change func(*commit.View, *casegraph.Case, *clocks) error) (commit.Change, error) {
	if err := a.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	needs := casegraph.Needs{Nodes: append([]casegraph.ID{id}, w.calendarNeeds()...)}
	return commit.Change{Actor: a.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		c, err := a.caseNode(v, "caseId", id, expected)
		if err != nil {
			return nil, err
		}
		if err := w.of(c); err != nil {
			return nil, err
		}
		if err := standsAlone("caseId", c); err != nil {
			return nil, err
		}
		k, err := w.clocks(v)
		if err != nil {
			return nil, err
		}
		was := c.Clone().(*casegraph.Case)
		ring(c, v.Now)
		events := append([]commit.Event{{Name: event, Subject: id, Note: reason}}, rung(was, c)...)
		if err := change(v, c, k); err != nil {
			return nil, err
		}
		return &commit.Writes{Nodes: []casegraph.Node{c}, Events: events, Answer: Encode(CaseAnswer{CaseID: id})}, nil
	}}, nil
}

func checkClockTime(name string, seconds *int64, warn int64) error {
	switch {
	case len(name) > MaxTemplateWord || !kebab.MatchString(name):
		return casegraph.BadInput("name: 1 to %d lower-case letters and digits, parted by single hyphens", MaxTemplateWord)
	case seconds != nil && (*seconds < 1 || *seconds > MaxClockSeconds):
		return casegraph.BadInput("seconds: from 1 to %d", MaxClockSeconds)
	case warn < 0 || warn > MaxClockSeconds || (seconds != nil && warn >= *seconds):
		return casegraph.BadInput("warnSeconds: from 0, and less than the clock runs")
	}
	return nil
}

func checkFormClocks(form *casegraph.TemplateForm) error {
	if len(form.Clocks) > MaxClocks {
		return casegraph.BadInput("clocks: at most %d", MaxClocks)
	}
	for i := range form.Clocks {
		k, place := &form.Clocks[i], fmt.Sprintf("clocks[%d]", i)
		if err := Within(place, checkClockTime(k.Name, &k.Seconds, k.WarnSeconds)); err != nil {
			return err
		}
		if slices.ContainsFunc(form.Clocks[:i], func(other casegraph.TemplateClock) bool { return other.Name == k.Name }) {
			return casegraph.BadInput("%s.name: %s is there twice", place, k.Name)
		}
		for _, word := range []struct{ field, text string }{{".label", k.Label}, {".calendar", k.Calendar}} {
			if _, err := Text(place+word.field, word.text, 0, MaxTemplateWord); err != nil {
				return err
			}
		}
		if (k.Stops == casegraph.ClockStopsInStatus) == (len(k.StopsIn) == 0) {
			return casegraph.BadInput("%s.stopsIn: those of STATUS, and of nothing else", place)
		}
		if err := checkClockStatuses(form, k, place); err != nil {
			return err
		}
	}
	return nil
}

// checkClockStatuses holds the statuses that a clock names to the template's.
func checkClockStatuses(form *casegraph.TemplateForm, k *casegraph.TemplateClock, place string) error {
	known := func(field, name string, mayEnd bool) error {
		if s := findStatus(form.Statuses, name); s == nil || s.Name != name {
			return casegraph.BadInput("%s.%s: the template has no status %.100q", place, field, name)
		} else if s.Stage == casegraph.StageEnd && !mayEnd {
			return casegraph.BadInput("%s.%s: %s is an END", place, field, name)
		}
		return nil
	}
	if k.StartsIn != "" {
		if err := known("startsIn", k.StartsIn, false); err != nil {
			return err
		}
	}
	for j, name := range k.StopsIn {
		if err := known(fmt.Sprintf("stopsIn[%d]", j), name, true); err != nil {
			return err
		}
		if name == k.StartsIn {
			return casegraph.BadInput("%s.stopsIn[%d]: %s starts it", place, j, name)
		}
	}
	for j, name := range k.PausesIn {
		if err := known(fmt.Sprintf("pausesIn[%d]", j), name, false); err != nil {
			return err
		}
	}
	return nil
}

// ShownClock is a clock of a case as it stands at a moment.
type ShownClock struct {
	Name, Label, Calendar string
	casegraph.Clock
	// RemainingSeconds is what is left, by its calendar, or was when it stopped:
	// less than 0 once its time is up; nil where it can't be told.
	RemainingSeconds *int64
}

// ShownClocks are a case's clocks: the template's in its order, then others by
// name. hours are by the
// calendars' names, in lower case. A breach shows once it has come,
// whether or not it is recorded yet. now is 0 where the case is of a past
// moment: then what is left of a running clock can't be told.
func (w *Workflow) ShownClocks(c *casegraph.Case, hours map[string]*calendar.Hours, now casegraph.Time) []*ShownClock {
	current := c.Clone().(*casegraph.Case)
	if now != 0 {
		ring(current, now)
	}
	k := &clocks{rules: w.Template.Clocks, hours: hours}
	place := func(name string) int {
		i := slices.IndexFunc(k.rules, func(rule casegraph.TemplateClock) bool { return rule.Name == name })
		if i < 0 {
			return len(k.rules)
		}
		return i
	}
	names := current.ClockNames()
	slices.SortStableFunc(names, func(a, b string) int { return place(a) - place(b) })
	shown := []*ShownClock{}
	for _, name := range names {
		s := &ShownClock{Name: name, Clock: current.Clocks[name]}
		if rule := k.rule(name); rule != nil {
			s.Label, s.Calendar = rule.Label, rule.Calendar
		}
		switch {
		case s.DueAt == 0:
			s.RemainingSeconds = new(floorSeconds(s.Left))
		case s.State == casegraph.ClockStopped:
			s.RemainingSeconds = new(floorSeconds(k.of(name).Between(s.StoppedAt, s.DueAt) + s.Closed))
		case now != 0:
			s.RemainingSeconds = new(floorSeconds(k.of(name).Between(now, s.DueAt) + s.Closed))
		}
		shown = append(shown, s)
	}
	return shown
}

// floorSeconds are whole seconds: what is over counts as one more.
func floorSeconds(milliseconds int64) int64 {
	seconds := milliseconds / 1000
	if milliseconds%1000 < 0 {
		seconds--
	}
	return seconds
}
