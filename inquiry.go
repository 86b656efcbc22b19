package casegraph

// Inquiry is one try of an end user to prove who they are.
type Inquiry struct {
	Object
	// Template names the flow that the end user went through.
	Template string `json:"template,omitempty"`
	// DecidedAt is when the inquiry was approved or declined.
	DecidedAt Time `json:"decidedAt,omitempty"`
}

// Kind is KindInquiry.
func (*Inquiry) Kind() Kind { return KindInquiry }

// Class is the kind.
func (*Inquiry) Class() Class { return Class(KindInquiry) }

// Texts are the template, reference, note, tags and fields.
func (i *Inquiry) Texts() []string { return i.texts(i.Template) }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (i *Inquiry) Clone() Node { clone := *i; return &clone }
