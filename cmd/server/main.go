// Command casegraph serves a case investigation graph over GraphQL, and keeps
// it: import, export, users' keys, checks.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set when a release is built.
var version = "development"

// commands are what the program does. Each is in the file of its name.
type commands struct {
	Settings

	Run      runCommand      `cmd:"" help:"Serve a seeded demo investigation from a store of its own, and print a sign-in link."`
	Serve    serveCommand    `cmd:"" help:"Serve the graph."`
	Import   importCommand   `cmd:"" help:"Bring files in: our NDJSON, any CSV or NDJSON by a mapping, Persona's JSON."`
	Export   exportCommand   `cmd:"" help:"Write the graph as NDJSON that import reads."`
	Demo     demoCommand     `cmd:"" help:"Put the demo investigation into the store."`
	Generate generateCommand `cmd:"" help:"Write a made-up investigation of any size as NDJSON that import reads, with frauds planted in it."`
	Migrate  migrateCommand  `cmd:"" help:"Make the schema or bring it up to date."`
	Check    checkCommand    `cmd:"" help:"Check the log's chain and end, nodes against the log, counts of links, and that what accounts have is what is shown of them; exit 1 if not."`
	Key      struct {
		Add keyAddCommand `cmd:"" help:"Make an API key and print it, once."`
	} `cmd:"" help:"API keys."`
	SignIn       signInCommand       `cmd:"" name:"sign-in" help:"Print a link that signs a browser in, once, within 15 minutes."`
	Health       healthCommand       `cmd:"" help:"Ask a running server whether it is ready; exit 1 if not."`
	SettingsPage settingsPageCommand `cmd:"" name:"settings-page" hidden:"" help:"Write docs/settings.md."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(execute(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// execute runs one command and gives the exit code: 0, 1 if it failed, 2 if
// it was called wrongly, 130 if it was interrupted.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c commands
	parser, err := newParser(&c, stdout, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "casegraph:", err)
		return 2
	}
	call, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(stderr, "casegraph: %v\nSee casegraph --help.\n", err)
		return 2
	}
	slog.SetDefault(c.logger(stderr))
	p := &program{ctx: ctx, out: stdout, err: stderr, settings: &c.Settings}
	if err := call.Run(p); err != nil {
		return p.fail(err)
	}
	return 0
}

func newParser(c *commands, stdout, stderr io.Writer) (*kong.Kong, error) {
	return kong.New(c, kong.Name("casegraph"), kong.UsageOnError(), kong.Writers(stdout, stderr),
		kong.Description("A case investigation graph with a GraphQL API. Every setting is a flag or an environment variable."),
		kong.Vars{"restricted": restrictedDefault()}, kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
}

// program is what every command is given.
type program struct {
	ctx      context.Context
	out, err io.Writer
	settings *Settings
}

func (p *program) fail(err error) int {
	if errors.Is(err, context.Canceled) && p.ctx.Err() != nil {
		fmt.Fprintln(p.err, "casegraph: interrupted")
		return 130
	}
	fmt.Fprintln(p.err, "casegraph:", err)
	return 1
}
