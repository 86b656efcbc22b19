package casegraph

import (
	"fmt"
	"io"
	"strconv"
)

// Bulk is one thing done to many nodes, each by itself. It is no node: it is
// kept beside the graph for a while, and seen by who asked for it and by
// administrators.
type Bulk struct {
	ID     ID         `json:"id"`
	ByID   ID         `json:"by"`
	Action BulkAction `json:"action"`
	// DryRun is one that only tells what would become of each.
	DryRun    bool      `json:"dryRun,omitempty"`
	State     BulkState `json:"state"`
	StartedAt Time      `json:"startedAt"`
	// MovedAt is when it last got on, EndedAt when it ended; 0 while it runs.
	MovedAt Time `json:"movedAt"`
	EndedAt Time `json:"endedAt,omitempty"`
	Total   int  `json:"total"`
	// Done, Unchanged and Refused count the items that were taken, which are the
	// first ones.
	Done      int `json:"done,omitempty"`
	Unchanged int `json:"unchanged,omitempty"`
	Refused   int `json:"refused,omitempty"`
}

// Position is how many items were taken.
func (b *Bulk) Position() int { return b.Done + b.Unchanged + b.Refused }

// Left is how many items were not taken yet, or never will be.
func (b *Bulk) Left() int { return b.Total - b.Position() }

// BulkItem is what became of one node; of a dry run, what would.
type BulkItem struct {
	NodeID  ID          `json:"id"`
	Outcome BulkOutcome `json:"outcome"`
	// Code, Field and Message are the error of one that was refused, as the change
	// of that node alone has it.
	Code    string `json:"code,omitempty"`
	Field   string `json:"field,omitempty"`
	Message string `json:"message,omitempty"`
}

// BulkAction is what is done.
type BulkAction string

// The actions.
const (
	BulkAssign    BulkAction = "ASSIGN"
	BulkUnassign  BulkAction = "UNASSIGN"
	BulkSetStatus BulkAction = "SET_STATUS"
	BulkTag       BulkAction = "TAG"
	BulkUntag     BulkAction = "UNTAG"
	BulkSetQueue  BulkAction = "SET_QUEUE"
	BulkEscalate  BulkAction = "ESCALATE"
	BulkMarkRisk  BulkAction = "MARK_RISK"
	BulkClearRisk BulkAction = "CLEAR_RISK"
)

// BulkState is how far it is.
type BulkState string

// The states.
const (
	BulkRunning   BulkState = "RUNNING"
	BulkDone      BulkState = "DONE"
	BulkCancelled BulkState = "CANCELLED"
)

// BulkOutcome is what became of an item.
type BulkOutcome string

// The outcomes.
const (
	ItemDone      BulkOutcome = "DONE"
	ItemUnchanged BulkOutcome = "UNCHANGED"
	ItemRefused   BulkOutcome = "REFUSED"
)

// MarshalGQL writes the enum value.
func (a BulkAction) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(a))) }

// UnmarshalGQL refuses: what is done is told by which input is given.
func (a *BulkAction) UnmarshalGQL(any) error {
	return fmt.Errorf("a BulkAction can't be given as input")
}

// MarshalGQL writes the enum value.
func (s BulkState) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(s))) }

// UnmarshalGQL refuses: states are only ever given.
func (s *BulkState) UnmarshalGQL(any) error { return fmt.Errorf("a BulkState can't be given as input") }

// MarshalGQL writes the enum value.
func (o BulkOutcome) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(o))) }

// UnmarshalGQL reads an enum value.
func (o *BulkOutcome) UnmarshalGQL(v any) error {
	switch *o = BulkOutcome(fmt.Sprint(v)); *o {
	case ItemDone, ItemUnchanged, ItemRefused:
		return nil
	}
	return fmt.Errorf("%q is no BulkOutcome", *o)
}
