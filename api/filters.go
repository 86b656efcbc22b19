package api

import "casegraph"

// A noun's filter has a field for each attribute, and its tag says where that
// lies if not under the field's own name.

// ObjectConditions are what can be asked of all objects.
type ObjectConditions struct {
	ID                                *IdFilter
	Version                           *IntFilter
	Source, ReferenceID, Status, Note *TextFilter
	At, CreatedAt, UpdatedAt          *TimeFilter
	Tags                              *TagFilter
	Risk                              *RiskFilter
	Fields                            []*FieldFilter
}

// GraphConditions are what can be asked of where a node stands in the graph.
type GraphConditions struct {
	ConnectedTo          *ConnectedTo
	SharesIdentifierWith *SharesIdentifier
	Degree               []*DegreeFilter
	HasRelatedCase       *HasRelatedCase
}

// CaseFilter says which cases.
type CaseFilter struct {
	And, Or                                                          []*CaseFilter
	Not                                                              *CaseFilter
	ID                                                               *IdFilter
	Version, Reopened                                                *IntFilter
	Number, Title, CaseType, Status, Resolution, Description, Source *TextFilter
	Awaiting                                                         *TextFilter `filter:"awaiting.to"`
	AssigneeID, CreatorID, QueueID, TemplateID                       *IdFilter
	ResolvedByID                                                     *IdFilter `filter:"resolverId"`
	MergedIntoID                                                     *IdFilter `filter:"merged.into"`
	Outcome                                                          []casegraph.CaseOutcome
	SnoozedUntil                                                     *TimeFilter `filter:"snooze.until"`
	Snoozed                                                          *bool       `filter:"snooze.at,exists"`
	CreatedAt, UpdatedAt, AssignedAt, ResolvedAt                     *TimeFilter
	Tags                                                             *TagFilter
	Risk                                                             *RiskFilter
	Restricted                                                       *bool `filter:",flag"`
	DueAt                                                            *TimeFilter
	Breached                                                         *bool   `filter:",exists"`
	BreachedClock                                                    *string `filter:"breached"`
	Fields                                                           []*FieldFilter
	GraphConditions
}

// Filter is the filter in the domain's terms; nil holds for every case.
func (f *CaseFilter) Filter() casegraph.Filter { return filterOf(f) }

// CaseAnalyticsFilter says which cases are counted, by what figures know of them.
type CaseAnalyticsFilter struct {
	And, Or                         []*CaseAnalyticsFilter
	Not                             *CaseAnalyticsFilter
	CaseType, Source                *TextFilter
	AssigneeID, QueueID, TemplateID *IdFilter
	Tags                            *TagFilter
}

// Filter is the filter in the domain's terms; nil holds for every case.
func (f *CaseAnalyticsFilter) Filter() casegraph.Filter { return filterOf(f) }

// AccountFilter says which accounts.
type AccountFilter struct {
	And, Or           []*AccountFilter
	Not               *AccountFilter
	AccountType, Name *TextFilter
	ObjectConditions
	GraphConditions
}

// Filter is the filter in the domain's terms; nil holds for every account.
func (f *AccountFilter) Filter() casegraph.Filter { return filterOf(f) }

// InquiryFilter says which inquiries.
type InquiryFilter struct {
	And, Or   []*InquiryFilter
	Not       *InquiryFilter
	Template  *TextFilter
	DecidedAt *TimeFilter
	ObjectConditions
}

// Filter is the filter in the domain's terms; nil holds for every inquiry.
func (f *InquiryFilter) Filter() casegraph.Filter { return filterOf(f) }

// ReportFilter says which reports.
type ReportFilter struct {
	And, Or    []*ReportFilter
	Not        *ReportFilter
	ReportType *TextFilter
	HasMatch   *bool
	ObjectConditions
}

// Filter is the filter in the domain's terms; nil holds for every report.
func (f *ReportFilter) Filter() casegraph.Filter { return filterOf(f) }

// TransactionFilter says which transactions.
type TransactionFilter struct {
	And, Or                   []*TransactionFilter
	Not                       *TransactionFilter
	TransactionType, Currency *TextFilter
	Amount                    *DecimalFilter
	ObjectConditions
}

// Filter is the filter in the domain's terms; nil holds for every transaction.
func (f *TransactionFilter) Filter() casegraph.Filter { return filterOf(f) }

// SessionFilter says which sessions.
type SessionFilter struct {
	And, Or                               []*SessionFilter
	Not                                   *SessionFilter
	IP, Device, UserAgent, Country, Place *TextFilter
	ObjectConditions
}

// Filter is the filter in the domain's terms; nil holds for every session.
func (f *SessionFilter) Filter() casegraph.Filter { return filterOf(f) }

// UserFilter says which users.
type UserFilter struct {
	And, Or     []*UserFilter
	Not         *UserFilter
	Name, Email *TextFilter
	Role        []casegraph.Role
	Disabled    *bool `filter:",flag"`
}

// Filter is the filter in the domain's terms; nil holds for every user.
func (f *UserFilter) Filter() casegraph.Filter { return filterOf(f) }

// TemplateFilter says which revisions of templates.
type TemplateFilter struct {
	And, Or   []*TemplateFilter
	Not       *TemplateFilter
	Key, Name *TextFilter
	State     []casegraph.TemplateState
}

// Filter is the filter in the domain's terms; nil holds for every revision.
func (f *TemplateFilter) Filter() casegraph.Filter { return filterOf(f) }

// RuleFilter says which revisions of rules.
type RuleFilter struct {
	And, Or   []*RuleFilter
	Not       *RuleFilter
	Key, Name *TextFilter
	State     []casegraph.RuleState
}

// Filter is the filter in the domain's terms; nil holds for every revision.
func (f *RuleFilter) Filter() casegraph.Filter { return filterOf(f) }

// QueueFilter says which queues.
type QueueFilter struct {
	And, Or    []*QueueFilter
	Not        *QueueFilter
	Name       *TextFilter
	ArchivedAt *TimeFilter
}

// Filter is the filter in the domain's terms; nil holds for every queue.
func (f *QueueFilter) Filter() casegraph.Filter { return filterOf(f) }

// CalendarFilter says which calendars.
type CalendarFilter struct {
	And, Or        []*CalendarFilter
	Not            *CalendarFilter
	Name, TimeZone *TextFilter
}

// Filter is the filter in the domain's terms; nil holds for every calendar.
func (f *CalendarFilter) Filter() casegraph.Filter { return filterOf(f) }
