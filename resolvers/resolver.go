// Package resolvers answers the schema's fields: thin batch functions over the
// store, cases and traverse. A relation is one function for all its parents,
// and costs the same calls to the store for one parent as for a hundred.
package resolvers

import (
	"context"
	"time"

	"casegraph"
	"casegraph/auth"
	"casegraph/bulk"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/figures"
	"casegraph/graph"
	"casegraph/identity"
)

// Signer makes texts that only this server can have made.
type Signer interface {
	Sign(purpose string, payload []byte) string
	Open(purpose, text string) ([]byte, error)
}

// Access reads what lets people and programs in, which no other read shows.
type Access interface {
	Key(ctx context.Context, id casegraph.ID) (*casegraph.APIKey, error)
	Sessions(ctx context.Context, asker cases.Asker) ([]*auth.BrowserSession, error)
	Administrators(ctx context.Context) ([]casegraph.ID, error)
}

// Resolver answers all fields.
type Resolver struct {
	Store     casegraph.Store
	Committer *commit.Committer
	Signer    Signer
	Access    Access
	Now       func() time.Time
	// Figures counts cases.
	Figures *figures.Figures
	// Bulks does one thing to many nodes.
	Bulks *bulk.Runner
	// NewID makes the ids of new nodes.
	NewID func(casegraph.Kind) casegraph.ID
	// Workflows keeps templates ready.
	Workflows *Workflows
	// Identity says how identifiers are brought into their one form.
	Identity identity.Options
	// HubLimits are those that an organisation has set.
	HubLimits RoleLimits
}

type askerKey struct{}

// WithAsker says who asks in this context.
func WithAsker(ctx context.Context, asker cases.Asker) context.Context {
	return context.WithValue(ctx, askerKey{}, asker)
}

// AskerOf is who asks. Nobody is one who may nothing.
func AskerOf(ctx context.Context) cases.Asker {
	asker, _ := ctx.Value(askerKey{}).(cases.Asker)
	return asker
}

func mask(ctx context.Context) casegraph.Mask { return AskerOf(ctx).Mask }

// The resolvers of the types, each in its noun's file.
type (
	query          struct{ *Resolver }
	mutation       struct{ *Resolver }
	caseFields     struct{ *Resolver }
	attachedEdge   struct{ *Resolver }
	account        struct{ *Resolver }
	inquiry        struct{ *Resolver }
	report         struct{ *Resolver }
	transaction    struct{ *Resolver }
	session        struct{ *Resolver }
	identifier     struct{ *Resolver }
	identifierEdge struct{ *Resolver }
	comment        struct{ *Resolver }
	event          struct{ *Resolver }
	link           struct{ *Resolver }
	linkEdge       struct{ *Resolver }
	boundary       struct{ *Resolver }
	riskMark       struct{ *Resolver }

	allowedTransition struct{ *Resolver }
	awaitedStatus     struct{ *Resolver }
	checkedItem       struct{ *Resolver }
	queue             struct{ *Resolver }
	ruleAction        struct{ *Resolver }
	ruleRun           struct{ *Resolver }
	ruleRunItem       struct{ *Resolver }
	eventCause        struct{ *Resolver }
	bulkFields        struct{ *Resolver }
	bulkItem          struct{ *Resolver }
	assignment        struct{ *Resolver }
	snooze            struct{ *Resolver }
	view              struct{ *Resolver }
	mergedCase        struct{ *Resolver }
	broughtObject     struct{ *Resolver }
	commentRevision   struct{ *Resolver }
	calendarFields    struct{ *Resolver }
	caseAnalytics     struct{ *Resolver }
	caseFigures       struct{ *Resolver }
)

func (r *Resolver) Query() graph.QueryResolver                   { return query{r} }
func (r *Resolver) Mutation() graph.MutationResolver             { return mutation{r} }
func (r *Resolver) Case() graph.CaseResolver                     { return caseFields{r} }
func (r *Resolver) AttachedEdge() graph.AttachedEdgeResolver     { return attachedEdge{r} }
func (r *Resolver) Account() graph.AccountResolver               { return account{r} }
func (r *Resolver) Inquiry() graph.InquiryResolver               { return inquiry{r} }
func (r *Resolver) Report() graph.ReportResolver                 { return report{r} }
func (r *Resolver) Transaction() graph.TransactionResolver       { return transaction{r} }
func (r *Resolver) Session() graph.SessionResolver               { return session{r} }
func (r *Resolver) Identifier() graph.IdentifierResolver         { return identifier{r} }
func (r *Resolver) IdentifierEdge() graph.IdentifierEdgeResolver { return identifierEdge{r} }
func (r *Resolver) Comment() graph.CommentResolver               { return comment{r} }
func (r *Resolver) Event() graph.EventResolver                   { return event{r} }
func (r *Resolver) Link() graph.LinkResolver                     { return link{r} }
func (r *Resolver) LinkEdge() graph.LinkEdgeResolver             { return linkEdge{r} }
func (r *Resolver) RiskMark() graph.RiskMarkResolver             { return riskMark{r} }
func (r *Resolver) Boundary() graph.BoundaryResolver             { return boundary{r} }

func (r *Resolver) AllowedTransition() graph.AllowedTransitionResolver { return allowedTransition{r} }
func (r *Resolver) AwaitedStatus() graph.AwaitedStatusResolver         { return awaitedStatus{r} }
func (r *Resolver) CheckedItem() graph.CheckedItemResolver             { return checkedItem{r} }
func (r *Resolver) RuleAction() graph.RuleActionResolver               { return ruleAction{r} }
func (r *Resolver) RuleRun() graph.RuleRunResolver                     { return ruleRun{r} }
func (r *Resolver) RuleRunItem() graph.RuleRunItemResolver             { return ruleRunItem{r} }
func (r *Resolver) Bulk() graph.BulkResolver                           { return bulkFields{r} }
func (r *Resolver) BulkItem() graph.BulkItemResolver                   { return bulkItem{r} }
func (r *Resolver) EventCause() graph.EventCauseResolver               { return eventCause{r} }
func (r *Resolver) Queue() graph.QueueResolver                         { return queue{r} }
func (r *Resolver) Assignment() graph.AssignmentResolver               { return assignment{r} }
func (r *Resolver) Calendar() graph.CalendarResolver                   { return calendarFields{r} }
func (r *Resolver) View() graph.ViewResolver                           { return view{r} }
func (r *Resolver) Snooze() graph.SnoozeResolver                       { return snooze{r} }
func (r *Resolver) MergedCase() graph.MergedCaseResolver               { return mergedCase{r} }
func (r *Resolver) CommentRevision() graph.CommentRevisionResolver     { return commentRevision{r} }
func (r *Resolver) BroughtObject() graph.BroughtObjectResolver         { return broughtObject{r} }
func (r *Resolver) CaseAnalytics() graph.CaseAnalyticsResolver         { return caseAnalytics{r} }
func (r *Resolver) CaseFigures() graph.CaseFiguresResolver             { return caseFigures{r} }
