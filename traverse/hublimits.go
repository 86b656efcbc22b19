package traverse

import (
	"casegraph"
	"casegraph/identity"
)

// DefaultHubLimits are the degrees from which identifiers prove nothing, by
// their kind; one of an organisation's own kind has that of an unknown kind.
// Other nodes have none.
func DefaultHubLimits() *casegraph.HubLimits {
	limits := &casegraph.HubLimits{Default: identity.HubLimit(""), ByClass: map[casegraph.Class]int{}}
	for _, kind := range casegraph.Kinds() {
		if kind != casegraph.KindIdentifier {
			limits.ByClass[casegraph.Class(kind)] = 0
		}
	}
	limits.ByClass[(&casegraph.Case{Restricted: true}).Class()] = 0
	for _, kind := range identity.Kinds() {
		limits.ByClass[classOf(casegraph.IdentifierKind(kind))] = identity.HubLimit(kind)
	}
	return limits
}

// HubLimits are the default limits with some kinds of identifiers' replaced;
// 0 takes a limit off.
func HubLimits(byKind map[casegraph.IdentifierKind]int) *casegraph.HubLimits {
	limits := DefaultHubLimits()
	for kind, limit := range byKind {
		limits.ByClass[classOf(kind)] = limit
	}
	return limits
}

// NoHubLimits let a traversal pass through everything.
func NoHubLimits() *casegraph.HubLimits { return &casegraph.HubLimits{} }

func classOf(kind casegraph.IdentifierKind) casegraph.Class {
	return (&casegraph.Identifier{IdentifierKind: kind}).Class()
}

var defaultHubLimits = *DefaultHubLimits()

// hubLimitsOf reads a query's limits: none given are the default ones.
func hubLimitsOf(given *casegraph.HubLimits) (casegraph.HubLimits, error) {
	if given == nil {
		return defaultHubLimits, nil
	}
	if given.Default < 0 {
		return *given, casegraph.BadInput("hubLimits: a limit is 0, for none, or more")
	}
	for _, limit := range given.ByClass {
		if limit < 0 {
			return *given, casegraph.BadInput("hubLimits: a limit is 0, for none, or more")
		}
	}
	return *given, nil
}
