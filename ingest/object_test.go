package ingest

import (
	"path/filepath"
	"strings"
	"testing"

	"casegraph"
	"casegraph/commit"
	"casegraph/identity"
)

const (
	ana = `{"node":"ACCOUNT","source":"bank","referenceId":"ana","at":"2024-01-01T00:00:00Z","accountType":"person","name":"Ana Ruiz",
		"tags":["vip"],"fields":{"risk":"low","address":{"city":"Leeds"}},"shows":[{"kind":"email","value":"Ana@Mail.com"}]}`
	pay1 = `{"node":"TRANSACTION","source":"bank","referenceId":"p1","at":"2024-03-01T00:00:00Z","amount":12.50,"currency":"GBP",
		"of":[{"role":"payer","referenceId":"ana"},{"role":"payee","referenceId":"ben"}]}`
)

func TestAnObjectComesInWithWhatItShows(t *testing.T) {
	w := newWorld(t)
	w.equal("outcome", w.accept(ana), []Outcome{Created})
	w.equal("events", w.events(0), []string{"account.created"})
	w.equal("account", w.data(account("ana")), `{"source":"bank","referenceId":"ana","at":1704067200000,"tags":["vip"],`+
		`"fields":{"address":{"city":"Leeds"},"risk":"low"},"accountType":"person","name":"Ana Ruiz"}`)
	w.equal("links", w.links(account("ana")), []string{
		`HAS → email ana@mail.com 2024-01-01`,
		`SHOWS → email ana@mail.com 2024-01-01 as ["Ana@Mail.com"]`})
}

func TestBringingARowInAgainChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.accept(ana, pay1)
	end := w.end()
	w.equal("outcomes", w.accept(ana, pay1), []Outcome{Unchanged, Unchanged})
	w.equal("the log's end", w.end(), end)
}

func TestWhatARowGivesReplacesAndWhatItDoesNotGiveStays(t *testing.T) {
	w := newWorld(t)
	w.accept(ana)
	w.equal("outcome", w.accept(`{"node":"ACCOUNT","source":"bank","referenceId":"ana","status":"closed","tags":[],"fields":{"risk":null,"address":{"post":"LS1"}}}`), []Outcome{Updated})
	w.equal("account", w.data(account("ana")), `{"source":"bank","referenceId":"ana","at":1704067200000,"status":"closed",`+
		`"fields":{"address":{"city":"Leeds","post":"LS1"}},"accountType":"person","name":"Ana Ruiz"}`)
	w.equal("links", w.links(account("ana"), casegraph.LinkShows), []string{`SHOWS → email ana@mail.com 2024-01-01 as ["Ana@Mail.com"]`})
}

func TestARowThatStatesWhatIsShownEndsWhatItsSourceNoLongerShows(t *testing.T) {
	w := newWorld(t)
	w.accept(ana, `{"link":"SHOWS","source":"crm","from":{"kind":"ACCOUNT","source":"bank","referenceId":"ana"},"identifier":{"kind":"phone","value":"+44 20 7183 8750"}}`)
	end := w.end()
	w.accept(`{"node":"ACCOUNT","source":"bank","referenceId":"ana","shows":[{"kind":"email","value":"new@mail.com"}]}`)
	w.equal("events", w.events(end), []string{"account.linked"})
	w.equal("links, with the other source's phone", w.links(account("ana")), []string{
		`HAS → email new@mail.com 2024-01-01`,
		`HAS → phone +442071838750`,
		`SHOWS → email new@mail.com 2024-01-01 as ["new@mail.com"]`,
		`SHOWS → phone +442071838750 as ["+44 20 7183 8750"]`})
}

func TestTwoFormsOfOneIdentifierAreOneLink(t *testing.T) {
	w := newWorld(t)
	w.accept(`{"node":"ACCOUNT","source":"bank","referenceId":"ana","shows":[{"kind":"email","value":"b@mail.com"},{"kind":"email","value":"B@MAIL.com","confidence":0.5}]}`)
	w.equal("links", w.links(account("ana"), casegraph.LinkShows), []string{`SHOWS → email b@mail.com as ["B@MAIL.com" "b@mail.com"]`})
}

func TestPlaceholdersJoinNobodyAndAreKeptInTheFields(t *testing.T) {
	w := newWorld(t)
	row := `{"node":"ACCOUNT","source":"bank","referenceId":"ana","shows":[{"kind":"phone","value":"0000000000"},{"kind":"email","value":"n/a"}]}`
	w.accept(row)
	w.equal("account", w.data(account("ana")), `{"source":"bank","referenceId":"ana","fields":{"placeholders":{"email":["n/a"],"phone":["0000000000"]}}}`)
	w.equal("links", w.links(account("ana")), []string{})
	w.accept(`{"link":"SHOWS","source":"bank","from":{"kind":"ACCOUNT","referenceId":"ana"},"identifier":{"kind":"phone","value":"1111111111"}}`)
	w.equal("account", w.data(account("ana")), `{"source":"bank","referenceId":"ana","fields":{"placeholders":{"email":["n/a"],"phone":["0000000000","1111111111"]}}}`)
	w.accept(`{"node":"ACCOUNT","source":"bank","referenceId":"ana","shows":[{"kind":"phone","value":"0000000000"}]}`)
	w.equal("account", w.data(account("ana")), `{"source":"bank","referenceId":"ana","fields":{"placeholders":{"phone":["0000000000"]}}}`)
	w.accept(`{"node":"ACCOUNT","source":"bank","referenceId":"ana","shows":[]}`)
	w.equal("account", w.data(account("ana")), `{"source":"bank","referenceId":"ana"}`)
}

func TestAnIdentifierThatItsKindRefusesIsLeftOutAndTold(t *testing.T) {
	w := newWorld(t)
	outcome := w.bring(`{"node":"ACCOUNT","source":"bank","referenceId":"ana","shows":[{"kind":"email","value":"no mail"},{"kind":"email","value":"a@b.com"}]}`)[0]
	w.equal("outcome", outcome, ObjectOutcome{ID: account("ana"), Outcome: Created, Warnings: []string{"shows[0]: email: must have exactly one @"}})
	w.equal("links", len(w.links(account("ana"), casegraph.LinkShows)), 1)
}

func TestASessionShowsItsAddressItsNetworkAndItsDevice(t *testing.T) {
	w := newWorld(t)
	w.accept(`{"node":"SESSION","source":"bank","referenceId":"s1","at":"2024-02-01T00:00:00Z","ip":"81.2.69.142","device":"D-77","of":[{"referenceId":"ana"}]}`)
	w.equal("links", w.links(session("s1")), []string{
		"OF → ana 2024-02-01",
		`SHOWS → device D-77 2024-02-01 as ["D-77"]`,
		`SHOWS → ip 81.2.69.142 2024-02-01 as ["81.2.69.142"]`,
		`SHOWS → network 81.2.69.0/24 2024-02-01 as ["81.2.69.0/24"]`})
	w.equal("the account's sums", w.links(account("ana")), []string{
		"HAS → device D-77 2024-02-01", "HAS → ip 81.2.69.142 2024-02-01", "HAS → network 81.2.69.0/24 2024-02-01"})
	w.accept(`{"node":"SESSION","source":"bank","referenceId":"s1","ip":"81.2.69.143","device":"D-77"}`)
	w.equal("the account's sums", w.links(account("ana")), []string{
		"HAS → device D-77 2024-02-01", "HAS → ip 81.2.69.143 2024-02-01", "HAS → network 81.2.69.0/24 2024-02-01"})
}

func TestAnAccountThatIsOnlyNamedIsThereUntilItsOwnRowComes(t *testing.T) {
	w := newWorld(t)
	w.accept(pay1)
	w.equal("events", w.events(0), []string{"transaction.created", "account.created", "account.created"})
	w.equal("account", w.data(account("ben")), `{"source":"bank","referenceId":"ben"}`)
	w.equal("outcome", w.accept(`{"node":"ACCOUNT","source":"bank","referenceId":"ben","name":"Ben"}`), []Outcome{Updated})
	w.equal("account", w.data(account("ben")), `{"source":"bank","referenceId":"ben","name":"Ben"}`)
}

func TestATransactionIsPaidFromPayerToPayee(t *testing.T) {
	w := newWorld(t)
	w.accept(pay1)
	paid := func(from string) []string { return w.links(account(from), casegraph.LinkPaid) }
	key := string(transaction("p1"))
	w.equal("its owners", w.links(transaction("p1")), []string{"OF payee → ben 2024-03-01", "OF payer → ana 2024-03-01"})
	w.equal("payment", paid("ana"), []string{"PAID " + key + " → ben 2024-03-01 12.50 GBP"})

	// A row that gives the amount alone still moves the payment with it.
	w.equal("outcome", w.accept(`{"node":"TRANSACTION","source":"bank","referenceId":"p1","amount":"13"}`), []Outcome{Updated})
	w.equal("payment", paid("ana"), []string{"PAID " + key + " → ben 2024-03-01 13 GBP"})

	// The payee turns out to be another.
	w.accept(`{"node":"TRANSACTION","source":"bank","referenceId":"p1","of":[{"role":"payer","referenceId":"ana"},{"role":"payee","referenceId":"eve"}]}`)
	w.equal("its owners", w.links(transaction("p1")), []string{"OF payee → eve 2024-03-01", "OF payer → ana 2024-03-01"})
	w.equal("payment", paid("ana"), []string{"PAID " + key + " → eve 2024-03-01 13 GBP"})

	// It was to oneself: then nobody paid anybody else.
	w.accept(`{"node":"TRANSACTION","source":"bank","referenceId":"p1","of":[{"role":"payer","referenceId":"ana"},{"role":"payee","referenceId":"ana"}]}`)
	w.equal("its owners", w.links(transaction("p1")), []string{"OF payee → ana 2024-03-01", "OF payer → ana 2024-03-01"})
	w.equal("payment", paid("ana"), []string{})

	// And back: the ended payment is there again.
	w.accept(pay1)
	w.equal("payment", paid("ana"), []string{"PAID " + key + " → ben 2024-03-01 12.50 GBP"})
}

func TestOwnersThatComeOneByOneMakeAPayment(t *testing.T) {
	w := newWorld(t)
	w.accept(`{"node":"TRANSACTION","source":"bank","referenceId":"p1","amount":5}`,
		`{"link":"OF","source":"bank","from":{"kind":"TRANSACTION","referenceId":"p1"},"to":{"referenceId":"ana"},"role":"payer"}`,
		`{"link":"OF","source":"bank","from":{"kind":"TRANSACTION","referenceId":"p1"},"to":{"referenceId":"ben"},"role":"payee"}`)
	w.equal("payment", w.links(account("ana"), casegraph.LinkPaid), []string{"PAID " + string(transaction("p1")) + " → ben 5"})
}

func TestAnObjectsLinksGoWithItsTime(t *testing.T) {
	w := newWorld(t)
	w.accept(ana, `{"node":"ACCOUNT","source":"bank","referenceId":"ana","at":"2024-01-05T00:00:00Z"}`)
	w.equal("links", w.links(account("ana"), casegraph.LinkShows), []string{`SHOWS → email ana@mail.com 2024-01-05 as ["Ana@Mail.com"]`})
}

func TestLinkRowsWidenWhenALinkHeld(t *testing.T) {
	w := newWorld(t)
	seen := func(first, last string) string {
		return `{"link":"SHOWS","source":"bank","from":{"kind":"ACCOUNT","referenceId":"ana"},"identifier":{"kind":"email","value":"a@b.com"},"firstSeen":"` + first + `T00:00:00Z","lastSeen":"` + last + `T00:00:00Z"}`
	}
	later, earlier := seen("2024-05-01", "2024-06-01"), seen("2024-02-01", "2024-02-02")
	w.accept(later, earlier)
	w.equal("links", w.links(account("ana"), casegraph.LinkShows), []string{`SHOWS → email a@b.com 2024-02-01–2024-06-01 as ["a@b.com"]`})
	end := w.end()
	w.accept(later, earlier)
	w.equal("the log's end", w.end(), end)
}

func TestRowsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	for row, reason := range map[string]string{
		`{}`:                             "node: a row has one of node, link and risk",
		`{"node":"ACCOUNT","link":"OF"}`: "node: a row has one of node, link and risk",
		`{"node":"IDENTIFIER","source":"bank","referenceId":"x"}`:                                                                                        "node: must be ACCOUNT, INQUIRY, REPORT, TRANSACTION, SESSION or CASE",
		`{"node":"CASE","source":"bank","referenceId":"x"}`:                                                                                              "node: a case is not imported here",
		`{"node":"ACCOUNT","source":"Big Bank","referenceId":"x"}`:                                                                                       "source: must be 1 to 100 lower-case letters, digits and . _ / -",
		`{"node":"ACCOUNT","source":"bank"}`:                                                                                                             "referenceId: must be given",
		`{"node":"ACCOUNT","source":"bank","referenceId":"a\u0000b"}`:                                                                                    "referenceId: must not hold a NUL",
		`{"node":"ACCOUNT","source":"bank","referenceId":"x","amount":1}`:                                                                                "amount: is no attribute of ACCOUNT",
		`{"node":"ACCOUNT","source":"bank","referenceId":"x","key":"k"}`:                                                                                 "key: is no attribute of ACCOUNT",
		`{"node":"ACCOUNT","source":"bank","referenceId":"x","of":[]}`:                                                                                   "of: an account is of nobody; a RELATED link joins two",
		`{"node":"ACCOUNT","source":"bank","referenceId":"x","tags":["A","a "]}`:                                                                         "tags[1]: must not be empty or there already",
		`{"node":"ACCOUNT","id":"inq_1","source":"bank","referenceId":"x"}`:                                                                              "id: is of kind INQUIRY and must be of kind ACCOUNT",
		`{"node":"ACCOUNT","id":"act_1"}`:                                                                                                                `id: no account has the id "act_1"`,
		`{"node":"SESSION","source":"bank","referenceId":"x","country":"England"}`:                                                                       "country: at most 2 characters",
		`{"node":"SESSION","source":"bank","referenceId":"x","of":[{"referenceId":""}]}`:                                                                 "of[0].referenceId: must be given",
		`{"node":"TRANSACTION","source":"bank","referenceId":"x","of":[{"role":"cat","referenceId":"y"}]}`:                                               "of[0].role: must be payer or payee, or absent where it is not known",
		`{"node":"TRANSACTION","source":"bank","referenceId":"x","of":[{"role":"payer","referenceId":"y"},{"role":"payer","referenceId":"z"}]}`:          "of[1].role: a transaction has one payer",
		`{"link":"OF","source":"Big Bank","from":{"id":"txn_1"},"to":{"id":"act_1"}}`:                                                                    "source: must be 1 to 100 lower-case letters, digits and . _ / -",
		`{"link":"PAID","source":"bank"}`:                                                                                                                "link: must be RELATED, SAME_AS, SHOWS, OF or RELATES_TO; PAID comes with its transaction, CONTAINS with its case, HAS from what is shown",
		`{"link":"OF","source":"bank","from":{"kind":"ACCOUNT","referenceId":"x"},"to":{"referenceId":"y"}}`:                                             "to: an account is of nobody; a RELATED link joins two",
		`{"link":"SHOWS","source":"bank","from":{"kind":"ACCOUNT","referenceId":"x"},"identifier":{"kind":"email","value":"no mail"}}`:                   "identifier: email: must have exactly one @",
		`{"link":"RELATED","source":"bank","key":"owns","from":{"referenceId":"x"},"to":{"referenceId":"x"}}`:                                            "to: must be another account than from",
		`{"link":"RELATED","source":"bank","key":"Owns","from":{"referenceId":"x"},"to":{"referenceId":"y"}}`:                                            "key: must begin with a lower-case word for the relation, such as owns or owns:2024, and have at most 200 bytes",
		`{"link":"OF","source":"bank","from":{"kind":"SESSION","referenceId":"x"},"to":{"id":"act_9"}}`:                                                  `to.id: no account has the id "act_9"`,
		`{"node":"SESSION","source":"bank","referenceId":"x","of":[{"referenceId":"y"},{"id":"act_9"}]}`:                                                 `of[1].id: no account has the id "act_9"`,
		`{"link":"OF","source":"bank","from":{"id":"txn_9"},"to":{"referenceId":"y"}}`:                                                                   `from.id: no transaction has the id "txn_9"`,
		`{"link":"OF","source":"bank","referenceId":"9","from":{"id":"txn_9"},"to":{"referenceId":"y"}}`:                                                 `referenceId: is no attribute of a link`,
		`{"link":"OF","source":"bank","from":{"id":"txn_9"},"to":{"referenceId":"y"},"key":"k"}`:                                                         `key: is no attribute of an OF link`,
		`{"link":"SHOWS","source":"bank","from":{"kind":"ACCOUNT","referenceId":"x"},"to":{"id":"act_9"},"identifier":{"kind":"email","value":"a@b.c"}}`: `to: is no attribute of a SHOWS link`,
		`{"link":"SHOWS","source":"bank","from":{"kind":"ACCOUNT","referenceId":"x"},"identifier":{"kind":"EMAIL","value":"a@b.c"}}`:                     "identifier.kind: " + identity.KindRule,
		`{"link":"RELATED","source":"bank","key":"owns","role":"x","from":{"referenceId":"x"},"to":{"referenceId":"y"}}`:                                 `role: is no attribute of a RELATED link`,
		`{"link":"SAME_AS","source":"bank","state":"MAYBE","from":{"referenceId":"x"},"to":{"referenceId":"y"}}`:                                         `state: must be PROPOSED, CONFIRMED or REFUSED`,
		`{"link":"SAME_AS","source":"bank","score":1.5,"from":{"referenceId":"x"},"to":{"referenceId":"y"}}`:                                             `score: must be from 0 to 1`,
		`{"link":"SAME_AS","source":"bank","key":"k","from":{"referenceId":"x"},"to":{"referenceId":"y"}}`:                                               `key: is no attribute of a SAME_AS link`,
		`{"link":"RELATED","source":"bank","key":"owns","state":"PROPOSED","from":{"referenceId":"x"},"to":{"referenceId":"y"}}`:                         `state: is no attribute of a RELATED link`,
		`{"link":"RELATES_TO","source":"bank","key":"RELATES","from":{"referenceId":"x"},"to":{"referenceId":"y"}}`:                                      `link: cases are not linked here`,
		`{"node":"ACCOUNT","source":"bank","referenceId":"x","fields":[1]}`:                                                                              `fields: must be a JSON object`,
		`{"link":"RELATED","source":"bank","key":"owns","status":"x"}`:                                                                                   "status: is no attribute of a link",
	} {
		outcome := w.bring(row)[0]
		field, _, _ := strings.Cut(reason, ": ")
		if outcome.Outcome != Rejected || outcome.Reason != reason || outcome.Field != field {
			t.Errorf("%s\nis %s: %s at %q\nand should be rejected: %s", row, outcome.Outcome, outcome.Reason, outcome.Field, reason)
		}
	}
	w.equal("the log's end", w.end(), 0)
}

func TestARepeatedRequestGivesTheFirstOutcomes(t *testing.T) {
	w := newWorld(t)
	bring := func(text, digest string) ([]ObjectOutcome, error) {
		row, err := ParseRow([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return ImportObjects(w.ctx, w.committer, ObjectsRequest{Rows: []Row{row}, Once: &commit.Once{Key: "k", Digest: digest}})
	}
	for range 2 {
		outcomes, err := bring(ana, "d")
		if err != nil {
			t.Fatal(err)
		}
		w.equal("outcome", outcomes[0].Outcome, Created)
	}
	if _, err := bring(pay1, "e"); casegraph.CodeOf(err) != casegraph.CodeConflict {
		t.Errorf("another request under the same key gives %v", err)
	}
	w.equal("events", w.events(0), []string{"account.created"})
}

func TestRelationsOfAccounts(t *testing.T) {
	w := newWorld(t)
	owns := `{"link":"RELATED","source":"bank","key":"owns:2024","from":{"referenceId":"ana"},"to":{"source":"register","referenceId":"77"},"firstSeen":"2024-01-01T00:00:00Z","fields":{"share":0.5}}`
	w.equal("outcome", w.accept(owns), []Outcome{Created})
	w.equal("events", w.events(0), []string{"account.linked", "account.created", "account.created"})
	w.equal("links", w.links(account("ana")), []string{`RELATED owns:2024 → 77 2024-01-01 {"share":0.5}`})
	w.equal("outcome", w.accept(owns), []Outcome{Unchanged})
	w.equal("outcome", w.accept(`{"link":"RELATED","source":"bank","key":"owns:2024","from":{"referenceId":"ana"},"to":{"source":"register","referenceId":"77"},"lastSeen":"2024-09-01T00:00:00Z"}`), []Outcome{Updated})
	w.equal("links", w.links(account("ana")), []string{`RELATED owns:2024 → 77 2024-01-01–2024-09-01 {"share":0.5}`})
}

func TestNationalTelephoneNumbersAreOfTheRegion(t *testing.T) {
	w := newWorld(t)
	w.settings.Identity = identity.Options{Region: "GB"}
	w.accept(`{"node":"ACCOUNT","source":"bank","referenceId":"ana","shows":[{"kind":"phone","value":"020 7183 8750"}]}`)
	w.equal("links", w.links(account("ana"), casegraph.LinkShows), []string{`SHOWS → phone +442071838750 as ["020 7183 8750"]`})
}

// A number that can't meet its other spellings does not come in without a word.
func TestNationalTelephoneNumbersOfNoRegionAreToldOf(t *testing.T) {
	w := newWorld(t)
	const warning = "phone: has no country's code, and no region is set (CASEGRAPH_REGION): it is kept as its digits and meets no number that has one"
	told := w.bring(
		`{"node":"ACCOUNT","source":"bank","referenceId":"ana","shows":[{"kind":"phone","value":"+44 20 7183 8750"},{"kind":"phone","value":"020 7183 8750"},{"kind":"phone","value":"0000000000"}]}`,
		`{"link":"SHOWS","source":"bank","from":{"kind":"ACCOUNT","referenceId":"ben"},"identifier":{"kind":"phone","value":"020 7183 8750"}}`)
	for i, field := range []string{"shows[1]", "identifier"} {
		w.equal("outcome", told[i].Outcome, Created)
		w.equal("warnings", told[i].Warnings, []string{field + ": " + warning})
	}
	w.equal("links", w.links(account("ben"), casegraph.LinkShows), []string{`SHOWS → phone 02071838750 as ["020 7183 8750"]`})
	im := w.importOf(w.write("rows.ndjson", `{"node":"ACCOUNT","source":"bank","referenceId":"eve","shows":[{"kind":"phone","value":"020 7183 8750"}]}`))
	im.Rejects = filepath.Join(t.TempDir(), "rejects")
	done, err := im.Run(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	w.equal("counts", done.Counts, Counts{Records: 1, Rows: 1, Links: 1, Created: 1, Warnings: 1})
	reject := w.rejected(im.Rejects)
	w.equal("reject", reject, Reject{File: im.Inputs[0].Path, Line: 1, Field: "shows[0]", Reason: "shows[0]: " + warning, Kept: true})
}
