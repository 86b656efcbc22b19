package demo

import (
	"fmt"

	"casegraph"
	"casegraph/cases"
)

// Case is the id of the demo's n-th case, whose number is CASE-n.
func Case(n int) casegraph.ID {
	return casegraph.ID(fmt.Sprintf("%s%026d", casegraph.KindCase.Prefix(), n))
}

var (
	ana = cases.Asker{ID: Ana, Role: casegraph.RoleAdmin}
	ben = cases.Asker{ID: Ben, Role: casegraph.RoleInvestigator}
)

func (l *loader) cases() {
	l.takeover()
	l.reported()
	l.signUps()
	l.mule()
	l.employee()
	l.chargeback()
	l.do(cases.LinkCases(ben, cases.LinkCasesInput{FromID: Case(1), ToID: Case(2), Relation: cases.Relates,
		Reason: "same device, one night apart"}))
	l.do(cases.LinkCases(ben, cases.LinkCasesInput{FromID: Case(3), ToID: Case(1), Relation: cases.SplitFrom,
		Reason: "the sign-ups need a look of their own"}))
	l.do(cases.MarkRisk(ana, cases.MarkRiskInput{NodeID: Account("M-3001"), Level: casegraph.RiskKnownBad, Reason: "money mule; closed and reported"}))
}

func (l *loader) create(by cases.Asker, in cases.CreateInput) {
	l.do(cases.Create(by, in, cases.General, l.newID))
}

func (l *loader) say(by cases.Asker, n int, body string) {
	l.do(cases.Comment(by, cases.CommentInput{CaseID: Case(n), Body: body}, nil, l.newID))
}

func (l *loader) move(by cases.Asker, n int, status, resolution string) {
	l.do(cases.SetStatus(by, cases.SetStatusInput{CaseID: Case(n), Status: status, Resolution: resolution}, cases.General))
}

func (l *loader) takeover() {
	l.create(ben, cases.CreateInput{
		Title: "Petra Novak: payouts after a new device", CaseType: "account-takeover",
		Description: "Two payouts at half past two at night, minutes after a sign-in from a device that was never seen before.",
		Tags:        []string{"payout", "night"},
		Fields:      casegraph.Fields(`{"amountAtRisk":4750,"channel":"app"}`),
		Objects: []cases.ObjectInput{
			{ID: Account("P-1001"), Role: "subject", Reason: "the account that paid"},
			{ID: object(casegraph.KindSession, "s-301"), Role: "evidence", Reason: "the device's first sign-in here"},
			{ID: object(casegraph.KindTransaction, "t-2001"), Role: "evidence", Reason: "first payout"},
			{ID: object(casegraph.KindTransaction, "t-2002"), Role: "evidence", Reason: "second payout"},
		},
	})
	l.do(cases.Assign(ben, cases.AssignInput{CaseID: Case(1), AssigneeID: Ben, Note: "taking this one"}))
	l.move(ben, 1, cases.StatusInReview, "")
	l.do(cases.Attach(ben, cases.AttachInput{CaseID: Case(1), Objects: []cases.ObjectInput{
		{ID: object(casegraph.KindInquiry, "i-102"), Role: "evidence", Reason: "selfie did not match"},
	}}))
	l.say(ben, 1, "Called Petra: she did not make these payouts and has not changed her telephone.")
}

func (l *loader) reported() {
	l.create(ana, cases.CreateInput{
		Title: "Kwame Osei reports payments that he did not make", CaseType: "account-takeover",
		Objects: []cases.ObjectInput{
			{ID: Account("P-1003"), Role: "subject", Reason: "reported by telephone"},
			{ID: object(casegraph.KindTransaction, "t-2003"), Role: "evidence"},
			{ID: object(casegraph.KindTransaction, "t-2004"), Role: "evidence"},
		},
	})
}

func (l *loader) signUps() {
	l.create(ben, cases.CreateInput{
		Title: "Three sign-ups in twenty minutes", CaseType: "synthetic-identity", AssigneeID: Ben,
		Objects: []cases.ObjectInput{
			{ID: Account("R-2001"), Role: "subject"},
			{ID: Account("R-2002"), Role: "subject"},
			{ID: Account("R-2003"), Role: "subject"},
			{ID: object(casegraph.KindInquiry, "i-202"), Role: "evidence", Reason: "waits for a review"},
		},
	})
	l.move(ben, 3, cases.StatusInReview, "")
	l.move(ben, 3, cases.StatusWaiting, "")
	l.say(ben, 3, "Waiting for the bank's answer on the account that R-2001 gave.")
}

func (l *loader) mule() {
	l.create(ana, cases.CreateInput{
		Title: "Tomas Berg: money in, money out", CaseType: "money-mule", AssigneeID: Ana, Tags: []string{"watchlist"},
		Objects: []cases.ObjectInput{
			{ID: Account("M-3001"), Role: "subject"},
			{ID: object(casegraph.KindReport, "r-101"), Role: "evidence", Reason: "watchlist match"},
			{ID: object(casegraph.KindTransaction, "t-3001"), Role: "evidence"},
		},
	})
	l.move(ana, 4, cases.StatusInReview, "")
	l.say(ana, 4, "Account closed and reported.")
	l.move(ana, 4, cases.StatusResolved, "confirmed")
}

// employee is a case that only administrators see.
func (l *loader) employee() {
	l.create(ana, cases.CreateInput{
		Title: "Employee looked at an account without a reason", CaseType: "internal", Restricted: true, AssigneeID: Ana,
		Objects: []cases.ObjectInput{{ID: Account("P-1001"), Role: "subject"}},
	})
	l.say(ana, 5, "Not to be seen outside of administration.")
}

func (l *loader) chargeback() {
	l.create(ben, cases.CreateInput{
		Title: "Jan Novak disputes a purchase", CaseType: "dispute", AssigneeID: Ben,
		Objects: []cases.ObjectInput{{ID: Account("P-1002"), Role: "subject"}, {ID: object(casegraph.KindTransaction, "t-1002"), Role: "evidence"}},
	})
	l.move(ben, 6, cases.StatusInReview, "")
	l.move(ben, 6, cases.StatusResolved, "false positive")
}
