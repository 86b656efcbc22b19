package neo4jstore_test

import (
	"fmt"
	"slices"
	"testing"

	"casegraph"
	"casegraph/commit"
)

func TestSearchTakesWordsAsTheyAre(t *testing.T) {
	s := open(t)
	c := commit.New(s, nil)
	defer c.Close()
	a := newAccount(7) // its name is Holder Number7
	_, err := c.Do(t.Context(), commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{a.ID}}, Decide: func(*commit.View) (*commit.Writes, error) {
		return &commit.Writes{Nodes: []casegraph.Node{a}, Events: []commit.Event{{Name: "account.created", Subject: a.ID}}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	numbers := func(from, n int) (forms []string) {
		for i := range n {
			forms = append(forms, fmt.Sprint("number", from+i))
		}
		return forms
	}
	for _, c := range []struct {
		name  string
		words [][]string
		found bool
	}{
		{"one form of each word", [][]string{{"nobody", "holder"}, {"number7"}}, true},
		{"no form of a word", [][]string{{"holder"}, {}}, false},
		{"a wrong word", [][]string{{"holder"}, {"number8"}}, false},
		{"an operator", [][]string{{"OR"}}, false},
		{"wildcards", [][]string{{"numb*", "number?", "number8~"}}, false},
		{"quotes", [][]string{{`" OR "holder`, `\`, `"`}}, false},
		{"nothing", [][]string{{""}}, false},
		{"very many forms", [][]string{{"holder"}, numbers(0, 5000)}, true},
		{"very many forms, all wrong", [][]string{{"holder"}, numbers(8, 5000)}, false},
		{"very many forms of two words", [][]string{append(numbers(8, 1200), "holder"), numbers(0, 1200)}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ids, err := s.Search(t.Context(), casegraph.SearchRequest{Words: c.words})
			if err != nil {
				t.Fatal(err)
			}
			if found := slices.Equal(ids, []casegraph.ID{a.ID}); found != c.found || (!found && len(ids) > 0) {
				t.Errorf("found %v", ids)
			}
		})
	}
	if _, err := s.Search(t.Context(), casegraph.SearchRequest{Words: manyWords(2000)}); casegraph.CodeOf(err) != casegraph.CodeBadInput {
		t.Errorf("2,000 words: got %v; want a refusal", err)
	}
}

// manyWords is n words of one form.
func manyWords(n int) (words [][]string) {
	for i := range n {
		words = append(words, []string{fmt.Sprint("word", i)})
	}
	return words
}
