package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A cacheFolder keeps one version of Neo4j: jars/ and the class-data archives
// that make it start sooner.
type cacheFolder struct {
	path    string
	version string
}

func neo4jCache(version string) (cacheFolder, error) {
	base := os.Getenv("XDG_CACHE_HOME")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return cacheFolder{}, err
		}
		base = filepath.Join(home, ".cache")
	}
	return cacheFolder{filepath.Join(base, "casegraph", "neo4j-"+version), version}, nil
}

// complete holds once a fetch has ended well: the folder gets its name last.
func (c cacheFolder) complete() bool {
	_, err := os.Stat(c.path)
	return err == nil
}

func (c cacheFolder) jars() ([]string, error) {
	return filepath.Glob(filepath.Join(c.path, "jars", "*.jar"))
}

// fetch fills the folder by Maven, once for all that ask at the same time.
func (c cacheFolder) fetch(ctx context.Context) error {
	if c.complete() {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(c.path), 0o755); err != nil {
		return err
	}
	lock, err := os.OpenFile(c.path+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	if c.complete() {
		return nil
	}
	return c.fetchLocked(ctx)
}

func (c cacheFolder) fetchLocked(ctx context.Context) error {
	begin := time.Now()
	partial := c.path + ".partial"
	if err := os.RemoveAll(partial); err != nil {
		return err
	}
	if err := os.Mkdir(partial, 0o755); err != nil {
		return err
	}
	pom := filepath.Join(partial, "pom.xml")
	if err := os.WriteFile(pom, fmt.Appendf(nil, pomTemplate, c.version), 0o644); err != nil {
		return err
	}
	err := retryFetch(ctx, fetchPause, func() error { return c.copyDependencies(ctx, pom, filepath.Join(partial, "jars")) })
	if err != nil {
		return err
	}
	say("fetched Neo4j %s in %.0f s", c.version, time.Since(begin).Seconds())
	return os.Rename(partial, c.path)
}

const pomTemplate = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>casegraph</groupId>
  <artifactId>services</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId>
      <artifactId>neo4j</artifactId>
      <version>%s</version>
    </dependency>
  </dependencies>
</project>
`

// copyDependencies shows how far Maven is every few seconds and keeps its
// many lines for the message of a failure.
func (c cacheFolder) copyDependencies(ctx context.Context, pom, jars string) error {
	maven := exec.CommandContext(ctx, "mvn", "-B", "-f", pom,
		"dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory="+jars)
	output, err := maven.StdoutPipe()
	if err != nil {
		return err
	}
	maven.Stderr = maven.Stdout
	if err := maven.Start(); err != nil {
		return err
	}
	say("fetching Neo4j %s", c.version)
	files, shown := 0, time.Now()
	var problems []string
	for lines := bufio.NewScanner(output); lines.Scan(); {
		line := lines.Text()
		if strings.Contains(line, "Downloaded from") {
			files++
		}
		if strings.Contains(line, "ERROR") {
			problems = append(problems, line)
		}
		if time.Since(shown) > 3*time.Second {
			say("fetching Neo4j %s: %d files", c.version, files)
			shown = time.Now()
		}
	}
	if err := maven.Wait(); err != nil {
		return fmt.Errorf("mvn dependency:copy-dependencies: %w\n%s", err, strings.Join(problems, "\n"))
	}
	return nil
}
