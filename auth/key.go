package auth

import (
	"crypto/rand"
	"encoding/base32"
	"regexp"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// AddKeyInput is a key for a program.
type AddKeyInput struct {
	Name string // what it is for: 1 to MaxName characters
	// UserID is on whose behalf the key acts; its role is the user's. Where it
	// is "", a user of the key's name is made, with Role.
	UserID casegraph.ID
	Role   casegraph.Role
	// ExpiresAt is when the key stops opening anything; 0 is never.
	ExpiresAt casegraph.Time
}

// KeyAnswer names a key made or revoked.
type KeyAnswer struct {
	KeyID  casegraph.ID `json:"keyId"`
	UserID casegraph.ID `json:"userId"`
}

// AddKey makes an API key; administrators alone do. The secret is the key's
// text, to be shown once if the change is written: it is in nothing that the
// change writes. Where the result is a replay, the secret opens nothing and
// must not be shown. It answers KeyAnswer; the events are key.created and, for
// a user made with it, user.created.
func AddKey(by cases.Asker, in AddKeyInput, newID func(casegraph.Kind) casegraph.ID) (change commit.Change, secret string, err error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, "", err
	}
	name, err := cases.Text("name", in.Name, 1, MaxName)
	if err != nil {
		return commit.Change{}, "", err
	}
	user, err := ownUser(by, in, newID)
	if err != nil {
		return commit.Change{}, "", err
	}
	secret = newSecret()
	key := &casegraph.APIKey{Header: casegraph.Header{ID: keyID(secret)}, Name: name, UserID: in.UserID, ExpiresAt: in.ExpiresAt}
	if user != nil {
		key.UserID = user.ID
	}
	needs := casegraph.Needs{Nodes: []casegraph.ID{key.ID, key.UserID}}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		if key.ExpiresAt != 0 && key.ExpiresAt <= v.Now {
			return nil, casegraph.BadInput("expiresAt: it is past")
		}
		w := &commit.Writes{
			Nodes:  []casegraph.Node{key.Clone()},
			Events: []commit.Event{{Name: "key.created", Subject: key.ID}},
			Answer: cases.Encode(KeyAnswer{KeyID: key.ID, UserID: key.UserID}),
		}
		if user != nil {
			w.Nodes = append(w.Nodes, user.Clone())
			w.Events = append(w.Events, commit.Event{Name: "user.created", Subject: user.ID})
			return w, nil
		}
		owner, ok := v.Node(key.UserID).(*casegraph.User)
		if !ok {
			return nil, casegraph.NoSuch("userId", "user", key.UserID)
		}
		if owner.Disabled {
			return nil, casegraph.BadInput("userId: the user is disabled")
		}
		return w, nil
	}}, secret, nil
}

// ownUser is the user that is made with a key, or nil if it acts for another.
func ownUser(by cases.Asker, in AddKeyInput, newID func(casegraph.Kind) casegraph.ID) (*casegraph.User, error) {
	if in.UserID != "" {
		if in.Role != "" {
			return nil, casegraph.BadInput("role: a key has the role of its user")
		}
		return nil, nil
	}
	user, err := newUser(by, CreateUserInput{Name: in.Name, Role: in.Role})
	if err != nil {
		return nil, err
	}
	user.ID = newID(casegraph.KindUser)
	return user, nil
}

// RevokeKey makes a key open nothing any more, at once; administrators alone
// do. It answers KeyAnswer; the event is key.revoked.
func RevokeKey(by cases.Asker, id casegraph.ID) (commit.Change, error) {
	if err := by.Require(casegraph.RoleAdmin); err != nil {
		return commit.Change{}, err
	}
	needs := casegraph.Needs{Nodes: []casegraph.ID{id}}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		key, ok := v.Node(id).(*casegraph.APIKey)
		if !ok {
			return nil, casegraph.NoSuch("keyId", "key", id)
		}
		if key.RevokedAt == 0 {
			key.RevokedAt = v.Now
		}
		return &commit.Writes{
			Nodes:  []casegraph.Node{key},
			Events: []commit.Event{{Name: "key.revoked", Subject: id}},
			Answer: cases.Encode(KeyAnswer{KeyID: id, UserID: key.UserID}),
		}, nil
	}}, nil
}

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// secretForm is the text of a key: 32 random bytes.
var secretForm = regexp.MustCompile(`^cg_[a-z2-7]{52}$`)

func newSecret() string {
	random := make([]byte, 32)
	rand.Read(random)
	return "cg_" + lowerBase32.EncodeToString(random)
}

// keyID finds a key by its text, and does not lead back to it.
func keyID(secret string) casegraph.ID {
	return casegraph.ImportedID(casegraph.KindKey, "", secret)
}
