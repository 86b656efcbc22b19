package casegraph

// Comment is what somebody wrote about a case. An ABOUT link ties it there.
type Comment struct {
	Header
	CaseID   ID     `json:"caseId"`
	AuthorID ID     `json:"authorId"`
	Body     string `json:"body"`
}

// Kind is KindComment.
func (*Comment) Kind() Kind { return KindComment }

// Class is the kind.
func (*Comment) Class() Class { return Class(KindComment) }

// Texts are the body.
func (c *Comment) Texts() []string { return []string{c.Body} }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (c *Comment) Clone() Node { clone := *c; return &clone }
