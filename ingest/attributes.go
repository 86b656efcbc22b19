package ingest

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"casegraph"
)

// rule says which kinds have an attribute and how long its text may be.
type rule struct {
	most  int
	kinds []casegraph.Kind
}

var (
	objects  = []casegraph.Kind{casegraph.KindAccount, casegraph.KindInquiry, casegraph.KindReport, casegraph.KindTransaction, casegraph.KindSession}
	everyone = append(slices.Clone(objects), casegraph.KindCase)
)

func only(kind casegraph.Kind) []casegraph.Kind { return []casegraph.Kind{kind} }

// rules has every attribute by its name in a row.
var rules = map[string]rule{
	"at":              {0, objects},
	"status":          {100, everyone},
	"tags":            {60, everyone},
	"note":            {10_000, objects},
	"fields":          {0, everyone},
	"accountType":     {100, only(casegraph.KindAccount)},
	"name":            {300, only(casegraph.KindAccount)},
	"template":        {200, only(casegraph.KindInquiry)},
	"decidedAt":       {0, only(casegraph.KindInquiry)},
	"reportType":      {200, only(casegraph.KindReport)},
	"hasMatch":        {0, only(casegraph.KindReport)},
	"transactionType": {100, only(casegraph.KindTransaction)},
	"amount":          {64, only(casegraph.KindTransaction)},
	"currency":        {20, only(casegraph.KindTransaction)},
	"ip":              {100, only(casegraph.KindSession)},
	"device":          {1000, only(casegraph.KindSession)},
	"userAgent":       {1000, only(casegraph.KindSession)},
	"country":         {2, only(casegraph.KindSession)},
	"place":           {200, only(casegraph.KindSession)},
	"title":           {300, only(casegraph.KindCase)},
	"caseType":        {60, only(casegraph.KindCase)},
	"resolution":      {200, only(casegraph.KindCase)},
	"description":     {10_000, only(casegraph.KindCase)},
	"assignee":        {300, only(casegraph.KindCase)},
	"creator":         {300, only(casegraph.KindCase)},
	"resolver":        {300, only(casegraph.KindCase)},
	"restricted":      {0, only(casegraph.KindCase)},
	"assignedAt":      {0, only(casegraph.KindCase)},
	"resolvedAt":      {0, only(casegraph.KindCase)},
}

// attributeNames are the names of the fields of Attributes, by their index.
var attributeNames = func() []string {
	t := reflect.TypeFor[Attributes]()
	names := make([]string, t.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if _, ruled := rules[names[i]]; !ruled {
			panic("ingest: no rule for the attribute " + names[i])
		}
	}
	return names
}()

var countryRule = regexp.MustCompile(`^([A-Z]{2})?$`)

// maxTags is how many tags a node has at most.
const maxTags = 50

// check refuses attributes that the kind does not have, and those that break
// their rule.
func (a *Attributes) check(kind casegraph.Kind) error {
	v := reflect.ValueOf(a).Elem()
	for i, name := range attributeNames {
		if v.Field(i).IsZero() {
			continue
		}
		r := rules[name]
		if !slices.Contains(r.kinds, kind) {
			return casegraph.BadInput("%s: is no attribute of %s", name, kind)
		}
		if text, ok := v.Field(i).Interface().(*string); ok {
			if err := checkText(name, *text, r.most); err != nil {
				return err
			}
		}
	}
	if a.Country != nil && !countryRule.MatchString(*a.Country) {
		return casegraph.BadInput("country: must be an ISO 3166-1 alpha-2 code such as GB")
	}
	if a.Tags != nil {
		if err := checkTags(*a.Tags); err != nil {
			return err
		}
	}
	return a.checkFields()
}

func checkTags(tags []string) error {
	if len(tags) > maxTags {
		return casegraph.BadInput("tags: at most %d", maxTags)
	}
	seen := map[string]bool{}
	for i, tag := range tags {
		name := fmt.Sprintf("tags[%d]", i)
		if err := checkText(name, tag, rules["tags"].most); err != nil {
			return err
		}
		folded := strings.ToLower(strings.TrimSpace(tag))
		if folded == "" || seen[folded] {
			return casegraph.BadInput("%s: must not be empty or there already", name)
		}
		seen[folded] = true
	}
	return nil
}

// checkFields brings the fields into their one form.
func (a *Attributes) checkFields() error {
	if len(a.Fields) == 0 {
		return nil
	}
	fields, err := casegraph.ParseFields(a.Fields)
	if err != nil {
		return casegraph.BadInput("fields: %v", err)
	}
	a.Fields = fields
	return nil
}

// apply puts the given attributes on an object and tells whether that changed it.
func (a *Attributes) apply(n casegraph.Node) (changed bool, err error) {
	object := n.(interface{ External() *casegraph.Object }).External()
	changed = put(&object.Status, a.Status)
	changed = put(&object.Note, a.Note) || changed
	changed = putTime(&object.At, a.At) || changed
	changed = putTags(&object.Tags, a.Tags) || changed
	switch n := n.(type) {
	case *casegraph.Account:
		changed = put(&n.AccountType, a.AccountType) || changed
		changed = put(&n.Name, a.Name) || changed
	case *casegraph.Inquiry:
		changed = put(&n.Template, a.Template) || changed
		changed = putTime(&n.DecidedAt, a.DecidedAt) || changed
	case *casegraph.Report:
		changed = put(&n.ReportType, a.ReportType) || changed
		if a.HasMatch != nil && (n.HasMatch == nil || *n.HasMatch != *a.HasMatch) {
			n.HasMatch, changed = a.HasMatch, true
		}
	case *casegraph.Transaction:
		changed = put(&n.TransactionType, a.TransactionType) || changed
		changed = put(&n.Amount, (*casegraph.Decimal)(a.Amount)) || changed
		changed = put(&n.Currency, a.Currency) || changed
	case *casegraph.Session:
		changed = put(&n.IP, a.IP) || changed
		changed = put(&n.Device, a.Device) || changed
		changed = put(&n.UserAgent, a.UserAgent) || changed
		changed = put(&n.Country, a.Country) || changed
		changed = put(&n.Place, a.Place) || changed
	}
	merged, err := mergeFields(&object.Fields, a.Fields)
	return merged || changed, err
}

func put[T ~string](attribute, given *T) bool {
	if given == nil || *attribute == *given {
		return false
	}
	*attribute = *given
	return true
}

func putTime(attribute *casegraph.Time, given Moment) bool {
	if given == 0 || *attribute == casegraph.Time(given) {
		return false
	}
	*attribute = casegraph.Time(given)
	return true
}

func putTags(attribute *[]string, given *[]string) bool {
	if given == nil || slices.Equal(*attribute, *given) {
		return false
	}
	*attribute = slices.Clone(*given)
	return true
}

// mergeFields patches fields (RFC 7396). Both are in the one form that
// ParseFields makes.
func mergeFields(into *casegraph.Fields, given casegraph.Fields) (changed bool, err error) {
	if len(given) == 0 || string(*into) == string(given) {
		return false, nil
	}
	if len(*into) == 0 && !bytes.Contains(given, []byte("null")) {
		*into = given
		return true, nil
	}
	merged, err := into.Patched(given)
	if err != nil {
		return false, casegraph.BadInput("fields: %v", err)
	}
	changed = string(merged) != string(*into)
	*into = merged
	return changed, nil
}
