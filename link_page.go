package casegraph

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// LinkRequest asks for the links of some nodes: the one primitive under every
// traversal.
type LinkRequest struct {
	IDs       []ID
	Direction Direction  // "" is BOTH
	Kinds     []LinkKind // none: every kind but ABOUT
	FarKinds  []Kind     // none: every kind
	// Since and Until keep the links that held then: last seen at or after
	// Since and first seen at or before Until; 0 is no bound. A link of unknown
	// time is kept only if there is no bound. The degree ignores both.
	Since, Until Time
	// AsOf asks for the links as they were recorded by then; 0 is now. Degrees,
	// and with them hubs, classes and the mask are today's; so are the times and
	// counts of HAS links, since the past sums are not kept.
	AsOf Seq
	// DegreeOnly asks for classes and degrees: no node gives links, and none is a
	// hub.
	DegreeOnly bool
	// Cap is how many links a node gives at most; 0 is DefaultLinkCap.
	Cap       int
	HubLimits HubLimits
	Mask      Mask
	// After goes on behind a link, for the nodes it names.
	After map[ID]LinkCursor
}

// Bounds of a LinkRequest.
const (
	DefaultLinkCap = 50
	MaxLinkCap     = 10_000
	MaxLinkIDs     = 10_000
)

// HubLimits says from which degree on a node proves nothing and gives no
// links. 0 is no limit; a class that is not named has the Default.
type HubLimits struct {
	Default int
	ByClass map[Class]int
}

// Of is the limit of a class.
func (h HubLimits) Of(class Class) int {
	if limit, ok := h.ByClass[class]; ok {
		return limit
	}
	return h.Default
}

// Hop is a link as one of its ends sees it.
type Hop struct {
	Link     *Link
	Far      ID
	FarClass Class
	Out      bool
	// summed is set where the link tells the sum of a past moment; then placed
	// is the last sighting by which it stands in the order.
	summed bool
	placed Time
}

// LinkPage is what one node answers to a LinkRequest.
type LinkPage struct {
	// Class is the node's own.
	Class Class
	// Degree counts the node's links of the wanted direction, kinds and far
	// kinds that the asker may see, whatever the window, cap and limit.
	Degree int
	// Hub is set if the degree is past the limit; then Hops is empty.
	Hub bool
	// Hops come in the total order: newest last seen first, then by far id,
	// kind, direction (out first) and key.
	Hops []Hop
	// More is set if the cap cut the list.
	More bool
}

// LinkCursor is a place in a node's links: the five words of the total order.
type LinkCursor struct {
	LastSeen Time     `json:"t"`
	Far      ID       `json:"f"`
	Kind     LinkKind `json:"k"`
	Out      bool     `json:"o,omitempty"`
	Key      string   `json:"y,omitempty"`
}

// Cursor is the hop's place.
func (h Hop) Cursor() LinkCursor {
	c := LinkCursor{LastSeen: h.Link.LastSeen, Far: h.Far, Kind: h.Link.Kind, Out: h.Out, Key: h.Link.Key}
	if h.summed {
		c.LastSeen = h.placed
	}
	return c
}

// Compare orders hops totally.
func (c LinkCursor) Compare(d LinkCursor) int {
	if c.LastSeen != d.LastSeen {
		return cmp.Compare(d.LastSeen, c.LastSeen)
	}
	if c.Far != d.Far {
		return strings.Compare(string(c.Far), string(d.Far))
	}
	if c.Kind != d.Kind {
		return cmp.Compare(c.Kind.Number(), d.Kind.Number())
	}
	if c.Out != d.Out {
		if c.Out {
			return -1
		}
		return 1
	}
	return strings.Compare(c.Key, d.Key)
}

// WantedKinds is Kinds, or the kinds that none stands for.
func (r *LinkRequest) WantedKinds() []LinkKind {
	if len(r.Kinds) > 0 {
		return r.Kinds
	}
	all := LinkKinds()
	return all[:len(all)-1]
}

// WantsOut and WantsIn read the direction.
func (r *LinkRequest) WantsOut() bool { return r.Direction != DirectionIn }

// WantsIn tells whether links that come in are wanted.
func (r *LinkRequest) WantsIn() bool { return r.Direction != DirectionOut }

// Sees tells whether a far node of the class is wanted and not masked. It is
// the only place where a mask meets a link.
func (r *LinkRequest) Sees(far Class) bool {
	return !r.Mask.Hides(far) && (len(r.FarKinds) == 0 || slices.Contains(r.FarKinds, far.Kind()))
}

// Page masks, filters, orders and caps a node's links. Both engines answer
// through it, so that they answer alike. hops are all live links of the node
// in the wanted direction and kinds, in any order, and may be reordered.
func (r *LinkRequest) Page(id ID, class Class, degree int, hops []Hop) LinkPage {
	page := LinkPage{Class: class, Degree: degree}
	if page.Hub = r.past(class, degree); page.Hub || r.DegreeOnly {
		return page
	}
	after, goingOn := r.After[id]
	kept := hops[:0]
	for _, hop := range hops {
		hop.Link.AsOf = r.AsOf
		if r.keeps(&hop) && (!goingOn || hop.Cursor().Compare(after) > 0) {
			kept = append(kept, hop)
		}
	}
	slices.SortFunc(kept, func(a, b Hop) int { return a.Cursor().Compare(b.Cursor()) })
	limit := r.limit()
	if len(kept) > limit {
		kept, page.More = kept[:limit:limit], true
	}
	if len(kept) > 0 { // none is nil, however the list was made
		page.Hops = kept
	}
	return page
}

// Cut is the Page of links that stand in the total order already, and of which
// other requests are answered, too: it leaves them as they are. Where none is
// left out the page shares their memory.
func (r *LinkRequest) Cut(id ID, class Class, degree int, hops []Hop) LinkPage {
	page := LinkPage{Class: class, Degree: degree}
	if page.Hub = r.past(class, degree); page.Hub || r.DegreeOnly {
		return page
	}
	all := degree == len(hops) && r.Since == 0 && r.Until == 0 // none is left out
	if after, goingOn := r.After[id]; goingOn {
		behind, _ := slices.BinarySearchFunc(hops, after, func(hop Hop, c LinkCursor) int {
			if hop.Cursor().Compare(c) <= 0 {
				return -1
			}
			return 1
		})
		hops = hops[behind:]
	}
	limit := r.limit()
	var kept []Hop
	if all {
		kept = hops[:min(limit, len(hops)):min(limit, len(hops))]
		page.More = len(hops) > limit
	} else {
		kept, page.More = r.first(limit, hops)
	}
	if len(kept) > 0 {
		page.Hops = kept
	}
	return page
}

// first are the first of the wanted links, and whether there are more.
func (r *LinkRequest) first(limit int, hops []Hop) (kept []Hop, more bool) {
	for i := range hops {
		if !r.keeps(&hops[i]) {
			continue
		}
		if len(kept) == limit {
			return kept, true
		}
		if kept == nil {
			kept = make([]Hop, 0, min(limit, len(hops)-i))
		}
		kept = append(kept, hops[i])
	}
	return kept, false
}

// limit is the cap.
func (r *LinkRequest) limit() int {
	if r.Cap == 0 {
		return DefaultLinkCap
	}
	return r.Cap
}

// past tells whether a node is past its hub limit.
func (r *LinkRequest) past(class Class, degree int) bool {
	limit := r.HubLimits.Of(class)
	return !r.DegreeOnly && limit > 0 && degree > limit
}

// keeps tells whether a link is of those wanted, wherever in the order.
func (r *LinkRequest) keeps(hop *Hop) bool { return r.Sees(hop.FarClass) && r.held(hop.Link) }

// Join is one page of several nodes' lists that have no link in common, in the
// same order: the first of them all.
func (r *LinkRequest) Join(pages []LinkPage) LinkPage {
	var joined LinkPage
	for _, page := range pages {
		joined.Degree += page.Degree
		joined.More = joined.More || page.More
		joined.Hops = append(joined.Hops, page.Hops...)
	}
	slices.SortFunc(joined.Hops, func(a, b Hop) int { return a.Cursor().Compare(b.Cursor()) })
	if limit := r.limit(); len(joined.Hops) > limit {
		joined.Hops, joined.More = joined.Hops[:limit], true
	}
	return joined
}

// HideFields takes the fields from the links of pages, if the asker sees none.
// Every store ends with it. Links and lists that others may share stay as they
// are.
func (r *LinkRequest) HideFields(pages map[ID]LinkPage) {
	if !r.Mask.HidesFields() {
		return
	}
	for id, page := range pages {
		shared := true
		for i := range page.Hops {
			if len(page.Hops[i].Link.Fields) == 0 {
				continue
			}
			if shared {
				page.Hops, shared = slices.Clone(page.Hops), false
			}
			bare := *page.Hops[i].Link
			bare.Fields = nil
			page.Hops[i].Link = &bare
		}
		pages[id] = page
	}
}

func (r *LinkRequest) held(l *Link) bool {
	if r.Since != 0 && (l.LastSeen == 0 || l.LastSeen < r.Since) {
		return false
	}
	return r.Until == 0 || (l.FirstSeen != 0 && l.FirstSeen <= r.Until)
}

// Check refuses a request that is out of bounds.
func (r *LinkRequest) Check() error {
	switch {
	case r.AsOf < 0:
		return BadInput("asOf: at least 1")
	case r.Cap < 0 || r.Cap > MaxLinkCap:
		return BadInput("cap: at most %d links a node", MaxLinkCap)
	case len(r.IDs) > MaxLinkIDs:
		return BadInput("ids: at most %d nodes a call", MaxLinkIDs)
	}
	return nil
}

// linked is what EveryHop reads.
type linked interface {
	Links(ctx context.Context, r LinkRequest) (map[ID]LinkPage, error)
}

// EveryHop reads all links that are asked for, Cap of a node at a time, and
// gives each call's pages to a function, which may keep them.
func EveryHop(ctx context.Context, store linked, r LinkRequest, each func(map[ID]LinkPage) error) error {
	for len(r.IDs) > 0 {
		pages, err := store.Links(ctx, r)
		if err != nil {
			return err
		}
		if err := each(pages); err != nil {
			return err
		}
		r.IDs, r.After = nil, map[ID]LinkCursor{}
		for id, page := range pages {
			if page.More {
				r.IDs = append(r.IDs, id)
				r.After[id] = page.Hops[len(page.Hops)-1].Cursor()
			}
		}
	}
	return nil
}
