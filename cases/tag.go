package cases

import (
	"fmt"
	"slices"
	"strings"

	"casegraph"
	"casegraph/commit"
	"casegraph/words"
)

// The bounds of tags.
const (
	MaxTag  = 60 // characters
	MaxTags = 50 // on one node or link
)

// TagInput is tags to put on a case, an object or a link, or to take off.
type TagInput struct {
	NodeID          casegraph.ID      // either a case or an object
	Link            *casegraph.LinkID // or a link
	ExpectedVersion *int64            // of a link: of its mark, 0 if there is none; nil is any
	// Tags have 1 to MaxTag characters; no two may differ by case and
	// diacritics alone.
	Tags []string
}

// TagAnswer tells, in the order asked, what became of each tag: TAGGED or
// ALREADY_TAGGED; of Untag, UNTAGGED or NOT_TAGGED.
type TagAnswer struct {
	NodeID casegraph.ID    `json:"nodeId,omitempty"`
	Link   *casegraph.Link `json:"link,omitempty"`
	Items  []TagItem       `json:"items"`
}

// TagItem is what became of one tag.
type TagItem struct {
	Tag     string  `json:"tag"`
	Outcome Outcome `json:"outcome"`
}

// Tag puts tags on a case, an object or a link. A tag that is there already is left;
// one that is there in another spelling is refused. It answers TagAnswer; the
// event is case.tagged, account.tagged, link.tagged, …
func Tag(by Asker, in TagInput) (commit.Change, error) { return by.changeTags(in, ".tagged", tag) }

// Untag takes tags off, in whatever spelling. It answers TagAnswer; the event
// is case.untagged, account.untagged, link.untagged, …
func Untag(by Asker, in TagInput) (commit.Change, error) {
	return by.changeTags(in, ".untagged", untag)
}

func (a Asker) changeTags(in TagInput, verb string,
	change func(has, tags []string) ([]string, []TagItem, error)) (commit.Change, error) {
	if err := a.Require(casegraph.RoleInvestigator); err != nil {
		return commit.Change{}, err
	}
	if len(in.Tags) == 0 {
		return commit.Change{}, casegraph.BadInput("tags: at least one")
	}
	tags, err := checkTags(in.Tags)
	if err != nil {
		return commit.Change{}, err
	}
	on := subject{in.NodeID, in.Link}
	needs, err := on.needs()
	return commit.Change{Actor: a.ID, Needs: needs, Decide: func(v *commit.View) (*commit.Writes, error) {
		n, err := a.tagged(v, on, in.ExpectedVersion)
		if err != nil {
			return nil, err
		}
		has := tagsOf(n)
		changed, items, err := change(*has, tags)
		if err != nil {
			return nil, err
		}
		*has = changed
		w, err := tell(v, n, verb, "")
		if err != nil {
			return nil, err
		}
		w.Answer = Encode(TagAnswer{NodeID: in.NodeID, Link: on.read(v), Items: items})
		return w, nil
	}}, err
}

// tagged is what has the tags: a case, an object, or the mark of a link.
func (a Asker) tagged(v *commit.View, on subject, expected *int64) (casegraph.Node, error) {
	if on.link != nil {
		return a.linkMark(v, *on.link, expected)
	}
	return a.caseOrObject(v, "nodeId", on.nodeID, expected)
}

// CheckTags refuses tags that no node can have.
func CheckTags(list string, raw []string) error {
	_, err := tagsIn(list, raw)
	return err
}

// checkTags checks tags among themselves.
func checkTags(raw []string) ([]string, error) { return tagsIn("tags", raw) }

func tagsIn(list string, raw []string) ([]string, error) {
	if len(raw) > MaxTags {
		return nil, casegraph.BadInput("%s: at most %d", list, MaxTags)
	}
	var tags []string
	for i, each := range raw {
		field := fmt.Sprintf("%s[%d]", list, i)
		checked, err := Text(field, each, 1, MaxTag)
		if err != nil {
			return nil, err
		}
		if j := indexOfTag(tags, checked); j >= 0 {
			return nil, casegraph.BadInput("%s: the same as %q", field, tags[j])
		}
		tags = append(tags, checked)
	}
	return tags, nil
}

func tag(has, tags []string) ([]string, []TagItem, error) {
	all := slices.Clone(has)
	items := make([]TagItem, len(tags))
	for i, each := range tags {
		items[i] = TagItem{Tag: each, Outcome: Tagged}
		switch j := indexOfTag(has, each); {
		case j < 0:
			all = append(all, each)
		case has[j] == each:
			items[i].Outcome = AlreadyTagged
		default:
			return nil, nil, casegraph.BadInput("tags[%d]: there already, as %q", i, has[j])
		}
	}
	if len(all) > MaxTags && len(all) > len(has) {
		return nil, nil, casegraph.BadInput("tags: at most %d, and %d are there", MaxTags, len(has))
	}
	return all, items, nil
}

func untag(has, tags []string) ([]string, []TagItem, error) {
	left := slices.Clone(has)
	items := make([]TagItem, len(tags))
	for i, each := range tags {
		items[i] = TagItem{Tag: each, Outcome: NotTagged}
		for j := indexOfTag(left, each); j >= 0; j = indexOfTag(left, each) {
			items[i].Outcome = Untagged
			left = slices.Delete(left, j, j+1)
		}
	}
	return left, items, nil
}

// indexOfTag finds a tag in any spelling.
func indexOfTag(tags []string, wanted string) int {
	folded := words.Fold(wanted)
	return slices.IndexFunc(tags, func(each string) bool { return words.Fold(each) == folded })
}

// tagsOf are the tags of a case, an object or a link's mark.
func tagsOf(n casegraph.Node) *[]string {
	switch n := n.(type) {
	case *casegraph.Case:
		return &n.Tags
	case *casegraph.LinkMark:
		return &n.Tags
	}
	return &external(n).Tags
}

// external is what all objects share. Every kind for which IsObject holds has
// it.
func external(n casegraph.Node) *casegraph.Object {
	return n.(interface{ External() *casegraph.Object }).External()
}

// eventName is a node's kind and what happened to it; of a mark, that of its
// link.
func eventName(n casegraph.Node, verb string) string {
	if n.Kind() == casegraph.KindMark {
		return "link" + verb
	}
	return inLower(n.Kind()) + verb
}

// inLower is a kind as people write it.
func inLower(kind casegraph.Kind) string { return strings.ToLower(string(kind)) }
