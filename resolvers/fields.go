package resolvers

import (
	"context"
	"slices"
	"strings"

	"casegraph"
	"casegraph/words"
)

const fieldsName = "fields"

// withoutFields is the node as whoever sees no fields sees it. The node itself
// stays as it is.
func withoutFields(n casegraph.Node) casegraph.Node {
	if n == nil {
		return nil
	}
	n = n.Clone()
	switch n := n.(type) {
	case *casegraph.Case:
		n.Fields = nil
	case interface{ External() *casegraph.Object }:
		n.External().Fields = nil
	}
	return n
}

// bare is the link as whoever the mask is of sees it.
func bare(m casegraph.Mask, l *casegraph.Link) *casegraph.Link {
	if l == nil || !m.HidesFields() || len(l.Fields) == 0 {
		return l
	}
	without := *l
	without.Fields = nil
	return &without
}

// hideFields takes the fields from nodes for whoever sees none.
func hideFields(ctx context.Context, nodes map[casegraph.ID]casegraph.Node) {
	if mask(ctx).HidesFields() {
		for id, n := range nodes {
			nodes[id] = withoutFields(n)
		}
	}
}

// checkFilter refuses to compare fields for whoever sees none: which nodes a
// comparison holds for would tell what they are.
func checkFilter(ctx context.Context, filter *casegraph.Filter) error {
	if mask(ctx).HidesFields() && filter.AsksFields() {
		return &casegraph.Error{Code: casegraph.CodeForbidden, Field: "filter", Message: "filter: your role does not see fields"}
	}
	return nil
}

// isOfFields tells whether a change is one of fields.
func isOfFields(c casegraph.FieldChange) bool {
	return c.Path == fieldsName || strings.HasPrefix(c.Path, fieldsName+".")
}

// hasWords tells whether a node's texts hold each word in one of its forms.
func hasWords(n casegraph.Node, asked [][]string) bool {
	has := map[string]bool{}
	for _, text := range n.Texts() {
		for _, word := range words.Split(text) {
			has[word] = true
		}
	}
	return !slices.ContainsFunc(asked, func(forms []string) bool {
		return !slices.ContainsFunc(forms, func(form string) bool { return has[form] })
	})
}
