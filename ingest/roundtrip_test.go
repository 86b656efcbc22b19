package ingest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"casegraph"
	"casegraph/neo4jstore"
	"casegraph/testservers"
)

// newNeo4jWorld is an empty Neo4j that rows are brought into.
func newNeo4jWorld(t *testing.T) *world {
	t.Helper()
	at := testservers.Neo4j(t)
	store, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: at.URI, User: at.User, Password: at.Password})
	if err != nil {
		t.Fatal(err)
	}
	return worldIn(t, store)
}

// everything has each kind of node and link that an export knows, and each way
// in which a row of its own is needed.
var everything = strings.ReplaceAll(strings.Join([]string{
	ana, pay1,
	`{"node":"TRANSACTION","source":"bank","referenceId":"self","of":[{"role":"payer","referenceId":"ana"},{"role":"payee","referenceId":"ana"}]}`,
	`{"node":"SESSION","source":"bank","referenceId":"s1","at":5000,"ip":"81.2.69.142","device":"D","userAgent":"u","place":"Leeds","country":"GB","of":[{"referenceId":"ana"}]}`,
	`{"node":"INQUIRY","source":"bank","referenceId":"i1","template":"kyc","decidedAt":7000,"status":"approved","of":[{"referenceId":"ana","role":"applicant"}]}`,
	`{"node":"REPORT","source":"bank","referenceId":"r1","reportType":"watchlist","hasMatch":false,"note":"n"}`,
	`{"node":"ACCOUNT","source":"bank","referenceId":"ben","shows":[{"kind":"phone","value":"0000000000"}]}`,
	`{"link":"SHOWS","source":"crm","from":{"kind":"ACCOUNT","source":"bank","referenceId":"ben"},"identifier":{"kind":"email","value":"B@c.com"},"lastSeen":9000,"count":3}`,
	`{"link":"SHOWS","source":"bank","from":{"kind":"ACCOUNT","referenceId":"ana"},"identifier":{"kind":"email","value":"ANA@mail.com"},"lastSeen":1717000000000}`,
	`{"link":"OF","source":"crm","from":{"kind":"REPORT","source":"bank","referenceId":"r1"},"to":{"source":"bank","referenceId":"ben"},"role":"subject","firstSeen":1,"lastSeen":2,"count":4}`,
	`{"link":"RELATED","source":"bank","key":"owns","from":{"referenceId":"ana"},"to":{"referenceId":"ben"},"confidence":0.5,"fields":{"n":9007199254740993}}`,
	`{"link":"SAME_AS","source":"matcher","from":{"source":"bank","referenceId":"ana"},"to":{"source":"bank","referenceId":"ben"},"score":0.75,"fields":{"phones":1},"lastSeen":1717000000000}`,
	`{"link":"SAME_AS","source":"matcher","state":"REFUSED","reason":"twins","from":{"source":"bank","referenceId":"ana"},"to":{"source":"crm","referenceId":"7"}}`,
	`{"node":"CASE","source":"old","referenceId":"1","tags":["a"],"fields":{"n":1.10},"contains":[{"kind":"ACCOUNT","source":"bank","referenceId":"ana","role":"subject","reason":"why"}]}`,
	`{"node":"CASE","source":"old","referenceId":"2","restricted":true}`,
	`{"node":"CASE","source":"old","referenceId":"3"}`,
	`{"link":"RELATES_TO","source":"old","key":"PARENT_OF","from":{"referenceId":"1"},"to":{"referenceId":"2"},"reason":"the ring","firstSeen":1,"lastSeen":2,"count":2}`,
	`{"link":"RELATES_TO","source":"old","key":"PARENT_OF","from":{"referenceId":"2"},"to":{"referenceId":"3"}}`,
	`{"link":"RELATES_TO","source":"old","key":"DUPLICATE_OF","from":{"referenceId":"3"},"to":{"referenceId":"1"}}`,
	`{"link":"RELATES_TO","source":"old","key":"RELATES","state":"REFUSED","reason":"not the same","from":{"referenceId":"1"},"to":{"referenceId":"3"}}`,
	`{"risk":"KNOWN_BAD","reason":"mule","at":8000,"expiresAt":9000,"on":{"kind":"ACCOUNT","source":"bank","referenceId":"ana"}}`,
	`{"risk":"TRUSTED","reason":"the office","on":{"kind":"CASE","source":"old","referenceId":"2"}}`,
	`{"risk":"SUSPICIOUS","reason":"a list","at":8000,"identifier":{"kind":"ip","value":"81.2.69.143"}}`,
}, "\n"), "\n\t\t", "")

// graph is every node with all that it says, and every link with all that it
// says but when it was recorded.
func (w *world) graph() string {
	w.Helper()
	var lines []string
	e := &exporter{ctx: w.ctx, store: w.store}
	for _, kind := range append([]casegraph.Kind{casegraph.KindIdentifier}, everyone...) {
		err := e.pages(kind, func(nodes []casegraph.Node) error {
			links, _, err := e.links(nodes, casegraph.LinkKinds()...)
			for _, n := range nodes {
				id := n.Head().ID
				lines = append(lines, fmt.Sprintf("%s %s\n", id, w.data(id)))
				for _, l := range links[id] {
					plain := *l
					plain.Recorded = 0
					text, err := json.Marshal(plain)
					if err != nil {
						return err
					}
					lines = append(lines, string(text)+"\n")
				}
			}
			return err
		})
		if err != nil {
			w.Fatal(err)
		}
	}
	return strings.Join(sorted(lines), "")
}

// The whole graph goes from one store into another and back, by its export
// alone, and is the same everywhere; a second import changes nothing.
func TestAnExportBroughtIntoTheOtherStoreIsTheSameGraph(t *testing.T) {
	first := newWorld(t)
	done := first.file("rows.ndjson", everything)
	first.equal("refused", Counts{Rejected: done.Rejected, Warnings: done.Warnings}, Counts{})
	export, graph := first.export(), first.graph()
	for _, kind := range casegraph.LinkKinds() {
		if kind != casegraph.LinkAbout && !strings.Contains(graph, `"Kind":"`+string(kind)+`"`) {
			t.Errorf("no link %s is in the graph", kind)
		}
	}
	from := first
	for _, to := range []*world{newNeo4jWorld(t), newWorld(t)} {
		for range 2 {
			end := to.end()
			done := to.file("rows.ndjson", from.export())
			if done.Rejected+done.Warnings > 0 || end > 0 && to.end() != end {
				t.Errorf("%+v, and the log goes from %d to %d", done.Counts, end, to.end())
			}
		}
		to.equal("export", strings.Split(to.export(), "\n"), strings.Split(export, "\n"))
		to.equal("graph", strings.Split(to.graph(), "\n"), strings.Split(graph, "\n"))
		from = to
	}
}
