package cases

import (
	"casegraph"
	"casegraph/calendar"
	"casegraph/commit"
)

// CreateCalendarInput is a calendar to be.
type CreateCalendarInput struct {
	Name string // 1 to calendar.MaxName characters, not another's in whatever case
	Form casegraph.CalendarForm
}

// CalendarAnswer names the calendar that was changed.
type CalendarAnswer struct {
	CalendarID casegraph.ID `json:"calendarId"`
}

// CreateCalendar makes a calendar. It answers CalendarAnswer; the event is
// calendar.created.
func CreateCalendar(by Asker, in CreateCalendarInput) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	name, err := Text("name", in.Name, 1, calendar.MaxName)
	if err != nil {
		return commit.Change{}, err
	}
	if err := checkCalendar(&in.Form); err != nil {
		return commit.Change{}, err
	}
	id := casegraph.CalendarID(name)
	return commit.Change{Actor: by.ID, Needs: casegraph.Needs{Nodes: []casegraph.ID{id}}, Decide: func(v *commit.View) (*commit.Writes, error) {
		if v.Node(id) != nil {
			return nil, casegraph.BadInput("name: another calendar is called that")
		}
		c := &casegraph.Calendar{Header: casegraph.Header{ID: id}, Name: name, CalendarForm: in.Form}
		return &commit.Writes{Nodes: []casegraph.Node{c}, Events: []commit.Event{{Name: "calendar.created", Subject: id}}, Answer: Encode(CalendarAnswer{id})}, nil
	}}, nil
}

// ReplaceCalendarInput is a calendar as it shall be.
type ReplaceCalendarInput struct {
	CalendarID      casegraph.ID
	ExpectedVersion *int64 // nil is any
	Form            casegraph.CalendarForm
}

// ReplaceCalendar gives a calendar other hours. Clocks that run keep the moment
// that they were promised; those that start, go on or are set count by the new
// hours. It answers CalendarAnswer; the event is calendar.replaced.
func ReplaceCalendar(by Asker, in ReplaceCalendarInput) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	if err := checkCalendar(&in.Form); err != nil {
		return commit.Change{}, err
	}
	return commit.Change{Actor: by.ID, Needs: casegraph.Needs{Nodes: []casegraph.ID{in.CalendarID}}, Decide: func(v *commit.View) (*commit.Writes, error) {
		c, ok := v.Node(in.CalendarID).(*casegraph.Calendar)
		if !ok {
			return nil, casegraph.NoSuch("calendarId", "calendar", in.CalendarID)
		}
		if err := AtVersion(c, in.ExpectedVersion); err != nil {
			return nil, err
		}
		c.CalendarForm = in.Form
		return &commit.Writes{Nodes: []casegraph.Node{c}, Events: []commit.Event{{Name: "calendar.replaced", Subject: c.ID}}, Answer: Encode(CalendarAnswer{c.ID})}, nil
	}}, nil
}

func checkCalendar(form *casegraph.CalendarForm) error {
	if _, err := Text("form.description", form.Description, 0, MaxDescription); err != nil {
		return err
	}
	for i, day := range form.Exceptions {
		if i == calendar.MaxExceptions {
			break
		}
		if _, err := Text("form.exceptions["+decimal(int64(i))+"].name", day.Name, 0, calendar.MaxName); err != nil {
			return err
		}
	}
	_, err := calendar.New(form)
	return Within("form", err)
}
