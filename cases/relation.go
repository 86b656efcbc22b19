package cases

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Relation is how a case stands to another; it is the key of the RELATES_TO
// link between them.
type Relation string

// The relations, each read from → to.
const (
	Relates     Relation = "RELATES"      // says the same either way round
	DuplicateOf Relation = "DUPLICATE_OF" // of the case that goes on
	ParentOf    Relation = "PARENT_OF"    // has no cycle
	MergedInto  Relation = "MERGED_INTO"
	SplitFrom   Relation = "SPLIT_FROM"
)

// Relations lists every relation.
func Relations() []Relation {
	return []Relation{Relates, DuplicateOf, ParentOf, MergedInto, SplitFrom}
}

// Valid tells whether the relation exists.
func (r Relation) Valid() bool { return slices.Contains(Relations(), r) }

// RelationRule names the relations, to be read behind the name of an input.
func RelationRule() string {
	return "must be one of " + strings.ReplaceAll(strings.Trim(fmt.Sprint(Relations()), "[]"), " ", ", ")
}

// MarshalGQL writes the enum value.
func (r Relation) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(r))) }

// UnmarshalGQL reads an enum value.
func (r *Relation) UnmarshalGQL(v any) error {
	*r = Relation(fmt.Sprint(v))
	if !r.Valid() {
		return fmt.Errorf("%q is no CaseRelation", *r)
	}
	return nil
}
