package auth

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"

	"casegraph"
	"casegraph/commit"
)

// How long what lets a browser in holds, in milliseconds.
const (
	signInFor  = 15 * 60 * 1000
	sessionFor = 12 * 60 * 60 * 1000
)

// What the tokens are signed for.
const (
	purposeSignIn  = "sign-in"
	purposeSession = "session"
)

// token is what a sign-in token or a session says. The nonce is that by which
// a sign-in token opens once, and a session's id.
type token struct {
	User    casegraph.ID   `json:"u"`
	Nonce   string         `json:"n"`
	Issued  casegraph.Time `json:"i"`
	Expires casegraph.Time `json:"e"`
}

// SignInToken is a token that lets a user's browser in once, within 15 minutes.
// Whoever has it is that user: show it to nobody else.
func (a *Auth) SignInToken(user casegraph.ID) string {
	now := a.timeNow()
	return a.seal(purposeSignIn, token{User: user, Nonce: rand.Text(), Issued: now, Expires: now + signInFor})
}

// SignIn redeems a sign-in token and gives the cookie of a session of 12 hours.
// browser is what the browser says it is. A token that was redeemed, has
// expired, or whose user may not come in is UNAUTHENTICATED.
func (a *Auth) SignIn(ctx context.Context, signInToken, browser string) (*http.Cookie, error) {
	t, ok := a.unseal(purposeSignIn, signInToken)
	if !ok {
		return nil, errBadSignIn
	}
	now := a.timeNow()
	session := BrowserSession{ID: casegraph.ID(rand.Text()), SignedInAt: now, ExpiresAt: now + sessionFor,
		Browser: strings.ToValidUTF8(browser[:min(len(browser), maxBrowser)], "")}
	if _, err := a.committer.Do(ctx, redeem(t, session)); err != nil {
		return nil, err
	}
	text := a.seal(purposeSession, token{User: t.User, Nonce: string(session.ID), Issued: now, Expires: session.ExpiresAt})
	return a.cookie(text, sessionFor/1000), nil
}

// SignOut ends the session that a request has, if it has one, and gives the
// cookie that makes its browser forget it.
func (a *Auth) SignOut(ctx context.Context, r *http.Request) (*http.Cookie, error) {
	forget := a.cookie("", -1)
	cookie, err := r.Cookie(SessionCookie)
	if err != nil {
		return forget, nil
	}
	t, ok := a.unseal(purposeSession, cookie.Value)
	if !ok {
		return forget, nil
	}
	_, err = a.committer.Do(ctx, endSessions(t.User, func(s casegraph.ID) bool { return s == casegraph.ID(t.Nonce) }))
	return forget, err
}

// redeem notes that a sign-in token has been used, for as long as it could be,
// and the session that it began.
func redeem(t token, session BrowserSession) commit.Change {
	used := "signin/" + t.Nonce
	needs := casegraph.Needs{Nodes: []casegraph.ID{t.User}, Values: []string{used, sessionsKey(t.User)}}
	return commit.Change{Actor: t.User, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		user, ok := v.Node(t.User).(*casegraph.User)
		if v.Value(used) != nil || t.Expires <= v.Now || !ok || user.Disabled {
			return nil, errBadSignIn
		}
		all, err := decodeSessions(v.Value(sessionsKey(t.User)), v.Now)
		if err != nil {
			return nil, err
		}
		all = append(all, session)
		sessions, err := encodeSessions(t.User, all[max(0, len(all)-maxSessions):], v.Now)
		return &commit.Writes{Values: []casegraph.Value{{Key: used, Data: []byte("used"), ExpiresAt: t.Expires}, sessions}}, err
	}}
}

func (a *Auth) seal(purpose string, t token) string {
	payload, err := json.Marshal(t)
	if err != nil {
		panic(err) // a token is plain text and numbers
	}
	return a.Signer.Sign(purpose, payload)
}

// unseal reads a token that was signed for the purpose and has not expired.
func (a *Auth) unseal(purpose, text string) (token, bool) {
	payload, err := a.Signer.Open(purpose, text)
	if err != nil {
		return token{}, false
	}
	var t token
	err = json.Unmarshal(payload, &t)
	return t, err == nil && a.timeNow() < t.Expires
}

// cookie is for this site's pages alone, and no script reads it. It is Lax, for
// a sign-in link is followed from elsewhere; ClientHeader is what keeps other
// sites from using it.
func (a *Auth) cookie(value string, seconds int) *http.Cookie {
	return &http.Cookie{Name: SessionCookie, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: a.secureCookies, SameSite: http.SameSiteLaxMode}
}
