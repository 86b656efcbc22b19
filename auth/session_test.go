package auth

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"casegraph"
	"casegraph/cases"
)

// browser signs a user in by a browser of this name.
func (h *house) browser(user casegraph.ID, name string) *http.Cookie {
	h.t.Helper()
	cookie, err := h.auth.SignIn(h.t.Context(), h.auth.SignInToken(user), name)
	if err != nil {
		h.t.Fatal(err)
	}
	return cookie
}

// sessions are a user's, as the asker sees them: the current one has a star.
func (h *house) sessions(asker cases.Asker) string {
	h.t.Helper()
	all, err := h.auth.Sessions(h.t.Context(), asker)
	if err != nil {
		h.t.Fatal(err)
	}
	var names []string
	for _, s := range all {
		if s.Current {
			s.Browser += "*"
		}
		names = append(names, s.Browser)
	}
	return strings.Join(names, " ")
}

func TestSessionsAreListedAndEndedOneByOne(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleViewer)
	laptop, phone := h.browser(user, "laptop"), h.browser(user, "phone")
	h.browser(h.user(casegraph.RoleViewer), "another's")
	asker, err := h.asksWithCookie(laptop)
	if err != nil {
		t.Fatal(err)
	}
	if got := h.sessions(asker); got != "phone laptop*" {
		t.Errorf("the sessions are %q", got)
	}
	all, _ := h.auth.Sessions(t.Context(), asker)
	if strings.Contains(phone.Value, string(all[0].ID)) {
		t.Error("the cookie shows its id")
	}
	for range 2 { // again is no error
		if _, err := h.do(EndSessions(asker, []casegraph.ID{all[0].ID, "none"})); err != nil {
			t.Fatal(err)
		}
	}
	_, err = h.asksWithCookie(phone)
	refused(t, err, casegraph.CodeUnauthenticated, "")
	if _, err := h.asksWithCookie(laptop); err != nil {
		t.Errorf("the other session: %v", err)
	}
	if got := h.sessions(asker); got != "laptop*" {
		t.Errorf("left are %q", got)
	}
}

func TestSigningOutEverywhere(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleViewer)
	cookies := []*http.Cookie{h.browser(user, "a"), h.browser(user, "b")}
	other := h.browser(h.user(casegraph.RoleViewer), "another's")
	secret, _ := h.key(AddKeyInput{UserID: user})
	asker, err := h.asksWithKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	if got := h.sessions(asker); got != "b a" {
		t.Errorf("a key sees %q", got)
	}
	if _, err := h.do(EndSessions(asker, nil)); err != nil {
		t.Fatal(err)
	}
	for _, cookie := range cookies {
		_, err := h.asksWithCookie(cookie)
		refused(t, err, casegraph.CodeUnauthenticated, "")
	}
	if _, err := h.asksWithCookie(other); err != nil {
		t.Errorf("somebody else's session: %v", err)
	}
}

func TestSigningOutEndsTheSessionNotTheCookieAlone(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleViewer)
	cookie, other := h.browser(user, "a"), h.browser(user, "b")
	out := func(with string) *http.Cookie {
		r := httptest.NewRequest(http.MethodPost, "/sign-out", nil)
		if with != "" {
			r.AddCookie(&http.Cookie{Name: SessionCookie, Value: with})
		}
		forget, err := h.auth.SignOut(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		return forget
	}
	for _, with := range []string{"", "nonsense", cookie.Value, cookie.Value} {
		if forget := out(with); forget.Name != cookie.Name || forget.Value != "" || forget.MaxAge >= 0 {
			t.Errorf("signing out sets %+v", forget)
		}
	}
	_, err := h.asksWithCookie(cookie)
	refused(t, err, casegraph.CodeUnauthenticated, "")
	if _, err := h.asksWithCookie(other); err != nil {
		t.Errorf("the other browser: %v", err)
	}
}

func TestTheOldestOfTooManySessionsEnds(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleViewer)
	first := h.browser(user, "first")
	second := h.browser(user, strings.Repeat("x", 10_000))
	for range maxSessions - 1 {
		h.now = h.now.Add(time.Minute)
		h.browser(user, "more")
	}
	_, err := h.asksWithCookie(first)
	refused(t, err, casegraph.CodeUnauthenticated, "")
	if _, err := h.asksWithCookie(second); err != nil {
		t.Error(err)
	}
}
