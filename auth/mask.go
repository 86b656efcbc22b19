package auth

import "casegraph"

// DefaultRestrictedKinds are the kinds of identifiers that viewers do not see,
// unless a server is set up otherwise.
func DefaultRestrictedKinds() []casegraph.IdentifierKind {
	return []casegraph.IdentifierKind{"government-id", "tax-id", "bank-account", "card", "face"}
}

// MaskOf is what a role may not see: a viewer no restricted cases and no
// restricted kinds of identifiers, an investigator no restricted cases, an
// administrator nothing.
func MaskOf(role casegraph.Role, restricted []casegraph.IdentifierKind) casegraph.Mask {
	switch role {
	case casegraph.RoleAdmin:
		return casegraph.Mask{}
	case casegraph.RoleInvestigator:
		return casegraph.Mask{RestrictedCases: true}
	}
	return casegraph.Mask{RestrictedCases: true, IdentifierKinds: restricted}
}
