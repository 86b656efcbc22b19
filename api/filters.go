package api

import "casegraph"

// ObjectConditions are what can be asked of all objects.
type ObjectConditions struct {
	Source, ReferenceID, Status *TextFilter
	At, CreatedAt, UpdatedAt    *TimeFilter
	Tags                        *TagFilter
	Fields                      []*FieldFilter
}

func (o *ObjectConditions) put(c *conditions) {
	c.text("source", o.Source)
	c.text("referenceId", o.ReferenceID)
	c.text("status", o.Status)
	c.time("at", o.At)
	c.time("createdAt", o.CreatedAt)
	c.time("updatedAt", o.UpdatedAt)
	c.tags(o.Tags)
	c.fields(o.Fields)
}

// CaseFilter says which cases.
type CaseFilter struct {
	And, Or                                             []*CaseFilter
	Not                                                 *CaseFilter
	Number, Title, CaseType, Status, Resolution, Source *TextFilter
	AssigneeID, CreatorID, QueueID, TemplateID          *IdFilter
	MergedIntoID                                        *IdFilter
	Outcome                                             []casegraph.CaseOutcome
	SnoozedUntil                                        *TimeFilter
	CreatedAt, UpdatedAt, AssignedAt, ResolvedAt        *TimeFilter
	Tags                                                *TagFilter
	Restricted                                          *bool
	DueAt                                               *TimeFilter
	Breached                                            *bool
	BreachedClock                                       *string
	Fields                                              []*FieldFilter
}

// Filter is the filter in the domain's terms; nil holds for every case.
func (f *CaseFilter) Filter() casegraph.Filter {
	var c conditions
	if f == nil {
		return c.filter()
	}
	c.text("number", f.Number)
	c.text("title", f.Title)
	c.text("caseType", f.CaseType)
	c.text("status", f.Status)
	c.text("resolution", f.Resolution)
	c.text("source", f.Source)
	c.id("assigneeId", f.AssigneeID)
	c.id("creatorId", f.CreatorID)
	c.id("queueId", f.QueueID)
	c.id("templateId", f.TemplateID)
	c.id("merged.into", f.MergedIntoID)
	oneOf(&c, "outcome", f.Outcome, asText)
	c.time("snooze.until", f.SnoozedUntil)
	c.time("createdAt", f.CreatedAt)
	c.time("updatedAt", f.UpdatedAt)
	c.time("assignedAt", f.AssignedAt)
	c.time("resolvedAt", f.ResolvedAt)
	c.tags(f.Tags)
	c.flag("restricted", f.Restricted)
	c.time("dueAt", f.DueAt)
	c.exists("breached", f.Breached)
	given(&c, "breached", casegraph.OpHas, f.BreachedClock, asText)
	c.fields(f.Fields)
	combine(&c, f.And, f.Or, f.Not)
	return c.filter()
}

// CaseAnalyticsFilter says which cases are counted, by what figures know of them.
type CaseAnalyticsFilter struct {
	And, Or                         []*CaseAnalyticsFilter
	Not                             *CaseAnalyticsFilter
	CaseType, Source                *TextFilter
	AssigneeID, QueueID, TemplateID *IdFilter
	Tags                            *TagFilter
}

// Filter is the filter in the domain's terms; nil holds for every case.
func (f *CaseAnalyticsFilter) Filter() casegraph.Filter {
	var c conditions
	if f == nil {
		return c.filter()
	}
	c.text("caseType", f.CaseType)
	c.text("source", f.Source)
	c.id("assigneeId", f.AssigneeID)
	c.id("queueId", f.QueueID)
	c.id("templateId", f.TemplateID)
	c.tags(f.Tags)
	combine(&c, f.And, f.Or, f.Not)
	return c.filter()
}

// AccountFilter says which accounts.
type AccountFilter struct {
	And, Or           []*AccountFilter
	Not               *AccountFilter
	AccountType, Name *TextFilter
	ObjectConditions
}

// Filter is the filter in the domain's terms; nil holds for every account.
func (f *AccountFilter) Filter() casegraph.Filter {
	var c conditions
	if f == nil {
		return c.filter()
	}
	c.text("accountType", f.AccountType)
	c.text("name", f.Name)
	f.put(&c)
	combine(&c, f.And, f.Or, f.Not)
	return c.filter()
}

// InquiryFilter says which inquiries.
type InquiryFilter struct {
	And, Or   []*InquiryFilter
	Not       *InquiryFilter
	Template  *TextFilter
	DecidedAt *TimeFilter
	ObjectConditions
}

// Filter is the filter in the domain's terms; nil holds for every inquiry.
func (f *InquiryFilter) Filter() casegraph.Filter {
	var c conditions
	if f == nil {
		return c.filter()
	}
	c.text("template", f.Template)
	c.time("decidedAt", f.DecidedAt)
	f.put(&c)
	combine(&c, f.And, f.Or, f.Not)
	return c.filter()
}

// ReportFilter says which reports.
type ReportFilter struct {
	And, Or    []*ReportFilter
	Not        *ReportFilter
	ReportType *TextFilter
	HasMatch   *bool
	ObjectConditions
}

// Filter is the filter in the domain's terms; nil holds for every report.
func (f *ReportFilter) Filter() casegraph.Filter {
	var c conditions
	if f == nil {
		return c.filter()
	}
	c.text("reportType", f.ReportType)
	given(&c, "hasMatch", casegraph.OpEq, f.HasMatch, asBool)
	f.put(&c)
	combine(&c, f.And, f.Or, f.Not)
	return c.filter()
}

// TransactionFilter says which transactions.
type TransactionFilter struct {
	And, Or                   []*TransactionFilter
	Not                       *TransactionFilter
	TransactionType, Currency *TextFilter
	Amount                    *DecimalFilter
	ObjectConditions
}

// Filter is the filter in the domain's terms; nil holds for every transaction.
func (f *TransactionFilter) Filter() casegraph.Filter {
	var c conditions
	if f == nil {
		return c.filter()
	}
	c.text("transactionType", f.TransactionType)
	c.text("currency", f.Currency)
	c.decimal("amount", f.Amount)
	f.put(&c)
	combine(&c, f.And, f.Or, f.Not)
	return c.filter()
}

// SessionFilter says which sessions.
type SessionFilter struct {
	And, Or                    []*SessionFilter
	Not                        *SessionFilter
	IP, Device, Country, Place *TextFilter
	ObjectConditions
}

// Filter is the filter in the domain's terms; nil holds for every session.
func (f *SessionFilter) Filter() casegraph.Filter {
	var c conditions
	if f == nil {
		return c.filter()
	}
	c.text("ip", f.IP)
	c.text("device", f.Device)
	c.text("country", f.Country)
	c.text("place", f.Place)
	f.put(&c)
	combine(&c, f.And, f.Or, f.Not)
	return c.filter()
}

// UserFilter says which users.
type UserFilter struct {
	And, Or     []*UserFilter
	Not         *UserFilter
	Name, Email *TextFilter
	Role        []casegraph.Role
	Disabled    *bool
}

// Filter is the filter in the domain's terms; nil holds for every user.
func (f *UserFilter) Filter() casegraph.Filter {
	var c conditions
	if f == nil {
		return c.filter()
	}
	c.text("name", f.Name)
	c.text("email", f.Email)
	oneOf(&c, "role", f.Role, asText)
	c.flag("disabled", f.Disabled)
	combine(&c, f.And, f.Or, f.Not)
	return c.filter()
}

// TemplateFilter says which revisions of templates.
type TemplateFilter struct {
	And, Or   []*TemplateFilter
	Not       *TemplateFilter
	Key, Name *TextFilter
	State     []casegraph.TemplateState
}

// Filter is the filter in the domain's terms; nil holds for every revision.
func (f *TemplateFilter) Filter() casegraph.Filter {
	var c conditions
	if f == nil {
		return c.filter()
	}
	c.text("key", f.Key)
	c.text("name", f.Name)
	oneOf(&c, "state", f.State, asText)
	combine(&c, f.And, f.Or, f.Not)
	return c.filter()
}

// RuleFilter says which revisions of rules.
type RuleFilter struct {
	And, Or   []*RuleFilter
	Not       *RuleFilter
	Key, Name *TextFilter
	State     []casegraph.RuleState
}

// Filter is the filter in the domain's terms; nil holds for every revision.
func (f *RuleFilter) Filter() casegraph.Filter {
	var c conditions
	if f == nil {
		return c.filter()
	}
	c.text("key", f.Key)
	c.text("name", f.Name)
	oneOf(&c, "state", f.State, asText)
	combine(&c, f.And, f.Or, f.Not)
	return c.filter()
}

// QueueFilter says which queues.
type QueueFilter struct {
	And, Or    []*QueueFilter
	Not        *QueueFilter
	Name       *TextFilter
	ArchivedAt *TimeFilter
}

// Filter is the filter in the domain's terms; nil holds for every queue.
func (f *QueueFilter) Filter() casegraph.Filter {
	var c conditions
	if f == nil {
		return c.filter()
	}
	c.text("name", f.Name)
	c.time("archivedAt", f.ArchivedAt)
	combine(&c, f.And, f.Or, f.Not)
	return c.filter()
}

// CalendarFilter says which calendars.
type CalendarFilter struct {
	And, Or        []*CalendarFilter
	Not            *CalendarFilter
	Name, TimeZone *TextFilter
}

// Filter is the filter in the domain's terms; nil holds for every calendar.
func (f *CalendarFilter) Filter() casegraph.Filter {
	var c conditions
	if f == nil {
		return c.filter()
	}
	c.text("name", f.Name)
	c.text("timeZone", f.TimeZone)
	combine(&c, f.And, f.Or, f.Not)
	return c.filter()
}
