package auth

import (
	"testing"

	"casegraph"
)

func TestWhatRolesDoNotSee(t *testing.T) {
	const restricted, open = casegraph.Class("CASE!"), casegraph.Class("CASE")
	const taxID, email, face = casegraph.Class("IDENTIFIER/tax-id"), casegraph.Class("IDENTIFIER/email"), casegraph.Class("IDENTIFIER/face")
	for _, test := range []struct {
		role         casegraph.Role
		class        casegraph.Class
		hidden       bool
		hiddenIfOnly bool // where email alone is restricted
	}{
		{casegraph.RoleViewer, restricted, true, true},
		{casegraph.RoleViewer, open, false, false},
		{casegraph.RoleViewer, taxID, true, false},
		{casegraph.RoleViewer, face, true, false},
		{casegraph.RoleViewer, email, false, true},
		{casegraph.RoleInvestigator, restricted, true, true},
		{casegraph.RoleInvestigator, taxID, false, false},
		{casegraph.RoleAdmin, restricted, false, false},
		{casegraph.RoleAdmin, taxID, false, false},
		{casegraph.RoleAdmin, casegraph.Class(casegraph.KindKey), true, true},
		{"", restricted, true, true},
		{"", taxID, true, false},
	} {
		if hidden := MaskOf(test.role, DefaultRestrictedKinds()).Hides(test.class); hidden != test.hidden {
			t.Errorf("%s of the role %q: hidden %v", test.class, test.role, hidden)
		}
		if hidden := MaskOf(test.role, []casegraph.IdentifierKind{"email"}).Hides(test.class); hidden != test.hiddenIfOnly {
			t.Errorf("%s of the role %q, email restricted: hidden %v", test.class, test.role, hidden)
		}
	}
}
