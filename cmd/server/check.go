package main

import (
	"context"
	"errors"
	"fmt"

	"casegraph"
	"casegraph/audit"
	"casegraph/sums"
)

type checkCommand struct {
	Repair bool `help:"Work sums that differ out again, each change told in the log. Interrupted, it goes on where it ended."`
}

// Run checks the log, the nodes and the sums. Looking may be done beside a running server.
func (c *checkCommand) Run(p *program) error {
	open := p.openReading
	if c.Repair {
		open = p.open
	}
	e, err := open()
	if err != nil {
		return err
	}
	defer e.close()
	if err := checkLog(p, e); err != nil {
		return err
	}
	return errors.Join(c.checkSums(p, e), checkNodes(p, e))
}

// shownDifferences is how many differences are told one by one.
const shownDifferences = 20

// checkSums holds what accounts have (HAS) against what is shown (SHOWS).
func (c *checkCommand) checkSums(p *program, e *engine) error {
	bar := newProgressLine(p.err)
	told := 0
	check := sums.Check{Store: e.store,
		Found: func(d sums.Difference) {
			if told++; told <= shownDifferences {
				bar.end()
				fmt.Fprintf(p.out, "%s HAS %s: %v, and what is shown comes to %v\n", d.Account, d.Identifier, d.Has, d.Shown)
			}
		},
		Progress: func(done sums.Progress) {
			bar.show(func() string {
				return fmt.Sprintf("%d of %d accounts, %d sums, %d wrong", done.Accounts, done.Total, done.Sums, done.Wrong)
			})
		}}
	if c.Repair {
		check.Committer = e.committer
	}
	done, err := check.Run(p.ctx)
	bar.end()
	switch {
	case err != nil && c.Repair && errors.Is(err, context.Canceled):
		fmt.Fprintln(p.err, "Everything up to there is mended; the same command goes on from there.")
		return err
	case err != nil:
		return err
	case done.Wrong > 0 && !c.Repair:
		return fmt.Errorf("%d of %d sums of what accounts have differ from what is shown; casegraph check --repair mends them", done.Wrong, done.Sums)
	case done.Wrong > 0:
		fmt.Fprintf(p.out, "%d sums of what accounts have were mended; now all are what is shown: %d accounts.\n", done.Wrong, done.Accounts)
	default:
		fmt.Fprintf(p.out, "What accounts have is what is shown: %d accounts, %d sums.\n", done.Accounts, done.Sums)
	}
	return nil
}

// checkLog reads the whole log.
func checkLog(p *program, e *engine) error {
	bar := newProgressLine(p.err)
	events, err := audit.Log(p.ctx, e.store, func(at, end casegraph.Seq) {
		bar.show(func() string { return fmt.Sprintf("%d of %d events", at, end) })
	})
	bar.end()
	if err == nil {
		fmt.Fprintf(p.out, "The log is whole: %d events, each following the one before.\n", events)
	}
	return err
}

// checkNodes holds nodes against the log, and counts their links.
func checkNodes(p *program, e *engine) error {
	bar := newProgressLine(p.err)
	told := 0
	nodes := audit.Nodes{Store: e.store,
		Found: func(id casegraph.ID, wrong string) {
			if told++; told <= shownDifferences {
				bar.end()
				fmt.Fprintf(p.out, "%s %s\n", id, wrong)
			}
		},
		Progress: func(done audit.Counts) {
			bar.show(func() string { return fmt.Sprintf("%d nodes, %d wrong", done.Nodes, done.Wrong) })
		}}
	done, err := nodes.Run(p.ctx)
	bar.end()
	switch {
	case err != nil:
		return err
	case done.Wrong > 0:
		return fmt.Errorf("%d of %d nodes are not as the log tells or have other links than counted: somebody else has written the store", done.Wrong, done.Nodes)
	}
	fmt.Fprintf(p.out, "Nodes are as the log tells, in version, times and whatever was changed since they were recorded: %d nodes, %d ends of links.\n", done.Nodes, done.Ends)
	return nil
}
