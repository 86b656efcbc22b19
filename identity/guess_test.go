package identity

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestGuess(t *testing.T) {
	for raw, want := range map[string][]Kind{
		" Julia@Bank.co ":                        {Email, Inbox},
		"81.2.69.142":                            {IP},
		"2a00:23c5::1":                           {IP},
		"81.2.69.0/24":                           {Network},
		"GB82 WEST 1234 5698 7654 32":            {BankAccount},
		"6BA7B810-9DAD-11D1-80B4-00C04FD430C8":   {Device},
		"ac:de:48:00:11:22":                      {Device},
		"+44 (0)20 7183 8750":                    {Phone},
		"Julia Taylor|1990-07-31":                {NameAndBirthdate},
		"213-97-8814":                            {GovernmentID, Phone, TaxID, BankAccount},
		"008-29-9722":                            {GovernmentID, Phone, TaxID, BankAccount},
		"0044 20 7183 8750":                      {Phone, GovernmentID, TaxID, BankAccount},
		"12-3456780":                             {TaxID, Phone, GovernmentID, BankAccount},
		"307-059-512":                            {Phone, GovernmentID, TaxID, BankAccount},
		"(201) 555-0123":                         {Phone},
		visa:                                     {Card, Phone, GovernmentID, BankAccount},
		"9f86d081884c7d659a2feaa0c55ad015":       {Device, BankAccount},
		"AB123456C":                              {GovernmentID, TaxID, BankAccount},
		"12 Bougainville Street, Kimberley":      {Address},
		"Hauptstraße 7":                          {Address},
		"Julia Taylor":                           nil,
		"n/a":                                    nil,
		"":                                       nil,
		"julia@":                                 nil,
		"a\xff":                                  nil,
		"and then the customer wrote back to us": nil,
	} {
		if got := Guess(raw); !slices.Equal(got, want) {
			t.Errorf("Guess(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestGuessKnowsOurOwnCardTokens(t *testing.T) {
	token, err := Normalise(Card, visa, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := Guess(token.Canonical); !slices.Equal(got, []Kind{Card}) {
		t.Errorf("%q", got)
	}
}

func TestEveryGuessCanBeNormalised(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { guessesHold(t, samples.Draw(t, "raw")) })
}

func FuzzGuess(f *testing.F) {
	for _, raw := range []string{"julia@bank.co", "213-97-8814", "+44 20 7183 8750", "12 Hauptstraße", "\xff|", visa} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) { guessesHold(t, raw) })
}

func guessesHold(t rapid.TB, raw string) {
	kinds := Guess(raw)
	for i, kind := range kinds {
		if slices.Contains(kinds[:i], kind) {
			t.Fatalf("%q is guessed to be %s twice", raw, kind)
		}
		normalisesOnce(t, kind, raw, Options{})
		if _, err := Normalise(kind, raw, Options{}); err != nil {
			t.Fatalf("%q is guessed to be %s: %v", raw, kind, err)
		}
	}
}
