package resolvers

import (
	"context"

	"casegraph"
	"casegraph/api"
	"casegraph/audit"
)

// auditList names the cursors of verifyAudit.
var auditList = listName("audit")

// The events that one call looks at.
const (
	usualAudited = 10_000
	MaxAudited   = 50_000
)

func (r query) VerifyAudit(ctx context.Context, events *int, after *casegraph.Cursor) (*api.AuditReport, error) {
	if err := AskerOf(ctx).Require(casegraph.RoleAdmin); err != nil {
		return nil, err
	}
	n := usualAudited
	if events != nil {
		n = *events
	}
	if n < 1 || n > MaxAudited {
		return nil, casegraph.BadInput("events: from 1 to %d", MaxAudited)
	}
	place, err := open[audit.Place](r.Resolver, "after", auditList, after)
	if err != nil {
		return nil, err
	}
	if place == nil {
		place = &audit.Place{}
	}
	reached, end, err := audit.Part(ctx, r.Store, *place, n)
	report := &api.AuditReport{Checked: int(reached.Seq - place.Seq), UpTo: reached.Seq, End: end}
	if fault := audit.FaultOf(err); fault != nil {
		report.Fault = &api.AuditFault{Number: fault.Seq, Message: fault.Wrong}
		return report, nil
	}
	if report.Whole = reached.Seq == end; !report.Whole {
		report.Cursor = new(seal(r.Resolver, auditList, reached))
	}
	return report, err
}
