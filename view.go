package casegraph

import (
	"io"
	"strconv"
)

// View is a list that somebody keeps: which nodes, in which order, shown how.
type View struct {
	Header
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// OwnerID is who made it.
	OwnerID ID `json:"ownerId"`
	// Of is what it lists: KindCase or KindAccount.
	Of Kind `json:"of"`
	// Filter is the API's filter of that kind as a JSON object in its one form;
	// "" holds for all.
	Filter    string  `json:"filter,omitempty"`
	OrderBy   OrderBy `json:"orderBy"`
	Ascending bool    `json:"ascending,omitempty"`
	// Columns are what a frontend shows of each node, in its own words.
	Columns []string    `json:"columns,omitempty"`
	Sharing ViewSharing `json:"sharing"`
	// SharedWithIDs are the users who see it if it is shared with people.
	SharedWithIDs []ID `json:"sharedWithIds,omitempty"`
	// ArchivedAt is since when it is out of use; 0 for a view in use.
	ArchivedAt Time `json:"archivedAt,omitempty"`
}

// Kind is KindView.
func (*View) Kind() Kind { return KindView }

// Class is the kind. Who sees a view is for package cases to say.
func (*View) Class() Class { return Class(KindView) }

// Texts are none: search would tell of views that are not shared.
func (*View) Texts() []string { return nil }

// Clone is a copy that may be changed; it shares slices, so replace those whole.
func (v *View) Clone() Node { clone := *v; return &clone }

// Asked is the filter as a JSON object; nil holds for all.
func (v *View) Asked() Fields { return Fields(v.Filter) }

// ViewSharing is who sees a view beside its owner and administrators.
type ViewSharing string

// Who sees it.
const (
	ViewPrivate   ViewSharing = "PRIVATE"   // nobody
	ViewPeople    ViewSharing = "PEOPLE"    // those named
	ViewEverybody ViewSharing = "EVERYBODY" // everybody here
)

var viewSharings = []ViewSharing{ViewPrivate, ViewPeople, ViewEverybody}

// MarshalGQL writes the enum value.
func (s ViewSharing) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(string(s))) }

// UnmarshalGQL reads an enum value.
func (s *ViewSharing) UnmarshalGQL(v any) error { return readEnum(s, v, viewSharings) }
