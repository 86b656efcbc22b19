package generate_test

import (
	"net/netip"

	"casegraph"
	"casegraph/generate"
	"casegraph/identity"
	"casegraph/ingest"
)

// world is what rows say, read without any of the product's stores.
type world struct {
	nodes  map[casegraph.ID]*ingest.Row
	links  int                                              // as an import counts them
	owners map[casegraph.ID][]casegraph.ID                  // accounts of a session, inquiry or payment
	has    map[casegraph.ID]map[casegraph.ID]bool           // accounts by identifier
	kinds  map[casegraph.ID]identity.Kind                   // of identifiers
	paid   map[casegraph.ID]map[casegraph.ID]casegraph.Time // payee by payer, with the last time
	times  map[[2]casegraph.ID]int                          // how often one pays the other
	hidden int                                              // placeholders
	wrong  []string
}

func read(g generate.Graph) *world {
	w := &world{nodes: map[casegraph.ID]*ingest.Row{}, owners: map[casegraph.ID][]casegraph.ID{}, has: map[casegraph.ID]map[casegraph.ID]bool{},
		kinds: map[casegraph.ID]identity.Kind{}, paid: map[casegraph.ID]map[casegraph.ID]casegraph.Time{}, times: map[[2]casegraph.ID]int{}}
	for row := range g.Rows() {
		w.take(row)
	}
	return w
}

func (w *world) take(row *ingest.Row) {
	id := casegraph.ImportedID(row.Node, row.Source, row.ReferenceID)
	if w.nodes[id] != nil {
		w.wrong = append(w.wrong, "twice: "+row.ReferenceID)
	}
	w.nodes[id] = row
	w.links += len(row.Contains)
	for _, content := range row.Contains {
		if w.nodes[casegraph.ImportedID(content.Kind, content.Source, content.ReferenceID)] == nil {
			w.wrong = append(w.wrong, row.ReferenceID+" contains what was not told before")
		}
	}
	accounts := w.ownersOf(id, row)
	if row.Shows != nil {
		for _, sight := range *row.Shows {
			w.shows(accounts, identity.Kind(sight.Kind), sight.Value)
		}
	}
	if row.IP != nil {
		w.shows(accounts, identity.IP, *row.IP)
	}
	if row.Device != nil {
		w.shows(accounts, identity.Device, *row.Device)
	}
}

func (w *world) ownersOf(id casegraph.ID, row *ingest.Row) []casegraph.ID {
	if row.Node == casegraph.KindAccount {
		return []casegraph.ID{id}
	}
	if row.Of == nil {
		return nil
	}
	var accounts []casegraph.ID
	for _, owner := range *row.Of {
		source := owner.Source
		if source == "" {
			source = row.Source
		}
		account := casegraph.ImportedID(casegraph.KindAccount, source, owner.ReferenceID)
		if w.nodes[account] == nil {
			w.wrong = append(w.wrong, row.ReferenceID+" is of an account that was not told before")
		}
		accounts = append(accounts, account)
	}
	w.owners[id] = accounts
	w.links += len(accounts)
	if row.Node == casegraph.KindTransaction {
		w.pays(accounts[0], accounts[1], casegraph.Time(row.At))
	}
	return accounts
}

func (w *world) pays(payer, payee casegraph.ID, at casegraph.Time) {
	w.links++
	if payer == payee {
		w.wrong = append(w.wrong, "a payment to oneself")
	}
	if w.paid[payer] == nil {
		w.paid[payer] = map[casegraph.ID]casegraph.Time{}
	}
	w.paid[payer][payee] = max(w.paid[payer][payee], at)
	w.times[[2]casegraph.ID{payer, payee}]++
}

func (w *world) shows(accounts []casegraph.ID, kind identity.Kind, text string) {
	value, err := normalise(kind, text)
	if err != nil {
		w.wrong = append(w.wrong, err.Error())
		return
	}
	if value.Placeholder {
		w.hidden++
		return
	}
	w.joins(accounts, value)
	if kind == identity.IP {
		w.joins(accounts, identity.Networks(value))
	}
}

// normalised are values met before: graphs of different seeds have most in common.
var normalised = map[[2]string]identity.Value{}

func normalise(kind identity.Kind, text string) (identity.Value, error) {
	key := [2]string{string(kind), text}
	if value, ok := normalised[key]; ok {
		return value, nil
	}
	value, err := identity.Normalise(kind, text, identity.Options{})
	if err == nil {
		normalised[key] = value
	}
	return value, err
}

func (w *world) joins(accounts []casegraph.ID, value identity.Value) {
	w.links++
	id := casegraph.IdentifierID(casegraph.IdentifierKind(value.Kind), value.Canonical)
	w.kinds[id] = value.Kind
	if w.has[id] == nil {
		w.has[id] = map[casegraph.ID]bool{}
	}
	for _, account := range accounts {
		w.has[id][account] = true
	}
}

// isHub tells whether more accounts have an identifier than its kind's limit.
func (w *world) isHub(id casegraph.ID) bool { return len(w.has[id]) > identity.HubLimit(w.kinds[id]) }

// components joins accounts by what they share, hubs cut: each account to one
// of its component.
func (w *world) components() map[casegraph.ID]casegraph.ID {
	parent := map[casegraph.ID]casegraph.ID{}
	var root func(id casegraph.ID) casegraph.ID
	root = func(id casegraph.ID) casegraph.ID {
		if above, ok := parent[id]; ok && above != id {
			parent[id] = root(above)
			return parent[id]
		}
		return id
	}
	for identifier, accounts := range w.has {
		if w.isHub(identifier) {
			continue
		}
		var one casegraph.ID
		for account := range accounts {
			if one == "" {
				one = root(account)
			}
			parent[root(account)] = one
		}
	}
	all := map[casegraph.ID]casegraph.ID{}
	for id, row := range w.nodes {
		if row.Node == casegraph.KindAccount {
			all[id] = root(id)
		}
	}
	return all
}

// joined tells whether a link of the kind leads from one node to the next.
func (w *world) joined(link casegraph.LinkKind, from, to casegraph.ID) bool {
	if link == casegraph.LinkPaid {
		return w.paid[from][to] != 0
	}
	return w.has[from][to] || w.has[to][from]
}

// network is an address's own network, as the rules of identity have it.
func network(ip string) string {
	addr := netip.MustParseAddr(ip)
	return netip.PrefixFrom(addr, 24).Masked().String()
}
