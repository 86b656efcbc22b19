package server_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"casegraph"
	"casegraph/demo"
)

// A hundred clients open, claim, take and leave cases of one queue at once. What
// they are answered is what they would be, had each done it at one moment between
// its question and its answer, one after the other.
func TestCaseworkIsLinearisable(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, open(t))
			queue := get(t, f.as(demo.Ana, `mutation { createQueue(input: {name: "All"}) { queue { id } } }`, nil), "createQueue", "queue", "id").(string)
			h := &history{fixture: f, queue: queue}
			var all sync.WaitGroup
			for client := range 100 {
				all.Add(1)
				go func() {
					defer all.Done()
					h.work(client, rand.New(rand.NewPCG(1, uint64(client))))
				}()
			}
			all.Wait()
			if t.Failed() {
				return
			}
			for of, model := range map[string]porcupine.Model{"cases": caseModel, "numbers": numberModel} {
				if verdict := porcupine.CheckOperationsTimeout(model, h.operations, 2*time.Minute); verdict != porcupine.Ok {
					t.Errorf("%s: %d operations: %s", of, len(h.operations), verdict)
				}
			}
		})
	}
}

// history is what clients asked and were answered.
type history struct {
	*fixture
	queue      string
	clock      atomic.Int64 // counts questions and answers
	mu         sync.Mutex
	operations []porcupine.Operation
}

// deed is what somebody asks for, about which case.
type deed struct {
	do  string
	who casegraph.ID
	of  string
}

// got is its answer: the case's id and number, "" for none, and whose it is. A
// mutation's answer is read after it, so that only a reading tells whose it was
// at one moment.
type got struct{ id, number, assignee string }

// work opens and claims cases, and does something with one that it has had.
func (h *history) work(client int, random *rand.Rand) {
	who := []casegraph.ID{demo.Ana, demo.Ben}[client%2]
	had := ""
	for range 4 {
		question := deed{do: []string{"claim", "claim", "open"}[random.IntN(3)], who: who}
		if had != "" && random.IntN(2) == 0 {
			question.do, question.of = []string{"leave", "take", "read"}[random.IntN(3)], had
		}
		if answer := h.ask(client, question); answer.id != "" {
			had = answer.id
		}
	}
}

// ask asks, and remembers what was answered.
func (h *history) ask(client int, question deed) got {
	of, err := json.Marshal(question.of)
	if err != nil {
		panic(err) // a text always encodes
	}
	text := map[string]string{
		"open":  fmt.Sprintf(`mutation { all: createCase(input: {title: "x", queueId: %q}) { case { id number } } }`, h.queue),
		"claim": fmt.Sprintf(`mutation { all: claimNextCase(input: {queueId: %q}) { case { id number } } }`, h.queue),
		"leave": fmt.Sprintf(`mutation { all: unassignCase(input: {caseId: %s}) { case { id number } } }`, of),
		"take":  fmt.Sprintf(`mutation { all: assignCase(input: {caseId: %s, assigneeId: %q}) { case { id number } } }`, of, question.who),
		"read":  fmt.Sprintf(`{ case(id: %s) { id number assignee { id } } }`, of),
	}[question.do]
	call := h.clock.Add(1)
	a := h.as(question.who, text, nil)
	ended := h.clock.Add(1)
	type told struct {
		ID, Number string
		Assignee   struct{ ID string }
	}
	var read struct {
		Case told
		All  struct{ Case told }
	}
	if err := json.Unmarshal(a.Data, &read); err != nil || len(a.Errors) > 0 {
		h.t.Errorf("%s: %v %s", question.do, err, a.Errors)
		return got{}
	}
	c := read.All.Case
	if question.do == "read" {
		c = read.Case
	}
	answer := got{id: c.ID, number: c.Number, assignee: c.Assignee.ID}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, porcupine.Operation{ClientId: client, Input: question, Call: call, Output: answer, Return: ended})
	return answer
}

// held is one case: whether it is open yet, and who has it; "" is nobody.
type held struct {
	opened bool
	by     string
}

// caseModel is a case where one client acts after the other. Each claim that
// found nothing is held against each case: at some moment of it the case was not
// waiting. (Whether none was at one moment would take too long to search for.)
var caseModel = porcupine.Model{
	Partition: func(all []porcupine.Operation) (parts [][]porcupine.Operation) {
		var none []porcupine.Operation
		byCase := map[string][]porcupine.Operation{}
		for _, op := range all {
			if id := op.Output.(got).id; id != "" {
				byCase[id] = append(byCase[id], op)
			} else {
				none = append(none, op)
			}
		}
		for _, part := range byCase {
			parts = append(parts, part)
			for _, op := range none {
				parts = append(parts, append(slices.Clone(part), op))
			}
		}
		return parts
	},
	Init: func() any { return held{} },
	Step: func(state, input, output any) (bool, any) {
		now, by, answer := state.(held), input.(deed), output.(got)
		switch by.do {
		case "open":
			return !now.opened, held{opened: true}
		case "claim":
			waits := now.opened && now.by == ""
			if answer.id == "" {
				return !waits, now
			}
			return waits, held{true, string(by.who)}
		case "leave":
			return now.opened, held{opened: true}
		case "take":
			return now.opened, held{true, string(by.who)}
		default:
			return now.opened && now.by == answer.assignee, now
		}
	},
}

// numberModel counts the cases that were opened; the demo has six.
var numberModel = porcupine.Model{
	Partition: func(all []porcupine.Operation) [][]porcupine.Operation {
		return [][]porcupine.Operation{slices.DeleteFunc(slices.Clone(all), func(op porcupine.Operation) bool { return op.Input.(deed).do != "open" })}
	},
	Init: func() any { return 6 },
	Step: func(state, _, output any) (bool, any) {
		next := state.(int) + 1
		return output.(got).number == fmt.Sprintf("CASE-%d", next), next
	},
}
