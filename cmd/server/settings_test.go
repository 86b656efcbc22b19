package main

import (
	"strings"
	"testing"

	"casegraph"
)

func TestHubLimitsAreByKindAndByRole(t *testing.T) {
	for _, texts := range []string{"ip=200 viewer:ip=50 phone=0 admin:plate=7", "viewer:ip=50 admin:plate=7 phone=0 ip=200"} {
		s := Settings{HubLimits: strings.Fields(texts)}
		limits, err := s.hubLimits()
		if err != nil {
			t.Fatal(err)
		}
		for role, want := range map[casegraph.Role]map[casegraph.IdentifierKind]int{
			casegraph.RoleViewer:       {"ip": 50, "phone": 0},
			casegraph.RoleInvestigator: {"ip": 200, "phone": 0},
			casegraph.RoleAdmin:        {"ip": 200, "phone": 0, "plate": 7},
		} {
			for kind, limit := range want {
				if got, set := limits[role][kind]; !set || got != limit || len(limits[role]) != len(want) {
					t.Errorf("%s: %s %s: %d of %v, want %d", texts, role, kind, got, limits[role], limit)
				}
			}
		}
	}
	for text, says := range map[string]string{"ip": "kind=limit", "ip=-1": "kind=limit", "ip=many": "kind=limit", "boss:ip=3": "no role", "I P=3": "--hub-limits"} {
		s := Settings{HubLimits: []string{text}}
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
