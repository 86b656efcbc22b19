package automation_test

import (
	"testing"

	"casegraph"
	"casegraph/auth"
	"casegraph/cases"
)

// Cases that a rule opens, escalates or moves come to people as do those of
// people: into the template's queue, and in turn to those who can take them.
func TestCasesOfRulesAreGivenToSomebody(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, open(t))
			var people []casegraph.ID
			for _, name := range []string{"Ana", "Ben"} {
				answer, err := cases.Answer[auth.UserAnswer](w.do(auth.CreateUser(cases.System(), auth.CreateUserInput{Name: name, Email: name + "@bank.example", Role: casegraph.RoleInvestigator}, newID)))
				if err != nil {
					t.Fatal(err)
				}
				people = append(people, answer.UserID)
			}
			queue := func(name string, members ...casegraph.ID) casegraph.ID {
				in := cases.CreateQueueInput{Name: name}
				if len(members) > 0 {
					in.Assignment = &casegraph.Assignment{Policies: []casegraph.AssignmentPolicy{casegraph.AssignRoundRobin}, MemberIDs: members}
				}
				answer, err := cases.Answer[cases.QueueAnswer](w.do(cases.CreateQueue(cases.System(), in, newID)))
				if err != nil {
					t.Fatal(err)
				}
				return answer.QueueID
			}
			reviews, second := queue("Reviews"), queue("Second line", people[1])
			form := cases.General.Template.TemplateForm
			form.Name, form.Prefix, form.Queue = "Review", "REV", "reviews"
			form.Assignment = &casegraph.Assignment{Policies: []casegraph.AssignmentPolicy{casegraph.AssignRoundRobin}, MemberIDs: people}
			drafted, err := cases.Answer[cases.TemplateAnswer](w.do(cases.CreateTemplate(cases.System(), cases.CreateTemplateInput{Key: "review", Form: form}, newID)))
			if err != nil {
				t.Fatal(err)
			}
			w.do(cases.PublishTemplate(cases.System(), cases.TemplateInput{TemplateID: drafted.TemplateID}, "review", cases.NamedBy(&form)))
			opens := onReview
			opens.Do = []casegraph.RuleAction{{Action: casegraph.DoOpenCase, Template: "review", Title: "Review of {referenceId}"}}
			w.publish("opens", opens)
			w.publish("escalates", casegraph.RuleForm{On: []string{"case.updated"}, If: `case.title == "Urgent"`, Once: casegraph.OnceAnObject,
				Do: []casegraph.RuleAction{{Action: casegraph.DoEscalate, QueueID: second, Note: "urgent"}}})
			w.settle()
			w.bring(`{"node":"INQUIRY","source":"bank","referenceId":"i1","status":"needs_review"}`, `{"node":"INQUIRY","source":"bank","referenceId":"i2","status":"needs_review"}`)
			w.settle()
			had := map[casegraph.ID]*casegraph.Case{}
			for _, c := range w.cases() {
				if c.QueueID != reviews {
					t.Errorf("%s is in the queue %q", c.Title, c.QueueID)
				}
				had[c.AssigneeID] = c
			}
			if len(had) != 2 || had[people[0]] == nil || had[people[1]] == nil {
				t.Fatalf("who has the cases: %v", had)
			}
			urgent := had[people[0]].ID
			w.do(cases.UpdateFields(cases.System(), cases.UpdateFieldsInput{NodeID: urgent, Title: casegraph.OptString{Set: true, Value: new("Urgent")}}, flowOf(t, w, drafted.TemplateID)))
			w.settle()
			for _, c := range w.cases() {
				if c.ID == urgent && (c.QueueID != second || c.AssigneeID != people[1]) {
					t.Errorf("escalated into %q, to %q", c.QueueID, c.AssigneeID)
				}
			}
		})
	}
}

func flowOf(t *testing.T, w *world, id casegraph.ID) *cases.Workflow {
	nodes, err := w.store.Nodes(t.Context(), casegraph.NodesRequest{IDs: []casegraph.ID{id}})
	if err != nil {
		t.Fatal(err)
	}
	flow, err := cases.NewWorkflow(nodes[id].(*casegraph.Template))
	if err != nil {
		t.Fatal(err)
	}
	return flow
}
