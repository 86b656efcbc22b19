package cases

import (
	"casegraph"
	"casegraph/commit"
)

// Asker is who asks for something, and what they may not see.
type Asker struct {
	// ID is the user, or "" for the system.
	ID   casegraph.ID
	Role casegraph.Role
	Mask casegraph.Mask
	// Session is the browser session that it asks by; "" for another way.
	Session casegraph.ID
}

// System is the program itself: it may do all and sees all.
func System() Asker { return Asker{Role: casegraph.RoleAdmin} }

// Require refuses an asker whose role ranks below the given one.
func (a Asker) Require(role casegraph.Role) error {
	switch {
	case a.Role.Rank() == 0:
		return &casegraph.Error{Code: casegraph.CodeUnauthenticated, Message: "sign in first"}
	case a.Role.Rank() < role.Rank():
		return casegraph.Forbidden("this needs the role %s; yours is %s", role, a.Role)
	}
	return nil
}

// visible is a node that the asker may see, or nil.
func (a Asker) visible(v *commit.View, id casegraph.ID) casegraph.Node {
	n := v.Node(id)
	if n == nil || a.Mask.Hides(n.Class()) {
		return nil
	}
	return n
}

// caseNode is the case that an input names, at the version it expects; nil
// expects any.
func (a Asker) caseNode(v *commit.View, field string, id casegraph.ID, expected *int64) (*casegraph.Case, error) {
	c, ok := a.visible(v, id).(*casegraph.Case)
	if !ok {
		return nil, casegraph.NoSuch(field, "case", id)
	}
	return c, AtVersion(c, expected)
}

// caseOrObject is the case or object that an input names, at the version it
// expects.
func (a Asker) caseOrObject(v *commit.View, field string, id casegraph.ID, expected *int64) (casegraph.Node, error) {
	n := a.visible(v, id)
	if n == nil || (n.Kind() != casegraph.KindCase && !n.Kind().IsObject()) {
		return nil, casegraph.NoSuch(field, "case or object", id)
	}
	return n, AtVersion(n, expected)
}

// AtVersion refuses a node that is not at the expected version; nil is any.
func AtVersion(n casegraph.Node, expected *int64) error {
	if now := n.Head().Version; expected != nil && *expected != now {
		return &casegraph.Error{Code: casegraph.CodeConflict, Field: "expectedVersion",
			Message: "expectedVersion: the current version is " + decimal(now) + ", not " + decimal(*expected)}
	}
	return nil
}
