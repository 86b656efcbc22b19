package auth

import (
	"testing"

	"casegraph"
	"casegraph/cases"
)

func TestWhoIsAwayAndHowMuchTheyWork(t *testing.T) {
	h := newHouse(t)
	user, other := h.user(casegraph.RoleViewer), h.user(casegraph.RoleInvestigator)
	self := cases.Asker{ID: user, Role: casegraph.RoleViewer}
	until := casegraph.TimeOf(h.now) + 1000
	if _, err := h.do(SetAvailability(self, SetAvailabilityInput{AwayUntil: until})); err != nil {
		t.Fatal(err)
	}
	_, err := h.do(SetAvailability(self, SetAvailabilityInput{UserID: other, AwayUntil: until}))
	refused(t, err, casegraph.CodeForbidden, "")
	_, err = h.do(SetAvailability(self, SetAvailabilityInput{AwayUntil: until - 1000}))
	refused(t, err, casegraph.CodeBadInput, "awayUntil")
	_, err = h.do(SetAvailability(self, SetAvailabilityInput{AwayUntil: until + (cases.MaxAway+1)*24*60*60*1000}))
	refused(t, err, casegraph.CodeBadInput, "awayUntil")
	_, err = h.do(SetWork(self, SetWorkInput{UserID: user}))
	refused(t, err, casegraph.CodeForbidden, "")
	_, err = h.do(SetWork(cases.System(), SetWorkInput{UserID: user, Capacity: new(int64(-1))}))
	refused(t, err, casegraph.CodeBadInput, "capacity")
	_, err = h.do(SetWork(cases.System(), SetWorkInput{UserID: user, Skills: []string{"x", "Y Z"}}))
	refused(t, err, casegraph.CodeBadInput, "skills[1]")
	if _, err = h.do(SetWork(cases.System(), SetWorkInput{UserID: user, Capacity: new(int64(0)), Skills: []string{"b", "a", "b"}, ExpectedVersion: new(int64(2))})); err != nil {
		t.Fatal(err)
	}
	nodes, err := h.store.Nodes(t.Context(), casegraph.NodesRequest{IDs: []casegraph.ID{user}})
	if err != nil {
		t.Fatal(err)
	}
	u := nodes[user].(*casegraph.User)
	if u.AwayUntil != until || u.Capacity == nil || *u.Capacity != 0 || len(u.Skills) != 2 || u.Skills[0] != "a" || u.Version != 3 {
		t.Errorf("%+v", u)
	}
}
