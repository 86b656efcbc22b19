package main

import (
	"fmt"
	"strings"
	"time"

	"casegraph"
	"casegraph/auth"
	"casegraph/cases"
)

type keyAddCommand struct {
	Role string `required:"" enum:"viewer,investigator,admin" help:"What the key may do: viewer, investigator or admin."`
	Name string `default:"command line" help:"What the key is for."`
}

// Run makes a key. Whoever may write the store's files, or knows the database's
// password, may do so: there may be nobody else yet.
func (c *keyAddCommand) Run(p *program) error {
	e, err := p.open()
	if err != nil {
		return err
	}
	defer e.close()
	operator := cases.Asker{Role: casegraph.RoleAdmin}
	change, secret, err := auth.AddKey(operator, auth.AddKeyInput{Name: c.Name, Role: casegraph.Role(strings.ToUpper(c.Role))},
		func(kind casegraph.Kind) casegraph.ID { return casegraph.NewID(kind, time.Now()) })
	if err != nil {
		return err
	}
	if _, err := e.committer.Do(p.ctx, change); err != nil {
		return err
	}
	fmt.Fprintln(p.err, "This key is shown once. Send it as: Authorization: Bearer KEY")
	fmt.Fprintln(p.out, secret)
	return nil
}
