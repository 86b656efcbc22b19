package cases

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"casegraph"
	"casegraph/calendar"
)

const (
	second = casegraph.Time(1000)
	minute = 60 * second
	hour   = 60 * minute
)

// berlin are the hours of an office with holidays around a year's end.
var berlin = casegraph.CalendarForm{TimeZone: "Europe/Berlin", Week: func() (week []casegraph.WeekHours) {
	for _, day := range casegraph.Weekdays[1:6] {
		week = append(week, casegraph.WeekHours{Day: day, DayHours: casegraph.DayHours{From: "09:00", To: "17:00"}})
	}
	return week
}(), Exceptions: []casegraph.CalendarDay{{Date: "2026-12-25", Name: "Christmas"}, {Date: "2027-01-01"}}}

// timed is a template with a clock of each sort.
func timed(t testing.TB) *Workflow {
	flow, err := NewWorkflow(&casegraph.Template{TemplateForm: casegraph.TemplateForm{Name: "Timed", Prefix: "T",
		Statuses: []casegraph.TemplateStatus{
			{Name: "New", Stage: casegraph.StageInitial, Transitions: to("Work", "Hold")},
			{Name: "Work", Stage: casegraph.StageIntermediate, Transitions: to("Hold", "Done")},
			{Name: "Hold", Stage: casegraph.StageIntermediate, Transitions: to("Work", "Done")},
			{Name: "Done", Stage: casegraph.StageEnd, Transitions: to("Work", "Hold")},
		},
		Clocks: []casegraph.TemplateClock{
			{Name: "response", Stops: casegraph.ClockStopsOnResponse, Seconds: 4 * 3600},
			{Name: "resolution", Stops: casegraph.ClockStopsAtEnd, Seconds: 20 * 3600, WarnSeconds: 3600, Calendar: "Berlin", PausesIn: []string{"Hold"}},
			{Name: "waiting", StartsIn: "Hold", Stops: casegraph.ClockStopsInStatus, StopsIn: []string{"Work", "Done"}, Seconds: 24 * 3600},
		}}})
	if err != nil {
		t.Fatal(err)
	}
	return flow
}

// timed is a world with a calendar, and a case that follows the template.
func (w *world) timed(t testing.TB, flow *Workflow, at casegraph.Time, in CreateInput) casegraph.ID {
	change, err := CreateCalendar(admin, CreateCalendarInput{Name: "Berlin", Form: berlin})
	w.at(at-minute).must(t, change, err)
	in.Title = "Timed"
	change, err = Create(admin, in, flow, w.newID)
	return answer[CreateAnswer](t, w.at(at).must(t, change, err)).CaseID
}

// at makes the next change one of that moment.
func (w *world) at(at casegraph.Time) *world {
	w.now = at - 1
	return w
}

func (w *world) move(t testing.TB, flow *Workflow, at casegraph.Time, id casegraph.ID, status string) {
	t.Helper()
	change, err := SetStatus(investigator, SetStatusInput{CaseID: id, Status: status}, flow)
	w.at(at).must(t, change, err)
}

func monday(clock string) casegraph.Time {
	at, err := time.Parse(time.RFC3339, "2026-11-23T"+clock+":00+01:00")
	if err != nil {
		panic(err)
	}
	return casegraph.TimeOf(at)
}

func TestClocksStartPauseAndStop(t *testing.T) {
	flow, w, began := timed(t), newWorld(), monday("15:00")
	id := w.timed(t, flow, began, CreateInput{})
	c := w.caseOf(id)
	if r := c.Clocks["resolution"]; r.DueAt != began+2*24*hour+20*hour || r.WarnAt != r.DueAt-hour {
		t.Errorf("20 business hours from Monday at 15:00 end on %v, warned of on %v; want Thursday 11:00", r.DueAt, r.WarnAt)
	}
	if c.DueAt != began+4*hour || c.AlarmAt() != c.DueAt || c.Clocks["waiting"].State != "" {
		t.Errorf("at first: due %v, clocks %v", c.DueAt, c.Clocks)
	}
	w.move(t, flow, began+hour, id, "Hold")
	c = w.caseOf(id)
	if c.Clocks["response"].State != casegraph.ClockStopped || c.Clocks["resolution"].State != casegraph.ClockPaused || c.DueAt != began+25*hour {
		t.Errorf("on hold: due %v, clocks %v", c.DueAt, c.Clocks)
	}
	if left := c.Clocks["resolution"].Left; left != int64(19*hour) {
		t.Errorf("left on hold: %d", left)
	}
	w.move(t, flow, began+24*hour, id, "Work") // Tuesday at 15:00
	c = w.caseOf(id)
	if r := c.Clocks["resolution"]; r.State != casegraph.ClockRunning || r.DueAt != began+3*24*hour+19*hour {
		t.Errorf("at work again: %+v; want Friday 10:00", r)
	}
	w.move(t, flow, began+25*hour, id, "Done")
	if c = w.caseOf(id); c.DueAt != 0 || c.AlarmAt() != 0 || c.Clocks["resolution"].State != casegraph.ClockStopped {
		t.Errorf("done: due %v, clocks %v", c.DueAt, c.Clocks)
	}
	shown := flow.ShownClocks(c, map[string]*calendar.Hours{"berlin": officeHours(t)}, w.now)
	if len(shown) != 3 || shown[1].Name != "resolution" || *shown[1].RemainingSeconds != 18*3600 || *shown[0].RemainingSeconds != 3*3600 {
		t.Errorf("once stopped: %+v %+v", shown[0], shown[1])
	}
	w.move(t, flow, began+48*hour, id, "Work") // Wednesday at 15:00, with 18 hours left
	if r := w.caseOf(id).Clocks["resolution"]; r.DueAt != began+4*24*hour+2*hour || r.StoppedAt != 0 {
		t.Errorf("opened again: due %v; want Friday 17:00", r.DueAt)
	}
	if w.caseOf(id).Clocks["response"].State != casegraph.ClockStopped {
		t.Error("what was answered waits for an answer again")
	}
}

func officeHours(t testing.TB) *calendar.Hours {
	hours, err := calendar.New(&berlin)
	if err != nil {
		t.Fatal(err)
	}
	return hours
}

func TestAlarmsAreRecordedOnce(t *testing.T) {
	flow, w, began := timed(t), newWorld(), monday("09:00")
	id := w.timed(t, flow, began, CreateInput{DueInSeconds: new(int64(3600))})
	tell := func() (told []string) {
		for _, e := range w.events {
			if e.Name == "case.clock-warned" || e.Name == "case.clock-breached" {
				told = append(told, e.Name+" "+e.Note)
			}
		}
		return told
	}
	w.at(began+hour-1).must(t, Ring(id), nil)
	if got := tell(); got != nil {
		t.Errorf("before the time: %v", got)
	}
	// Nobody looked for a week: each is told once, as of when it came.
	for range 3 {
		w.at(began+7*24*hour).must(t, Ring(id), nil)
	}
	want := []string{"case.clock-breached due: " + (began + hour).String(), "case.clock-breached response: " + (began + 4*hour).String(),
		"case.clock-warned resolution: " + (began + 2*24*hour + 3*hour).String(), "case.clock-breached resolution: " + (began + 2*24*hour + 4*hour).String()}
	if got := tell(); !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	c := w.caseOf(id)
	if !slices.Equal(c.Breached, []string{"due", "resolution", "response"}) || c.AlarmAt() != 0 || c.DueAt != began+hour {
		t.Errorf("breached: %v, due %v", c.Breached, c.DueAt)
	}
	// A change that comes before anybody looked records what came before it.
	other := newWorld()
	id = other.timed(t, flow, began, CreateInput{})
	change, err := Comment(investigator, CommentInput{CaseID: id, Body: "I look."}, nil, other.newID)
	other.at(began+5*hour).must(t, change, err)
	if r := other.caseOf(id).Clocks["response"]; r.BreachedAt != began+4*hour || r.StoppedAt != began+5*hour || other.lastEvent().Name != "case.clock-breached" && other.events[len(other.events)-2].Name != "case.clock-breached" {
		t.Errorf("answered late: %+v, %v", r, other.lastEvent())
	}
	if change := Ring(id); other.must(t, change, nil).Changed {
		t.Error("what is recorded is recorded again")
	}
}

func TestTheFirstResponse(t *testing.T) {
	flow := timed(t)
	for name, respond := range map[string]func(*world, casegraph.ID) error{
		"a comment": func(w *world, id casegraph.ID) error {
			_, err := w.try(Comment(investigator, CommentInput{CaseID: id, Body: "Looking."}, nil, w.newID))
			return err
		},
		"an object": func(w *world, id casegraph.ID) error {
			_, err := w.try(Attach(investigator, AttachInput{CaseID: id, Objects: []ObjectInput{{ID: account}}}))
			return err
		},
		"a status": func(w *world, id casegraph.ID) error {
			_, err := w.try(SetStatus(investigator, SetStatusInput{CaseID: id, Status: flow.Template.Statuses[1].Name}, flow))
			return err
		},
		"a title": func(w *world, id casegraph.ID) error {
			_, err := w.try(UpdateFields(investigator, UpdateFieldsInput{NodeID: id, Title: casegraph.OptString{Set: true, Value: new("New")}}, flow))
			return err
		},
	} {
		w := newWorld()
		id := w.timed(t, flow, monday("09:00"), CreateInput{})
		w.at(monday("10:00"))
		if err := respond(w, id); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r := w.caseOf(id).Clocks["response"]; r.StoppedAt != monday("10:00") || r.BreachedAt != 0 {
			t.Errorf("%s is no response: %+v", name, r)
		}
	}
	for name, change := range map[string]func(*world, casegraph.ID) error{
		"an assignee": func(w *world, id casegraph.ID) error {
			_, err := w.try(Assign(investigator, AssignInput{CaseID: id, AssigneeID: ben}))
			return err
		},
		"a label": func(w *world, id casegraph.ID) error {
			_, err := w.try(Tag(investigator, TagInput{NodeID: id, Tags: []string{"urgent"}}))
			return err
		},
		"a mark": func(w *world, id casegraph.ID) error {
			_, err := w.try(MarkRisk(investigator, MarkRiskInput{NodeID: id, Level: casegraph.RiskSuspicious, Reason: "odd"}))
			return err
		},
		"a claim": func(w *world, id casegraph.ID) error {
			_, err := w.try(ClaimNext(investigator, "", []casegraph.ID{id}))
			return err
		},
		"nothing new": func(w *world, id casegraph.ID) error {
			_, err := w.try(Unassign(investigator, UnassignInput{CaseID: id}))
			return err
		},
		"the system": func(w *world, id casegraph.ID) error {
			_, err := w.try(Tag(System(), TagInput{NodeID: id, Tags: []string{"auto"}}))
			return err
		},
		"another time": func(w *world, id casegraph.ID) error {
			_, err := w.try(SetClock(investigator, SetClockInput{CaseID: id, Name: "resolution", Seconds: new(int64(60)), Reason: "hurry"}, flow))
			return err
		},
	} {
		w := newWorld()
		id := w.timed(t, flow, monday("09:00"), CreateInput{})
		if err := change(w, id); err != nil || w.caseOf(id).Clocks["response"].State != casegraph.ClockRunning {
			t.Errorf("%s is taken for a response: %v", name, err)
		}
	}
}

func TestClocksByHand(t *testing.T) {
	flow, w, began := timed(t), newWorld(), monday("09:00")
	id := w.timed(t, flow, began, CreateInput{})
	set := func(at casegraph.Time, in SetClockInput) error {
		in.CaseID, in.Reason = id, "the bank asked for it"
		_, err := w.at(at).try(SetClock(investigator, in, flow))
		return err
	}
	if err := set(began+hour, SetClockInput{Name: "resolution", Seconds: new(int64(10 * 3600))}); err != nil || w.caseOf(id).Clocks["resolution"].DueAt != began+24*hour+3*hour {
		t.Errorf("by its calendar: %v, %+v", err, w.caseOf(id).Clocks["resolution"])
	}
	if err := set(began+hour, SetClockInput{Name: "filing", Seconds: new(int64(120 * 24 * 3600))}); err != nil || w.caseOf(id).Clocks["filing"].DueAt != began+hour+120*24*hour {
		t.Errorf("of all time, beyond 90 days: %v, %+v", err, w.caseOf(id).Clocks["filing"])
	}
	w.at(began+40*24*hour).must(t, Ring(id), nil)
	if err := set(began+41*24*hour, SetClockInput{Name: "resolution", DueAt: new(began + 42*24*hour)}); err != nil || w.caseOf(id).Clocks["resolution"].BreachedAt != 0 || slices.Contains(w.caseOf(id).Breached, "resolution") {
		t.Errorf("given more time: %v, %+v", err, w.caseOf(id).Clocks["resolution"])
	}
	for field, in := range map[string]SetClockInput{
		"name":        {Name: "No Name", Seconds: new(int64(1))},
		"seconds":     {Name: "a"},
		"dueAt":       {Name: "a", DueAt: new(began)},
		"warnSeconds": {Name: "a", Seconds: new(int64(5)), WarnSeconds: 5},
	} {
		refused(t, set(began+41*24*hour, in), casegraph.CodeBadInput, field)
	}
	_, err := w.try(SetClock(investigator, SetClockInput{CaseID: id, Name: "a", Seconds: new(int64(5))}, flow))
	refused(t, err, casegraph.CodeBadInput, "reason")
	_, err = w.try(ClearClock(investigator, ClearClockInput{CaseID: id, Name: "nothing", Reason: "no"}, flow))
	refused(t, err, casegraph.CodeBadInput, "name")
	for _, name := range w.caseOf(id).ClockNames() {
		change, err := ClearClock(investigator, ClearClockInput{CaseID: id, Name: name, Reason: "over"}, flow)
		w.must(t, change, err)
	}
	if c := w.caseOf(id); c.Clocks != nil || c.DueAt != 0 || c.Breached != nil {
		t.Errorf("all cleared: %+v", c)
	}
	for i := range MaxClocks {
		if err := set(w.now, SetClockInput{Name: fmt.Sprintf("c%d", i), Seconds: new(int64(60))}); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, set(w.now, SetClockInput{Name: "too-many", Seconds: new(int64(60))}), casegraph.CodeBadInput, "name")
	w.caseOf(id).ResolvedAt = 1
	refused(t, set(w.now, SetClockInput{Name: "c1", Seconds: new(int64(60))}), casegraph.CodeBadInput, "caseId")
}

func TestCalendars(t *testing.T) {
	w := newWorld()
	change, err := CreateCalendar(admin, CreateCalendarInput{Name: "Berlin", Form: berlin})
	id := answer[CalendarAnswer](t, w.must(t, change, err)).CalendarID
	_, err = w.try(CreateCalendar(admin, CreateCalendarInput{Name: " berlin ", Form: berlin}))
	refused(t, err, casegraph.CodeBadInput, "name")
	_, err = w.try(CreateCalendar(investigator, CreateCalendarInput{Name: "Mine", Form: berlin}))
	refused(t, err, casegraph.CodeForbidden, "")
	_, err = w.try(CreateCalendar(admin, CreateCalendarInput{Name: "None", Form: casegraph.CalendarForm{TimeZone: "Nowhere"}}))
	refused(t, err, casegraph.CodeBadInput, "form.timeZone")
	other := berlin
	other.TimeZone = "Asia/Tokyo"
	change, err = ReplaceCalendar(admin, ReplaceCalendarInput{CalendarID: id, Form: other, ExpectedVersion: version(1)})
	w.must(t, change, err)
	if c := w.nodes[id].(*casegraph.Calendar); c.TimeZone != "Asia/Tokyo" || c.Version != 2 || c.Name != "Berlin" {
		t.Errorf("replaced: %+v", c)
	}
	_, err = w.try(ReplaceCalendar(admin, ReplaceCalendarInput{CalendarID: id, Form: other, ExpectedVersion: version(1)}))
	refused(t, err, casegraph.CodeConflict, "expectedVersion")

	draft := timed(t).Template.TemplateForm
	draft.Clocks = slices.Clone(draft.Clocks)
	draft.Clocks[1].Calendar = "Paris"
	change, err = CreateTemplate(admin, CreateTemplateInput{Key: "timed", Form: draft}, w.newID)
	template := answer[TemplateAnswer](t, w.must(t, change, err)).TemplateID
	_, err = w.try(PublishTemplate(admin, TemplateInput{TemplateID: template}, "timed", Named{Calendars: []string{"Paris"}}))
	refused(t, err, casegraph.CodeBadInput, "templateId")
	draft.Clocks[1].Calendar = "BERLIN"
	change, err = UpdateTemplate(admin, UpdateTemplateInput{TemplateID: template, Form: draft})
	w.must(t, change, err)
	_, err = w.try(PublishTemplate(admin, TemplateInput{TemplateID: template}, "timed", Named{Calendars: []string{"Paris"}}))
	refused(t, err, casegraph.CodeConflict, "")
	change, err = PublishTemplate(admin, TemplateInput{TemplateID: template}, "timed", Named{Calendars: []string{"BERLIN"}})
	w.must(t, change, err)
}

func TestClocksOfATemplateAreRefused(t *testing.T) {
	for field, spoil := range map[string]func(*casegraph.TemplateClock){
		"clocks[1].name":        func(k *casegraph.TemplateClock) { k.Name = "response" },
		"clocks[1].seconds":     func(k *casegraph.TemplateClock) { k.Seconds = 0 },
		"clocks[1].warnSeconds": func(k *casegraph.TemplateClock) { k.WarnSeconds = k.Seconds },
		"clocks[1].stopsIn":     func(k *casegraph.TemplateClock) { k.Stops = casegraph.ClockStopsInStatus },
		"clocks[1].stopsIn[0]": func(k *casegraph.TemplateClock) {
			k.Stops, k.StopsIn = casegraph.ClockStopsInStatus, []string{"Nowhere"}
		},
		"clocks[1].startsIn":    func(k *casegraph.TemplateClock) { k.StartsIn = "Done" },
		"clocks[1].pausesIn[0]": func(k *casegraph.TemplateClock) { k.PausesIn = []string{"hold"} },
	} {
		form := timed(t).Template.TemplateForm
		form.Clocks = slices.Clone(form.Clocks)
		spoil(&form.Clocks[1])
		_, err := NewWorkflow(&casegraph.Template{TemplateForm: form})
		refused(t, err, casegraph.CodeBadInput, field)
	}
}

// Whenever a case is moved and whenever somebody looks, a clock is up when
// minute by minute so much time has passed in which it was not paused, over
// changes of daylight saving and leap days.
func TestClocksAreWhatMinutesComeTo(outer *testing.T) {
	flow, hours := timed(outer), officeHours(outer)
	rapid.Check(outer, func(t *rapid.T) {
		year, month := rapid.SampledFrom([]int{2026, 2027, 2028}).Draw(t, "year"), rapid.SampledFrom([]time.Month{2, 3, 10, 12}).Draw(t, "month")
		began := casegraph.TimeOf(time.Date(year, month, rapid.IntRange(1, 28).Draw(t, "day"), rapid.IntRange(6, 18).Draw(t, "hour"), 0, 0, 0, time.UTC))
		w := newWorld()
		id := w.timed(outer, flow, began, CreateInput{})
		status, spent, allowed := "New", int64(0), int64(20*hour)
		var warned, breached casegraph.Time
		at := began
		for range rapid.IntRange(1, 8).Draw(t, "moves") {
			until := at + casegraph.Time(rapid.IntRange(1, 4000).Draw(t, "minutes"))*minute
			for ; at < until; at += minute {
				if (status == "Hold" && breached == 0) || status == "Done" {
					continue
				}
				spent += hours.Between(at, at+minute)
				if spent >= allowed-int64(hour) && warned == 0 {
					warned = at + minute
				}
				if spent >= allowed && breached == 0 {
					breached = at + minute
				}
			}
			if rapid.Bool().Draw(t, "somebody looks") {
				w.at(at).do(Ring(id))
			}
			ways := flow.status(status).Transitions
			status = ways[rapid.IntRange(0, len(ways)-1).Draw(t, "way")].To
			w.move(outer, flow, at, id, status)
			clock := w.caseOf(id).Clocks["resolution"]
			if clock.BreachedAt != breached || clock.WarnedAt != warned {
				t.Fatalf("at %v: warned %v, breached %v; want %v, %v", at, clock.WarnedAt, clock.BreachedAt, warned, breached)
			}
			for _, s := range flow.ShownClocks(w.caseOf(id), map[string]*calendar.Hours{"berlin": hours}, at) {
				if s.Name == "resolution" && *s.RemainingSeconds != (allowed-spent)/1000 {
					t.Fatalf("at %v, %s: %d seconds left, want %d", at, status, *s.RemainingSeconds, (allowed-spent)/1000)
				}
			}
		}
	})
}

// A case whose time was up is closed and opened again: it is as late as it was,
// was due when it was, and nothing is told twice.
func TestABreachedClockThatIsOpenedAgain(t *testing.T) {
	flow, w, began := timed(t), newWorld(), monday("09:00")
	id := w.timed(t, flow, began, CreateInput{})
	due := w.caseOf(id).Clocks["resolution"].DueAt // Wednesday at 13:00
	left := func(at casegraph.Time) int64 {
		for _, s := range flow.ShownClocks(w.caseOf(id), map[string]*calendar.Hours{"berlin": officeHours(t)}, at) {
			if s.Name == "resolution" {
				return *s.RemainingSeconds
			}
		}
		return 0
	}
	w.move(t, flow, began+hour, id, "Work")
	w.move(t, flow, due+2*hour, id, "Done")
	if got := left(due + 100*hour); got != -2*3600 {
		t.Errorf("closed two hours late: %d seconds left", got)
	}
	w.move(t, flow, due+24*hour, id, "Work") // Thursday at 13:00
	if r := w.caseOf(id).Clocks["resolution"]; r.State != casegraph.ClockRunning || r.DueAt != due || r.BreachedAt != due || w.caseOf(id).DueAt != due {
		t.Errorf("opened again: %+v", r)
	}
	if got := left(due + 25*hour); got != -3*3600 {
		t.Errorf("an hour after it was opened again: %d seconds left", got)
	}
	if change := Ring(id); w.at(due+26*hour).must(t, change, nil).Changed {
		t.Error("its breach is recorded again")
	}
	told := 0
	for _, e := range w.events {
		if e.Name == "case.clock-breached" && strings.HasPrefix(e.Note, "resolution") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}

// A leap year of cases, one each morning, on two calendars whose zones change
// their clocks on different days: each is warned of and breached once, when the
// hours on the wall say so. What it costs is counted: each case is looked at when
// an alarm of it has come, and twice at most.
func TestAYearOfClocks(t *testing.T) {
	newYork := berlin
	newYork.TimeZone, newYork.Exceptions = "America/New_York", nil
	form := timed(t).Template.TemplateForm
	form.Clocks = []casegraph.TemplateClock{
		{Name: "berlin", Stops: casegraph.ClockStopsAtEnd, Seconds: 20 * 3600, WarnSeconds: 4 * 3600, Calendar: "Berlin"},
		{Name: "new-york", Stops: casegraph.ClockStopsAtEnd, Seconds: 20 * 3600, WarnSeconds: 4 * 3600, Calendar: "New York"},
		{Name: "days", Stops: casegraph.ClockStopsAtEnd, Seconds: 30 * 24 * 3600},
	}
	flow, err := NewWorkflow(&casegraph.Template{TemplateForm: form})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld()
	zones := map[string]*time.Location{}
	for name, form := range map[string]casegraph.CalendarForm{"Berlin": berlin, "New York": newYork} {
		change, err := CreateCalendar(admin, CreateCalendarInput{Name: name, Form: form})
		w.must(t, change, err)
		if zones[name], err = time.LoadLocation(form.TimeZone); err != nil {
			t.Fatal(err)
		}
	}
	works := func(zone string, at time.Time) bool { // an hour on the wall
		at = at.In(zones[zone])
		day := at.Format(time.DateOnly)
		holiday := zone == "Berlin" && (day == "2026-12-25" || day == "2027-01-01")
		return at.Weekday() >= 1 && at.Weekday() <= 5 && at.Hour() >= 9 && at.Hour() < 17 && !holiday
	}
	after := func(zone string, at time.Time, hours int) casegraph.Time {
		for ; hours > 0; at = at.Add(time.Hour) {
			if works(zone, at) {
				hours--
			}
		}
		return casegraph.TimeOf(at)
	}
	want, looked := map[string]int{}, 0
	var open []casegraph.ID
	for day := time.Date(2028, 1, 1, 7, 0, 0, 0, time.UTC); day.Year() == 2028; day = day.AddDate(0, 0, 1) {
		at := casegraph.TimeOf(day)
		open = slices.DeleteFunc(open, func(id casegraph.ID) bool {
			if alarm := w.caseOf(id).AlarmAt(); alarm != 0 && alarm <= at {
				looked++
				w.at(at).must(t, Ring(id), nil)
			}
			return w.caseOf(id).AlarmAt() == 0
		})
		change, err := Create(admin, CreateInput{Title: day.Format(time.DateOnly)}, flow, w.newID)
		id := answer[CreateAnswer](t, w.at(at).must(t, change, err)).CaseID
		open = append(open, id)
		for name, zone := range map[string]string{"berlin": "Berlin", "new-york": "New York"} {
			due, warn := after(zone, day, 20), after(zone, day, 16)
			if k := w.caseOf(id).Clocks[name]; k.DueAt != due || k.WarnAt != warn {
				t.Fatalf("%s, opened on %s: due %v, warned of on %v; want %v, %v", name, day.Format(time.DateOnly), k.DueAt, k.WarnAt, due, warn)
			}
			want["case.clock-warned "+name+": "+warn.String()]++
			want["case.clock-breached "+name+": "+due.String()]++
		}
		want["case.clock-breached days: "+(at+30*24*hour).String()]++
	}
	for _, id := range open {
		w.at(casegraph.TimeOf(time.Date(2029, 3, 1, 0, 0, 0, 0, time.UTC))).must(t, Ring(id), nil)
	}
	told := map[string]int{}
	for _, e := range w.events {
		if strings.HasPrefix(e.Name, "case.clock-") {
			told[e.Name+" "+e.Note]++
		}
	}
	if len(told) < 366 || !maps.Equal(told, want) {
		t.Errorf("told %d sorts of alarms, want %d", len(told), len(want))
	}
	if looked > 366*5 {
		t.Errorf("looked %d times", looked)
	}
}

// A merge stops the clocks of the case that goes on elsewhere; taken apart
// again it is due when it was.
func TestClocksOfMergedCases(t *testing.T) {
	flow, w, began := timed(t), newWorld(), monday("09:00")
	id := w.timed(t, flow, began, CreateInput{})
	into := w.open(t, CreateInput{}).ID
	due := w.caseOf(id).Clocks["resolution"]
	merge := MergeInput{IntoID: into, From: []MergedInput{{CaseID: id}}, Reason: "the same"}
	change, err := Merge(investigator, merge, Workflows{"": flow})
	w.at(began+5*hour).must(t, change, err)
	c := w.caseOf(id)
	if c.DueAt != 0 || c.AlarmAt() != 0 || c.Clocks["response"].BreachedAt != began+4*hour {
		t.Errorf("merged: %+v", c.Clocks)
	}
	_, err = w.try(SetClock(investigator, SetClockInput{CaseID: id, Name: "a", Seconds: new(int64(60)), Reason: "no"}, flow))
	refused(t, err, casegraph.CodeBadInput, "caseId")
	change, err = Unmerge(investigator, merge)
	w.at(began+6*hour).must(t, change, err)
	if c := w.caseOf(id); c.Clocks["resolution"] != due || c.Clocks["response"].BreachedAt != began+4*hour {
		t.Errorf("taken apart again: %+v, want %+v", c.Clocks, due)
	}
}
