package server_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"casegraph"
	"casegraph/demo"
)

// scenario is a story told by operations, each by one of the demo's people.
type scenario struct {
	Title string `yaml:"title"`
	Steps []struct {
		Say string `yaml:"say"` // what happens, for the reader
		As  string `yaml:"as"`  // ana, ben or vera
		Do  string `yaml:"do"`  // an operation; $(name) stands for what was kept
		// Keep gives names to values of the answer, by their paths.
		Keep map[string]string `yaml:"keep"`
	} `yaml:"steps"`
}

// told is a step as its golden has it.
type told struct {
	Say string `json:"say"`
	As  string `json:"as"`
	answer
}

// Each scenario comes to the same on every store.
func TestScenarios(t *testing.T) {
	people := map[string]casegraph.ID{"ana": demo.Ana, "ben": demo.Ben, "vera": demo.Vera}
	paths, err := filepath.Glob("../testdata/scenarios/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for store, open := range stores {
		for _, path := range paths {
			name := strings.TrimSuffix(filepath.Base(path), ".yaml")
			t.Run(store+"/"+name, func(t *testing.T) {
				var story scenario
				if err := yaml.UnmarshalWithOptions(read(t, path), &story, yaml.Strict()); err != nil {
					t.Fatal(err)
				}
				f := newFixture(t, open(t))
				kept := map[string]string{}
				var all []told
				for _, step := range story.Steps {
					do := step.Do
					for name, value := range kept {
						do = strings.ReplaceAll(do, "$("+name+")", value)
					}
					a := f.as(people[step.As], do, nil)
					f.followRules()
					for name, path := range step.Keep {
						kept[name] = get(t, a, strings.Split(path, ".")...).(string)
					}
					all = append(all, told{Say: step.Say, As: step.As, answer: a})
				}
				compare(t, strings.TrimSuffix(path, ".yaml")+".golden.json", all)
			})
		}
	}
}
