package storetest

import (
	"testing"

	"casegraph"
)

func testSearch(_ *testing.T, w *world) {
	smith, smyth, lee := newAccount("smith"), newAccount("smyth"), newCase("lee")
	smith.Name, smith.Note = "José SMITH", "met at Müller-Straße, c++ \"quoted\" OR NOT (x) AND *"
	smyth.Name = "jose smyth"
	lee.Title, lee.Description = "Lee and Smith", "日本 123"
	w.put(smith)
	w.put(smyth)
	w.put(lee)
	search := func(w *world, words ...[]string) []casegraph.ID {
		w.Helper()
		ids, err := w.Search(w.ctx, casegraph.SearchRequest{Words: words})
		if err != nil {
			w.Fatal(err)
		}
		return ids
	}
	w.run("finds nodes that have all words, newest first", func(w *world) {
		equal(w, "smith", search(w, []string{"smith"}), []casegraph.ID{lee.ID, smith.ID})
		equal(w, "jose smith", search(w, []string{"jose"}, []string{"smith"}), []casegraph.ID{smith.ID})
		equal(w, "two forms", search(w, []string{"jose"}, []string{"smith", "smyth"}), []casegraph.ID{smyth.ID, smith.ID})
		equal(w, "other scripts", search(w, []string{"日本"}), []casegraph.ID{lee.ID})
		equal(w, "number", search(w, []string{"123"}), []casegraph.ID{lee.ID})
		equal(w, "folded", search(w, []string{"muller"}), []casegraph.ID{smith.ID})
		equal(w, "no prefix", search(w, []string{"smi"}), nil)
		equal(w, "nothing", search(w), nil)
	})
	w.run("takes every word for a word", func(w *world) {
		for _, word := range []string{"or", "and", "not", "*", "smi*", "smith~1", `"`, `\`, "a:b", "(", "smith OR lee", "near", "+smith", "-smith", "words:smith", "^smith", "[a TO b]", "/x/"} {
			ids, err := w.Search(w.ctx, casegraph.SearchRequest{Words: [][]string{{word}}})
			if err != nil {
				w.Errorf("%q: %v", word, err)
			}
			if word != "or" && word != "not" && word != "and" && len(ids) != 0 {
				w.Errorf("%q finds %v", word, ids)
			}
		}
		equal(w, "or", search(w, []string{"or"}), []casegraph.ID{smith.ID})
	})
	w.run("is of some kinds, and bounded", func(w *world) {
		ids, err := w.Search(w.ctx, casegraph.SearchRequest{Words: [][]string{{"smith"}}, Kinds: []casegraph.Kind{casegraph.KindAccount, casegraph.KindInquiry}})
		if err != nil {
			w.Fatal(err)
		}
		equal(w, "accounts", ids, []casegraph.ID{smith.ID})
		ids, _ = w.Search(w.ctx, casegraph.SearchRequest{Words: [][]string{{"smith"}}, First: 1})
		equal(w, "first", ids, []casegraph.ID{lee.ID})
	})
	w.run("still finds what changed elsewhere", func(w *world) {
		smith.Status = "closed"
		w.put(smith)
		equal(w, "jose smith", search(w, []string{"jose"}, []string{"smith"}), []casegraph.ID{smith.ID})
	})
	w.run("forgets words that are gone", func(w *world) {
		smyth.Name = "somebody else"
		w.put(smyth)
		equal(w, "smyth", search(w, []string{"smyth"}), nil)
		equal(w, "else", search(w, []string{"else"}), []casegraph.ID{smyth.ID})
		smyth.Name = ""
		w.put(smyth)
		equal(w, "else", search(w, []string{"else"}), nil)
	})
	w.run("has a vocabulary of what one missing letter makes of words", func(w *world) {
		got, err := w.Terms(w.ctx, []string{"smith", "smth", "smyt", "lee", "nothing", "smth"})
		if err != nil {
			w.Fatal(err)
		}
		same(w, "terms", got, map[string][]string{"smith": {"smith"}, "smth": {"smith", "smyth"}, "smyt": {"smyth"}})
		if none, err := w.Terms(w.ctx, nil); err != nil || len(none) != 0 {
			w.Errorf("asked for nothing: %v, %v", none, err)
		}
	})
}
