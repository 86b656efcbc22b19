package casegraph

import "strings"

// Case is one investigation.
type Case struct {
	Header
	// Number is what people call the case, such as CASE-12: a prefix and a
	// gap-free count.
	Number   string `json:"number"`
	Title    string `json:"title"`
	CaseType string `json:"caseType"`
	// Status is one of the case type's statuses, in its own spelling.
	Status      string `json:"status"`
	Resolution  string `json:"resolution,omitempty"`
	Description string `json:"description,omitempty"`
	// Source names where an imported case came from; "" for our own.
	Source     string `json:"source,omitempty"`
	AssigneeID ID     `json:"assigneeId,omitempty"`
	CreatorID  ID     `json:"creatorId,omitempty"`
	AssignedAt Time   `json:"assignedAt,omitempty"`
	// ResolvedAt is when the case last came to an end; 0 while it is open.
	ResolvedAt Time     `json:"resolvedAt,omitempty"`
	ResolverID ID       `json:"resolverId,omitempty"`
	Tags       []string `json:"tags,omitempty"`
	// Restricted cases are seen by administrators alone.
	Restricted bool   `json:"restricted,omitempty"`
	Fields     Fields `json:"fields,omitempty"`
}

// Kind is KindCase.
func (*Case) Kind() Kind { return KindCase }

// Class tells a restricted case from an open one.
func (c *Case) Class() Class {
	if c.Restricted {
		return Class(KindCase) + "!"
	}
	return Class(KindCase)
}

// Reference makes the case's number findable, in whatever case it is typed.
func (c *Case) Reference() Key { return CaseKey(c.Source, c.Number) }

// CaseKey finds a case by its number as somebody types it; source "" is any.
func CaseKey(source, number string) Key {
	return Key{Kind: KindCase, Source: source, Reference: strings.ToUpper(number)}
}

// Texts are the number, title, type, description, tags and fields.
func (c *Case) Texts() []string {
	texts := append([]string{c.Number, c.Title, c.CaseType, c.Description}, c.Tags...)
	return append(texts, fieldTexts(c.Fields)...)
}

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (c *Case) Clone() Node { clone := *c; return &clone }
