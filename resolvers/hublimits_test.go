package resolvers

import (
	"context"
	"testing"

	"casegraph"
	"casegraph/api"
	"casegraph/cases"
	"casegraph/identity"
	"casegraph/traverse"
)

func TestARolesHubLimitsStandWhereNobodyNamesOthers(t *testing.T) {
	r := &Resolver{HubLimits: RoleLimits{casegraph.RoleViewer: {"ip": 50}}}
	ip := (&casegraph.Identifier{IdentifierKind: "ip"}).Class()
	device := (&casegraph.Identifier{IdentifierKind: "device"}).Class()
	for _, test := range []struct {
		role       casegraph.Role
		given      *api.HubLimits
		ip, device int
	}{
		{casegraph.RoleViewer, nil, 50, identity.HubLimit(identity.Device)},
		{casegraph.RoleAdmin, nil, identity.HubLimit(identity.IP), identity.HubLimit(identity.Device)},
		{casegraph.RoleViewer, &api.HubLimits{ByKind: []api.HubLimit{{IdentifierKind: "device", Limit: 3}}}, 50, 3},
		{casegraph.RoleViewer, &api.HubLimits{Default: new(7)}, 7, 7},
	} {
		limits, err := r.hubLimits(WithAsker(context.Background(), cases.Asker{Role: test.role}), test.given)
		if err != nil {
			t.Fatal(err)
		}
		if limits == nil {
			limits = traverse.DefaultHubLimits()
		}
		if limits.Of(ip) != test.ip || limits.Of(device) != test.device {
			t.Errorf("%s, given %+v: %d and %d, want %d and %d", test.role, test.given, limits.Of(ip), limits.Of(device), test.ip, test.device)
		}
	}
}
