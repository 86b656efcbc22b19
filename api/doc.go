// Package api holds the shapes that GraphQL adds to the domain's: scalars,
// pages, filters, the answers of questions and the payloads of changes. The
// schema is bound to them and to the root package; no model is generated.
package api

// Query and Mutation are the roots, which have nothing of their own.
type (
	Query    struct{}
	Mutation struct{}
)
