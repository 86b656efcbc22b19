package casegraph

import (
	"fmt"
	"io"
	"strconv"
)

// Rule is one revision of an automation: on these events, if this holds, do
// that. Once published it never changes; the latest that was published is the
// one that runs.
type Rule struct {
	Header
	// Key names the rule, in lower-kebab; all revisions share it.
	Key string `json:"key"`
	// Revision counts from 1.
	Revision int64     `json:"revision"`
	State    RuleState `json:"state"`
	// PublishedAt is when it began to run; 0 for a draft.
	PublishedAt Time `json:"publishedAt,omitempty"`
	RuleForm
}

// RuleForm is what somebody who makes a rule writes.
type RuleForm struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// On are the names of events, all of one kind of node, such as
	// inquiry.updated; inquiry.* is any of them.
	On []string `json:"on"`
	// If is an expression of CEL over the node and the event; "" always holds.
	If   string       `json:"if,omitempty"`
	Once RuleOnce     `json:"once"`
	Do   []RuleAction `json:"do"`
}

// RuleAction is something that a rule does.
type RuleAction struct {
	Action RuleVerb `json:"action"`
	// Template is the key of the template by which a case is opened; "" is General.
	Template string `json:"template,omitempty"`
	// Title is the opened case's; {referenceId} and {id} stand for the object's.
	Title string `json:"title,omitempty"`
	// Attach are kinds of nodes that go into the opened case besides the object:
	// the accounts that it is of, and what else is of these.
	Attach []Kind `json:"attach,omitempty"`
	// QueueID and AssigneeID are where a case goes; "" is none.
	QueueID    ID       `json:"queueId,omitempty"`
	AssigneeID ID       `json:"assigneeId,omitempty"`
	Tags       []string `json:"tags,omitempty"`
	Note       string   `json:"note,omitempty"`
	// Fields are the opened case's; in their texts {referenceId} and {id} stand
	// for the object's, {at} for the time of the event.
	Fields Fields `json:"fields,omitempty"`
}

// Kind is KindRule.
func (*Rule) Kind() Kind { return KindRule }

// Class is the kind.
func (*Rule) Class() Class { return Class(KindRule) }

// Reference makes a revision findable as "key@revision".
func (r *Rule) Reference() Key { return RuleKey(r.Key, r.Revision) }

// RuleKey finds a revision of a rule.
func RuleKey(key string, revision int64) Key {
	return Key{Kind: KindRule, Reference: fmt.Sprintf("%s@%d", key, revision)}
}

// Texts are the key, the name and the description.
func (r *Rule) Texts() []string { return []string{r.Key, r.Name, r.Description} }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (r *Rule) Clone() Node { clone := *r; return &clone }

// Cause is the rule by which something happened, and the event that set it off.
type Cause struct {
	RuleID ID  `json:"rule"`
	Event  Seq `json:"event"`
	// Depth counts the rules on the way: 1 if a person or an import began it.
	Depth int `json:"depth"`
}

// RuleRun is what came of a rule on an event.
type RuleRun struct {
	RuleID    ID          `json:"rule"`
	Event     Seq         `json:"event"`
	SubjectID ID          `json:"subject"`
	At        Time        `json:"at"`
	Outcome   RuleOutcome `json:"outcome"`
	// Error says why the condition could not be worked out.
	Error string        `json:"error,omitempty"`
	Items []RuleRunItem `json:"items,omitempty"`
}

// RuleRunItem is what came of one action.
type RuleRunItem struct {
	Action RuleVerb `json:"action"`
	// Error says why it was refused; "" if it was done.
	Error string `json:"error,omitempty"`
	// CaseID is the case that was opened or changed.
	CaseID ID `json:"case,omitempty"`
}

// RuleState is how far a revision of a rule is.
type RuleState string

// The states.
const (
	RuleDraft     RuleState = "DRAFT"     // may change; does nothing
	RulePublished RuleState = "PUBLISHED" // never changes again; runs, unless a later one does
	RuleArchived  RuleState = "ARCHIVED"  // does nothing any more
)

// RuleOnce is how often a rule does something.
type RuleOnce string

// How often.
const (
	OnceAnObject RuleOnce = "OBJECT" // once for each node, by whichever revision
	OnceAnEvent  RuleOnce = "EVENT"  // at each event
)

// RuleVerb is what an action does.
type RuleVerb string

// The verbs. All but OPEN_CASE and TAG are of rules on events of cases.
const (
	DoOpenCase RuleVerb = "OPEN_CASE"
	DoTag      RuleVerb = "TAG"
	DoEscalate RuleVerb = "ESCALATE"
	DoSetQueue RuleVerb = "SET_QUEUE"
	DoAssign   RuleVerb = "ASSIGN"
)

// RuleOutcome is what became of a run.
type RuleOutcome string

// The outcomes.
const (
	RuleDone    RuleOutcome = "DONE"     // all its actions were done
	RuleRefused RuleOutcome = "REFUSED"  // some of its actions were refused
	RuleAlready RuleOutcome = "ALREADY"  // it has run for this node before
	RuleFailed  RuleOutcome = "FAILED"   // its condition could not be worked out
	RuleTooDeep RuleOutcome = "TOO_DEEP" // rules had set each other off too often
	RuleWouldDo RuleOutcome = "WOULD_DO" // of a dry run
)

var (
	ruleStates = []RuleState{RuleDraft, RulePublished, RuleArchived}
	ruleOnces  = []RuleOnce{OnceAnObject, OnceAnEvent}
	ruleVerbs  = []RuleVerb{DoOpenCase, DoTag, DoEscalate, DoSetQueue, DoAssign}
	ruleEnds   = []RuleOutcome{RuleDone, RuleRefused, RuleAlready, RuleFailed, RuleTooDeep, RuleWouldDo}
)

// MarshalGQL writes the enum value.
func (s RuleState) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(s))) }

// UnmarshalGQL reads an enum value.
func (s *RuleState) UnmarshalGQL(v any) error { return readEnum(s, v, ruleStates) }

// MarshalGQL writes the enum value.
func (o RuleOnce) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(o))) }

// UnmarshalGQL reads an enum value.
func (o *RuleOnce) UnmarshalGQL(v any) error {
	if v == nil { // as where nothing is said
		*o = OnceAnObject
		return nil
	}
	return readEnum(o, v, ruleOnces)
}

// MarshalGQL writes the enum value.
func (v RuleVerb) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(v))) }

// UnmarshalGQL reads an enum value.
func (v *RuleVerb) UnmarshalGQL(given any) error { return readEnum(v, given, ruleVerbs) }

// MarshalGQL writes the enum value.
func (o RuleOutcome) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(o))) }

// UnmarshalGQL reads an enum value.
func (o *RuleOutcome) UnmarshalGQL(v any) error { return readEnum(o, v, ruleEnds) }
