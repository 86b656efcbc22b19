package api_test

import (
	"testing"

	"casegraph"
	"casegraph/api"
)

// A filter's conditions must all hold; each is tried on one case.
func TestCaseFilter(t *testing.T) {
	c := &casegraph.Case{Header: casegraph.Header{ID: "case_1", Version: 3, CreatedAt: 1_000, UpdatedAt: 2_000}, Number: "CASE-1",
		Title: "Petra Novak", CaseType: "account-takeover", Status: "In review", AssigneeID: "usr_1", Tags: []string{"night", "payout"},
		Fields: casegraph.Fields(`{"risk":{"score":91},"channel":"app","lists":["a","b"],"checked":true}`)}
	text := func(s string) *api.TextFilter { return &api.TextFilter{Eq: &s} }
	field := func(f api.FieldFilter) *api.CaseFilter { return &api.CaseFilter{Fields: []*api.FieldFilter{&f}} }
	scalar := func(v any) *api.Scalar { return &api.Scalar{Value: v} }
	ordered := func(v any) *api.Ordered { return &api.Ordered{Value: v} }
	for name, try := range map[string]struct {
		filter *api.CaseFilter
		holds  bool
	}{
		"none":                         {nil, true},
		"an empty one":                 {&api.CaseFilter{}, true},
		"the status":                   {&api.CaseFilter{Status: text("In review")}, true},
		"another status":               {&api.CaseFilter{Status: text("Open")}, false},
		"one of the statuses":          {&api.CaseFilter{Status: &api.TextFilter{In: []string{"Open", "In review"}}}, true},
		"one of no statuses":           {&api.CaseFilter{Status: &api.TextFilter{In: []string{}}}, false},
		"the title's beginning":        {&api.CaseFilter{Title: &api.TextFilter{StartsWith: new("Petra")}}, true},
		"a part of the title":          {&api.CaseFilter{Title: &api.TextFilter{Contains: new("Nov")}}, true},
		"both of two conditions":       {&api.CaseFilter{Status: text("In review"), Title: text("x")}, false},
		"somebody's":                   {&api.CaseFilter{AssigneeID: &api.IdFilter{Exists: new(true)}}, true},
		"nobody's":                     {&api.CaseFilter{AssigneeID: &api.IdFilter{Exists: new(false)}}, false},
		"one of the users'":            {&api.CaseFilter{AssigneeID: &api.IdFilter{In: []casegraph.ID{"usr_1"}}}, true},
		"made before":                  {&api.CaseFilter{CreatedAt: &api.TimeFilter{Lt: new(casegraph.Time(1_001))}}, true},
		"made after":                   {&api.CaseFilter{CreatedAt: &api.TimeFilter{Gt: new(casegraph.Time(1_000))}}, false},
		"changed within":               {&api.CaseFilter{UpdatedAt: &api.TimeFilter{Gte: new(casegraph.Time(2_000)), Lte: new(casegraph.Time(2_000))}}, true},
		"not resolved":                 {&api.CaseFilter{ResolvedAt: &api.TimeFilter{Exists: new(false)}}, true},
		"a label":                      {&api.CaseFilter{Tags: &api.TagFilter{Has: new("night")}}, true},
		"all of the labels":            {&api.CaseFilter{Tags: &api.TagFilter{HasAll: []string{"night", "day"}}}, false},
		"any of the labels":            {&api.CaseFilter{Tags: &api.TagFilter{HasAny: []string{"night", "day"}}}, true},
		"any of no labels":             {&api.CaseFilter{Tags: &api.TagFilter{HasAny: []string{}}}, false},
		"not restricted":               {&api.CaseFilter{Restricted: new(false)}, true},
		"restricted":                   {&api.CaseFilter{Restricted: new(true)}, false},
		"a field":                      {field(api.FieldFilter{Path: "risk.score", Gte: ordered(int64(90)), Lt: ordered(91.5)}), true},
		"a field of another type":      {field(api.FieldFilter{Path: "risk.score", Eq: scalar("91")}), false},
		"a field's beginning":          {field(api.FieldFilter{Path: "channel", StartsWith: new("a")}), true},
		"a list that holds":            {field(api.FieldFilter{Path: "lists", Has: scalar("b")}), true},
		"a truth value":                {field(api.FieldFilter{Path: "checked", Eq: scalar(true)}), true},
		"a field that is not there":    {field(api.FieldFilter{Path: "nothing", Exists: new(false)}), true},
		"a path and nothing else":      {field(api.FieldFilter{Path: "channel"}), true},
		"a missing path, nothing else": {field(api.FieldFilter{Path: "nothing"}), false},
		"and":                          {&api.CaseFilter{And: []*api.CaseFilter{{Status: text("In review")}, {Status: text("Open")}}}, false},
		"or":                           {&api.CaseFilter{Or: []*api.CaseFilter{{Status: text("In review")}, {Status: text("Open")}}}, true},
		"or of none":                   {&api.CaseFilter{Or: []*api.CaseFilter{}}, false},
		"or beside another condition":  {&api.CaseFilter{Title: text("x"), Or: []*api.CaseFilter{{Status: text("In review")}}}, false},
		"not":                          {&api.CaseFilter{Not: &api.CaseFilter{Status: text("Open")}}, true},
		"not, of what is not there":    {&api.CaseFilter{Not: &api.CaseFilter{Resolution: text("confirmed")}}, true},
		"not, of two that do not both": {&api.CaseFilter{Not: &api.CaseFilter{Status: text("In review"), Title: text("x")}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			filter := try.filter.Filter()
			if err := filter.Check(); err != nil {
				t.Fatal(err)
			}
			if filter.Matches(c) != try.holds {
				t.Errorf("holds: %v", !try.holds)
			}
		})
	}
}

// Amounts are compared as numbers, whatever their digits.
func TestTransactionFilter(t *testing.T) {
	txn := &casegraph.Transaction{Amount: "1250.00", Currency: "EUR"}
	for name, try := range map[string]struct {
		filter api.DecimalFilter
		holds  bool
	}{
		"equal":    {api.DecimalFilter{Eq: new(casegraph.Decimal("1250"))}, true},
		"more":     {api.DecimalFilter{Gt: new(casegraph.Decimal("999.99"))}, true},
		"not less": {api.DecimalFilter{Lt: new(casegraph.Decimal("1250.00"))}, false},
	} {
		filter := (&api.TransactionFilter{Amount: &try.filter}).Filter()
		if filter.Matches(txn) != try.holds {
			t.Errorf("%s holds: %v", name, !try.holds)
		}
	}
}
