package cachedstore

import (
	"cmp"
	"context"

	"casegraph"
)

// Links answers from the lists that are kept, and asks the store within for
// the rest. A list is kept whole and unmasked, so it serves every mask, window
// and cap. Callers must not change the links.
func (s *Store) Links(ctx context.Context, r casegraph.LinkRequest) (map[casegraph.ID]casegraph.LinkPage, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v, keepable := viewOf(&r)
	if !keepable || r.AsOf != 0 || s.links == nil || s.deaf() {
		return s.Store.Links(ctx, r)
	}
	began := s.drops.now()
	a := linkAnswer{request: &r, view: v, longest: s.longest, pages: make(map[casegraph.ID]casegraph.LinkPage, len(r.IDs))}
	for i, list := range s.links.of(r.IDs, v.which) {
		a.take(r.IDs[i], list)
	}
	s.linkHits.Add(int64(len(a.pages)))
	s.linkMisses.Add(int64(len(a.unread) + len(a.long)))
	if len(a.unread) > 0 {
		if err := s.readLists(ctx, &a, began); err != nil {
			return nil, err
		}
	}
	if len(a.long) > 0 {
		if err := s.passOn(ctx, &a, began); err != nil {
			return nil, err
		}
	}
	r.HideFields(a.pages)
	return a.pages, nil
}

// readLists reads the whole lists of nodes, save what is longer than the
// asker's hub limit or than is kept.
func (s *Store) readLists(ctx context.Context, a *linkAnswer, began uint64) error {
	pages, err := s.Store.Links(ctx, casegraph.LinkRequest{IDs: a.unread, Direction: a.request.Direction,
		Kinds: a.request.Kinds, Cap: s.longest, HubLimits: a.keptLimits()})
	if err != nil {
		return err
	}
	for id, page := range pages {
		list := listOf(a.view.which, &page)
		if !a.from(id, list) {
			a.long = append(a.long, id)
		}
		s.drops.unlessDropped(id, began, func() { s.links.keep(id, list) })
	}
	return nil
}

// passOn has the store within answer for nodes whose lists are too long to be
// kept, and keeps what it saw of them.
func (s *Store) passOn(ctx context.Context, a *linkAnswer, began uint64) error {
	r := *a.request
	r.IDs = a.long
	pages, err := s.Store.Links(ctx, r)
	if err != nil {
		return err
	}
	for id, page := range pages {
		a.pages[id] = page
		seen := sightOf(id, a.view, &r, &page, s.longest)
		s.drops.unlessDropped(id, began, func() { s.links.keepSight(id, page.Class, seen) })
	}
	return nil
}

// linkAnswer is the answer to a LinkRequest in the making.
type linkAnswer struct {
	request *casegraph.LinkRequest
	view    view
	longest int // of the lists that are kept
	pages   map[casegraph.ID]casegraph.LinkPage
	unread  []casegraph.ID // whose lists are to be read
	long    []casegraph.ID // whose lists are too long to be kept
}

// take answers for a node from its list, or notes what has to be read.
func (a *linkAnswer) take(id casegraph.ID, l *linkList) {
	switch {
	case l != nil && a.from(id, l):
	case a.tooLong(l):
		a.long = append(a.long, id)
	default:
		a.unread = append(a.unread, id)
	}
}

func (a *linkAnswer) tooLong(l *linkList) bool {
	if a.request.DegreeOnly {
		return true // a whole list would be read in vain
	}
	return l != nil && l.length > a.keptLimit(a.request.HubLimits.Of(l.class))
}

// keptLimits are the asker's hub limits, but for lists that are too long.
func (a *linkAnswer) keptLimits() casegraph.HubLimits {
	limits := a.request.HubLimits
	clipped := casegraph.HubLimits{Default: a.keptLimit(limits.Default), ByClass: make(map[casegraph.Class]int, len(limits.ByClass))}
	for class, limit := range limits.ByClass {
		clipped.ByClass[class] = a.keptLimit(limit)
	}
	return clipped
}

// keptLimit is a hub limit, but for lists that are too long: to be kept, or to
// be read for somebody who wants a few of their links.
func (a *linkAnswer) keptLimit(limit int) int {
	longest := min(a.longest, 4*cmp.Or(a.request.Cap, casegraph.DefaultLinkCap))
	if limit == 0 {
		return longest
	}
	return min(limit, longest)
}

// from answers for a node, if its list can tell.
func (a *linkAnswer) from(id casegraph.ID, l *linkList) bool {
	if a.request.Mask.Hides(l.class) {
		return true
	}
	page, told := l.page(id, a.request, a.view)
	if told {
		a.pages[id] = page
	}
	return told
}
