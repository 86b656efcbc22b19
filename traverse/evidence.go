package traverse

import (
	"context"

	"casegraph"
)

// Bounds of a query's Evidence. DefaultEvidence is for whoever shows evidence
// and was not told how much.
const (
	DefaultEvidence = 5
	MaxEvidence     = 100
)

func checkEvidence(limit int) error {
	if limit < 0 || limit > MaxEvidence {
		return casegraph.BadInput("evidence: from 0 to %d", MaxEvidence)
	}
	return nil
}

// sighting is a link and where its evidence goes.
type sighting struct {
	link *casegraph.Link
	into *[]*casegraph.Link
}

// evidence reads the SHOWS links behind the HAS links, in one call.
func (r *reader) evidence(ctx context.Context, sightings []sighting, limit int) error {
	if limit == 0 {
		return nil
	}
	links := make([]*casegraph.Link, len(sightings))
	for i, s := range sightings {
		links[i] = s.link
	}
	pairs := casegraph.Pairs(links)
	if len(pairs) == 0 {
		return nil
	}
	shows, err := r.graph.Evidence(ctx, casegraph.EvidenceRequest{Pairs: pairs, Limit: limit, AsOf: r.asOf})
	r.cost.StoreCalls++
	if err != nil {
		return err
	}
	for _, s := range sightings {
		if s.link.Kind == casegraph.LinkHas {
			*s.into = shows[s.link.Pair()]
			r.cost.Links += len(*s.into)
		}
	}
	return nil
}
