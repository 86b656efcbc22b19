package resolvers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"casegraph"
	"casegraph/api"
	"casegraph/identity"
	"casegraph/traverse"
)

// hubLimitsUnless reads the limits, unless hubs are to be passed through.
func (r *Resolver) hubLimitsUnless(ctx context.Context, throughHubs bool, given *api.HubLimits) (*casegraph.HubLimits, error) {
	if !throughHubs {
		return r.hubLimits(ctx, given)
	}
	if given != nil {
		return nil, casegraph.BadInput("throughHubs: give either throughHubs or hubLimits")
	}
	return traverse.NoHubLimits(), nil
}

// RoleLimits are the hub limits of kinds of identifiers that an organisation has
// set for a role; 0 is no limit. The others are the kinds' own.
type RoleLimits map[casegraph.Role]map[casegraph.IdentifierKind]int

// Of are the limits of whoever has a role; nil are the kinds' own.
func (l RoleLimits) Of(role casegraph.Role) *casegraph.HubLimits {
	if len(l[role]) == 0 {
		return nil
	}
	return traverse.HubLimits(l[role])
}

// usualLimits are those set for whoever asks.
func (r *Resolver) usualLimits(ctx context.Context) map[casegraph.IdentifierKind]int {
	return r.HubLimits[AskerOf(ctx).Role]
}

// hubLimits reads the limits of identifiers; other nodes have none.
func (r *Resolver) hubLimits(ctx context.Context, given *api.HubLimits) (*casegraph.HubLimits, error) {
	if given == nil {
		return r.HubLimits.Of(AskerOf(ctx).Role), nil
	}
	limits := traverse.HubLimits(r.usualLimits(ctx))
	if given.Default != nil {
		if err := checkLimit("hubLimits.default", *given.Default); err != nil {
			return nil, err
		}
		for class := range limits.ByClass {
			if class.IdentifierKind() != "" {
				limits.ByClass[class] = *given.Default
			}
		}
		limits.Default = *given.Default
	}
	named := map[casegraph.IdentifierKind]bool{}
	for i, one := range given.ByKind {
		field := fmt.Sprintf("hubLimits.byKind[%d]", i)
		if err := checkLimit(field+".limit", one.Limit); err != nil {
			return nil, err
		}
		if named[one.IdentifierKind] {
			return nil, casegraph.BadInput("%s.identifierKind: %.50q is named twice", field, one.IdentifierKind)
		}
		if err := r.checkKind(ctx, field+".identifierKind", one.IdentifierKind); err != nil {
			return nil, err
		}
		named[one.IdentifierKind] = true
		limits.ByClass[(&casegraph.Identifier{IdentifierKind: one.IdentifierKind}).Class()] = one.Limit
	}
	return limits, nil
}

func checkLimit(field string, limit int) error {
	if limit < 0 {
		return casegraph.BadInput("%s: 0, for none, or more", field)
	}
	return nil
}

// checkKind refuses a kind of identifier that is neither one of ours nor of any
// identifier that is there: a limit of a misspelt kind would limit nothing.
func (r *Resolver) checkKind(ctx context.Context, field string, kind casegraph.IdentifierKind) error {
	if slices.Contains(identity.Kinds(), identity.Kind(kind)) {
		return nil
	}
	if identity.ValidKind(identity.Kind(kind)) == nil {
		some, err := r.Store.List(ctx, casegraph.ListRequest{Kind: casegraph.KindIdentifier, OrderBy: casegraph.ByCreated, First: 1, Mask: mask(ctx),
			Filter: casegraph.Filter{Path: "identifierKind", Op: casegraph.OpEq, Value: string(kind)}})
		if err != nil || len(some.Nodes) > 0 {
			return err
		}
	}
	return casegraph.BadInput("%s: no identifier here is of the kind %.50q; there are %s, and an organisation's own of which there is an identifier",
		field, kind, strings.ReplaceAll(strings.Trim(fmt.Sprint(identity.Kinds()), "[]"), " ", ", "))
}
