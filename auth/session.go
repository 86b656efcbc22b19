package auth

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// BrowserSession is a browser in which somebody is signed in.
type BrowserSession struct {
	// ID names the session; whoever knows it can't use it.
	ID         casegraph.ID   `json:"id"`
	SignedInAt casegraph.Time `json:"signedInAt"`
	ExpiresAt  casegraph.Time `json:"expiresAt"`
	// Browser is what the browser said it is, at most maxBrowser bytes.
	Browser string `json:"browser,omitempty"`
	// Current is set on the session by which it is asked for.
	Current bool `json:"-"`
}

const (
	maxBrowser = 300
	// maxSessions is how many sessions a user has at once; the oldest end.
	maxSessions = 20
)

// sessionsKey is the value that holds a user's sessions.
func sessionsKey(user casegraph.ID) string { return "sessions/" + string(user) }

// decodeSessions are the sessions of a value that have not expired, oldest
// first.
func decodeSessions(data []byte, now casegraph.Time) ([]BrowserSession, error) {
	if data == nil {
		return nil, nil
	}
	var all []BrowserSession
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("auth: sessions: %w", err)
	}
	return slices.DeleteFunc(all, func(s BrowserSession) bool { return s.ExpiresAt <= now }), nil
}

// encodeSessions is the value of a user's sessions, which ends with the last.
func encodeSessions(user casegraph.ID, all []BrowserSession, now casegraph.Time) (casegraph.Value, error) {
	data, err := json.Marshal(all)
	value := casegraph.Value{Key: sessionsKey(user), Data: data, ExpiresAt: now + 1}
	for _, s := range all {
		value.ExpiresAt = max(value.ExpiresAt, s.ExpiresAt)
	}
	return value, err
}

// Sessions are the asker's own, newest first.
func (a *Auth) Sessions(ctx context.Context, asker cases.Asker) ([]*BrowserSession, error) {
	all, err := a.sessions(ctx, asker.ID)
	if err != nil {
		return nil, err
	}
	mine := make([]*BrowserSession, 0, len(all))
	for _, s := range slices.Backward(all) {
		s.Current = s.ID == asker.Session
		mine = append(mine, &s)
	}
	return mine, nil
}

func (a *Auth) sessions(ctx context.Context, user casegraph.ID) ([]BrowserSession, error) {
	now := a.timeNow()
	values, err := a.store.Values(ctx, []string{sessionsKey(user)}, now)
	if err != nil {
		return nil, err
	}
	return decodeSessions(values[sessionsKey(user)], now)
}

// stands tells whether a session has not been ended.
func (a *Auth) stands(ctx context.Context, user, session casegraph.ID) (bool, error) {
	all, err := a.sessions(ctx, user)
	return slices.ContainsFunc(all, func(s BrowserSession) bool { return s.ID == session }), err
}

// EndSessions signs the asker out of browsers, at once: those of these
// sessions, or, if ids is nil, all. One that has ended already is no error.
func EndSessions(by cases.Asker, ids []casegraph.ID) (commit.Change, error) {
	if err := by.Require(casegraph.RoleViewer); err != nil {
		return commit.Change{}, err
	}
	return endSessions(by.ID, func(s casegraph.ID) bool { return ids == nil || slices.Contains(ids, s) }), nil
}

func endSessions(user casegraph.ID, ends func(casegraph.ID) bool) commit.Change {
	needs := casegraph.Needs{Values: []string{sessionsKey(user)}}
	return commit.Change{Actor: user, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		all, err := decodeSessions(v.Value(sessionsKey(user)), v.Now)
		if err != nil {
			return nil, err
		}
		left := slices.DeleteFunc(all, func(s BrowserSession) bool { return ends(s.ID) })
		value, err := encodeSessions(user, left, v.Now)
		return &commit.Writes{Values: []casegraph.Value{value}, Answer: cases.Encode(UserAnswer{UserID: user})}, err
	}}
}
