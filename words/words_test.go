package words

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"case", "Julia TAYLOR", "julia taylor"},
		{"diacritics, composed or not", "Zoë Zoe\u0308 ÅNGSTRÖM", "zoe zoe angstrom"},
		{"sharp s", "STRASSE Straße", "strasse strasse"},
		{"sigma at the end of a word", "ΣΟΦΟΣ σοφος", "σοφοσ σοφοσ"},
		{"dotted capital i", "İstanbul", "istanbul"},
		{"ligature and full width", "ﬁne ＡＢＣ１２", "fine abc12"},
		{"letters of their own right", "Øystein Łódź", "øystein łodz"},
		{"hangul stays in syllables", "한국", "한국"},
		{"not UTF-8", "a\xffb é", "a\uFFFDb e"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Fold(c.text); got != c.want {
				t.Errorf("Fold(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func TestFoldIsStableForEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		once := Fold(string(r))
		if twice := Fold(once); twice != once {
			t.Errorf("Fold(%U) = %q, folded again %q", r, once, twice)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", " .,- ", nil},
		{"punctuation parts", "O'Brien-Smith, 12b/4", []string{"o", "brien", "smith", "12b", "4"}},
		{"each once, first come", "Card card CARDS card", []string{"card", "cards"}},
		{"an address of the net", "julia.taylor@bank.co", []string{"julia", "taylor", "bank", "co"}},
		{"vowel signs stay in the word", "काला घोड़ा", []string{"काला", "घोडा"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Split(c.text); !slices.Equal(got, c.want) {
				t.Errorf("Split(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func TestSplitIsBounded(t *testing.T) {
	long := strings.Repeat("é", MaxRunes+1)
	if got := Split(long); len(got) != 1 || got[0] != strings.Repeat("e", MaxRunes) {
		t.Errorf("a long word gives %q", got)
	}
	var many strings.Builder
	for i := range MaxWords + 10 {
		many.WriteString(strings.Repeat("a", i%60+1) + string(rune('b'+i/60)) + " ")
	}
	if got := Split(many.String()); len(got) != MaxWords {
		t.Errorf("%d words, want %d", len(got), MaxWords)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("Julia Taylor, 12 Rue de l'Église")
	f.Add("\xff\u0345\u1e9e ﷺ")
	f.Fuzz(func(t *testing.T, text string) {
		split := Split(text)
		if len(split) > MaxWords {
			t.Fatalf("%d words", len(split))
		}
		for _, word := range split {
			if n := utf8.RuneCountInString(word); n == 0 || n > MaxRunes || !utf8.ValidString(word) {
				t.Fatalf("word %q of %d runes", word, n)
			}
			if again := Split(word); len(again) != 1 || again[0] != word {
				t.Fatalf("%q splits into %q", word, again)
			}
		}
		Variants(text)
		Near(text, text)
	})
}

func TestVariants(t *testing.T) {
	for _, c := range []struct {
		word string
		want []string
	}{
		{"", []string{""}},
		{"ann", []string{"ann"}},
		{"anna", []string{"ana", "ann", "anna", "nna"}},
		{"abcd", []string{"abc", "abcd", "abd", "acd", "bcd"}},
		{"føtex", []string{"ftex", "føex", "føte", "føtex", "føtx", "øtex"}},
		{"ab12", []string{"ab12"}},
	} {
		if got := Variants(c.word); !slices.Equal(got, c.want) {
			t.Errorf("Variants(%q) = %q, want %q", c.word, got, c.want)
		}
	}
}

func TestNear(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"", "", true},
		{"", "a", true},
		{"", "ab", false},
		{"taylor", "taylor", true},
		{"taylor", "tailor", true},
		{"taylor", "talyor", true},
		{"taylor", "tayler", true},
		{"taylor", "taylr", true},
		{"taylor", "ttaylor", true},
		{"taylor", "taylors", true},
		{"taylor", "tyalro", false},
		{"taylor", "tail", false},
		{"zoë", "zoé", true},
		{"ca", "abc", false},
	} {
		if Near(c.a, c.b) != c.want || Near(c.b, c.a) != c.want {
			t.Errorf("Near(%q, %q) is not %v both ways", c.a, c.b, c.want)
		}
	}
}

// Every pair of words over a small alphabet, against the distance by its definition: Near agrees with it, and the common
// variants miss no near pair that they promise to find.
func TestVariantsFindEveryNearPair(t *testing.T) {
	all := wordsOver("abc", 6)
	variants := make(map[string][]string)
	for _, w := range all {
		variants[w] = Variants(w)
	}
	near := 0
	for i, a := range all {
		for _, b := range all[i:] {
			want := len(b)-len(a) <= 1 && alignment(a, b) <= 1
			if Near(a, b) != want {
				t.Fatalf("Near(%q, %q) = %v", a, b, !want)
			}
			if want && len(b) >= minVariantRunes {
				near++
				if !meet(variants[a], variants[b]) {
					t.Fatalf("%q and %q are near and have no variant in common", a, b)
				}
			}
		}
	}
	if near < 10_000 {
		t.Fatalf("only %d near pairs were tried", near)
	}
}

func TestNearIsTheAlignmentDistance(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("abé")), 0, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		if Near(a, b) != (alignment(a, b) <= 1) {
			t.Fatalf("Near(%q, %q) = %v at distance %d", a, b, Near(a, b), alignment(a, b))
		}
	})
}

// wordsOver gives every word of at most n letters, shortest first.
func wordsOver(letters string, n int) []string {
	all, last := []string{""}, []string{""}
	for range n {
		var next []string
		for _, w := range last {
			for _, r := range letters {
				next = append(next, w+string(r))
			}
		}
		all, last = append(all, next...), next
	}
	return all
}

// alignment is the optimal string alignment distance by its textbook table.
func alignment(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) })
}
