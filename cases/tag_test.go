package cases

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"casegraph"
)

func TestTagsOfCasesAndObjects(t *testing.T) {
	w := newWorld()
	for _, id := range []casegraph.ID{w.open(t, CreateInput{}).ID, account} {
		kind := strings.ToLower(string(w.nodes[id].Kind()))
		tag := func(tags ...string) ([]TagItem, error) {
			result, err := w.try(Tag(investigator, TagInput{NodeID: id, Tags: tags}))
			if err != nil {
				return nil, err
			}
			return answer[TagAnswer](t, result).Items, nil
		}
		items, err := tag("Mule", " ring ")
		if err != nil || !slices.Equal(items, []TagItem{{"Mule", Tagged}, {"ring", Tagged}}) || w.lastEvent().Name != kind+".tagged" {
			t.Errorf("tagged %v, %v, told %s", items, err, w.lastEvent().Name)
		}
		items, err = tag("ring", "new")
		if err != nil || !slices.Equal(items, []TagItem{{"ring", AlreadyTagged}, {"new", Tagged}}) {
			t.Errorf("tagged again %v, %v", items, err)
		}
		_, err = tag("another", "MULE")
		refused(t, err, casegraph.CodeBadInput, "tags[1]")
		_, err = tag("a", "Ä")
		refused(t, err, casegraph.CodeBadInput, "tags[1]")
		_, err = tag()
		refused(t, err, casegraph.CodeBadInput, "tags")
		_, err = tag(strings.Repeat("ü", 61))
		refused(t, err, casegraph.CodeBadInput, "tags[0]")

		change, err := Untag(investigator, TagInput{NodeID: id, Tags: []string{"MULE", "other"}})
		result := answer[TagAnswer](t, w.must(t, change, err))
		if !slices.Equal(result.Items, []TagItem{{"MULE", Untagged}, {"other", NotTagged}}) || w.lastEvent().Name != kind+".untagged" {
			t.Errorf("untagged %v, told %s", result.Items, w.lastEvent().Name)
		}
		if has := *tagsOf(w.nodes[id]); !slices.Equal(has, []string{"ring", "new"}) {
			t.Errorf("what is left is %q", has)
		}
	}
}

func TestANodeHasAtMostFiftyTags(t *testing.T) {
	w := newWorld()
	var fifty []string
	for i := range 50 {
		fifty = append(fifty, fmt.Sprint("tag ", i))
	}
	change, err := Tag(investigator, TagInput{NodeID: account, Tags: fifty})
	w.must(t, change, err)
	_, err = w.try(Tag(investigator, TagInput{NodeID: account, Tags: []string{"one more"}}))
	refused(t, err, casegraph.CodeBadInput, "tags")
	change, err = Tag(investigator, TagInput{NodeID: account, Tags: fifty})
	w.must(t, change, err)
}

func TestOnlyCasesAndObjectsHaveTags(t *testing.T) {
	w := newWorld()
	_, err := w.try(Tag(admin, TagInput{NodeID: ben, Tags: []string{"x"}}))
	refused(t, err, casegraph.CodeNotFound, "nodeId")
}
