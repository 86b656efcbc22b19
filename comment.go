package casegraph

// Comment is what somebody wrote about a case. An ABOUT link ties it there, and
// another to the comment that it answers.
type Comment struct {
	Header
	CaseID   ID `json:"caseId"`
	AuthorID ID `json:"authorId"`
	// Body is "" of a comment that was deleted; what it said is in the log.
	Body      string `json:"body"`
	ReplyToID ID     `json:"replyTo,omitempty"`
	// Mentions are the users whom the body names.
	Mentions []ID `json:"mentions,omitempty"`
	// AnchorID is the node that it points at, AnchorLink the link; at most one.
	AnchorID   ID      `json:"anchor,omitempty"`
	AnchorLink *LinkID `json:"anchorLink,omitempty"`
	// EditedAt is when the body last changed; 0 if it never did.
	EditedAt    Time `json:"editedAt,omitempty"`
	DeletedAt   Time `json:"deletedAt,omitempty"`
	DeletedByID ID   `json:"deletedBy,omitempty"`
}

// Kind is KindComment.
func (*Comment) Kind() Kind { return KindComment }

// Class is the kind.
func (*Comment) Class() Class { return Class(KindComment) }

// Texts are the body.
func (c *Comment) Texts() []string { return []string{c.Body} }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (c *Comment) Clone() Node { clone := *c; return &clone }

// CommentRevision is what a comment said until it was edited or deleted.
type CommentRevision struct {
	Body string
	// Until is when that ended, and ByID who ended it.
	Until Time
	ByID  ID
}
