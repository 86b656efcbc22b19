package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// prepare makes sure that everything wanted is on this machine and returns
// how to start the servers.
func prepare(ctx context.Context, opts *options) ([]starter, error) {
	wantNeo4j := slices.Contains(opts.only, "neo4j") && os.Getenv("CASEGRAPH_TEST_NEO4J_URI") == ""
	wantRedis := slices.Contains(opts.only, "redis") && os.Getenv("CASEGRAPH_TEST_REDIS_URL") == ""
	wantChromium := slices.Contains(opts.only, "chromium")

	cache, err := neo4jCache(opts.neo4j)
	if err != nil {
		return nil, err
	}
	var wanted []requirement
	if wantNeo4j {
		wanted = append(wanted, java(opts.neo4j))
		if !cache.complete() {
			wanted = append(wanted, maven)
		}
	}
	if wantRedis {
		wanted = append(wanted, redis)
	}
	if wantChromium {
		wanted = append(wanted, chromium)
	}
	if err := provide(ctx, wanted); err != nil {
		return nil, err
	}

	var starters []starter
	if wantNeo4j {
		starters = append(starters, startNeo4j(cache, *opts))
	}
	if wantRedis {
		starters = append(starters, startRedis(opts.redisPort))
	}
	if wantChromium {
		opts.chromePath = chromium.find()
	}
	return starters, nil
}

// A requirement is a program that must be on the machine.
type requirement struct {
	name   string
	find   func() string // its path, or empty
	debian string        // the package that brings it
	byHand string        // how a person gets it elsewhere
}

var (
	maven = requirement{"Maven", onPath("mvn"), "maven",
		"install Maven 3.8 or later so that mvn is on the PATH"}
	redis = requirement{"Redis", onPath("redis-server"), "redis-server",
		"install Redis 7 or later so that redis-server is on the PATH, or name one in CASEGRAPH_TEST_REDIS_URL"}
	chromium = requirement{"Chromium", findChromium, "chromium",
		"install Chromium or Google Chrome, or name its program in CASEGRAPH_TEST_CHROMIUM"}
)

func java(neo4jVersion string) requirement {
	oldest := oldestJava(neo4jVersion)
	return requirement{
		fmt.Sprintf("Java %d", oldest),
		func() string { return findJava(oldest) },
		"default-jre-headless",
		fmt.Sprintf("install a Java %d or later and set JAVA_HOME to it, or name a Neo4j in CASEGRAPH_TEST_NEO4J_URI, _USER and _PASSWORD", oldest),
	}
}

func onPath(names ...string) func() string {
	return func() string {
		for _, name := range names {
			if path, err := exec.LookPath(name); err == nil {
				return path
			}
		}
		return ""
	}
}

func findChromium() string {
	if named := os.Getenv("CASEGRAPH_TEST_CHROMIUM"); named != "" {
		return named
	}
	return onPath("chromium", "chromium-browser", "google-chrome")()
}

// provide installs what is missing where that can be done unasked, and
// otherwise says what a person has to do.
func provide(ctx context.Context, wanted []requirement) error {
	missing := lacking(wanted)
	if len(missing) == 0 {
		return nil
	}
	if apt := aptGet(); apt != nil {
		if err := installDebian(ctx, apt, missing); err != nil {
			return err
		}
		if missing = lacking(missing); len(missing) == 0 {
			return nil
		}
	}
	var message strings.Builder
	message.WriteString("this machine lacks:")
	for _, lack := range missing {
		fmt.Fprintf(&message, "\n  %s: %s", lack.name, lack.byHand)
	}
	return errors.New(message.String())
}

func lacking(wanted []requirement) []requirement {
	return slices.DeleteFunc(slices.Clone(wanted), func(r requirement) bool { return r.find() != "" })
}

// aptGet is how to call apt-get here without a question, or nil.
func aptGet() []string {
	if _, err := os.Stat("/etc/debian_version"); err != nil || onPath("apt-get")() == "" {
		return nil
	}
	apt := []string{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"}
	if os.Geteuid() == 0 {
		return apt
	}
	if exec.Command("sudo", "-n", "true").Run() == nil {
		return append([]string{"sudo", "-n"}, apt...)
	}
	return nil
}

func installDebian(ctx context.Context, apt []string, missing []requirement) error {
	install := append(slices.Clone(apt), "install", "--no-install-recommends", "--yes")
	var names []string
	for _, lack := range missing {
		names = append(names, lack.name)
		install = append(install, lack.debian)
	}
	say("installing %s", strings.Join(names, ", "))
	update := append(slices.Clone(apt), "update")
	return retryFetch(ctx, fetchPause, func() error {
		for _, command := range [][]string{update, install} {
			if err := quietly(ctx, command); err != nil {
				return err
			}
		}
		return nil
	})
}

// quietly runs a command and shows what it printed only when it fails.
func quietly(ctx context.Context, command []string) error {
	var output bytes.Buffer
	child := exec.CommandContext(ctx, command[0], command[1:]...)
	child.Stdout, child.Stderr = &output, &output
	if err := child.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, output.String())
	}
	return nil
}

const fetchPause = 5 * time.Second

// retryFetch tries a download three times, as networks fail for a moment, with
// a longer pause each time.
func retryFetch(ctx context.Context, pause time.Duration, fetch func() error) error {
	const tries = 3
	for try := 1; ; try++ {
		err := fetch()
		if err == nil || try == tries || ctx.Err() != nil {
			return err
		}
		say("a fetch failed (try %d of %d): %v", try, tries, err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try) * pause):
		}
	}
}
