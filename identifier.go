package casegraph

// Identifier is a value that people share or reuse. It is unique by kind and
// canonical value; the forms in which it was seen stand on the SHOWS links.
type Identifier struct {
	Header
	IdentifierKind IdentifierKind `json:"identifierKind"`
	// Value is the canonical form.
	Value string `json:"value"`
}

// Kind is KindIdentifier.
func (*Identifier) Kind() Kind { return KindIdentifier }

// Class carries the identifier's kind, which may be restricted.
func (i *Identifier) Class() Class {
	return Class(KindIdentifier) + "/" + Class(i.IdentifierKind)
}

// Texts are none: an identifier is looked up by its value, not searched.
func (*Identifier) Texts() []string { return nil }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (i *Identifier) Clone() Node { clone := *i; return &clone }
