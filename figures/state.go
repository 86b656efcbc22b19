package figures

import (
	"encoding/json"

	"casegraph"
)

// The attributes of a case that figures look at.
const (
	caseType = iota
	template
	queue
	assignee
	source
	resolution
	outcome
	tags
	clocks
	ended // "1" or ""
	attributes
)

// restricted is not part of a case's state: a mask is of today.
const restricted = attributes

var byPath = map[string]uint8{"caseType": caseType, "templateId": template, "queueId": queue, "assigneeId": assignee, "source": source,
	"resolution": resolution, "outcome": outcome, "tags": tags, "clocks": clocks, "resolvedAt": ended, "restricted": restricted}

// state is what a case is like: its attributes as numbers of texts. A text that
// is absent is 0.
type state [attributes]uint32

// stateOf is a case's state.
func stateOf(c *casegraph.Case, t *texts) state {
	var s state
	for at, text := range [attributes]string{caseType: c.CaseType, template: string(c.TemplateID), queue: string(c.QueueID), assignee: string(c.AssigneeID),
		source: c.Source, resolution: c.Resolution, outcome: string(c.Outcome)} {
		s[at] = t.number(text)
	}
	if len(c.Tags) > 0 {
		text, _ := json.Marshal(c.Tags)
		s[tags] = t.number(string(text))
	}
	s[clocks] = t.number(stands(c.Clocks))
	if c.ResolvedAt != 0 {
		s[ended] = t.number("1")
	}
	return s
}

// place is where a case stands: the attributes that most cases have in common
// with many others.
type place struct{ caseType, template, queue, source uint32 }

func (s *state) place() place { return place{s[caseType], s[template], s[queue], s[source]} }

// ending is how a case came out, if it did.
type ending struct {
	ended               bool
	resolution, outcome uint32
}

func (s *state) ending() ending { return ending{s[ended] != 0, s[resolution], s[outcome]} }

// numbered gives values numbers.
type numbered[T comparable] struct {
	numbers map[T]uint32
	all     []T
}

func (n *numbered[T]) number(value T) uint32 {
	number, known := n.numbers[value]
	if !known {
		if n.numbers == nil {
			n.numbers = map[T]uint32{}
		}
		number = uint32(len(n.all))
		n.numbers[value], n.all = number, append(n.all, value)
	}
	return number
}

// textOf is an attribute's value in the log as a text.
func textOf(attribute uint8, value json.RawMessage) (text string, err error) {
	switch {
	case len(value) == 0 || string(value) == "null":
	case attribute == tags:
		text = string(value)
	case attribute == clocks:
		var all map[string]casegraph.Clock
		err = json.Unmarshal(value, &all)
		text = stands(all)
	case attribute == ended:
		if string(value) != "0" {
			text = "1"
		}
	case attribute == restricted:
		if string(value) == "true" {
			text = "1"
		}
	default:
		err = json.Unmarshal(value, &text)
	}
	return text, err
}

// texts are texts and their numbers; 0 is "".
type texts struct{ numbered[string] }

func newTexts() *texts {
	t := &texts{}
	t.number("")
	return t
}

// list reads a list of texts.
func (t *texts) list(n uint32) (list []string) {
	if n != 0 {
		json.Unmarshal([]byte(t.all[n]), &list)
	}
	return list
}
