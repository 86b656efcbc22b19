package main

import "fmt"

type migrateCommand struct{}

// Run makes the schema or brings it up to date.
func (*migrateCommand) Run(p *program) error {
	e, err := p.open()
	if err != nil {
		return err
	}
	defer e.close()
	fmt.Fprintln(p.out, "The schema is up to date.")
	return nil
}
