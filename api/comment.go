package api

import "casegraph"

// CommentAnchor is what a comment points at: a node or a link.
type CommentAnchor struct {
	Node casegraph.Node
	Link *AnchoredLink
}

// AnchoredLink is a link with its ends.
type AnchoredLink struct {
	casegraph.LinkID
	FromNode, ToNode casegraph.Node
}
