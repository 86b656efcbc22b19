package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// A neo4jHome is one server's folder: its settings, its data, its logs.
type neo4jHome struct {
	path     string
	java     string
	address  string // of Bolt
	password string
	cache    cacheFolder
	optimise bool
}

// startNeo4j fetches Neo4j if need be and starts it on empty data.
func startNeo4j(cache cacheFolder, opts options) starter {
	return func(ctx context.Context, data string) (server, error) {
		if err := cache.fetch(ctx); err != nil {
			return server{}, fmt.Errorf("neo4j: %w", err)
		}
		home, err := newNeo4jHome(cache, opts, filepath.Join(data, "neo4j"))
		if err != nil {
			return server{}, fmt.Errorf("neo4j: %w", err)
		}
		if err := home.setPassword(ctx); err != nil {
			return server{}, fmt.Errorf("neo4j: %w", err)
		}
		return home.start(ctx)
	}
}

func newNeo4jHome(cache cacheFolder, opts options, path string) (neo4jHome, error) {
	port := opts.boltPort
	if port == 0 {
		free, err := freePort()
		if err != nil {
			return neo4jHome{}, err
		}
		port = free
	}
	password := opts.password
	if password == "" {
		password = rand.Text()
	}
	home := neo4jHome{
		path:     path,
		java:     findJava(oldestJava(cache.version)),
		address:  fmt.Sprintf("127.0.0.1:%d", port),
		password: password,
		cache:    cache,
		optimise: opts.optimise,
	}
	for _, folder := range []string{"conf", "logs", "plugins", "import"} {
		if err := os.MkdirAll(filepath.Join(path, folder), 0o700); err != nil {
			return neo4jHome{}, err
		}
	}
	if err := home.writeClassPath(); err != nil {
		return neo4jHome{}, err
	}
	settings := fmt.Appendf(nil, settingsTemplate, home.address)
	return home, os.WriteFile(filepath.Join(path, "conf", "neo4j.conf"), settings, 0o600)
}

// The advertised address is the listening one, or neo4j:// would send clients
// elsewhere. Without the last setting an empty database takes 256 MiB.
const settingsTemplate = `server.default_listen_address=127.0.0.1
server.bolt.listen_address=%[1]s
server.bolt.advertised_address=%[1]s
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size=256m
dbms.security.auth_enabled=true
dbms.usage_report.enabled=false
db.tx_log.preallocate=false
`

// writeClassPath lists the jars by name in a file: the order must be the same
// at every start for the class-data archive to be taken.
func (h neo4jHome) writeClassPath() error {
	jars, err := h.cache.jars()
	if err != nil {
		return err
	}
	if len(jars) == 0 {
		return fmt.Errorf("%s holds no jars: remove it and try again", h.cache.path)
	}
	line := `-cp "` + strings.Join(jars, string(os.PathListSeparator)) + `"`
	return os.WriteFile(h.classPathFile(), []byte(line), 0o600)
}

func (h neo4jHome) classPathFile() string { return filepath.Join(h.path, "classpath") }

// javaArgs are the arguments up to the main class. Tests are short, so Java
// compiles quickly rather than well unless told otherwise.
func (h neo4jHome) javaArgs(heap string) []string {
	args := []string{
		"--add-opens=java.base/java.nio=ALL-UNNAMED",
		"--add-opens=java.base/java.io=ALL-UNNAMED",
		"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
		"-Xmx" + heap,
		"-Xshare:auto",
		"@" + h.classPathFile(),
	}
	if !h.optimise {
		args = append([]string{"-XX:TieredStopAtLevel=1"}, args...)
	}
	return args
}

// setPassword must come before the first start.
func (h neo4jHome) setPassword(ctx context.Context) error {
	command := append([]string{"env", "NEO4J_HOME=" + h.path, "NEO4J_CONF=" + filepath.Join(h.path, "conf"), h.java},
		h.javaArgs("256m")...)
	return quietly(ctx, append(command, "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", h.password))
}

func (h neo4jHome) start(ctx context.Context) (server, error) {
	archive := h.archive()
	_, err := os.Stat(archive)
	archived := err == nil
	args := h.javaArgs("1g")
	if archived {
		args = append(args, "-XX:SharedArchiveFile="+archive)
	} else {
		args = append(args, "-XX:ArchiveClassesAtExit="+h.newArchive())
	}
	args = append(args, h.mainClass(), "--home-dir="+h.path, "--config-dir="+filepath.Join(h.path, "conf"))
	output := filepath.Join(h.path, "output.log")
	child, err := startProcess(output, nil, h.java, args...)
	if err != nil {
		return server{}, fmt.Errorf("neo4j: %w", err)
	}
	if err := child.waitUntil(ctx, h.answers); err != nil {
		child.stop(ctx, 10*time.Second)
		return server{}, fmt.Errorf("neo4j: %w\n%s\n%s", err, tail(output), tail(filepath.Join(h.path, "logs", "neo4j.log")))
	}
	return server{
		name: "neo4j " + h.cache.version,
		variables: []string{
			"CASEGRAPH_TEST_NEO4J_URI=neo4j://" + h.address,
			"CASEGRAPH_TEST_NEO4J_USER=neo4j",
			"CASEGRAPH_TEST_NEO4J_PASSWORD=" + h.password,
		},
		stop: func() {
			if archived {
				child.stop(ctx, 0) // its data is thrown away
				return
			}
			say("keeping Neo4j's loaded classes, so that it starts sooner from now on")
			h.stopAndArchive(ctx, child)
		},
	}, nil
}

func (h neo4jHome) mainClass() string {
	if isCalendar(h.cache.version) {
		return "org.neo4j.server.Neo4jCommunity"
	}
	return "org.neo4j.server.CommunityEntryPoint"
}

// archive is where Java keeps the classes it has loaded and checked, beside
// the jars. It fits one build of Java only.
func (h neo4jHome) archive() string {
	release, _ := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(h.java)), "release"))
	sum := fnv.New64a()
	_, _ = sum.Write(release)
	return filepath.Join(h.cache.path, fmt.Sprintf("classes-%x.jsa", sum.Sum64()))
}

// newArchive is on the cache's file system, so that it can be moved into place.
func (h neo4jHome) newArchive() string {
	return fmt.Sprintf("%s.%d", h.archive(), os.Getpid())
}

// stopAndArchive lets Java write the archive, which it does as it ends. What it
// has written when it must be killed is not whole.
func (h neo4jHome) stopAndArchive(ctx context.Context, child *process) {
	if child.stop(ctx, 3*time.Minute) {
		_ = os.Rename(h.newArchive(), h.archive())
	} else {
		_ = os.Remove(h.newArchive())
	}
}

// answers holds when a query is answered: an open port is not enough.
func (h neo4jHome) answers(ctx context.Context) error {
	driver, err := neo4j.NewDriverWithContext("bolt://"+h.address, neo4j.BasicAuth("neo4j", h.password, ""))
	if err != nil {
		return err
	}
	defer driver.Close(ctx)
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	result, err := session.Run(ctx, "RETURN 1", nil)
	if err != nil {
		return err
	}
	_, err = result.Single(ctx)
	return err
}
