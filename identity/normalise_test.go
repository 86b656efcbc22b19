package identity

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

const (
	visa      = "4539 1488 0343 6467"                                                   // passes the check digit, published nowhere
	visaToken = "dc7acdd68b5a737fa73186e9a5b6f892c6a9f80f7e72d3d12d5afaea09e36860-6467" // its SHA-256, and its end
)

func TestNormalise(t *testing.T) {
	for _, c := range []struct {
		kind      Kind
		raw, want string
	}{
		{Email, "  Julia.Taylor+shop@Bank.CO  ", "julia.taylor+shop@bank.co"},
		{Email, "ju\u200blia@bank.co", "julia@bank.co"},
		{Email, "ｊｕｌｉａ＠bank.co.", "julia@bank.co"},
		{Email, "info@Bücher.de", "info@xn--bcher-kva.de"},
		{Email, "用户@例子.中国", "用户@xn--fsqu00a.xn--fiqs8s"},
		{Inbox, "Julia.Taylor+shop@googlemail.com", "juliataylor@gmail.com"},
		{Inbox, "julia+shop@bank.co", "julia+shop@bank.co"},

		{Phone, "+44 (0)20 7183 8750", "+442071838750"},
		{Phone, "tel:+1-201-555-0123", "+12015550123"},
		{Phone, "0044 20 7183 8750", "+442071838750"},
		{Phone, "+39 06 698 12345", "+390669812345"},
		{Phone, "307-059-512", "307059512"},
		{Phone, "307 059 512", "307059512"},
		{Phone, "٣٠٧٠٥٩٥١٢", "307059512"},
		{Phone, "+999 123 4568", "+9991234568"},

		{Device, " 6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
		{Device, "DEADBEEF42", "deadbeef42"},
		{Device, "AC:DE:48:00:11:22", "ac:de:48:00:11:22"},
		{Device, "fp_Xy9ZkQ", "fp_Xy9ZkQ"},

		{IP, "81.2.69.142", "81.2.69.142"},
		{IP, "::ffff:81.2.69.142", "81.2.69.142"},
		{IP, "2A00:23C5:0000:0:0::1", "2a00:23c5::1"},
		{IP, "fe80::1%eth0", "fe80::1"},
		{Network, "81.2.69.142/24", "81.2.69.0/24"},
		{Network, "::ffff:81.2.69.142/120", "81.2.69.0/24"},
		{Network, "2a00:23c5:1:2::/48", "2a00:23c5:1::/48"},

		{Address, "Flat 2,  12 Königs-Street\tNorth", "flat 2 12 konigs st n"},
		{Address, "45 Bougainville St., Kimberley 6060", "45 bougainville st kimberley 6060"},
		{Address, "1 Streetham Road", "1 streetham rd"},

		{GovernmentID, "213-97-8814", "213978814"},
		{GovernmentID, "ab 12/34.56 c", "AB123456C"},
		{TaxID, "12-3456780", "123456780"},

		{BankAccount, "gb82 west 1234 5698 7654 32", "GB82WEST12345698765432"},
		{BankAccount, "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"},
		{BankAccount, "00-1234-5670", "0012345670"},
		{BankAccount, "AC12-3456-7890-1234", "AC12345678901234"},

		{Card, "tok_1N3T00LkdIw", "tok_1n3t00lkdiw"},
		{Face, "Zm9v+YmFy/w==", "Zm9v+YmFy/w=="},

		{NameAndBirthdate, "Julia  O'Táylor |19900731", "julia o taylor|1990-07-31"},
		{"loyalty-card", "  Gold  CLUB\u00a042 ", "gold club 42"},
	} {
		t.Run(fmt.Sprintf("%s %s", c.kind, c.raw), func(t *testing.T) {
			got, err := Normalise(c.kind, c.raw, Options{})
			if err != nil || got.Canonical != c.want {
				t.Fatalf("%q, %v, want %q", got.Canonical, err, c.want)
			}
			if got.Placeholder != (c.raw == "fe80::1%eth0") {
				t.Errorf("placeholder: %v", got.Placeholder)
			}
			if got.Kind != c.kind || got.Raw != c.raw && c.kind != Card {
				t.Errorf("kind %q, raw %q", got.Kind, got.Raw)
			}
		})
	}
}

func TestPhonesOfARegion(t *testing.T) {
	for _, c := range []struct{ region, raw, want string }{
		{"GB", "020 7183 8750", "+442071838750"},
		{"UK", "020 7183 8750", "+442071838750"},
		{"us", "(201) 555-0123", "+12015550123"},
		{"US", "011 44 20 7183 8750", "+442071838750"},
		{"US", "0044 20 7183 8750", "+442071838750"},
		{"GB", "+1 201 555 0123", "+12015550123"},
		{"US", "1-800-FLOWERS", "+18003569377"},
		{"US", "201 555 0123 ext. 7", "+12015550123"},
		{"US", "555-0123", "5550123"}, // an area's own: cannot be dialled from elsewhere
		{"US", "307-059-512", "307059512"},
		{"AQ", "20 7183 8750", "2071838750"}, // no numbering plan of its own
	} {
		got, err := Normalise(Phone, c.raw, Options{Region: c.region})
		if err != nil || got.Canonical != c.want {
			t.Errorf("%s in %s: %q, %v, want %q", c.raw, c.region, got.Canonical, err, c.want)
		}
	}
	for _, region := range []string{"USA", "840", "Z", "ZZ", "419", "U1"} {
		if _, err := Normalise(Phone, "201 555 0123", Options{Region: region}); err == nil || !strings.Contains(err.Error(), "region must be") {
			t.Errorf("region %s: %v", region, err)
		}
	}
}

func TestCardNumbersAreNeverKept(t *testing.T) {
	got, err := Normalise(Card, visa, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Canonical != visaToken {
		t.Errorf("token %q, want %q", got.Canonical, visaToken)
	}
	if number := letters(visa); strings.Contains(fmt.Sprintf("%+v", got), number) || got.Raw == visa {
		t.Errorf("%+v has the number in it", got)
	}
	dashed, _ := Normalise(Card, strings.ReplaceAll(visa, " ", "-"), Options{})
	if dashed.Canonical != got.Canonical {
		t.Errorf("the same number with hyphens: %q and %q", dashed.Canonical, got.Canonical)
	}
	keyed, _ := Normalise(Card, visa, Options{CardKey: []byte("key")})
	if want := "4f0fc1c7bcb3b0b773ee942fea1960e747627b5142aa4ed703b9b55d0010653f-6467"; keyed.Canonical != want {
		t.Errorf("with a key: %q, want the HMAC %q", keyed.Canonical, want)
	}
}

func TestNormaliseRefuses(t *testing.T) {
	for _, c := range []struct {
		kind      Kind
		raw, rule string
	}{
		{Email, "", "is empty"},
		{Email, " \u200b\t", "is empty"},
		{Face, strings.Repeat("x", MaxValue+1), "longer than 1,000 bytes"},
		{Face, strings.Repeat("\ufdfa", MaxValue/3), "longer than 1,000 bytes"}, // one character that is 18 when normalised
		{Face, "a\xff", "UTF-8"},
		{"Loyalty", "1", "kebab-case"},

		{Email, "julia", "exactly one @"},
		{Email, "julia@shop@bank.co", "exactly one @"},
		{Email, "@bank.co", "before the @"},
		{Email, strings.Repeat("j", 65) + "@bank.co", "before the @"},
		{Email, "Julia <julia@bank.co>", "before the @"},
		{Email, "julia@bank", "domain"},
		{Email, "julia@bank..co", "domain"},
		{Email, "julia@ba_nk.co", "domain"},
		{Inbox, "julia", "exactly one @"},
		{Phone, "1234", "5 to 20 digits"},
		{Phone, strings.Repeat("12", 11), "5 to 20 digits"},
		{Phone, "call 12345 me", "written in digits"},
		{IP, "81.2.69", "IPv4 or IPv6"},
		{IP, "81.2.69.142/24", "IPv4 or IPv6"},
		{Network, "81.2.69.7", "range of addresses"},
		{Network, "81.2.69.0/33", "range of addresses"},
		{Address, "!!", "letter or a digit"},
		{GovernmentID, "A-1", "at least 3"},
		{BankAccount, "GB83 WEST 1234 5698 7654 32", "check digits"},
		{BankAccount, "GB82 WEST 1234 5698 7645 32", "check digits"},
		{Card, "6467", "at least 9 characters"},
		{Card, "453914", "at least 9 characters"},
		{Card, "453914******6467", "12 to 19 digits"},
		{Card, visa + " exp 12/26", "12 to 19 digits"},
		{NameAndBirthdate, "Julia Taylor", "with a |"},
		{NameAndBirthdate, "'|1990-07-31", "in the name"},
		{NameAndBirthdate, "Julia Taylor|31/07/1990", "ambiguous"},
		{NameAndBirthdate, "Julia Taylor|1990-02-30", "YYYY-MM-DD"},
		{NameAndBirthdate, "Julia Taylor|", "YYYY-MM-DD"},
	} {
		t.Run(fmt.Sprintf("%s %.30s", c.kind, c.raw), func(t *testing.T) {
			_, err := Normalise(c.kind, c.raw, Options{})
			var refused *Error
			if !errors.As(err, &refused) || refused.Kind != c.kind || !strings.Contains(refused.Rule, c.rule) {
				t.Fatalf("%v, want the rule %q", err, c.rule)
			}
			if len(c.raw) > 4 && strings.Contains(err.Error(), c.raw) {
				t.Errorf("the error echoes the value: %v", err)
			}
		})
	}
}

func TestPlaceholders(t *testing.T) {
	for kind, raws := range map[Kind][]string{
		Email: {
			"test@example.com", "julia@example.org", "julia@mail.example.net", "julia@bank.test", "julia@test.com",
			"noreply@bank.co", "No-Reply+7@bank.co", "none@bank.co", "N/A", "unknown", "-",
		},
		Inbox:            {"t.e.s.t+1@example.com", "n/a"},
		Phone:            {"0000000000", "1111111111", "+1 000 000 0000", "+44 2222 222222", "+44 0000 000000", "+31 000000000", "+98000000", "123456789", "1234567890", "+1 123 456 7890", "00000", "na"},
		Device:           {"00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "0000000000000000", "9774D56D682E549C", "02:00:00:00:00:00", "null"},
		IP:               {"10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "0.0.0.0", "169.254.1.1", "224.0.0.1", "100.64.0.1", "192.0.2.1", "198.51.100.7", "203.0.113.9", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "unknown"},
		Network:          {"10.0.0.0/8", "192.0.2.0/24", "0.0.0.0/0", "::/0", "2001:db8:1::/48"},
		Address:          {"N/A", "n. a.", "(unknown)", "No fixed abode", "General Delivery", "unknown"},
		GovernmentID:     {"000-00-0000", "999-99-9999", "123-45-6789", "078-05-1120", "none", "(None)"},
		TaxID:            {"00-0000000", "123456789"},
		BankAccount:      {"0000000000", "12345678"},
		Card:             {"4111 1111 1111 1111", "4242424242424242", "0000-0000-0000-0000", "n/a"},
		Face:             {"null", "00000000"},
		NameAndBirthdate: {"Julia Taylor|1970-01-01", "Julia Taylor|19000101", "John Doe|1990-07-31", "Unknown|1990-07-31", "N/A|1990-07-31", "n/a"},
		"loyalty-card":   {"0000", "None"},
	} {
		for _, raw := range raws {
			if got, err := Normalise(kind, raw, Options{}); err != nil || !got.Placeholder || got.Raw != raw {
				t.Errorf("%s %s: %+v, %v", kind, raw, got, err)
			}
		}
	}
	if got, err := Normalise(Phone, "000 000 0000", Options{Region: "US"}); err != nil || !got.Placeholder {
		t.Errorf("a national number of zeros: %+v, %v", got, err)
	}
}

func TestNearPlaceholdersAreNone(t *testing.T) {
	for kind, raw := range map[Kind]string{
		Email: "julia@myexample.com", Inbox: "testing@bank.co", Phone: "+1 212 222 2223", IP: "172.32.0.1", Network: "11.0.0.0/8",
		GovernmentID: "078-05-1121", Address: "1 Unknown Road", NameAndBirthdate: "Julia Taylor|1970-01-02",
	} {
		if got, err := Normalise(kind, raw, Options{}); err != nil || got.Placeholder {
			t.Errorf("%s %s: %+v, %v", kind, raw, got, err)
		}
	}
}

func TestEmailInbox(t *testing.T) {
	for email, want := range map[string]string{
		"j.u.lia+x+y@gmail.com": "julia@gmail.com",
		"julia@googlemail.com":  "julia@gmail.com",
		"ju.lia+x@outlook.com":  "ju.lia@outlook.com",
		"ju.lia+x@bank.co":      "ju.lia+x@bank.co",
		"+x@gmail.com":          "+x@gmail.com",
		"julia":                 "julia",
	} {
		if got := EmailInbox(email); got != want {
			t.Errorf("EmailInbox(%q) = %q, want %q", email, got, want)
		}
	}
}

func TestNetworks(t *testing.T) {
	for raw, want := range map[string]Value{
		"81.2.69.142":        {Network, "81.2.69.0/24", "81.2.69.0/24", false, false},
		"::ffff:81.2.69.142": {Network, "81.2.69.0/24", "81.2.69.0/24", false, false},
		"2a00:23c5:1:2::9":   {Network, "2a00:23c5:1::/48", "2a00:23c5:1::/48", false, false},
		"192.168.7.7":        {Network, "192.168.7.0/24", "192.168.7.0/24", true, false},
		"unknown":            {},
	} {
		of, err := Normalise(IP, raw, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := Networks(of)
		if got != want {
			t.Errorf("Networks(%s) = %+v, want %+v", raw, got, want)
		}
		if again, err := Normalise(Network, got.Canonical, Options{}); got.Kind != "" && (err != nil || again != got) {
			t.Errorf("the network %+v normalises to %+v, %v", got, again, err)
		}
	}
	if got := Networks(Value{Kind: Device, Canonical: "81.2.69.142"}); got != (Value{}) {
		t.Errorf("the network of a device: %+v", got)
	}
}

func TestNameAndBirthdateOf(t *testing.T) {
	got, err := NameAndBirthdateOf("Zoë | Smith", "1990-07-31")
	if err != nil || got.Canonical != "zoe smith|1990-07-31" || got.Kind != NameAndBirthdate {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := NameAndBirthdateOf("Zoë Smith", "03/04/1990"); err == nil {
		t.Error("an ambiguous birthdate is taken")
	}
	if _, err := NameAndBirthdateOf("", "1990-07-31"); err == nil {
		t.Error("no name is taken")
	}
}

func TestValidKind(t *testing.T) {
	for _, kind := range []Kind{Email, NameAndBirthdate, "a", "loyalty-card-2", Kind(strings.Repeat("k", MaxKind))} {
		if err := ValidKind(kind); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	for _, kind := range []Kind{"", "Email", "loyalty_card", "-a", "a-", "a--b", "2nd", "é", "a b", Kind(strings.Repeat("k", MaxKind+1)), Kind(strings.Repeat("k", 1e6))} {
		if err := ValidKind(kind); err == nil || len(err.Error()) > 200 {
			t.Errorf("%.50s: %.300v", kind, err)
		}
	}
}

func TestHubLimit(t *testing.T) {
	for kind := range forms {
		if _, ok := hubLimits[kind]; !ok {
			t.Errorf("%s has no limit", kind)
		}
	}
	if HubLimit(Network) > HubLimit(IP) || HubLimit(GovernmentID) >= HubLimit(IP) || HubLimit("loyalty-card") != ownHubLimit {
		t.Error("a hub's network must be a hub too, and a document proves more than an address")
	}
}

// samples are drawn from what values of any kind are made of, so that every rule's good and bad sides are met.
var samples = rapid.Custom(func(t *rapid.T) string {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{
			"+", "00", "44", "1", "(0)", "-", " ", ".", "/", "|", "@", ":", "_", "%", "gmail.com", "bank.co", "Bücher.de", "julia",
			"201 555 0123", "20 7183 8750", "81.2.69.142", "2A00:23C5::", "::ffff:", "/24", "GB82WEST12345698765432", "1990-07-31",
			"6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "Street", "4539148803436467", "n/a", "test", "ß", "İ", "ŉ", "ﬁ", "\u0345", "\u0301", "\u200d",
		}),
		rapid.StringMatching(`[0-9]{1,12}`),
		rapid.StringN(0, 4, -1),
	)
	return strings.Join(rapid.SliceOfN(part, 1, 6).Draw(t, "parts"), "")
})

func everyKind() []Kind {
	kinds := []Kind{"loyalty-card"}
	for kind := range forms {
		kinds = append(kinds, kind)
	}
	return kinds
}

func TestNormalisingTwiceChangesNothing(t *testing.T) {
	options := rapid.SampledFrom([]Options{{}, {Region: "US"}, {Region: "GB"}, {Region: "IT"}, {CardKey: []byte("key")}})
	rapid.Check(t, func(t *rapid.T) {
		raw, opts := samples.Draw(t, "raw"), options.Draw(t, "options")
		for _, kind := range everyKind() {
			normalisesOnce(t, kind, raw, opts)
		}
	})
}

// Letters with capitals, marks and compositions are all in the first two planes.
func TestNormalisingTwiceChangesNothingForAnyLetter(t *testing.T) {
	for r := rune(0); r <= 0x1FFFF; r++ {
		for _, kind := range []Kind{Email, Address, GovernmentID, "loyalty-card"} {
			text := "abc" + string(r)
			if kind == Email {
				text += "@bank.co"
			}
			normalisesOnce(t, kind, text, Options{})
		}
	}
}

// normalisesOnce holds what is true of every value that Normalise takes.
func normalisesOnce(t rapid.TB, kind Kind, raw string, opts Options) {
	once, err := Normalise(kind, raw, opts)
	if err != nil {
		return
	}
	if once.Canonical == "" || len(once.Canonical) > MaxValue || !utf8.ValidString(once.Canonical) {
		t.Fatalf("%s %q: canonical %q", kind, raw, once.Canonical)
	}
	twice, err := Normalise(kind, once.Canonical, opts)
	if err != nil || twice.Canonical != once.Canonical || twice.Placeholder != once.Placeholder {
		t.Fatalf("%s %q: %+v, then %+v, %v", kind, raw, once, twice, err)
	}
}

func FuzzNormalise(f *testing.F) {
	for _, raw := range []string{"Julia@Bücher.de", "+44 (0)20 7183 8750", "::ffff:81.2.69.142%1", "12 Königs Street", visa, "Zoë|19900731", "\xff", "\u0345\u1e9e ﷺ"} {
		f.Add("loyalty-card", raw, "GB")
	}
	f.Fuzz(func(t *testing.T, own, raw, region string) {
		for _, kind := range append(everyKind(), Kind(own)) {
			normalisesOnce(t, kind, raw, Options{Region: region})
			normalisesOnce(t, kind, raw, Options{CardKey: []byte(region)})
		}
	})
}
