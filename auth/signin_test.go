package auth

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"casegraph"
)

func TestASignInLinkOpensOnce(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleInvestigator)
	token := h.auth.SignInToken(user)
	var opened atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := h.auth.SignIn(context.Background(), token, "Firefox"); err == nil {
				opened.Add(1)
			}
		})
	}
	all.Wait()
	if n := opened.Load(); n != 1 {
		t.Errorf("it opened %d times", n)
	}
	_, err := h.auth.SignIn(t.Context(), token, "Firefox")
	refused(t, err, casegraph.CodeUnauthenticated, "")
}

func TestASignInLinkHoldsFifteenMinutes(t *testing.T) {
	h := newHouse(t)
	token := h.auth.SignInToken(h.user(casegraph.RoleViewer))
	h.now = h.now.Add(15 * time.Minute)
	_, err := h.auth.SignIn(t.Context(), token, "Firefox")
	refused(t, err, casegraph.CodeUnauthenticated, "")
	h.now = h.now.Add(-time.Millisecond)
	if _, err := h.auth.SignIn(t.Context(), token, "Firefox"); err != nil {
		t.Error(err)
	}
}

func TestASessionHoldsTwelveHours(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleViewer)
	cookie, err := h.auth.SignIn(t.Context(), h.auth.SignInToken(user), "Firefox")
	if err != nil {
		t.Fatal(err)
	}
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.MaxAge != 12*60*60 || cookie.Path != "/" {
		t.Errorf("the cookie is %+v", cookie)
	}
	h.now = h.now.Add(12*time.Hour - time.Millisecond)
	if asker, err := h.asksWithCookie(cookie); err != nil || asker.ID != user {
		t.Errorf("the asker is %+v, %v", asker, err)
	}
	h.now = h.now.Add(time.Millisecond)
	_, err = h.asksWithCookie(cookie)
	refused(t, err, casegraph.CodeUnauthenticated, "")
}

func TestWhoIsNobody(t *testing.T) {
	h := newHouse(t)
	user := h.user(casegraph.RoleAdmin)
	token := h.auth.SignInToken(user)
	cookie, err := h.auth.SignIn(t.Context(), h.auth.SignInToken(user), "Firefox")
	if err != nil {
		t.Fatal(err)
	}
	good := SessionCookie + "=" + cookie.Value
	for name, headers := range map[string]map[string]string{
		"nothing":                       {},
		"a cookie without the header":   {"Cookie": good},
		"a changed cookie":              {"Cookie": good + "A", ClientHeader: "web"},
		"an empty cookie":               {"Cookie": SessionCookie + "=", ClientHeader: "web"},
		"a sign-in token for a session": {"Cookie": SessionCookie + "=" + token, ClientHeader: "web"},
		"a bad key beside a cookie":     {"Authorization": "Bearer x", "Cookie": good, ClientHeader: "web"},
	} {
		t.Run(name, func(t *testing.T) {
			asker, err := h.asks(headers)
			refused(t, err, casegraph.CodeUnauthenticated, "")
			if asker.ID != "" || asker.Role != "" {
				t.Errorf("somebody came in: %+v", asker)
			}
		})
	}
	_, err = h.auth.SignIn(t.Context(), cookie.Value, "Firefox")
	refused(t, err, casegraph.CodeUnauthenticated, "")
}
