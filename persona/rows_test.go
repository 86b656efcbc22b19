package persona

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"casegraph"
	"casegraph/ingest"
)

// rows reads a document and gives its rows as import writes them, a line each.
func rows(t *testing.T, document string) string {
	t.Helper()
	all, err := Rows([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, row := range all {
		line, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ingest.ParseRow(line); err != nil {
			t.Errorf("%s\nis no row: %v", line, err)
		}
		lines = append(lines, string(line))
	}
	return strings.Join(lines, "\n")
}

func same(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("rows are\n%s\nand should be\n%s", got, want)
	}
}

const typedAccount = `{"data": {"type": "account", "id": "act_A1", "attributes": {
	"reference-id": "cust-9", "account-type-name": "Customer", "account-status": "Active",
	"created-at": "2024-05-01T10:00:00.250Z", "updated-at": "2024-06-01T10:00:00.000Z", "redacted-at": null, "tags": ["vip"],
	"fields": {
		"name": {"type": "hash", "value": {"first": {"type": "string", "value": "Lena"}, "middle": {"type": "string", "value": null}, "last": {"type": "string", "value": "Berg"}}},
		"birthdate": {"type": "date", "value": "1991-02-03"},
		"email_address": {"type": "string", "value": "lena@berg.se"},
		"address": {"type": "hash", "value": {"street_1": {"type": "string", "value": "5 Elm Street"}, "city": {"type": "string", "value": "Lund"}}},
		"identification_numbers": {"type": "array", "value": [{"type": "hash", "value": {"identification_class": {"type": "string", "value": "pp"}, "identification_number": {"type": "string", "value": "X123456"}}}]},
		"limit": {"type": "number", "value": 9007199254740993}
	}}, "relationships": {"account-type": {"data": {"type": "account-type", "id": "acttp_1"}}}}}`

const accountRow = `{"node":"ACCOUNT","id":"act_A1","source":"persona","referenceId":"cust-9","at":"2024-05-01T10:00:00.250Z","status":"Active","tags":["vip"],` +
	`"fields":{"address":{"city":"Lund","street_1":"5 Elm Street"},"birthdate":"1991-02-03","email_address":"lena@berg.se",` +
	`"identification_numbers":[{"identification_class":"pp","identification_number":"X123456"}],"limit":9007199254740993,"name":{"first":"Lena","last":"Berg","middle":null},` +
	`"persona":{"redacted-at":null,"relationships":{"account-type":["acttp_1"]},"updated-at":"2024-06-01T10:00:00.000Z"}},` +
	`"accountType":"Customer","name":"Lena Berg","shows":[{"kind":"email","value":"lena@berg.se"},{"kind":"government-id","value":"X123456"},` +
	`{"kind":"name-and-birthdate","value":"Lena Berg|1991-02-03"},{"kind":"address","value":"5 Elm Street, Lund"}]}`

func TestAnAccount(t *testing.T) { same(t, rows(t, typedAccount), accountRow) }

var attributeName = regexp.MustCompile(`"(reference-id|account-type-name|account-status|created-at|updated-at|redacted-at|account-type)":`)

// Persona writes names as it is asked to; what comes in is the same.
func TestTheInflectionOfNamesDoesNotMatter(t *testing.T) {
	inflect := func(f func(words []string) string) string {
		return attributeName.ReplaceAllStringFunc(typedAccount, func(name string) string {
			return `"` + f(strings.Split(strings.Trim(name, `":`), "-")) + `":`
		})
	}
	same(t, rows(t, inflect(func(words []string) string { return strings.Join(words, "_") })), accountRow)
	same(t, rows(t, inflect(func(words []string) string {
		for i := range words[1:] {
			words[i+1] = strings.ToUpper(words[i+1][:1]) + words[i+1][1:]
		}
		return strings.Join(words, "")
	})), accountRow)
}

func TestNamesInKebabCase(t *testing.T) {
	for given, want := range map[string]string{
		"created-at": "created-at", "created_at": "created-at", "createdAt": "created-at", "name": "name",
		"addressStreet1": "address-street-1", "address_street_1": "address-street-1", "inquirySession": "inquiry-session", "report/watchlist": "report/watchlist",
	} {
		if got := kebab(given); got != want {
			t.Errorf("%s becomes %s and should become %s", given, got, want)
		}
	}
}

func TestFieldsAreTypedOrPlain(t *testing.T) {
	document := func(fields string) string {
		return `{"data":{"type":"inquiry","id":"inq_1","attributes":{"fields":` + fields + `}}}`
	}
	same(t, rows(t, document(`{"risk":{"type":"string","value":"low"},"type":{"type":"a","value":"b","more":1},"n":{"type":"number","value":1.50}}`)),
		rows(t, document(`{"risk":"low","type":{"type":"a","value":"b","more":1},"n":1.50}`)))
}

func TestAnInquiryWithItsSessions(t *testing.T) {
	same(t, rows(t, `{"data": [{"type": "inquiry", "id": "inq_1", "attributes": {"status": "approved", "reference-id": "cust-9", "note": null, "tags": [],
			"created-at": "2024-05-02T00:00:00.000Z", "decisioned-at": "2024-05-03T00:00:00.000Z", "reviewer-comment": "fine",
			"fields": {"name-first": {"type": "string", "value": "Lena"}, "phone-number": {"type": "string", "value": "+46 8 123 456 78"}}},
		"relationships": {"account": {"data": {"type": "account", "id": "act_A1"}}, "inquiry-template": {"data": {"type": "inquiry-template", "id": "itmpl_1"}},
			"verifications": {"data": [{"type": "verification/database", "id": "ver_1"}]}, "sessions": {"data": [{"type": "inquiry-session", "id": "iqse_1"}]}, "reviewer": {"data": {}}}}],
		"included": [
			{"type": "inquiry-template", "id": "itmpl_1", "attributes": {"name": "KYC"}},
			{"type": "verification/database", "id": "ver_1", "attributes": {"name-last": "Berg", "birthdate": "1991-02-03"}},
			{"type": "device", "id": "dev_1", "attributes": {"device-fingerprint": "fp-1", "browser-fingerprint": "bf-1"}},
			{"type": "inquiry-session", "id": "iqse_1", "attributes": {"status": "active", "created-at": "2024-05-02T00:01:00.000Z", "ip-address": "81.2.69.142", "user-agent": "UA",
				"country-code": "SE", "region-name": "Skane", "is-vpn": false}, "relationships": {"device": {"data": {"type": "device", "id": "dev_1"}}}}
		]}`),
		`{"node":"INQUIRY","id":"inq_1","source":"persona","referenceId":"inq_1","at":"2024-05-02T00:00:00.000Z","status":"approved","tags":[],"note":"",`+
			`"fields":{"name-first":"Lena","persona":{"reference-id":"cust-9","relationships":{"account":["act_A1"],"inquiry-template":["itmpl_1"],"sessions":["iqse_1"],"verifications":["ver_1"]},"reviewer-comment":"fine"},"phone-number":"+46 8 123 456 78"},`+
			`"template":"KYC","decidedAt":"2024-05-03T00:00:00.000Z","of":[{"kind":"ACCOUNT","id":"act_A1","source":"persona","referenceId":"act_A1"}],`+
			`"shows":[{"kind":"phone","value":"+46 8 123 456 78"},{"kind":"name-and-birthdate","value":"Lena Berg|1991-02-03"}]}`+"\n"+
			`{"node":"SESSION","source":"persona","referenceId":"iqse_1","at":"2024-05-02T00:01:00.000Z","status":"active",`+
			`"fields":{"persona":{"is-vpn":false,"region-name":"Skane","relationships":{"device":["dev_1"]}}},`+
			`"ip":"81.2.69.142","device":"dev_1","userAgent":"UA","country":"SE","place":"Skane","of":[{"kind":"ACCOUNT","id":"act_A1","source":"persona","referenceId":"act_A1"}],`+
			`"shows":[{"kind":"device","value":"fp-1"},{"kind":"browser-fingerprint","value":"bf-1"}]}`)
}

func TestAReportATransactionAndACase(t *testing.T) {
	same(t, rows(t, `{"data": {"type": "report/watchlist", "id": "rep_1", "attributes": {"status": "ready", "has-match": true, "query": {"term": "Lena Berg"}},
		"relationships": {"account": {"data": null}, "inquiry": {"data": {"type": "inquiry", "id": "inq_1"}}}}}`),
		`{"node":"REPORT","id":"rep_1","source":"persona","referenceId":"rep_1","status":"ready",`+
			`"fields":{"persona":{"query":{"term":"Lena Berg"},"relationships":{"inquiry":["inq_1"]}}},"reportType":"watchlist","hasMatch":true,"of":[]}`)
	same(t, rows(t, `{"data": {"type": "transaction", "id": "txn_1", "attributes": {"status": "created", "reference-id": "order-1", "fields": {"amount": {"type": "number", "value": 12.50}, "currency": {"type": "string", "value": "SEK"}}},
		"relationships": {"related-objects": {"data": [{"type": "account", "id": "act_A1"}, {"type": "report/watchlist", "id": "rep_1"}]}, "transaction-type": {"data": {"type": "transaction-type", "id": "txntp_1"}}}}}`),
		`{"node":"TRANSACTION","id":"txn_1","source":"persona","referenceId":"order-1","status":"created",`+
			`"fields":{"amount":12.50,"currency":"SEK","persona":{"relationships":{"related-objects":["act_A1","rep_1"],"transaction-type":["txntp_1"]}}},`+
			`"transactionType":"txntp_1","amount":"12.50","currency":"SEK","of":[{"kind":"ACCOUNT","id":"act_A1","source":"persona","referenceId":"act_A1"}]}`)
	same(t, rows(t, `{"data": {"type": "case", "id": "case_1", "attributes": {"name": "FRD-4", "status": "open", "resolution": null, "assigned-at": "2024-05-02T00:00:00.000Z", "assignee-id": "lena@berg.se", "creator-id": "api_1", "fields": {"risk": "high"}},
		"relationships": {"accounts": {"data": [{"type": "account", "id": "act_A1"}]}, "txns": {"data": [{"type": "transaction", "id": "txn_1"}]}, "case-queue": {"data": null}}}}`),
		`{"node":"CASE","id":"case_1","source":"persona","referenceId":"FRD-4","status":"open",`+
			`"fields":{"persona":{"creator-id":"api_1","relationships":{"accounts":["act_A1"],"txns":["txn_1"]}},"risk":"high"},`+
			`"resolution":"","assignee":"lena@berg.se","assignedAt":"2024-05-02T00:00:00.000Z",`+
			`"contains":[{"kind":"ACCOUNT","id":"act_A1","source":"persona","referenceId":"act_A1"},{"kind":"TRANSACTION","id":"txn_1","source":"persona","referenceId":"txn_1"}]}`)
}

func TestAResourceWithoutAttributesChangesNoneOfThem(t *testing.T) {
	same(t, rows(t, `{"data": {"type": "account", "id": "act_A1", "attributes": {}}}`),
		`{"node":"ACCOUNT","id":"act_A1","source":"persona","referenceId":"act_A1"}`)
}

func TestDocumentsThatAreRefused(t *testing.T) {
	for document, message := range map[string]string{
		`[]`:                          "document: no JSON:API document",
		`{"errors":[]}`:               "data: a document has one resource or a list here",
		`{"data":null}`:               "data: a document has one resource or a list here",
		`{"data":5}`:                  "data: no resource",
		`{"data":{"type":"account"}}`: "data: every resource has a type and an id",
		`{"data":[{"type":"selfie/x","id":"self_1"}]}`: `data: a "selfie/x" can't be brought in: an account, inquiry, inquiry-session, report, transaction or case can`,
	} {
		_, err := Rows([]byte(document))
		if casegraph.CodeOf(err) != casegraph.CodeBadInput || !strings.Contains(err.Error(), message) {
			t.Errorf("%s says %v and should say %s", document, err, message)
		}
	}
}

func FuzzRows(f *testing.F) {
	f.Add(typedAccount)
	f.Add(`{"data":[{"type":"case","id":"case_1","attributes":{"fields":{"a":[{"type":"b","value":{}}]}},"relationships":{"accounts":{"data":[{}]}}}]}`)
	f.Fuzz(func(t *testing.T, document string) {
		all, err := Rows([]byte(document))
		if err != nil && casegraph.CodeOf(err) != casegraph.CodeBadInput {
			t.Errorf("refused as %s: %v", casegraph.CodeOf(err), err)
		}
		if err == nil && strings.Contains(document, `"data":[{`) && len(all) == 0 {
			t.Error("a resource comes to nothing")
		}
	})
}
