package ingest

import (
	"context"
	"encoding/json"
	"io"

	"casegraph"
)

// exported are the kinds of nodes that are written, in an order in which each
// finds what it names.
var exported = []casegraph.Kind{casegraph.KindAccount, casegraph.KindInquiry, casegraph.KindReport,
	casegraph.KindTransaction, casegraph.KindSession, casegraph.KindCase}

// Export writes objects with their owners and evidence, relations and cases as
// NDJSON rows that Import reads, in the order in which they were recorded, and
// tells how many. Users, keys, comments and the log are not among them.
func Export(ctx context.Context, store casegraph.Store, to io.Writer) (rows int, err error) {
	out := exporter{ctx: ctx, store: store, json: json.NewEncoder(to)}
	for _, kind := range exported {
		ask := casegraph.ListRequest{Kind: kind, First: casegraph.MaxPage}
		for {
			page, err := store.List(ctx, ask)
			if err != nil {
				return out.rows, err
			}
			if err := out.page(page.Nodes); err != nil {
				return out.rows, err
			}
			if !page.More {
				break
			}
			place := casegraph.PlaceOf(page.Nodes[len(page.Nodes)-1], casegraph.ByCreated)
			ask.After = &place
		}
	}
	return out.rows, nil
}

type exporter struct {
	ctx   context.Context
	store casegraph.Store
	json  *json.Encoder
	rows  int
}

func (x *exporter) write(row Row) error {
	x.rows++
	return x.json.Encode(row)
}

func (x *exporter) page(nodes []casegraph.Node) error {
	hops, err := x.hops(nodes)
	if err != nil {
		return err
	}
	far, err := x.far(hops)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		links := hops[n.Head().ID]
		if err := x.write(rowOf(n, links, far)); err != nil {
			return err
		}
		for _, hop := range links {
			if hop.Link.Kind != casegraph.LinkRelated {
				continue
			}
			if err := x.write(relationRow(hop.Link)); err != nil {
				return err
			}
		}
	}
	return nil
}

// hops are all links that go out of the nodes and that rows tell.
func (x *exporter) hops(nodes []casegraph.Node) (map[casegraph.ID][]casegraph.Hop, error) {
	hops := map[casegraph.ID][]casegraph.Hop{}
	ask := casegraph.LinkRequest{Direction: casegraph.DirectionOut, Cap: casegraph.MaxLinkCap, After: map[casegraph.ID]casegraph.LinkCursor{},
		Kinds: []casegraph.LinkKind{casegraph.LinkOf, casegraph.LinkShows, casegraph.LinkRelated, casegraph.LinkContains}}
	for _, n := range nodes {
		ask.IDs = append(ask.IDs, n.Head().ID)
	}
	for len(ask.IDs) > 0 {
		pages, err := x.store.Links(x.ctx, ask)
		if err != nil {
			return nil, err
		}
		ask.IDs = nil
		for id, page := range pages {
			hops[id] = append(hops[id], page.Hops...)
			if page.More {
				ask.IDs = append(ask.IDs, id)
				ask.After[id] = page.Hops[len(page.Hops)-1].Cursor()
			}
		}
	}
	return hops, nil
}

func (x *exporter) far(hops map[casegraph.ID][]casegraph.Hop) (map[casegraph.ID]casegraph.Node, error) {
	var ids []casegraph.ID
	for _, links := range hops {
		for _, hop := range links {
			if hop.Link.Kind == casegraph.LinkShows {
				ids = append(ids, hop.Far)
			}
		}
	}
	return x.store.Nodes(x.ctx, casegraph.NodesRequest{IDs: ids})
}

func rowOf(n casegraph.Node, hops []casegraph.Hop, far map[casegraph.ID]casegraph.Node) Row {
	row := Row{Node: n.Kind(), ID: n.Head().ID}
	if c, isCase := n.(*casegraph.Case); isCase {
		return caseRow(row, c, hops)
	}
	row.Attributes = objectAttributes(n)
	object := n.(interface{ External() *casegraph.Object }).External()
	row.Source, row.ReferenceID = object.Source, object.ReferenceID
	owners, sights := []Owner{}, []Sight{}
	for _, hop := range hops {
		switch hop.Link.Kind {
		case casegraph.LinkOf:
			owners = append(owners, Owner{Ref: Ref{ID: hop.Far}, Role: hop.Link.Key})
		case casegraph.LinkShows:
			identifier, _ := far[hop.Far].(*casegraph.Identifier)
			if identifier == nil {
				continue
			}
			forms := hop.Link.Raw
			if len(forms) == 0 {
				forms = []string{identifier.Value}
			}
			for _, raw := range forms {
				sights = append(sights, Sight{Kind: identifier.IdentifierKind, Value: raw, Confidence: hop.Link.Confidence})
			}
		}
	}
	if n.Kind() != casegraph.KindAccount {
		row.Of = &owners
	}
	row.Shows = &sights
	return row
}

func objectAttributes(n casegraph.Node) Attributes {
	object := n.(interface{ External() *casegraph.Object }).External()
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
		a.IP, a.Device, a.UserAgent, a.Country, a.Place = given(n.IP), given(n.Device), given(n.UserAgent), given(n.Country), given(n.Place)
	}
	return a
}

func caseRow(row Row, c *casegraph.Case, hops []casegraph.Hop) Row {
	row.Source, row.ReferenceID = c.Source, c.Number
	if row.Source == "" {
		row.Source = "casegraph"
	}
	row.Attributes = Attributes{Status: given(c.Status), Title: given(c.Title), CaseType: given(c.CaseType), Resolution: given(c.Resolution),
		Description: given(c.Description), AssignedAt: Moment(c.AssignedAt), ResolvedAt: Moment(c.ResolvedAt), Fields: c.Fields}
	if len(c.Tags) > 0 {
		row.Tags = &c.Tags
	}
	for _, hop := range hops {
		if hop.Link.Kind == casegraph.LinkContains {
			row.Contains = append(row.Contains, Content{Ref: Ref{ID: hop.Far}, Role: hop.Link.Role, Reason: hop.Link.Reason})
		}
	}
	return row
}

func relationRow(l *casegraph.Link) Row {
	return Row{Link: l.Kind, Source: l.Source, From: &Ref{ID: l.From}, To: &Ref{ID: l.To}, Key: l.Key, FirstSeen: Moment(l.FirstSeen),
		LastSeen: Moment(l.LastSeen), Count: l.Count, Confidence: l.Confidence, Attributes: Attributes{Fields: l.Fields}}
}

func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
