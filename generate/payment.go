package generate

import (
	"fmt"
	"math"

	"casegraph"
	"casegraph/ingest"
)

// The published shapes of transfers between accounts.
const (
	payeesExponent  = 1.72 // of how many accounts an account pays
	repeatsExponent = 3.0  // of how often it pays one; 1.3 times in the mean
	mostRepeats     = 30
	// pairsPerAccount is how many others an account pays in the mean, those
	// counted that pay nobody.
	pairsPerAccount = 3.0
)

// payments are those of everyday life, payer after payer.
func (g Graph) payments(yield func(*ingest.Row) bool) bool {
	payees := newPowerLaw(payeesExponent, g.Scale.mostPayees)
	repeats := newPowerLaw(repeatsExponent, mostRepeats)
	paying := pairsPerAccount / payees.mean
	for payer := range g.Scale.accounts {
		d := g.dice(ofPayer, payer)
		share := g.place(d, payer) / paying
		if share >= 1 {
			continue
		}
		n := 0
		for _, payee := range g.payees(d, payer, payees.at(share)) {
			for range repeats.draw(d) {
				n++
				if !yield(paymentRow(payer, payee, n, d.during(firstDay, wholeYear), d.cents())) {
					return false
				}
			}
		}
	}
	return true
}

// place is an account's own place from 0 to 1 among all, in no order that the
// eye would see. Drawn freely, a few large payers would decide how many links
// a small graph has.
func (g Graph) place(d dice, account int) float64 {
	const step = 1_000_003 // a prime above the number of accounts
	accounts := g.Scale.accounts
	return (float64((account*step+int(g.Seed%step))%accounts) + d.Float64()) / float64(accounts)
}

// payees are as many accounts as wanted, each once, or fewer where those that
// everybody pays come up again and again.
func (g Graph) payees(d dice, payer, wanted int) []int {
	all := make([]int, 0, wanted)
	met := map[int]bool{payer: true}
	for range 20 * wanted {
		if len(all) == wanted {
			break
		}
		if payee := g.payee(d); !met[payee] {
			met[payee] = true
			all = append(all, payee)
		}
	}
	return all
}

// payee is an account that somebody pays. The n-th is paid with a probability
// that goes with n to the power of -5/6, so the number of payers goes with the
// power of -2.2: 1 + 6/5. The sixth root is the inverse of that probability's
// sum. The first accounts, which are businesses, are paid most.
func (g Graph) payee(d dice) int {
	most := math.Cbrt(math.Sqrt(float64(g.Scale.accounts + 1)))
	root := 1 + d.Float64()*(most-1)
	square := root * root
	return min(int(square*square*square)-1, g.Scale.accounts-1)
}

func paymentRow(payer, payee, n int, at casegraph.Time, cents int) *ingest.Row {
	amount := ingest.Amount(fmt.Sprintf("%d.%02d", cents/100, cents%100))
	return &ingest.Row{Node: casegraph.KindTransaction, Source: wallet, ReferenceID: fmt.Sprintf("T-%07d-%d", payer, n),
		Attributes: ingest.Attributes{At: ingest.Moment(at), TransactionType: text("transfer"), Amount: &amount, Currency: text("EUR")},
		Of: &[]ingest.Owner{{Ref: ingest.Ref{ReferenceID: accountReference(payer)}, Role: ingest.RolePayer},
			{Ref: ingest.Ref{ReferenceID: accountReference(payee)}, Role: ingest.RolePayee}}}
}
