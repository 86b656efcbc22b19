package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"

	"casegraph"
	"casegraph/demo"
)

type runCommand struct{ listening }

// Run serves the demo. What was changed in it stays: the demo is put in once.
func (c *runCommand) Run(p *program) error {
	e, err := p.openCached()
	if err != nil {
		return err
	}
	defer e.close()
	fresh, err := seed(p, e)
	if err != nil {
		return err
	}
	if err := e.bringTemplates(p.ctx); err != nil {
		return err
	}
	user, err := e.administrator(p.ctx, "")
	if err != nil {
		return err
	}
	if user == nil {
		return errors.New("the store has no administrator; make one with: casegraph key add --role admin")
	}
	listener, err := listen(c.Listen)
	if err != nil {
		return err
	}
	c.greet(p, address(listener), address(listener)+"/sign-in?token="+e.auth.SignInToken(user.ID), fresh)
	return serve(p.ctx, e, listener, c.comparison())
}

// listen takes any free port if the wanted one is in use.
func listen(at string) (net.Listener, error) {
	listener, err := net.Listen("tcp", at)
	if errors.Is(err, syscall.EADDRINUSE) {
		host, _, _ := net.SplitHostPort(at)
		listener, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
	}
	if err != nil {
		return nil, fmt.Errorf("--listen: %w", err)
	}
	return listener, nil
}

func (c *runCommand) greet(p *program, address, link string, fresh bool) {
	found := "Your data was found again in " + p.settings.Data + "."
	if fresh {
		found = "A demo investigation was made in " + p.settings.Data + "."
	}
	fmt.Fprintf(p.out, `
casegraph is at %s
%s

Open this link to sign in (once, within 15 minutes; another: casegraph sign-in --address %s):
  %s

Three things to try, each in the list of jobs on the left:
  1. "Who shares an identifier with this account?"  how often, and from when to when.
  2. "Which other cases belong to this one?"         a score, and the paths that it is the sum of.
  3. "How are these two connected?"                  the shortest paths, cut at what everybody has.

Ctrl-C stops the server.
`, address, found, address, link)
}

// seed puts the demo into an empty store, and tells whether it did. The
// templates that come along are put in between: the story's operations name
// events by their numbers, and the town's cases follow templates.
func seed(p *program, e *engine) (bool, error) {
	page, err := e.store.List(p.ctx, casegraph.ListRequest{Kind: casegraph.KindUser, First: 1})
	if err != nil || len(page.Nodes) > 0 {
		return false, err
	}
	if err := demo.Load(p.ctx, e.committer); err != nil {
		return false, err
	}
	if err := e.bringTemplates(p.ctx); err != nil {
		return false, err
	}
	return true, demo.LoadTown(p.ctx, e.store, e.committer)
}

type demoCommand struct{}

// Run puts the demo into the store.
func (*demoCommand) Run(p *program) error {
	e, err := p.open()
	if err != nil {
		return err
	}
	defer e.close()
	fresh, err := seed(p, e)
	if err != nil {
		return err
	}
	if !fresh {
		return errors.New("the store has users already; the demo goes into an empty one")
	}
	fmt.Fprintln(p.out, "The demo investigation is in the store.")
	return nil
}
