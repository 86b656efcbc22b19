package auth

import (
	"strings"
	"testing"

	"casegraph"
	"casegraph/cases"
)

func TestAUsersEmailIsTheirsAlone(t *testing.T) {
	h := newHouse(t)
	create := func(email string) error {
		_, err := h.do(CreateUser(cases.System(), CreateUserInput{Name: "Ana", Email: email, Role: casegraph.RoleViewer}, h.newID))
		return err
	}
	if err := create("Ana@Example.org"); err != nil {
		t.Fatal(err)
	}
	refused(t, create("ana@example.org"), casegraph.CodeBadInput, "email")
	key := casegraph.Key{Kind: casegraph.KindUser, Reference: "ana@example.org"}
	if found, err := h.store.Resolve(t.Context(), []casegraph.Key{key}); err != nil || len(found[key]) != 1 {
		t.Errorf("found %v, %v", found, err)
	}
	for _, email := range []string{"ana", "Ana <ana@example.org>", " b@example.org", strings.Repeat("x", 250) + "@a.org"} {
		refused(t, create(email), casegraph.CodeBadInput, "email")
	}
	for range 2 {
		if err := create(""); err != nil {
			t.Errorf("two users without an address: %v", err)
		}
	}
}

func TestOnlyAdministratorsManageUsers(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleViewer)
	investigator := cases.Asker{ID: user, Role: casegraph.RoleInvestigator}
	_, err := h.do(CreateUser(investigator, CreateUserInput{Name: "x", Role: casegraph.RoleViewer}, h.newID))
	refused(t, err, casegraph.CodeForbidden, "")
	_, err = h.do(UpdateUser(investigator, UpdateUserInput{UserID: user}, nil))
	refused(t, err, casegraph.CodeForbidden, "")
	_, err = h.do(CreateUser(cases.System(), CreateUserInput{Name: "x", Role: "KING"}, h.newID))
	refused(t, err, casegraph.CodeBadInput, "role")
}

func TestUpdatingAUser(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleViewer)
	king, investigator, yes, old := casegraph.Role("KING"), casegraph.RoleInvestigator, true, int64(7)
	for name, test := range map[string]struct {
		by    cases.Asker
		in    UpdateUserInput
		code  casegraph.Code
		field string
	}{
		"no such role":    {cases.System(), UpdateUserInput{UserID: user, Role: &king}, casegraph.CodeBadInput, "role"},
		"no such user":    {cases.System(), UpdateUserInput{UserID: "usr_missing"}, casegraph.CodeNotFound, "userId"},
		"another version": {cases.System(), UpdateUserInput{UserID: user, ExpectedVersion: &old}, casegraph.CodeConflict, "expectedVersion"},
		"oneself":         {cases.Asker{ID: user, Role: casegraph.RoleAdmin}, UpdateUserInput{UserID: user, Disabled: &yes}, casegraph.CodeBadInput, "userId"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.do(UpdateUser(test.by, test.in, nil))
			refused(t, err, test.code, test.field)
		})
	}
	h.update(UpdateUserInput{UserID: user, Role: &investigator})
	events, err := h.store.Timeline(t.Context(), casegraph.TimelineRequest{IDs: []casegraph.ID{user}, First: 10})
	if told := events[user]; err != nil || len(told) != 2 || told[0].Name != "user.updated" || told[1].Name != "user.created" {
		t.Errorf("told %+v, %v", told, err)
	}
}

func TestARoleAndADisabledUserTakeEffectAtOnce(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleViewer)
	secret, _ := h.key(AddKeyInput{UserID: user})
	cookie, err := h.auth.SignIn(t.Context(), h.auth.SignInToken(user), "Firefox")
	if err != nil {
		t.Fatal(err)
	}
	both := func() (role casegraph.Role, byKey, byCookie error) {
		asker, byKey := h.asksWithKey(secret)
		other, byCookie := h.asksWithCookie(cookie)
		if asker.Role != other.Role {
			t.Errorf("the key's role is %s, the session's %s", asker.Role, other.Role)
		}
		return asker.Role, byKey, byCookie
	}
	h.user(casegraph.RoleAdmin) // one must be left
	admin, yes := casegraph.RoleAdmin, true
	h.update(UpdateUserInput{UserID: user, Role: &admin})
	if role, _, _ := both(); role != admin {
		t.Errorf("the role is %q", role)
	}
	h.update(UpdateUserInput{UserID: user, Disabled: &yes})
	_, byKey, byCookie := both()
	refused(t, byKey, casegraph.CodeUnauthenticated, "")
	refused(t, byCookie, casegraph.CodeUnauthenticated, "")
	_, err = h.auth.SignIn(t.Context(), h.auth.SignInToken(user), "Firefox")
	refused(t, err, casegraph.CodeUnauthenticated, "")
}

func TestTheLastAdministratorStays(t *testing.T) {
	h := newHouse(t)
	yes, viewer := true, casegraph.RoleViewer
	last := h.user(casegraph.RoleAdmin)
	h.user(casegraph.RoleInvestigator)
	for name, in := range map[string]UpdateUserInput{"shut out": {UserID: last, Disabled: &yes}, "another role": {UserID: last, Role: &viewer}} {
		if _, err := h.do(UpdateUser(cases.System(), in, h.administrators())); casegraph.CodeOf(err) != casegraph.CodeBadInput || !strings.Contains(err.Error(), "userId: this is the last administrator") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Two who shut each other out at once both read that there are two.
	other := h.user(casegraph.RoleAdmin)
	both := h.administrators()
	first, err := h.do(UpdateUser(cases.System(), UpdateUserInput{UserID: last, Disabled: &yes}, both))
	if err != nil || !first.Changed {
		t.Fatal(err)
	}
	_, err = h.do(UpdateUser(cases.System(), UpdateUserInput{UserID: other, Disabled: &yes}, both))
	refused(t, err, casegraph.CodeBadInput, "userId")
}
