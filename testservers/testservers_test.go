package testservers_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/redis/go-redis/v9"

	"casegraph/testservers"
)

func TestNeo4jIsEmptyAtEachCall(t *testing.T) {
	server := testservers.Neo4j(t)
	for _, statement := range []string{
		"CREATE CONSTRAINT unique_id FOR (n:Node) REQUIRE n.id IS UNIQUE",
		"CREATE INDEX `an odd ``name` FOR (n:Node) ON (n.createdAt)",
		"CREATE FULLTEXT INDEX words FOR (n:Node) ON EACH [n.text]",
		"UNWIND range(1, 25000) AS id CREATE (:Node {id: id})-[:LINK]->(:Other)",
	} {
		query(t, server, statement)
	}

	server = testservers.Neo4j(t)

	for what, statement := range map[string]string{
		"nodes":       "MATCH (n) RETURN count(n)",
		"constraints": "SHOW CONSTRAINTS YIELD name RETURN count(name)",
		"indexes":     "SHOW INDEXES YIELD type WHERE type <> 'LOOKUP' RETURN count(type)",
	} {
		if left := query(t, server, statement)[0].Values[0]; left != int64(0) {
			t.Errorf("%d %s are left", left, what)
		}
	}
}

func TestRedisIsEmptyAtEachCall(t *testing.T) {
	options, err := redis.ParseURL(testservers.Redis(t))
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	if err := client.Set(t.Context(), "key", "value", 0).Err(); err != nil {
		t.Fatal(err)
	}

	testservers.Redis(t)

	if left, err := client.DBSize(t.Context()).Result(); err != nil || left != 0 {
		t.Errorf("%d keys are left, error %v", left, err)
	}
}

// meetingPlace names a folder that several processes of this test share.
const meetingPlace = "CASEGRAPH_TESTSERVERS_MEETING_PLACE"

func TestOwnerIsAlone(t *testing.T) {
	shared := os.Getenv(meetingPlace)
	if shared == "" {
		shared = t.TempDir()
	}
	testservers.Redis(t)
	busy := filepath.Join(shared, "busy")
	if err := os.Mkdir(busy, 0o700); err != nil {
		t.Fatalf("another process owns the server too: %v", err)
	}
	for range 100 {
		testservers.Redis(t)
	}
	if err := os.Remove(busy); err != nil {
		t.Fatal(err)
	}
}

func TestProcessesTakeTurns(t *testing.T) {
	t.Setenv(meetingPlace, t.TempDir())
	// Another name of the server, which this process owns until it ends.
	t.Setenv("CASEGRAPH_TEST_REDIS_URL", testservers.Redis(t)+"/1")
	var processes []*exec.Cmd
	for range 8 {
		process := exec.Command(os.Args[0], "-test.run=^TestOwnerIsAlone$")
		process.Stdout, process.Stderr = t.Output(), t.Output()
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		processes = append(processes, process)
	}
	for _, process := range processes {
		if err := process.Wait(); err != nil {
			t.Error(err)
		}
	}
}

func TestChromiumIsAProgram(t *testing.T) {
	if _, err := exec.LookPath(testservers.Chromium(t)); err != nil {
		t.Error(err)
	}
}

func query(t *testing.T, server testservers.Neo4jServer, statement string) []*neo4j.Record {
	t.Helper()
	driver, err := neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	session := driver.NewSession(t.Context(), neo4j.SessionConfig{})
	defer session.Close(t.Context())
	result, err := session.Run(t.Context(), statement, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := result.Collect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
