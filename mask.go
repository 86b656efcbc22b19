package casegraph

import "slices"

// Mask is what an asker may not see. Its zero value hides nothing but keys
// and the marks of links.
// What is masked is simply not there: not in lists, counts, degrees or paths.
type Mask struct {
	// RestrictedCases hides restricted cases.
	RestrictedCases bool
	// IdentifierKinds hides identifiers of these kinds.
	IdentifierKinds []IdentifierKind
	// SeesKeys shows API keys, which are hidden otherwise. Package auth alone
	// asks so.
	SeesKeys bool
	// SeesMarks shows the marks of links, which are hidden otherwise: only who
	// met a link, and so may see both its ends, asks so for its mark.
	SeesMarks bool
}

// Hides tells whether nodes of the class are hidden.
func (m Mask) Hides(class Class) bool {
	switch class {
	case Class(KindKey):
		return !m.SeesKeys
	case Class(KindMark):
		return !m.SeesMarks
	}
	if m.RestrictedCases && class.Restricted() {
		return true
	}
	return len(m.IdentifierKinds) > 0 && slices.Contains(m.IdentifierKinds, class.IdentifierKind())
}

// HidesFields tells whether the fields of nodes and links are hidden. They hold
// whatever a source says, the values of hidden identifiers too, under names that
// nobody knows beforehand: so where some kind is hidden, they are, whole.
func (m Mask) HidesFields() bool { return len(m.IdentifierKinds) > 0 }

// Classes are the classes that the mask hides.
func (m Mask) Classes() []Class {
	var hidden []Class
	if !m.SeesKeys {
		hidden = append(hidden, Class(KindKey))
	}
	if !m.SeesMarks {
		hidden = append(hidden, Class(KindMark))
	}
	if m.RestrictedCases {
		hidden = append(hidden, Class(KindCase)+"!")
	}
	for _, kind := range m.IdentifierKinds {
		hidden = append(hidden, Class(KindIdentifier)+"/"+Class(kind))
	}
	return hidden
}
