package persona

import (
	"encoding/json"
	"strings"

	"casegraph"
	"casegraph/ingest"
)

// account: its referenceId is the organisation's own id, if Persona has one.
func account(_ *reader, r *resource, row *ingest.Row) {
	if reference := r.text("reference-id"); reference != "" {
		row.ReferenceID = reference
	}
	row.At, row.Tags = r.moment("created-at"), r.tags()
	row.AccountType, row.Status = r.given("account-type-name"), r.given("account-status")
	if _, given := r.Attributes["fields"]; given {
		seen := identifiersOf(r.fields())
		if name := seen.name(); name != "" {
			row.Name = &name
		}
		row.Shows = seen.shows()
	}
}

// inquiry: it shows what its fields and its verifications say.
func inquiry(d *reader, r *resource, row *ingest.Row) {
	row.At, row.DecidedAt = r.moment("created-at"), r.moment("decisioned-at")
	row.Status, row.Note, row.Tags = r.given("status"), r.given("note"), r.tags()
	row.Of = r.accounts("account")
	row.Template = d.nameOf(r.one("inquiry-template"))
	if _, given := r.Attributes["fields"]; given {
		seen := identifiersOf(r.fields())
		verifications, _ := r.related("verifications")
		for _, one := range verifications {
			if v := d.known[one.ID]; v != nil {
				seen.more(v.attributes())
			}
		}
		row.Shows = seen.shows()
	}
}

// nameOf is what an included resource is called, or its id; nil without one.
func (d *reader) nameOf(id string) *string {
	if id == "" {
		return nil
	}
	if r := d.known[id]; r != nil && r.text("name") != "" {
		id = r.text("name")
	}
	return &id
}

// attributes are all of a resource's attributes as plain values.
func (r *resource) attributes() map[string]any {
	all := make(map[string]any, len(r.Attributes))
	for name, text := range r.Attributes {
		var value any
		if json.Unmarshal(text, &value) == nil {
			all[name] = unwrap(value)
		}
	}
	return all
}

// session: a visit within an inquiry, of the inquiry's account.
func session(d *reader, r *resource, row *ingest.Row) {
	row.At, row.Status = r.moment("created-at"), r.given("status")
	row.IP, row.UserAgent, row.Country = r.given("ip-address"), r.given("user-agent"), r.given("country-code")
	if place := r.text("region-name"); place != "" {
		row.Place = &place
	}
	if i := d.known[r.one("inquiry")]; i != nil {
		row.Of = i.accounts("account")
	} else if i := d.inquiryOf(r.ID); i != nil {
		row.Of = i.accounts("account")
	}
	shows := []ingest.Sight{}
	if id := r.one("device"); id != "" {
		row.Device = &id
		if device := d.known[id]; device != nil {
			add := func(kind casegraph.IdentifierKind, attribute string) {
				if value := device.text(attribute); value != "" {
					shows = append(shows, ingest.Sight{Kind: kind, Value: value})
				}
			}
			add("device", "device-fingerprint")
			add("device", "device-vendor-id")
			add("browser-fingerprint", "browser-fingerprint")
		}
	}
	row.Shows = &shows
}

// inquiryOf is the inquiry that names the session, where the session itself
// does not say.
func (d *reader) inquiryOf(session string) *resource {
	for _, r := range d.known {
		if r.Type != "inquiry" {
			continue
		}
		sessions, _ := r.related("sessions")
		for _, one := range sessions {
			if one.ID == session {
				return r
			}
		}
	}
	return nil
}

func report(_ *reader, r *resource, row *ingest.Row) {
	row.At, row.Status, row.Tags = r.moment("created-at"), r.given("status"), r.tags()
	_, name, _ := strings.Cut(r.Type, "/")
	row.ReportType = &name
	var match bool
	if text, ok := r.Attributes["has-match"]; ok && string(text) != "null" && json.Unmarshal(text, &match) == nil {
		row.HasMatch = &match
	}
	row.Of = r.accounts("account")
}

// transaction: Persona does not say who pays whom, so its accounts have no role.
func transaction(d *reader, r *resource, row *ingest.Row) {
	if reference := r.text("reference-id"); reference != "" {
		row.ReferenceID = reference
	}
	row.At, row.Status, row.Tags = r.moment("created-at"), r.given("status"), r.tags()
	row.TransactionType = d.nameOf(r.one("transaction-type"))
	row.Of = r.accounts("related-objects")
	fields := r.fields()
	if amount, ok := fields["amount"].(json.Number); ok {
		if digits, err := casegraph.ParseDecimal(amount.String()); err == nil {
			row.Amount = (*ingest.Amount)(&digits)
		}
	}
	for _, name := range []string{"currency", "currency-code", "currency_code"} {
		if currency, ok := fields[name].(string); ok && len(currency) <= 20 {
			row.Currency = &currency
			break
		}
	}
}

// caseRow: the name is the case's number, the status keeps its spelling.
func caseRow(_ *reader, r *resource, row *ingest.Row) {
	row.ReferenceID = r.text("name")
	if row.ReferenceID == "" {
		row.ReferenceID = r.ID
	}
	row.Status, row.Resolution, row.Tags = r.given("status"), r.given("resolution"), r.tags()
	row.AssignedAt, row.ResolvedAt = r.moment("assigned-at"), r.moment("resolved-at")
	row.Assignee = r.given("assignee-id")
	for _, name := range []string{"accounts", "inquiries", "reports", "txns"} {
		all, _ := r.related(name)
		for _, one := range all {
			if ref, ok := refTo(one); ok {
				row.Contains = append(row.Contains, ingest.Content{Ref: ref})
			}
		}
	}
}
