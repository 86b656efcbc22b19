package casegraph

import (
	"fmt"
	"io"
	"slices"
	"strconv"
)

// RiskLevel is what somebody holds of a node.
type RiskLevel string

// The levels.
const (
	RiskKnownBad   RiskLevel = "KNOWN_BAD"  // proven: a stolen document, a mule
	RiskSuspicious RiskLevel = "SUSPICIOUS" // to be watched
	RiskTrusted    RiskLevel = "TRUSTED"    // looked at and found harmless, such as an office's address
)

// RiskLevels lists every level.
func RiskLevels() []RiskLevel { return []RiskLevel{RiskKnownBad, RiskSuspicious, RiskTrusted} }

// Valid tells whether the level exists.
func (l RiskLevel) Valid() bool { return slices.Contains(RiskLevels(), l) }

// MarshalGQL writes the enum value.
func (l RiskLevel) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(l))) }

// UnmarshalGQL reads an enum value.
func (l *RiskLevel) UnmarshalGQL(v any) error {
	*l = RiskLevel(fmt.Sprint(v))
	if !l.Valid() {
		return fmt.Errorf("%q is no RiskLevel", *l)
	}
	return nil
}

// CanBeMarked tells whether nodes of the kind may have a RiskMark: cases,
// objects and identifiers.
func (k Kind) CanBeMarked() bool {
	return k == KindCase || k == KindIdentifier || k.IsObject()
}

// RiskMark is what somebody says of a node or a link: at most one stands on it,
// the last one. It must not be changed in place.
type RiskMark struct {
	Level  RiskLevel `json:"level"`
	Reason string    `json:"reason"`
	// By is the user who set it, or "" for the system; At is when.
	By ID   `json:"by,omitempty"`
	At Time `json:"at"`
	// ExpiresAt is from when on it no longer counts; 0 is never.
	ExpiresAt Time `json:"expiresAt,omitempty"`
}

// Counts tells whether there is a mark that has not expired.
func (m *RiskMark) Counts(now Time) bool {
	return m != nil && (m.ExpiresAt == 0 || now < m.ExpiresAt)
}

// Says tells whether two marks say the same, whoever said it and when.
func (m *RiskMark) Says(other *RiskMark) bool {
	return m != nil && other != nil && m.Level == other.Level && m.Reason == other.Reason && m.ExpiresAt == other.ExpiresAt
}
