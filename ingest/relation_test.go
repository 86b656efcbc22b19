package ingest

import (
	"strings"
	"testing"

	"casegraph"
)

// relations are what stands between two nodes, seen from the one that it goes
// out of.
func (w *world) relations(id casegraph.ID, kind casegraph.LinkKind) []string {
	w.Helper()
	pages, err := w.store.Links(w.ctx, casegraph.LinkRequest{IDs: []casegraph.ID{id}, Direction: casegraph.DirectionOut, Kinds: []casegraph.LinkKind{kind}})
	if err != nil {
		w.Fatal(err)
	}
	var all []string
	for _, hop := range pages[id].Hops {
		l := hop.Link
		all = append(all, strings.Join([]string{l.Key, l.State, l.Reason, string(l.Fields), l.Source}, "|"))
	}
	return sorted(all)
}

func TestAProposalThatTwoAccountsAreTheSame(t *testing.T) {
	w := newWorld(t)
	proposed := `{"link":"SAME_AS","source":"matcher","score":0.9,"from":{"source":"bank","referenceId":"ana"},"to":{"source":"bank","referenceId":"ana2"},"fields":{"name":1}}`
	w.equal("outcomes", w.accept(proposed, proposed), []Outcome{Created, Unchanged})
	w.equal("link", w.relations(account("ana"), casegraph.LinkSameAs), []string{`|PROPOSED||{"name":1}|matcher`})

	theOtherWayRound := `{"link":"SAME_AS","source":"matcher","from":{"source":"bank","referenceId":"ana2"},"to":{"source":"bank","referenceId":"ana"}}`
	w.equal("the other way round says the same", w.accept(theOtherWayRound), []Outcome{Unchanged})

	confirmed := strings.Replace(theOtherWayRound, `"from"`, `"state":"CONFIRMED","reason":"one passport","from"`, 1)
	w.equal("outcome", w.accept(confirmed), []Outcome{Updated})
	w.equal("link", w.relations(account("ana"), casegraph.LinkSameAs), []string{`|CONFIRMED|one passport|{"name":1}|matcher`})
	w.equal("a proposal does not undo what was decided", w.accept(proposed), []Outcome{Unchanged})
	w.equal("links of the other", w.relations(account("ana2"), casegraph.LinkSameAs), []string(nil))
}

// twoCases are what rows between cases need.
const twoCases = `{"node":"CASE","source":"tool","referenceId":"1"}
{"node":"CASE","source":"tool","referenceId":"2"}
{"node":"CASE","source":"tool","referenceId":"3"}
`

func imported(number string) casegraph.ID {
	return casegraph.ImportedID(casegraph.KindCase, "tool", number)
}

func caseLink(key, from, to string) string {
	return `{"link":"RELATES_TO","source":"tool","key":"` + key + `","from":{"referenceId":"` + from + `"},"to":{"referenceId":"` + to + `"}}` + "\n"
}

func TestRelationsOfCases(t *testing.T) {
	w := newWorld(t)
	rows := twoCases + caseLink("RELATES", "1", "2") + caseLink("RELATES", "2", "1") + caseLink("DUPLICATE_OF", "3", "1") +
		strings.Replace(caseLink("MERGED_INTO", "3", "1"), `"key"`, `"reason":"one ring","key"`, 1)
	w.equal("counts", w.file("rows.ndjson", rows).Counts, Counts{Records: 7, Rows: 7, Links: 4, Created: 6, Unchanged: 1})
	w.equal("links of 1", w.relations(imported("1"), casegraph.LinkRelatesTo), []string{"RELATES||||tool"})
	w.equal("links of 2", w.relations(imported("2"), casegraph.LinkRelatesTo), []string(nil))
	w.equal("links of 3", w.relations(imported("3"), casegraph.LinkRelatesTo), []string{"DUPLICATE_OF||||tool", "MERGED_INTO||one ring||tool"})
	w.equal("events", w.events(3), []string{"case.linked", "case.linked", "case.linked"})
	end := w.end()
	w.file("rows.ndjson", rows)
	w.equal("the log's end", w.end(), end)
}

func TestCasesHaveNoCycleOfParents(t *testing.T) {
	w := newWorld(t)
	rows := twoCases + caseLink("PARENT_OF", "1", "2") + caseLink("PARENT_OF", "2", "3")
	w.equal("counts", w.file("rows.ndjson", rows).Counts, Counts{Records: 5, Rows: 5, Links: 2, Created: 5})
	w.equal("again", w.file("rows.ndjson", rows).Counts, Counts{Records: 5, Rows: 5, Links: 2, Unchanged: 5})
	for row, reason := range map[string]string{
		caseLink("PARENT_OF", "2", "1"): "to: it is parent of the first case already; unlink that first",
		caseLink("PARENT_OF", "3", "1"): "to: it is above the first case; a case can't be its own ancestor",
		caseLink("PARENT_OF", "1", "4"): `to.referenceId: no case has the referenceId "4" at tool`,
		caseLink("PARENT_OF", "1", "1"): "to: must be another case than from",
		caseLink("OWNS", "1", "3"):      "key: must be one of RELATES, DUPLICATE_OF, PARENT_OF, MERGED_INTO, SPLIT_FROM",
		`{"link":"RELATES_TO","source":"tool","key":"RELATES","from":{"id":"case_9"},"to":{"referenceId":"1"}}`: `from.id: no case has the id "case_9"`,
	} {
		im := w.importOf(w.write("rows.ndjson", row))
		im.Rejects = w.write("rejects", "")
		if _, err := im.Run(w.ctx); err != nil {
			t.Fatal(err)
		}
		if told := w.rejected(im.Rejects); told.Reason != reason || told.Field != reason[:strings.IndexByte(reason, ':')] {
			t.Errorf("%s\nis rejected: %s at %q\nand should be: %s", row, told.Reason, told.Field, reason)
		}
	}
}

func TestRelationsComeInByAMapping(t *testing.T) {
	w := newWorld(t)
	done, told := w.mapped(`
source: tool
inputs:
  - file: in.csv
    delimiter: ","
    rows:
      - {only: {column: what, is: case}, node: CASE, referenceId: {column: from}}
      - only: {column: what, is: [PARENT_OF, RELATES]}
        link: RELATES_TO
        key: {column: what}
        from: {referenceId: {column: from}}
        to: {referenceId: {column: to}}
        reason: {column: why}
      - only: {column: what, is: same}
        link: SAME_AS
        from: {source: bank, referenceId: {column: from}}
        to: {source: bank, referenceId: {column: to}}
        state: {column: why}
        score: {column: score}
`, "in.csv", "what,from,to,why,score\ncase,1,,,\ncase,2,,,\nPARENT_OF,1,2,the same ring,\nsame,ana,ben,REFUSED,0.25\nsame,ana,eve,,high\nsame,ana,eve,,NaN\n")
	w.equal("counts", done.Counts, Counts{Records: 6, Rows: 6, Links: 2, Created: 4, Rejected: 2})
	w.equal("rejects", told, []string{
		`{"input":0,"file":"in.csv","line":6,"field":"score","path":"score","reason":"score: must be a number"}`,
		`{"input":0,"file":"in.csv","line":7,"field":"score","path":"score","reason":"score: must be from 0 to 1"}`})
	w.equal("case", w.relations(imported("1"), casegraph.LinkRelatesTo), []string{"PARENT_OF||the same ring||tool"})
	w.equal("account", w.relations(account("ana"), casegraph.LinkSameAs), []string{"|REFUSED|||tool"})
}
