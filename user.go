package casegraph

import (
	"fmt"
	"io"
	"strconv"
)

// Role is what a user may do. Each may do all that the one before it may.
type Role string

// The roles.
const (
	RoleViewer       Role = "VIEWER"       // reads
	RoleInvestigator Role = "INVESTIGATOR" // works cases, brings data in
	RoleAdmin        Role = "ADMIN"        // sees restricted cases, manages users and keys
)

// Rank orders roles; 0 is no role.
func (r Role) Rank() int {
	switch r {
	case RoleViewer:
		return 1
	case RoleInvestigator:
		return 2
	case RoleAdmin:
		return 3
	}
	return 0
}

// MarshalGQL writes the enum value.
func (r Role) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(r))) }

// UnmarshalGQL reads an enum value.
func (r *Role) UnmarshalGQL(v any) error {
	if v == nil { // where none is allowed
		*r = ""
		return nil
	}
	*r = Role(fmt.Sprint(v))
	if r.Rank() == 0 {
		return fmt.Errorf("%q is no Role", *r)
	}
	return nil
}

// User is somebody who works here, or a program that does.
type User struct {
	Header
	Name     string `json:"name"`
	Email    string `json:"email,omitempty"`
	Role     Role   `json:"role"`
	Disabled bool   `json:"disabled,omitempty"`
	// AwayUntil is until when no policy gives them a case; 0 if they are here.
	AwayUntil Time `json:"awayUntil,omitempty"`
	// Capacity is how many open cases they may have before no policy gives them
	// another; nil is any number.
	Capacity *int64 `json:"capacity,omitempty"`
	// Skills are what they can do that others can't, in lower-kebab, sorted.
	Skills []string `json:"skills,omitempty"`
}

// Kind is KindUser.
func (*User) Kind() Kind { return KindUser }

// Class is the kind.
func (*User) Class() Class { return Class(KindUser) }

// Reference makes the user findable by e-mail.
func (u *User) Reference() Key { return Key{Reference: u.Email} }

// Texts are the name and the e-mail.
func (u *User) Texts() []string { return []string{u.Name, u.Email} }

// APIKey lets a program in. The key itself is shown once and never kept: its
// id carries a hash of it.
type APIKey struct {
	Header
	Name      string `json:"name"`
	UserID    ID     `json:"userId"`
	ExpiresAt Time   `json:"expiresAt,omitempty"`
	RevokedAt Time   `json:"revokedAt,omitempty"`
}

// Kind is KindKey.
func (*APIKey) Kind() Kind { return KindKey }

// Class is the kind. No answer ever shows a key's node.
func (*APIKey) Class() Class { return Class(KindKey) }

// Texts are none.
func (*APIKey) Texts() []string { return nil }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (u *User) Clone() Node { clone := *u; return &clone }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (k *APIKey) Clone() Node { clone := *k; return &clone }
