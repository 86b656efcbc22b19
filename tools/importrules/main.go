// Command importrules reports the imports that the house does not want:
//
//	go -C tools build -o ../bin/ ./importrules && bin/importrules ./...
//
// It is the linter depguard on the rules in tools/import-rules.yaml, whose file
// patterns count from the root of the repository. (depguard's own program
// matches them against whole paths, so that a rule would depend on the name of
// the folder the repository lies in.)
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/OpenPeeDeeP/depguard/v2"
	"github.com/gobwas/glob"
	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/go/analysis/singlechecker"
)

const rulesFile = "tools/import-rules.yaml"

func main() {
	rules, err := readRules()
	if err != nil {
		fmt.Fprintln(os.Stderr, "importrules:", err)
		os.Exit(1)
	}
	analyzer, err := depguard.NewAnalyzer(&rules)
	if err != nil {
		fmt.Fprintf(os.Stderr, "importrules: %s: %v\n", rulesFile, err)
		os.Exit(1)
	}
	singlechecker.Main(analyzer)
}

func readRules() (depguard.LinterSettings, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(rulesFile)
	if err != nil {
		return nil, fmt.Errorf("run this from the root of the repository: %w", err)
	}
	var rules depguard.LinterSettings
	if err := yaml.Unmarshal(text, &rules); err != nil {
		return nil, fmt.Errorf("%s: %w", rulesFile, err)
	}
	for _, rule := range rules {
		for i, pattern := range rule.Files {
			rule.Files[i] = fromRoot(root, pattern)
		}
	}
	return rules, nil
}

// fromRoot leaves depguard's variables ($all, $test) as they are.
func fromRoot(root, pattern string) string {
	not := ""
	if rest, found := strings.CutPrefix(pattern, "!"); found {
		not, pattern = "!", rest
	}
	if strings.HasPrefix(pattern, "$") {
		return not + pattern
	}
	return not + glob.QuoteMeta(filepath.ToSlash(root)) + "/" + pattern
}
