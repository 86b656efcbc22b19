package ingest

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"

	"casegraph"
	"casegraph/identity"
)

// Export writes what Import reads: all objects with whose they are and what
// they show, cases with what they contain, relations of accounts and of cases,
// and risk marks of nodes. Comments, what is said of links, users, keys and the log are not in it. It gives the number
// of rows written.
func Export(ctx context.Context, store casegraph.Store, to io.Writer) (rows int, err error) {
	e := &exporter{ctx: ctx, store: store, encoder: json.NewEncoder(to)}
	e.encoder.SetEscapeHTML(false)
	for _, kind := range everyone {
		if err := e.kind(kind); err != nil {
			return e.rows, err
		}
	}
	// Relations and marks last: by then all that they name has rows of its own.
	for _, kind := range []casegraph.Kind{casegraph.KindAccount, casegraph.KindCase} {
		if err := e.relations(kind); err != nil {
			return e.rows, err
		}
	}
	for _, kind := range marked {
		if err := e.risks(kind); err != nil {
			return e.rows, err
		}
	}
	return e.rows, nil
}

type exporter struct {
	ctx     context.Context
	store   casegraph.Store
	encoder *json.Encoder
	rows    int
}

func (e *exporter) write(row *Row) error {
	e.rows++
	return e.encoder.Encode(row)
}

// pages lists all nodes of a kind.
func (e *exporter) pages(kind casegraph.Kind, each func([]casegraph.Node) error) error {
	return e.pagesOf(casegraph.ListRequest{Kind: kind}, each)
}

func (e *exporter) pagesOf(request casegraph.ListRequest, each func([]casegraph.Node) error) error {
	request.First = casegraph.MaxPage
	for {
		page, err := e.store.List(e.ctx, request)
		if err != nil || len(page.Nodes) == 0 {
			return err
		}
		if err := each(page.Nodes); err != nil || !page.More {
			return err
		}
		place := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], request.OrderBy)
		request.After = &place
	}
}

// links are all links of kinds that go out of nodes, and the nodes at their ends.
func (e *exporter) links(nodes []casegraph.Node, kinds ...casegraph.LinkKind) (map[casegraph.ID][]*casegraph.Link, map[casegraph.ID]casegraph.Node, error) {
	request := casegraph.LinkRequest{Direction: casegraph.DirectionOut, Kinds: kinds, Cap: casegraph.MaxLinkCap}
	for _, n := range nodes {
		request.IDs = append(request.IDs, n.Head().ID)
	}
	all := map[casegraph.ID][]*casegraph.Link{}
	ends := map[casegraph.ID]bool{}
	for len(request.IDs) > 0 {
		pages, err := e.store.Links(e.ctx, request)
		if err != nil {
			return nil, nil, err
		}
		request.IDs, request.After = nil, map[casegraph.ID]casegraph.LinkCursor{}
		for id, page := range pages {
			for _, hop := range page.Hops {
				all[id] = append(all[id], hop.Link)
				ends[hop.Far] = true
			}
			if page.More {
				request.IDs = append(request.IDs, id)
				request.After[id] = page.Hops[len(page.Hops)-1].Cursor()
			}
		}
	}
	far, err := e.nodes(slices.Collect(maps.Keys(ends)))
	return all, far, err
}

func (e *exporter) nodes(ids []casegraph.ID) (map[casegraph.ID]casegraph.Node, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return e.store.Nodes(e.ctx, casegraph.NodesRequest{IDs: ids})
}

func (e *exporter) kind(kind casegraph.Kind) error {
	return e.pages(kind, func(nodes []casegraph.Node) error {
		if kind == casegraph.KindCase {
			return e.cases(nodes)
		}
		links, far, err := e.links(nodes, casegraph.LinkOf, casegraph.LinkShows)
		if err != nil {
			return err
		}
		for _, n := range nodes {
			if err := e.object(n, links[n.Head().ID], far); err != nil {
				return err
			}
		}
		return nil
	})
}

// object writes an object's row, and rows of their own for the links of which
// it can't say all.
func (e *exporter) object(n casegraph.Node, links []*casegraph.Link, far map[casegraph.ID]casegraph.Node) error {
	object := n.(interface{ External() *casegraph.Object }).External()
	row := Row{Node: n.Kind(), ID: object.ID, Source: object.Source, ReferenceID: object.ReferenceID, Attributes: attributesOf(n, object)}
	var more []Row
	for _, l := range links {
		sameSource := l.Source == object.Source
		if l.Kind == casegraph.LinkOf {
			owner := Owner{Ref: refOf(far[l.To]), Role: l.Key}
			if sameSource {
				row.Of = appended(row.Of, owner)
			}
			if !sameSource || !e.datedBy(object, l) {
				more = append(more, ownRow(l, refOf(n), Row{To: &owner.Ref, Role: l.Key}))
			}
			continue
		}
		identifier, ok := far[l.To].(*casegraph.Identifier)
		if !ok || identifier.IdentifierKind == network && showsIP(links, far) {
			continue // its IP brings it
		}
		for i, raw := range l.Raw {
			sight := Sight{Kind: identifier.IdentifierKind, Value: raw, Confidence: l.Confidence}
			if sameSource {
				row.Shows = appended(row.Shows, sight)
			}
			if !sameSource || i == 0 && !e.datedBy(object, l) {
				more = append(more, ownRow(l, refOf(n), Row{Identifier: &sight}))
			}
		}
	}
	row.Shows, row.Fields = placeholdersShown(row.Shows, row.Fields)
	for i := range more {
		if more[i].Source == "" {
			more[i].Source = object.Source
		}
	}
	for _, r := range append([]Row{row}, more...) {
		if err := e.write(&r); err != nil {
			return err
		}
	}
	return nil
}

const network = casegraph.IdentifierKind(identity.Network)

func showsIP(links []*casegraph.Link, far map[casegraph.ID]casegraph.Node) bool {
	return slices.ContainsFunc(links, func(l *casegraph.Link) bool {
		identifier, ok := far[l.To].(*casegraph.Identifier)
		return ok && identifier.IdentifierKind == casegraph.IdentifierKind(identity.IP)
	})
}

// datedBy tells whether the object's own row gives the link as it is.
func (*exporter) datedBy(object *casegraph.Object, l *casegraph.Link) bool {
	return l.FirstSeen == object.At && l.LastSeen == object.At && l.Count <= 1
}

func appended[T any](list *[]T, element T) *[]T {
	if list == nil {
		list = &[]T{}
	}
	*list = append(*list, element)
	return list
}

// ownRow is a link's own row.
func ownRow(l *casegraph.Link, from Ref, row Row) Row {
	row.Link, row.Source, row.From = l.Kind, l.Source, &from
	row.FirstSeen, row.LastSeen, row.Count = Moment(l.FirstSeen), Moment(l.LastSeen), l.Count
	return row
}

func refOf(n casegraph.Node) Ref {
	if c, ok := n.(*casegraph.Case); ok {
		return Ref{Kind: casegraph.KindCase, ID: c.ID, Source: cmp.Or(c.Source, elsewhere), ReferenceID: c.Number}
	}
	object, ok := n.(interface{ External() *casegraph.Object })
	if !ok {
		return Ref{}
	}
	o := object.External()
	return Ref{Kind: n.Kind(), ID: o.ID, Source: o.Source, ReferenceID: o.ReferenceID}
}

// placeholdersShown moves the placeholders back from the fields to what is shown.
func placeholdersShown(shows *[]Sight, fields casegraph.Fields) (*[]Sight, casegraph.Fields) {
	kept := keptPlaceholders(fields)
	if len(kept) == 0 {
		return shows, fields
	}
	for _, kind := range slices.Sorted(maps.Keys(kept)) {
		for _, value := range kept[kind] {
			shows = appended(shows, Sight{Kind: casegraph.IdentifierKind(kind), Value: value})
		}
	}
	without, err := fields.Patched(casegraph.Fields(`{"` + placeholdersField + `":null}`))
	if err != nil {
		return shows, fields
	}
	return shows, without
}

// attributesOf is the opposite of apply.
func attributesOf(n casegraph.Node, object *casegraph.Object) Attributes {
	a := Attributes{At: Moment(object.At), Status: given(object.Status), Note: given(object.Note), Fields: object.Fields}
	if len(object.Tags) > 0 {
		a.Tags = &object.Tags
	}
	switch n := n.(type) {
	case *casegraph.Account:
		a.AccountType, a.Name = given(n.AccountType), given(n.Name)
	case *casegraph.Inquiry:
		a.Template, a.DecidedAt = given(n.Template), Moment(n.DecidedAt)
	case *casegraph.Report:
		a.ReportType, a.HasMatch = given(n.ReportType), n.HasMatch
	case *casegraph.Transaction:
		a.TransactionType, a.Currency = given(n.TransactionType), given(n.Currency)
		if n.Amount != "" {
			amount := Amount(n.Amount)
			a.Amount = &amount
		}
	case *casegraph.Session:
		a.IP, a.Device, a.UserAgent = given(n.IP), given(n.Device), given(n.UserAgent)
		a.Country, a.Place = given(n.Country), given(n.Place)
	}
	return a
}

func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// elsewhere is the source of what was made here, for those who bring it in.
const elsewhere = "casegraph"

func (e *exporter) cases(nodes []casegraph.Node) error {
	links, far, err := e.links(nodes, casegraph.LinkContains)
	if err != nil {
		return err
	}
	var people []casegraph.ID
	for _, n := range nodes {
		c := n.(*casegraph.Case)
		for _, id := range []casegraph.ID{c.AssigneeID, c.CreatorID, c.ResolverID} {
			if id != "" {
				people = append(people, id)
			}
		}
	}
	email, err := e.emails(people)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		c := n.(*casegraph.Case)
		row := Row{Node: casegraph.KindCase, ID: c.ID, Source: c.Source, ReferenceID: c.Number, Attributes: Attributes{
			Title: &c.Title, CaseType: given(c.CaseType), Status: given(c.Status), Resolution: given(c.Resolution),
			Description: given(c.Description), Assignee: email(c.AssigneeID), Creator: email(c.CreatorID), Resolver: email(c.ResolverID),
			AssignedAt: Moment(c.AssignedAt), ResolvedAt: Moment(c.ResolvedAt), Fields: c.Fields}}
		row.Source = cmp.Or(row.Source, elsewhere)
		if len(c.Tags) > 0 {
			row.Tags = &c.Tags
		}
		if c.Restricted {
			row.Restricted = &c.Restricted
		}
		for _, l := range links[c.ID] {
			row.Contains = append(row.Contains, Content{Ref: refOf(far[l.To]), Role: l.Role, Reason: l.Reason})
		}
		if err := e.write(&row); err != nil {
			return err
		}
	}
	return nil
}

// relations writes the links between two nodes of the kind.
func (e *exporter) relations(kind casegraph.Kind) error {
	return e.pages(kind, func(nodes []casegraph.Node) error {
		links, far, err := e.links(nodes, casegraph.LinkRelated, casegraph.LinkSameAs, casegraph.LinkRelatesTo)
		if err != nil {
			return err
		}
		for _, n := range nodes {
			for _, l := range links[n.Head().ID] {
				to := refOf(far[l.To])
				row := ownRow(l, refOf(n), Row{To: &to, Key: l.Key, Confidence: l.Confidence, State: l.State, Score: l.Score,
					Reason: l.Reason, Attributes: Attributes{Fields: l.Fields}})
				row.Source = cmp.Or(row.Source, elsewhere)
				if err := e.write(&row); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// emails reads users, and gives each one's e-mail; nil for nobody.
func (e *exporter) emails(people []casegraph.ID) (func(casegraph.ID) *string, error) {
	users, err := e.nodes(people)
	return func(id casegraph.ID) *string {
		if user, ok := users[id].(*casegraph.User); ok {
			return given(user.Email)
		}
		return nil
	}, err
}

// marked are the kinds of nodes that may have risk marks.
var marked = append(slices.Clone(everyone), casegraph.KindIdentifier)

// risks writes the risk marks of a kind's nodes.
func (e *exporter) risks(kind casegraph.Kind) error {
	isMarked := casegraph.Filter{Path: "risk.level", Op: casegraph.OpExists, Value: true}
	return e.pagesOf(casegraph.ListRequest{Kind: kind, Filter: isMarked}, func(nodes []casegraph.Node) error {
		var people []casegraph.ID
		for _, n := range nodes {
			if by := n.Head().Risk.By; by != "" {
				people = append(people, by)
			}
		}
		email, err := e.emails(people)
		if err != nil {
			return err
		}
		for _, n := range nodes {
			mark := n.Head().Risk
			row := Row{Risk: mark.Level, Reason: mark.Reason, By: email(mark.By), ExpiresAt: Moment(mark.ExpiresAt),
				Attributes: Attributes{At: Moment(mark.At)}}
			if identifier, ok := n.(*casegraph.Identifier); ok {
				row.Identifier = &Sight{Kind: identifier.IdentifierKind, Value: identifier.Value}
			} else {
				on := refOf(n)
				row.On = &on
			}
			if err := e.write(&row); err != nil {
				return err
			}
		}
		return nil
	})
}
