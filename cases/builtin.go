package cases

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"casegraph"
	"casegraph/commit"
)

//go:embed builtin/*.json
var builtIn embed.FS

// BuiltIn records the templates that casegraph brings along, as their first
// revisions, published. One whose key has a revision already, whoever made it,
// is left alone. It answers TemplateAnswer; the event is template.published.
func BuiltIn() []commit.Change {
	files, err := builtIn.ReadDir("builtin")
	if err != nil {
		panic(err)
	}
	var changes []commit.Change
	for _, file := range files {
		text, err := builtIn.ReadFile(path.Join("builtin", file.Name()))
		if err != nil {
			panic(err)
		}
		t := &casegraph.Template{Key: strings.TrimSuffix(file.Name(), ".json"), Revision: 1, State: casegraph.TemplatePublished}
		if err := json.Unmarshal(text, &t.TemplateForm); err != nil {
			panic(fmt.Sprintf("%s: %v", file.Name(), err))
		}
		t.ID = casegraph.ImportedID(casegraph.KindTemplate, "casegraph", t.Reference().Reference)
		changes = append(changes, brought(t))
	}
	return changes
}

func brought(t *casegraph.Template) commit.Change {
	head := TemplateHead(t.Key)
	return commit.Change{Needs: casegraph.Needs{Nodes: []casegraph.ID{t.ID}, Values: []string{head}}, Decide: func(v *commit.View) (*commit.Writes, error) {
		w := &commit.Writes{Answer: Encode(TemplateAnswer{t.ID})}
		if v.Value(head) == nil {
			recorded := *t
			recorded.PublishedAt = v.Now
			w.Nodes, w.Events = []casegraph.Node{&recorded}, []commit.Event{{Name: "template.published", Subject: t.ID}}
			w.Values = []casegraph.Value{{Key: head, Data: Encode(templateHead{Last: 1, Published: t.ID})}}
		}
		return w, nil
	}}
}
