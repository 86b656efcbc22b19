package resolvers_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"casegraph/graph"
)

// Every field that takes code of its own is listed here. A field of the schema
// that does not fit its Go type becomes a resolver without a word: this is
// where it is noticed.
func TestResolvers(t *testing.T) {
	want := strings.Fields(`
		Account.Cases Account.Identifiers Account.Inquiries Account.Links Account.Relations Account.Reports Account.Sessions Account.Timeline Account.Transactions
		AllowedTransition.AwaitedBy
		Assignment.Members
		AttachedEdge.By
		AwaitedStatus.By
		Boundary.Node
		BroughtObject.By BroughtObject.From
		Bulk.By Bulk.Items
		BulkItem.Node
		Calendar.After
		Case.AllowedTransitions Case.Assignee Case.Checklist Case.Clocks Case.Comments Case.Creator Case.Links Case.MergedFrom Case.Objects Case.Queue Case.RelatedTo Case.ResolvedBy Case.Template Case.Timeline
		CaseAnalytics.CSV CaseFigures.Name
		CheckedItem.By
		Comment.Anchor Comment.Author Comment.Case Comment.DeletedBy Comment.Mentions Comment.Replies Comment.ReplyTo Comment.Revisions
		CommentRevision.By
		Event.Actor Event.Links Event.Subject
		EventCause.Rule
		Identifier.Accounts Identifier.Degree Identifier.Links Identifier.Objects Identifier.Timeline
		IdentifierEdge.Evidence
		Inquiry.Accounts Inquiry.Cases Inquiry.Identifiers Inquiry.Links Inquiry.Timeline
		Link.By Link.Evidence Link.From Link.Mark Link.SplitFrom Link.To Link.Transaction
		LinkEdge.Far
		MergedCase.By MergedCase.Into
		Queue.Breaching Queue.OldestSince Queue.Waiting
		Report.Accounts Report.Cases Report.Identifiers Report.Links Report.Timeline
		RiskMark.By RiskMark.Expired
		RuleAction.Assignee RuleAction.Queue
		RuleRun.Rule RuleRun.Subject
		RuleRunItem.Case
		Session.Accounts Session.Cases Session.Identifiers Session.Links Session.Timeline
		Snooze.By
		Transaction.Accounts Transaction.Cases Transaction.Identifiers Transaction.Links Transaction.Timeline
		View.Accounts View.Cases View.Count View.Invalid View.MayChange View.OrderBy View.Owner View.SharedWith`)
	var have []string
	root := reflect.TypeFor[graph.ResolverRoot]()
	for i := range root.NumMethod() {
		noun := root.Method(i)
		if noun.Name == "Query" || noun.Name == "Mutation" {
			continue
		}
		fields := noun.Type.Out(0)
		for j := range fields.NumMethod() {
			field := fields.Method(j)
			have = append(have, noun.Name+"."+field.Name)
			if parents := field.Type.In(1); parents.Kind() != reflect.Slice {
				t.Errorf("%s.%s takes one parent at a time: it must be a batch resolver", noun.Name, field.Name)
			}
		}
	}
	if !slices.Equal(have, want) {
		t.Errorf("resolvers are\n%s", strings.Join(have, "\n"))
	}
}
