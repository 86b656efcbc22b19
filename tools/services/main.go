// Command services gives a command a real Neo4j and a real Redis to work with.
//
//	go run -C tools ./services -- go test ./...
//
// It fetches what is missing, starts both servers on free ports with their
// data in a temporary folder, sets the CASEGRAPH_TEST_* variables, runs the
// command from the root of the repository, stops the servers and exits as the
// command did. Without a command it prints the variables and runs until it is
// interrupted, for a local trial.
//
// A server that the environment names already (CASEGRAPH_TEST_NEO4J_URI,
// CASEGRAPH_TEST_REDIS_URL) is used as it is and none is started.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

type options struct {
	neo4j      string   // the version of Neo4j to start
	only       []string // of neo4j, redis, chromium
	boltPort   int      // 0: any free one
	redisPort  int      // 0: any free one
	password   string   // Neo4j's; empty: a random one
	optimise   bool     // leave Java's optimising compiler on
	chromePath string   // found by prepare
}

func main() {
	opts, command, err := parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "services:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code, err := run(ctx, opts, command)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "services:", err)
	}
	os.Exit(code)
}

func parse(args []string) (options, []string, error) {
	var opts options
	flags := flag.NewFlagSet("services", flag.ExitOnError)
	flags.StringVar(&opts.neo4j, "neo4j", "5.26.30", "the `version` of Neo4j Community to start")
	only := flags.String("only", "neo4j,redis,chromium", "what is needed, of neo4j, redis and chromium")
	flags.IntVar(&opts.boltPort, "bolt-port", 0, "Neo4j's port; 0 takes a free one")
	flags.IntVar(&opts.redisPort, "redis-port", 0, "Redis's port; 0 takes a free one")
	flags.StringVar(&opts.password, "password", "", "Neo4j's password, 8 characters or more; empty makes a random one")
	flags.BoolVar(&opts.optimise, "optimise", false, "leave Java's optimising compiler on: a slower start, faster queries")
	if err := flags.Parse(args); err != nil {
		return options{}, nil, err
	}
	opts.only = strings.Split(*only, ",")
	for _, name := range opts.only {
		if !slices.Contains([]string{"neo4j", "redis", "chromium"}, name) {
			return options{}, nil, fmt.Errorf("--only: %q is none of neo4j, redis, chromium", name)
		}
	}
	if opts.password != "" && len(opts.password) < 8 {
		return options{}, nil, errors.New("--password: Neo4j wants 8 characters or more")
	}
	return opts, flags.Args(), nil
}

// run returns the exit code for the whole.
func run(ctx context.Context, opts options, command []string) (int, error) {
	root, err := repositoryRoot()
	if err != nil {
		return 1, err
	}
	starters, err := prepare(ctx, &opts)
	if err != nil {
		return 1, err
	}
	data, err := os.MkdirTemp("", "casegraph-services-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(data)

	variables, stop, err := startAll(ctx, starters, data)
	defer stop()
	if err != nil {
		return 1, err
	}
	if opts.chromePath != "" {
		variables = append(variables, "CASEGRAPH_TEST_CHROMIUM="+opts.chromePath)
	}
	if len(command) == 0 {
		for _, variable := range variables {
			fmt.Println("export " + variable)
		}
		<-ctx.Done()
		return 0, nil
	}
	return runCommand(ctx, root, command, variables)
}

// startAll starts the servers at the same time. The function it returns stops
// those that started, and is never nil.
func startAll(ctx context.Context, starters []starter, data string) ([]string, func(), error) {
	type outcome struct {
		server server
		err    error
	}
	begin := time.Now()
	outcomes := make(chan outcome)
	for _, start := range starters {
		go func() {
			server, err := start(ctx, data)
			outcomes <- outcome{server, err}
		}()
	}
	var servers []server
	var failed error
	for range starters {
		out := <-outcomes
		if out.err != nil {
			failed = errors.Join(failed, out.err)
			continue
		}
		servers = append(servers, out.server)
		say("%s answers after %.1f s", out.server.name, time.Since(begin).Seconds())
	}
	var variables []string
	for _, server := range servers {
		variables = append(variables, server.variables...)
	}
	stop := func() {
		for _, server := range servers {
			server.stop()
		}
	}
	return variables, stop, failed
}

// repositoryRoot is the nearest folder above that holds the module casegraph.
func repositoryRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module casegraph\n") {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("run this inside the casegraph repository: no go.mod of module casegraph above")
		}
		dir = filepath.Dir(dir)
	}
}

// say tells the person who waits what goes on, apart from the command's own output.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "services: "+format+"\n", args...)
}
