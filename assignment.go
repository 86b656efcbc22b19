package casegraph

import (
	"io"
	"strconv"
)

// Assignment says to whom cases are given that come into a queue, or are opened
// by a template.
type Assignment struct {
	// Policies are tried in this order: the first that finds somebody decides.
	Policies []AssignmentPolicy `json:"policies"`
	// MemberIDs are those among whom it chooses; none: every investigator and
	// administrator who has an e-mail, which programs have not.
	MemberIDs []ID `json:"members,omitempty"`
	// Skills are those that all of whom it chooses must have.
	Skills []string `json:"skills,omitempty"`
}

// AssignmentPolicy is a way to choose one of those who can take a case.
type AssignmentPolicy string

// The policies.
const (
	AssignRoundRobin  AssignmentPolicy = "ROUND_ROBIN"  // the next after who was chosen last
	AssignLeastLoaded AssignmentPolicy = "LEAST_LOADED" // who has the fewest open cases
	AssignCreator     AssignmentPolicy = "CREATOR"      // who opened the case
	AssignRelated     AssignmentPolicy = "RELATED"      // who has most of the open cases that are related
)

// AssignmentPolicies are all of them.
var AssignmentPolicies = []AssignmentPolicy{AssignRoundRobin, AssignLeastLoaded, AssignCreator, AssignRelated}

// MarshalGQL writes the enum value.
func (p AssignmentPolicy) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(p))) }

// UnmarshalGQL reads an enum value.
func (p *AssignmentPolicy) UnmarshalGQL(v any) error { return readEnum(p, v, AssignmentPolicies) }
