package cases

import (
	"context"
	"errors"
	"strings"

	"casegraph"
	"casegraph/commit"
)

// LinkCasesInput says how a case stands to another.
type LinkCasesInput struct {
	FromID, ToID casegraph.ID
	Relation     Relation
	Reason       string // at most MaxNote characters
	// ExpectedVersion is FromID's; nil is any.
	ExpectedVersion *int64
	// Ancestry is FromID's, from Ancestors; only PARENT_OF needs it.
	Ancestry Ancestry
}

// LinkCasesAnswer tells what became of the link: LINKED or ALREADY_LINKED; of
// UnlinkCases, UNLINKED or NOT_LINKED.
type LinkCasesAnswer struct {
	FromID   casegraph.ID `json:"fromId"`
	ToID     casegraph.ID `json:"toId"`
	Relation Relation     `json:"relation"`
	Outcome  Outcome      `json:"outcome"`
}

// ErrAncestryMoved says that some case got or lost a parent since the ancestry
// was read.
var ErrAncestryMoved = casegraph.Conflict("the parents of cases have changed meanwhile; try again")

func (in *LinkCasesInput) linkID() casegraph.LinkID {
	return casegraph.LinkID{From: in.FromID, Kind: casegraph.LinkRelatesTo, To: in.ToID, Key: string(in.Relation)}
}

func (in *LinkCasesInput) inverse() casegraph.LinkID {
	return casegraph.LinkID{From: in.ToID, Kind: casegraph.LinkRelatesTo, To: in.FromID, Key: string(in.Relation)}
}

// Needs is what Standing and Raised look at, beside the cases themselves.
func (in *LinkCasesInput) Needs() casegraph.Needs {
	needs := casegraph.Needs{Links: []casegraph.LinkID{in.linkID(), in.inverse()}}
	if in.Relation == ParentOf {
		needs.Values = []string{ancestryVersion}
	}
	return needs
}

// Standing is the link that says the same already, or nil. It refuses, at the
// field, what would contradict the links that stand; ErrAncestryMoved asks for
// the ancestry to be read again.
func (in *LinkCasesInput) Standing(v *commit.View, field string) (*casegraph.Link, error) {
	link, inverse := v.Link(in.linkID()), v.Link(in.inverse())
	switch {
	case link != nil:
		return link, nil
	case inverse != nil && in.Relation == Relates:
		return inverse, nil
	case inverse != nil:
		return nil, casegraph.BadInput("%s: it is %s the first case already; unlink that first", field, inWords(in.Relation))
	case in.Relation != ParentOf:
		return nil, nil
	case string(v.Value(ancestryVersion)) != in.Ancestry.Version || in.Ancestry.Of != in.FromID:
		return nil, ErrAncestryMoved
	case in.Ancestry.Above[in.ToID]:
		return nil, casegraph.BadInput("%s: it is above the first case; a case can't be its own ancestor", field)
	}
	return nil, nil
}

// Raised is what must be kept with a link that begins or ends.
func (in *LinkCasesInput) Raised(v *commit.View) ([]casegraph.Value, error) {
	if in.Relation != ParentOf {
		return nil, nil
	}
	version, err := next(v.Value(ancestryVersion))
	return []casegraph.Value{{Key: ancestryVersion, Data: []byte(decimal(version))}}, err
}

// LinkCases links a case to another. One link a relation and pair: RELATES
// holds either way round, the others may not hold both ways, and PARENT_OF may
// not make a cycle. It raises no version. It answers LinkCasesAnswer; the
// event is case.linked, about FromID.
func LinkCases(by Asker, in LinkCasesInput) (commit.Change, error) {
	if in.Relation == MergedInto {
		return commit.Change{}, casegraph.BadInput("relation: mergeCases merges cases")
	}
	return by.changeLink(in, "case.linked", func(v *commit.View) (*commit.Writes, Outcome, error) {
		standing, err := in.Standing(v, "toId")
		if err != nil {
			return nil, "", err
		}
		if standing != nil && !standing.Refused() {
			return &commit.Writes{}, AlreadyLinked, nil
		}
		if standing != nil { // what was refused is linked all the same
			again := madeLink(v, standing.LinkID, casegraph.LinkProps{Reason: strings.TrimSpace(in.Reason)})
			return &commit.Writes{Links: []casegraph.Link{again}}, Linked, nil
		}
		made := madeLink(v, in.linkID(), casegraph.LinkProps{Reason: strings.TrimSpace(in.Reason)})
		return &commit.Writes{Links: []casegraph.Link{made}}, Linked, nil
	})
}

// maxAncestryReads is how often DoLinkCases reads a chain of parents that
// others keep changing.
const maxAncestryReads = 10

// DoLinkCases does LinkCases: it reads the ancestry where the relation needs
// it, and again where that has moved meanwhile. store must not answer from a
// cache.
func DoLinkCases(ctx context.Context, store casegraph.Store, committer *commit.Committer,
	by Asker, in LinkCasesInput, once *commit.Once) (commit.Result, error) {
	for read := 1; ; read++ {
		if in.Relation == ParentOf {
			var err error
			if in.Ancestry, err = Ancestors(ctx, store, in.FromID); err != nil {
				return commit.Result{}, err
			}
		}
		change, err := LinkCases(by, in)
		if err != nil {
			return commit.Result{}, err
		}
		change.Once = once
		result, err := committer.Do(ctx, change)
		if !errors.Is(err, ErrAncestryMoved) || read == maxAncestryReads {
			return result, err
		}
	}
}

// UnlinkCases ends a link between cases; that there was one stays on record.
// The reason is the event's note. It raises no version. It answers
// LinkCasesAnswer; the event is case.unlinked, about FromID.
func UnlinkCases(by Asker, in LinkCasesInput) (commit.Change, error) {
	return by.changeLink(in, "case.unlinked", func(v *commit.View) (*commit.Writes, Outcome, error) {
		from, _ := v.Node(in.FromID).(*casegraph.Case)
		switch {
		case in.Relation == MergedInto && from.Merged != nil && from.Merged.IntoID == in.ToID:
			return nil, "", casegraph.BadInput("relation: unmergeCases takes merged cases apart")
		case v.Link(in.linkID()) != nil:
			return &commit.Writes{Ends: []casegraph.LinkID{in.linkID()}}, Unlinked, nil
		case in.Relation == Relates && v.Link(in.inverse()) != nil:
			return &commit.Writes{Ends: []casegraph.LinkID{in.inverse()}}, Unlinked, nil
		}
		return &commit.Writes{}, NotLinked, nil
	})
}

// inWords is a relation as people say it.
func inWords(r Relation) string { return strings.ToLower(strings.ReplaceAll(string(r), "_", " ")) }

func (a Asker) changeLink(in LinkCasesInput, event string,
	change func(*commit.View) (*commit.Writes, Outcome, error)) (commit.Change, error) {
	reason, err := a.checkLink(in)
	if err != nil {
		return commit.Change{}, err
	}
	needs := in.Needs()
	needs.Nodes = []casegraph.ID{in.FromID, in.ToID}
	return commit.Change{Actor: a.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		c, err := a.caseNode(v, "fromId", in.FromID, in.ExpectedVersion)
		if err != nil {
			return nil, err
		}
		if _, err := a.caseNode(v, "toId", in.ToID, nil); err != nil {
			return nil, err
		}
		w, outcome, err := change(v)
		if err != nil {
			return nil, err
		}
		w.Events = []commit.Event{{Name: event, Subject: in.FromID, Note: reason}}
		w.Answer = Encode(LinkCasesAnswer{FromID: in.FromID, ToID: in.ToID, Relation: in.Relation, Outcome: outcome})
		if len(w.Links)+len(w.Ends) > 0 {
			responded(v, c, w)
			w.Values, err = in.Raised(v)
		}
		return w, err
	}}, nil
}

func (a Asker) checkLink(in LinkCasesInput) (reason string, err error) {
	if err := a.Require(casegraph.RoleInvestigator); err != nil {
		return "", err
	}
	switch {
	case !in.Relation.Valid():
		return "", casegraph.BadInput("relation: %s", RelationRule())
	case in.FromID == in.ToID:
		return "", casegraph.BadInput("toId: a case can't be linked to itself")
	}
	return Text("reason", in.Reason, 0, MaxNote)
}
