package cases

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"casegraph"
	"casegraph/commit"
)

// Answer decodes what a change answered: A is the answer type that the
// change's function names. A replayed request decodes to its first answer.
func Answer[A any](r commit.Result) (A, error) {
	var answer A
	if err := json.Unmarshal(r.Answer, &answer); err != nil {
		return answer, fmt.Errorf("cases: answer: %w", err)
	}
	return answer, nil
}

// CaseAnswer is what a change of one case answers.
type CaseAnswer struct {
	CaseID casegraph.ID `json:"caseId"`
}

// Outcome is what became of one item of a request.
type Outcome string

// The outcomes. Those that begin with ALREADY or NOT changed nothing.
const (
	Attached        Outcome = "ATTACHED"
	AlreadyAttached Outcome = "ALREADY_ATTACHED"
	Detached        Outcome = "DETACHED"
	NotAttached     Outcome = "NOT_ATTACHED"
	Tagged          Outcome = "TAGGED"
	AlreadyTagged   Outcome = "ALREADY_TAGGED"
	Untagged        Outcome = "UNTAGGED"
	NotTagged       Outcome = "NOT_TAGGED"
	Linked          Outcome = "LINKED"
	AlreadyLinked   Outcome = "ALREADY_LINKED"
	Unlinked        Outcome = "UNLINKED"
	NotLinked       Outcome = "NOT_LINKED"
	Decided         Outcome = "DECIDED"
	AlreadyDecided  Outcome = "ALREADY_DECIDED"
	Marked          Outcome = "MARKED"
	AlreadyMarked   Outcome = "ALREADY_MARKED"
	Cleared         Outcome = "CLEARED"
	NotMarked       Outcome = "NOT_MARKED"
	Migrated        Outcome = "MIGRATED"
	WouldMigrate    Outcome = "WOULD_MIGRATE"
	AlreadyMigrated Outcome = "ALREADY_MIGRATED"
	Refused         Outcome = "REFUSED"
)

// MarshalGQL writes the enum value.
func (o Outcome) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(o))) }

// UnmarshalGQL refuses: outcomes are only ever given.
func (o *Outcome) UnmarshalGQL(any) error { return fmt.Errorf("an Outcome can't be given as input") }

// Encode is an answer as a change keeps it. Answers are plain structs of
// text, which always encode.
func Encode(answer any) json.RawMessage {
	data, err := json.Marshal(answer)
	if err != nil {
		panic(err)
	}
	return data
}
