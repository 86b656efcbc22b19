package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// oldestJava is the oldest Java that the version of Neo4j runs on: the
// calendar releases (2025.01 and later) want 21.
func oldestJava(neo4jVersion string) int {
	if isCalendar(neo4jVersion) {
		return 21
	}
	return 17
}

func isCalendar(neo4jVersion string) bool {
	return strings.HasPrefix(neo4jVersion, "20")
}

// findJava is the java program of the oldest release that will do, which is
// the one Neo4j was tested most with; empty when there is none.
func findJava(oldest int) string {
	best, bestMajor := "", 0
	for _, home := range javaHomes() {
		major := javaMajor(home)
		if major >= oldest && (best == "" || major < bestMajor) {
			best, bestMajor = filepath.Join(home, "bin", "java"), major
		}
	}
	return best
}

func javaHomes() []string {
	homes, _ := filepath.Glob("/usr/lib/jvm/*")
	if home := os.Getenv("JAVA_HOME"); home != "" {
		homes = append([]string{home}, homes...)
	}
	if java, err := exec.LookPath("java"); err == nil {
		if java, err = filepath.EvalSymlinks(java); err == nil {
			homes = append(homes, filepath.Dir(filepath.Dir(java)))
		}
	}
	return homes
}

var javaVersionLine = regexp.MustCompile(`(?m)^JAVA_VERSION="(\d+)`)

// javaMajor reads the version from the file that every Java carries; 0 when
// the folder holds no Java that can run.
func javaMajor(home string) int {
	if _, err := os.Stat(filepath.Join(home, "bin", "java")); err != nil {
		return 0
	}
	text, err := os.ReadFile(filepath.Join(home, "release"))
	if err != nil {
		return 0
	}
	found := javaVersionLine.FindSubmatch(text)
	if found == nil {
		return 0
	}
	major, _ := strconv.Atoi(string(found[1]))
	return major
}
