package identity

import "net/netip"

// ip is an address's canonical text: IPv6 shortened in lower case, IPv4 in its own form even where it came mapped into
// IPv6, without a zone.
func ip(text string, _ Options) (string, bool, string) {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return "", false, "must be an IPv4 or IPv6 address"
	}
	addr = addr.WithZone("").Unmap()
	return addr.String(), nobodys(addr), ""
}

// network is a range of addresses with the bits outside its mask cleared: 81.2.69.0/24.
func network(text string, _ Options) (string, bool, string) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return "", false, "must be a range of addresses such as 81.2.69.0/24"
	}
	if addr := prefix.Addr(); addr.Is4In6() && prefix.Bits() >= 96 {
		prefix = netip.PrefixFrom(addr.Unmap(), prefix.Bits()-96)
	}
	prefix = prefix.Masked()
	return prefix.String(), nobodys(prefix.Addr()), ""
}

// Networks gives the network that an IP's neighbours share: its /24 in IPv4, its /48 in IPv6, which is what one site is
// usually given. It is a placeholder where the IP is one. Of a value that is no IP it is the zero Value.
func Networks(of Value) Value {
	addr, err := netip.ParseAddr(of.Canonical)
	if of.Kind != IP || err != nil {
		return Value{}
	}
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	text := netip.PrefixFrom(addr, bits).Masked().String()
	return Value{Kind: Network, Canonical: text, Raw: text, Placeholder: of.Placeholder}
}

// nobodys says whether an address is the same one in many networks, or in none, and so identifies nothing.
func nobodys(addr netip.Addr) bool {
	if addr.IsPrivate() || addr.IsLoopback() || addr.IsUnspecified() || addr.IsLinkLocalUnicast() || addr.IsMulticast() {
		return true
	}
	for _, reserved := range reservedNetworks {
		if reserved.Contains(addr) {
			return true
		}
	}
	return false
}

var reservedNetworks = prefixes(
	"0.0.0.0/8",                                         // "this network"
	"100.64.0.0/10",                                     // between a carrier and its customers (RFC 6598)
	"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation (RFC 5737)
	"198.18.0.0/15",              // benchmarks (RFC 2544)
	"240.0.0.0/4",                // reserved, and broadcast
	"2001:db8::/32", "3fff::/20", // documentation (RFC 3849, RFC 9637)
)

func prefixes(texts ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range texts {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

// isIP says whether a text is an address or a range of them.
func isIP(text string) bool {
	_, errAddr := netip.ParseAddr(text)
	_, errPrefix := netip.ParsePrefix(text)
	return errAddr == nil || errPrefix == nil
}
