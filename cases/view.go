package cases

import (
	"fmt"
	"slices"

	"casegraph"
	"casegraph/commit"
)

// The bounds of a view.
const (
	MaxViewName    = 100      // characters
	MaxViewFilter  = 32 << 10 // bytes of JSON
	MaxViewColumns = 100
	MaxViewColumn  = 200 // characters
	MaxViewPeople  = 100 // whom it is shared with
)

// SeesView tells whether the asker sees a view: their own, one that is shared
// with them, and an administrator any.
func (a Asker) SeesView(view *casegraph.View) bool {
	switch {
	case a.ChangesView(view) || view.Sharing == casegraph.ViewEverybody:
		return true
	case view.Sharing == casegraph.ViewPeople:
		return slices.Contains(view.SharedWithIDs, a.ID)
	}
	return false
}

// ChangesView tells whether the asker may change a view.
func (a Asker) ChangesView(view *casegraph.View) bool {
	return a.Role == casegraph.RoleAdmin || view.OwnerID == a.ID
}

// Views is the filter that holds for the views that SeesView allows.
func (a Asker) Views() casegraph.Filter {
	if a.Role == casegraph.RoleAdmin {
		return casegraph.Filter{}
	}
	sharing := func(s casegraph.ViewSharing) casegraph.Filter {
		return casegraph.Filter{Path: "sharing", Op: casegraph.OpEq, Value: string(s)}
	}
	return casegraph.Filter{Or: []casegraph.Filter{
		{Path: "ownerId", Op: casegraph.OpEq, Value: string(a.ID)},
		sharing(casegraph.ViewEverybody),
		{And: []casegraph.Filter{sharing(casegraph.ViewPeople), {Path: "sharedWithIds", Op: casegraph.OpHas, Value: string(a.ID)}}},
	}}
}

// CreateViewInput is a view to be.
type CreateViewInput struct {
	Name        string         // 1 to MaxViewName characters
	Description string         // at most MaxDescription characters
	Of          casegraph.Kind // KindCase or KindAccount
	// Filter was found to be the API's filter of that kind; nil holds for all. At
	// most MaxViewFilter bytes.
	Filter    casegraph.Fields
	OrderBy   casegraph.OrderBy
	Ascending bool
	// Columns are at most MaxViewColumns, each of 1 to MaxViewColumn characters
	// and there once.
	Columns       []string
	Sharing       casegraph.ViewSharing // "" is ViewPrivate
	SharedWithIDs []casegraph.ID        // of ViewPeople alone, at most MaxViewPeople
}

// ViewAnswer names the view that was changed.
type ViewAnswer struct {
	ViewID casegraph.ID `json:"viewId"`
}

// CreateView keeps a view, which is the asker's. It answers ViewAnswer; the
// event is view.created.
func CreateView(by Asker, in CreateViewInput, newID func(casegraph.Kind) casegraph.ID) (commit.Change, error) {
	if err := by.Require(casegraph.RoleViewer); err != nil {
		return commit.Change{}, err
	}
	if in.Of != casegraph.KindCase && in.Of != casegraph.KindAccount {
		return commit.Change{}, casegraph.BadInput("kind: a view lists %s or %s", casegraph.KindCase, casegraph.KindAccount)
	}
	view := &casegraph.View{Name: in.Name, Description: in.Description, OwnerID: by.ID, Of: in.Of, Filter: string(in.Filter), OrderBy: in.OrderBy, Ascending: in.Ascending, Columns: in.Columns}
	if err := checkView(view); err != nil {
		return commit.Change{}, err
	}
	if err := share(view, in.Sharing, in.SharedWithIDs); err != nil {
		return commit.Change{}, err
	}
	view.ID = newID(casegraph.KindView)
	needs := casegraph.Needs{Nodes: append([]casegraph.ID{view.ID}, view.SharedWithIDs...)}
	return commit.Change{Actor: by.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		if err := havePeople(v, view.SharedWithIDs); err != nil {
			return nil, err
		}
		return &commit.Writes{Nodes: []casegraph.Node{view.Clone()}, Events: []commit.Event{{Name: "view.created", Subject: view.ID}}, Answer: Encode(ViewAnswer{view.ID})}, nil
	}}, nil
}

// checkView brings what people write of a view into its form.
func checkView(view *casegraph.View) (err error) {
	if view.Name, err = Text("name", view.Name, 1, MaxViewName); err != nil {
		return err
	}
	if view.Description, err = Text("description", view.Description, 0, MaxDescription); err != nil {
		return err
	}
	if len(view.Filter) > MaxViewFilter {
		return casegraph.BadInput("filter: at most %d KiB of JSON", MaxViewFilter>>10)
	}
	if len(view.Columns) > MaxViewColumns {
		return casegraph.BadInput("columns: at most %d", MaxViewColumns)
	}
	columns := slices.Clone(view.Columns)
	for i := range columns {
		place := fmt.Sprintf("columns[%d]", i)
		if columns[i], err = Text(place, columns[i], 1, MaxViewColumn); err != nil {
			return err
		}
		if slices.Contains(columns[:i], columns[i]) {
			return casegraph.BadInput("%s: %.50q is there twice", place, columns[i])
		}
	}
	view.Columns = columns
	return nil
}

// share says who sees a view.
func share(view *casegraph.View, sharing casegraph.ViewSharing, people []casegraph.ID) error {
	if sharing == "" {
		sharing = casegraph.ViewPrivate
	}
	switch {
	case sharing != casegraph.ViewPeople && len(people) > 0:
		return casegraph.BadInput("sharedWithIds: only with the sharing %s", casegraph.ViewPeople)
	case sharing == casegraph.ViewPeople && (len(people) == 0 || len(people) > MaxViewPeople):
		return casegraph.BadInput("sharedWithIds: from 1 to %d people", MaxViewPeople)
	}
	view.Sharing, view.SharedWithIDs = sharing, nil
	for _, id := range people {
		if !slices.Contains(view.SharedWithIDs, id) {
			view.SharedWithIDs = append(view.SharedWithIDs, id)
		}
	}
	return nil
}

func havePeople(v *commit.View, ids []casegraph.ID) error {
	for i, id := range ids {
		if _, ok := v.Node(id).(*casegraph.User); !ok {
			return casegraph.NoSuch(fmt.Sprintf("sharedWithIds[%d]", i), "user", id)
		}
	}
	return nil
}

// UpdateViewInput is what a view shall be; what is not given stays.
type UpdateViewInput struct {
	ViewID          casegraph.ID
	ExpectedVersion *int64              // nil is any
	Name            casegraph.OptString // can't be null
	Description     casegraph.OptString // null takes it away
	// Filter was found to be the API's filter of the view's kind; null holds for
	// all.
	Filter    casegraph.OptFields
	OrderBy   *casegraph.OrderBy
	Ascending bool     // with OrderBy
	Columns   []string // nil is not given
}

// UpdateView changes what a view lists, and how. It answers ViewAnswer; the
// event is view.updated.
func UpdateView(by Asker, in UpdateViewInput) (commit.Change, error) {
	if in.Name.Set && in.Name.Value == nil {
		return commit.Change{}, casegraph.BadInput("name: from 1 to %d characters", MaxViewName)
	}
	return by.changeView(in.ViewID, in.ExpectedVersion, nil, func(_ *commit.View, view *casegraph.View) (string, error) {
		if in.Name.Set {
			view.Name = *in.Name.Value
		}
		if in.Description.Set {
			view.Description = orEmpty(in.Description.Value)
		}
		if in.Filter.Set {
			view.Filter = string(in.Filter.Value)
		}
		if in.OrderBy != nil {
			view.OrderBy, view.Ascending = *in.OrderBy, in.Ascending
		}
		if in.Columns != nil {
			view.Columns = in.Columns
		}
		return "view.updated", checkView(view)
	})
}

// ShareViewInput says who sees a view.
type ShareViewInput struct {
	ViewID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Sharing         casegraph.ViewSharing
	SharedWithIDs   []casegraph.ID // of ViewPeople alone, at most MaxViewPeople
}

// ShareView says who sees a view, in place of what was said before. It answers
// ViewAnswer; the event is view.shared.
func ShareView(by Asker, in ShareViewInput) (commit.Change, error) {
	var shared casegraph.View
	if err := share(&shared, in.Sharing, in.SharedWithIDs); err != nil {
		return commit.Change{}, err
	}
	return by.changeView(in.ViewID, in.ExpectedVersion, shared.SharedWithIDs, func(v *commit.View, view *casegraph.View) (string, error) {
		view.Sharing, view.SharedWithIDs = shared.Sharing, shared.SharedWithIDs
		return "view.shared", havePeople(v, view.SharedWithIDs)
	})
}

// ArchiveViewInput puts a view out of use, or back.
type ArchiveViewInput struct {
	ViewID          casegraph.ID
	ExpectedVersion *int64 // nil is any
	Archived        bool
}

// ArchiveView puts a view out of use, or takes that back. It answers
// ViewAnswer; the event is view.archived or view.restored.
func ArchiveView(by Asker, in ArchiveViewInput) (commit.Change, error) {
	return by.changeView(in.ViewID, in.ExpectedVersion, nil, func(v *commit.View, view *casegraph.View) (string, error) {
		if !in.Archived {
			view.ArchivedAt = 0
			return "view.restored", nil
		}
		if view.ArchivedAt == 0 {
			view.ArchivedAt = v.Now
		}
		return "view.archived", nil
	})
}

// changeView is a change of a view by its owner or an administrator; change
// gives the event's name.
func (a Asker) changeView(id casegraph.ID, expected *int64, needs []casegraph.ID, change func(*commit.View, *casegraph.View) (string, error)) (commit.Change, error) {
	if err := a.Require(casegraph.RoleViewer); err != nil {
		return commit.Change{}, err
	}
	return commit.Change{Actor: a.ID, Needs: casegraph.Needs{Nodes: append([]casegraph.ID{id}, needs...)}, Decide: func(v *commit.View) (*commit.Writes, error) {
		view, ok := v.Node(id).(*casegraph.View)
		if !ok || !a.SeesView(view) {
			return nil, casegraph.NoSuch("viewId", "view", id)
		}
		if !a.ChangesView(view) {
			return nil, casegraph.Forbidden("only a view's owner and administrators change it")
		}
		if err := AtVersion(view, expected); err != nil {
			return nil, err
		}
		event, err := change(v, view)
		if err != nil {
			return nil, err
		}
		return &commit.Writes{Nodes: []casegraph.Node{view}, Events: []commit.Event{{Name: event, Subject: id}}, Answer: Encode(ViewAnswer{id})}, nil
	}}, nil
}
