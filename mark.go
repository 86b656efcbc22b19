package casegraph

// LinkMark is what people say of a link: tags, a note, and in the header a risk
// mark. It is a node of its own, so that it outlives whatever makes its link
// anew, and is met through its link alone.
type LinkMark struct {
	Header
	// Of is the link.
	Of   LinkID   `json:"of"`
	Tags []string `json:"tags,omitempty"`
	Note string   `json:"note,omitempty"`
}

// MarkID is the id of a link's mark, whether there is one or not.
func MarkID(link LinkID) ID {
	return hashedID(KindMark, string(link.From), string(link.Kind), string(link.To), link.Key)
}

// Kind is KindMark.
func (*LinkMark) Kind() Kind { return KindMark }

// Class is the kind: who sees both ends of the link sees the mark.
func (*LinkMark) Class() Class { return Class(KindMark) }

// Texts are none: search finds nodes, not links.
func (*LinkMark) Texts() []string { return nil }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (m *LinkMark) Clone() Node { clone := *m; return &clone }
