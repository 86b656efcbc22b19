package cases

import (
	"fmt"
	"slices"

	"casegraph"
	"casegraph/commit"
)

// MaxObjects is how many objects a call attaches or detaches at most. A case
// holds any number.
const MaxObjects = 100

// ObjectInput is an object to attach.
type ObjectInput struct {
	ID casegraph.ID
	// Role is what the object is in the case, such as "subject" or "evidence".
	Role   string // at most MaxRole characters
	Reason string // at most MaxNote characters
}

// AttachInput is objects to attach to a case.
type AttachInput struct {
	CaseID          casegraph.ID
	ExpectedVersion *int64 // of the case; nil is any
	Objects         []ObjectInput
}

// AttachAnswer tells, in the order asked, what became of each object: ATTACHED
// or ALREADY_ATTACHED; of Detach, DETACHED or NOT_ATTACHED.
type AttachAnswer struct {
	CaseID casegraph.ID   `json:"caseId"`
	Items  []AttachedItem `json:"items"`
}

// AttachedItem is what became of one object.
type AttachedItem struct {
	ID      casegraph.ID `json:"id"`
	Outcome Outcome      `json:"outcome"`
}

// Attach puts objects into a case, all or none. One that is in it already
// stays as it is; one that only a merge brought becomes the case's own. It raises no version, unless it wakes the case or takes
// back what a second person was asked for. It answers AttachAnswer; the event is
// case.objects-attached.
func Attach(by Asker, in AttachInput) (commit.Change, error) {
	if err := by.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	if len(in.Objects) == 0 {
		return commit.Change{}, casegraph.BadInput("objects: at least one")
	}
	objects, err := checkedObjects(in.Objects)
	if err != nil {
		return commit.Change{}, err
	}
	needs := attachNeeds(in.CaseID, objectIDs(objects))
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		c, err := by.caseNode(v, "caseId", in.CaseID, in.ExpectedVersion)
		if err == nil {
			err = standsAlone("caseId", c)
		}
		if err != nil {
			return nil, err
		}
		links, items, err := by.attach(v, in.CaseID, objects)
		if err != nil {
			return nil, err
		}
		writes := &commit.Writes{
			Links:  links,
			Events: []commit.Event{{Name: "case.objects-attached", Subject: in.CaseID}},
			Answer: Encode(AttachAnswer{CaseID: in.CaseID, Items: items}),
		}
		if attachedAny(items) {
			wake(c)
			AskAnew(c)
			writes.Nodes = []casegraph.Node{c}
			responded(v, c, writes)
		}
		return writes, nil
	}}, nil
}

// checkedObjects are the objects with their words trimmed, as far as they can
// be checked without looking at them.
func checkedObjects(objects []ObjectInput) ([]ObjectInput, error) {
	if err := checkObjectIDs("objects", ".id", objectIDs(objects)); err != nil {
		return nil, err
	}
	checked := slices.Clone(objects)
	for i := range checked {
		role, err := Text(fmt.Sprintf("objects[%d].role", i), checked[i].Role, 0, MaxRole)
		if err != nil {
			return nil, err
		}
		reason, err := Text(fmt.Sprintf("objects[%d].reason", i), checked[i].Reason, 0, MaxNote)
		if err != nil {
			return nil, err
		}
		checked[i].Role, checked[i].Reason = role, reason
	}
	return checked, nil
}

// checkObjectIDs names what is wrong as list[2]suffix.
func checkObjectIDs(list, suffix string, ids []casegraph.ID) error {
	if len(ids) > MaxObjects {
		return casegraph.BadInput("%s: at most %d a call", list, MaxObjects)
	}
	seen := map[casegraph.ID]bool{}
	for i, id := range ids {
		kind, known := casegraph.KindOf(id)
		switch {
		case seen[id]:
			return casegraph.BadInput("%s[%d]%s: %.100q is named twice", list, i, suffix, string(id))
		case kind == casegraph.KindIdentifier:
			return casegraph.BadInput("%s[%d]%s: an identifier can't be in a case; attach the objects that show it", list, i, suffix)
		case kind == casegraph.KindCase:
			return casegraph.BadInput("%s[%d]%s: a case can't be in a case; link the two", list, i, suffix)
		case known && !kind.IsObject():
			return casegraph.BadInput("%s[%d]%s: a %s can't be in a case", list, i, suffix, kind)
		}
		seen[id] = true
	}
	return nil
}

func objectIDs(objects []ObjectInput) []casegraph.ID {
	ids := make([]casegraph.ID, len(objects))
	for i, object := range objects {
		ids[i] = object.ID
	}
	return ids
}

func attachNeeds(caseID casegraph.ID, objects []casegraph.ID) casegraph.Needs {
	needs := casegraph.Needs{Nodes: append([]casegraph.ID{caseID}, objects...)}
	for _, id := range objects {
		needs.Links = append(needs.Links, contains(caseID, id))
	}
	return needs
}

func contains(caseID, object casegraph.ID) casegraph.LinkID {
	return casegraph.LinkID{From: caseID, Kind: casegraph.LinkContains, To: object}
}

// attach are the links that put checked objects into a case, and what to
// answer of each.
func (a Asker) attach(v *commit.View, caseID casegraph.ID, objects []ObjectInput) ([]casegraph.Link, []AttachedItem, error) {
	var links []casegraph.Link
	items := make([]AttachedItem, len(objects))
	for i, object := range objects {
		if a.visible(v, object.ID) == nil {
			return nil, nil, casegraph.NoSuch(fmt.Sprintf("objects[%d].id", i), "object", object.ID)
		}
		id := contains(caseID, object.ID)
		if has := v.Link(id); has != nil && len(has.Brought) == 0 {
			items[i] = AttachedItem{ID: object.ID, Outcome: AlreadyAttached}
			continue
		}
		items[i] = AttachedItem{ID: object.ID, Outcome: Attached}
		links = append(links, madeLink(v, id, casegraph.LinkProps{Role: object.Role, Reason: object.Reason}))
	}
	return links, items, nil
}

// madeLink is a link that the actor makes now.
func madeLink(v *commit.View, id casegraph.LinkID, props casegraph.LinkProps) casegraph.Link {
	props.By = v.Actor
	return casegraph.Link{LinkID: id, FirstSeen: v.Now, LastSeen: v.Now, Count: 1, LinkProps: props}
}
