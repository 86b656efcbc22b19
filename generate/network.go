package generate

import (
	"fmt"

	"casegraph/ingest"
)

// Each sort of network has a range of its own that is not routed in public, so
// that no address is anybody's.

// carrier is the one address behind which a mobile network's customers all are.
func carrier(n int) string { return fmt.Sprintf("25.%d.%d.1", n/250, n%250) }

// hotspot is the address of a public Wi-Fi.
func hotspot(n int) string { return fmt.Sprintf("29.%d.%d.1", n/250, n%250) }

// homes is how many homes share a provider's network: enough for it to be a hub.
const homes = 120

// home is the address of one household alone, in a network that is a hub:
// neighbours have nothing to do with one another.
func (g Graph) home(household int) string {
	// The number of households is not known before they are drawn; none is
	// larger than the number of people over the least that a network needs.
	networks := max(1, (g.Scale.accounts-g.Scale.businesses())*2/5/homes)
	network := household % networks
	return fmt.Sprintf("26.%d.%d.%d", network/250, network%250, household/networks%250+1)
}

// line is the address of a person with a network of their own.
func line(number int) string {
	return fmt.Sprintf("27.%d.%d.10", number/250%250, number%250)
}

// hosting is an address at a hosting company, where attackers come from.
func hosting(number int) string {
	return fmt.Sprintf("30.%d.%d.66", number/250%250, number%250)
}

// What is written where there is nothing to write, or what is one and the same
// on many devices. None of these may join anybody.
var (
	noPhone  = ingest.Sight{Kind: "phone", Value: "0000000000"}
	noMail   = ingest.Sight{Kind: "email", Value: "test@example.com"}
	noDevice = "9774d56d682e549c"
)

const noBirthdate = "1970-01-01"
