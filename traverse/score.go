package traverse

import (
	"math"
	"strings"

	"casegraph"
)

// RelatedReason is one thing that a case, or an account, shares with the node asked about, and
// the path that shows it. Its score is the product of its factors, each from 0
// to 1.
type RelatedReason struct {
	Score float64
	// Rarity is 1/log2(n) for each identifier on the path, n being the
	// accounts that have it: 1 for two, 0.5 for four, 0.18 for fifty. A path
	// without identifiers has 1/log2(n) once, n being the cases (or accounts)
	// that meet in what it shares, the one asked about among them.
	Rarity float64
	// Recency halves with each year since the path last held, which is when
	// the hop was last seen that was seen longest ago; 0.5 if no hop's time is
	// known.
	Recency float64
	// Nearness is 1/hops.
	Nearness float64
	Path     Path
}

// year is a mean one, in milliseconds.
const year = 365.25 * 24 * 60 * 60 * 1000

// sharedKey names what a path shares: its identifiers; if it has none its
// accounts; if it has none its other nodes between the ends. Paths with the
// same key are one reason: three objects of an account show it no better than
// one.
func sharedKey(path Path) string {
	between := path.Nodes[1 : len(path.Nodes)-1]
	for _, wanted := range []casegraph.Kind{casegraph.KindIdentifier, casegraph.KindAccount} {
		var shared []string
		for _, id := range between {
			if kind, _ := casegraph.KindOf(id); kind == wanted {
				shared = append(shared, string(id))
			}
		}
		if len(shared) > 0 {
			return strings.Join(shared, " ")
		}
	}
	all := make([]string, len(between))
	for i, id := range between {
		all[i] = string(id)
	}
	return strings.Join(all, " ")
}

// reason weighs paths that share the same and takes the one seen last; among
// equals the first.
func (s *relatedSearch) reason(paths []Path, meeting int) RelatedReason {
	best := RelatedReason{Rarity: s.rarity(paths[0], meeting), Nearness: 1 / float64(len(paths[0].Hops)),
		Recency: s.recency(paths[0]), Path: paths[0]}
	for _, path := range paths[1:] {
		if recency := s.recency(path); recency > best.Recency {
			best.Recency, best.Path = recency, path
		}
	}
	best.Score = best.Rarity * best.Recency * best.Nearness
	return best
}

func (s *relatedSearch) rarity(path Path, meeting int) float64 {
	rarity, identifiers := 1.0, 0
	for _, id := range path.Nodes[1 : len(path.Nodes)-1] {
		if kind, _ := casegraph.KindOf(id); kind == casegraph.KindIdentifier {
			rarity *= rarityOf(s.flood.degree[id])
			identifiers++
		}
	}
	if identifiers == 0 && len(path.Hops) > 1 {
		rarity = rarityOf(meeting)
	}
	return rarity
}

func rarityOf(n int) float64 { return 1 / math.Log2(float64(max(2, n))) }

func (s *relatedSearch) recency(path Path) float64 {
	var held casegraph.Time
	for _, hop := range path.Hops {
		// The links of a hop come newest first.
		if seen := hop.Links[0].LastSeen; seen != 0 && (held == 0 || seen < held) {
			held = seen
		}
	}
	return recencyOf(held, s.query.Now)
}

// recencyOf halves with each year since something held; 0.5 if that is not
// known. Without a time to count from it is 1.
func recencyOf(held, now casegraph.Time) float64 {
	switch {
	case now == 0:
		return 1
	case held == 0:
		return 0.5
	}
	return math.Exp2(-float64(max(0, now-held)) / year)
}
