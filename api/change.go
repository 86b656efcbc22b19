package api

import (
	"casegraph"
	"casegraph/auth"
	"casegraph/cases"
)

// The inputs of changes that are not those of cases.

// LinkCasesInput says what one case is to another.
type LinkCasesInput struct {
	FromID, ToID casegraph.ID
	Relation     cases.Relation
	Reason       string
	// ExpectedVersion is FromID's; nil is any.
	ExpectedVersion *int64
}

// MergePayload is what a merge, or the end of one, gives.
type MergePayload struct {
	Into    *casegraph.Case
	From    []*casegraph.Case
	Objects int
}

// SplitCasePayload is a case and what was split off it.
type SplitCasePayload struct{ Case, NewCase *casegraph.Case }

// ImportObjectsInput is a page of rows.
type ImportObjectsInput struct{ Rows []casegraph.Fields }

// RevokeApiKeyInput is a key to shut.
type RevokeApiKeyInput struct{ KeyID casegraph.ID }

// CasePayload is what a change of one case gives.
type CasePayload struct{ Case *casegraph.Case }

// QueuePayload is what a change of a queue gives.
type QueuePayload struct{ Queue *casegraph.Queue }

// CalendarPayload is what a change of a calendar gives.
type CalendarPayload struct{ Calendar *casegraph.Calendar }

// ClaimNextCaseInput is a queue to take a case from.
type ClaimNextCaseInput struct{ QueueID casegraph.ID }

// TemplatePayload is what a change of a template gives.
type TemplatePayload struct{ Template *casegraph.Template }

// RulePayload is what a change of a rule gives.
type RulePayload struct{ Rule *casegraph.Rule }

// RuleDryRun is what a rule would have done.
type RuleDryRun struct {
	Runs   []*casegraph.RuleRun
	UpTo   casegraph.Seq
	Cursor *casegraph.Cursor
}

// BulkPayload is what the beginning or the end of a bulk gives.
type BulkPayload struct{ Bulk *casegraph.Bulk }

// CancelBulkInput is a bulk to end.
type CancelBulkInput struct{ BulkID casegraph.ID }

// AttachPayload is what a change of a case's objects gives.
type AttachPayload struct {
	Case  *casegraph.Case
	Items []cases.AttachedItem
}

// AddCommentPayload is what a new comment gives.
type AddCommentPayload struct {
	Comment *casegraph.Comment
	Case    *casegraph.Case
}

// CommentPayload is what a change of a comment gives.
type CommentPayload struct{ Comment *casegraph.Comment }

// TagPayload is what a change of labels gives: of a node or of a link.
type TagPayload struct {
	Node  casegraph.Node
	Link  *casegraph.Link
	Items []cases.TagItem
}

// UpdateObjectPayload is what a change of an object gives.
type UpdateObjectPayload struct{ Object Object }

// LinkCasesPayload is what a change between two cases gives.
type LinkCasesPayload struct {
	From, To *casegraph.Case
	Outcome  cases.Outcome
}

// ImportObjectsPayload is what became of a page of rows.
type ImportObjectsPayload struct{ Outcomes []*ImportOutcome }

// ImportOutcome is what became of a row.
type ImportOutcome struct {
	Outcome       string
	ID            casegraph.ID
	Reason, Field string
	Warnings      []string
}

// UserPayload is what a change of a user gives.
type UserPayload struct{ User *casegraph.User }

// CreateApiKeyPayload is a new key.
type CreateApiKeyPayload struct {
	Key *casegraph.APIKey
	// Secret is the key's text; "" on a repeat of the request.
	Secret string
}

// RevokeApiKeyPayload is the key that was shut.
type RevokeApiKeyPayload struct{ Key *casegraph.APIKey }

// EndBrowserSessionsInput says which sessions end; nil is all.
type EndBrowserSessionsInput struct{ IDs []casegraph.ID }

// EndBrowserSessionsPayload has the sessions that are left.
type EndBrowserSessionsPayload struct{ BrowserSessions []*auth.BrowserSession }

// NoteLinkPayload is what a change of a link's note gives.
type NoteLinkPayload struct{ Link *casegraph.Link }

// RiskPayload is what a change of a risk mark gives: of a node or of a link.
type RiskPayload struct {
	Node    casegraph.Node
	Link    *casegraph.Link
	Outcome cases.Outcome
}

// DecidePayload is what a decision on two cases or accounts gives.
type DecidePayload struct {
	One, Other casegraph.Node
	Outcome    cases.Outcome
}
