package traverse

import (
	"maps"
	"math/big"
	"slices"
	"strings"

	"casegraph"
)

// purse is sums of money by currency, exact.
type purse map[string]sum

type sum struct {
	amount *big.Rat
	places int // behind the point
}

// purseOf is what was paid over links, and the amount of a node that is a
// transaction.
func purseOf(links []*casegraph.Link, n casegraph.Node) purse {
	p := purse{}
	for _, link := range links {
		p.add(link.Amount, link.Currency)
	}
	if transaction, ok := n.(*casegraph.Transaction); ok {
		p.add(transaction.Amount, transaction.Currency)
	}
	return p
}

// add leaves out what takes money back: it is no more of it.
func (p purse) add(amount casegraph.Decimal, currency string) {
	value, ok := new(big.Rat).SetString(string(amount))
	if !ok || value.Sign() <= 0 {
		return
	}
	_, behind, _ := strings.Cut(string(amount), ".")
	was, there := p[currency]
	if !there {
		was.amount = new(big.Rat)
	}
	p[currency] = sum{new(big.Rat).Add(was.amount, value), max(was.places, len(behind))}
}

// most keeps the greater sum of each currency.
func (p purse) most(other purse) {
	for currency, s := range other {
		if was, there := p[currency]; !there || s.amount.Cmp(was.amount) > 0 {
			p[currency] = s
		}
	}
}

// share is the greatest part of what is most that the purse has in a currency;
// of equals the first by its name.
func (p purse) share(most purse) (part float64, paid casegraph.Decimal, currency string) {
	for _, each := range slices.Sorted(maps.Keys(p)) {
		quotient, _ := new(big.Rat).Quo(p[each].amount, most[each].amount).Float64()
		if quotient > part {
			part, currency = quotient, each
			paid = casegraph.Decimal(p[each].amount.FloatString(p[each].places))
		}
	}
	return part, paid, currency
}
