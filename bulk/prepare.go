package bulk

import (
	"context"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/intake"
)

// prepare makes the changes of some items, as they would be made for each alone.
func (r *Runner) prepare(ctx context.Context, by cases.Asker, do *cases.BulkDo, ids []casegraph.ID) ([]single, error) {
	queue, brought := do.Queue()
	p := &preparer{Runner: r, by: by, queue: queue, intakes: map[casegraph.ID]*cases.Intake{}}
	if do.SetStatus != nil || brought {
		if err := p.readFlows(ctx, ids); err != nil {
			return nil, err
		}
	}
	singles := make([]single, len(ids))
	for i, id := range ids {
		one := &singles[i]
		one.id = id
		flow, err := p.flow(id)
		if err == nil {
			one.change, err = do.Change(by, id, flow)
		}
		if err == nil && brought {
			one.change, err = p.give(ctx, one.change, id, flow)
		}
		if err != nil && !refuses(err) {
			return nil, err
		}
		one.err = err
	}
	return singles, nil
}

// refuses tells an item that can't be done from a store that can't be read.
func refuses(err error) bool {
	switch casegraph.CodeOf(err) {
	case casegraph.CodeBadInput, casegraph.CodeNotFound, casegraph.CodeConflict, casegraph.CodeForbidden, casegraph.CodeTooLarge:
		return true
	}
	return false
}

// preparer keeps what is read once for all items.
type preparer struct {
	*Runner
	by        cases.Asker
	queue     casegraph.ID
	templates map[casegraph.ID]casegraph.ID // by case
	flows     map[casegraph.ID]*cases.Workflow
	broken    map[casegraph.ID]error // why a template is none to judge by
	intakes   map[casegraph.ID]*cases.Intake
}

// readFlows reads the templates that the cases follow, in two calls.
func (p *preparer) readFlows(ctx context.Context, ids []casegraph.ID) error {
	p.templates, p.flows, p.broken = map[casegraph.ID]casegraph.ID{}, map[casegraph.ID]*cases.Workflow{}, map[casegraph.ID]error{}
	nodes, err := p.store.Nodes(ctx, casegraph.NodesRequest{IDs: ids, Mask: p.by.Mask})
	if err != nil {
		return err
	}
	var wanted []casegraph.ID
	for id, n := range nodes {
		c, ok := n.(*casegraph.Case)
		if !ok || c.TemplateID == "" {
			continue
		}
		if p.templates[id] = c.TemplateID; p.flows[c.TemplateID] == nil {
			p.flows[c.TemplateID] = cases.General // until it is read
			wanted = append(wanted, c.TemplateID)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	if nodes, err = p.store.Nodes(ctx, casegraph.NodesRequest{IDs: wanted}); err != nil {
		return err
	}
	for _, id := range wanted {
		t, ok := nodes[id].(*casegraph.Template)
		if !ok {
			p.broken[id] = casegraph.NoSuch("templateId", "template", id)
			continue
		}
		p.flows[id], p.broken[id] = cases.NewWorkflow(t)
	}
	return nil
}

// flow is what judges a case; of what is no case, or is not seen, the change
// itself says so.
func (p *preparer) flow(id casegraph.ID) (*cases.Workflow, error) {
	template := p.templates[id]
	if template == "" {
		return cases.General, nil
	}
	return p.flows[template], p.broken[template]
}

// give has a policy give the case to somebody. What it looks at is the same for
// all cases of a template, unless it looks at what is related.
func (p *preparer) give(ctx context.Context, change commit.Change, id casegraph.ID, flow *cases.Workflow) (commit.Change, error) {
	template := p.templates[id]
	in := p.intakes[template]
	if in == nil {
		coming := intake.Case{ID: id, QueueID: p.queue, HubLimits: p.hubLimits(p.by.Role), Mask: p.by.Mask}
		if template != "" {
			coming.Template = flow.Template
		}
		var err error
		if in, err = intake.Read(ctx, p.store, coming); err != nil {
			return change, err
		}
		if !in.LooksAtRelated() {
			p.intakes[template] = in
		}
	}
	return in.Give(change), nil
}
