package main

import (
	"errors"
	"fmt"
	"strings"
)

type signInCommand struct {
	User    string `help:"E-mail of the user; none is the first administrator."`
	Address string `env:"CASEGRAPH_ADDRESS" default:"http://127.0.0.1:8080" help:"Where browsers find the server."`
}

// Run prints a link that signs a browser in.
func (c *signInCommand) Run(p *program) error {
	e, err := p.openReading()
	if err != nil {
		return err
	}
	defer e.close()
	user, err := e.administrator(p.ctx, c.User)
	if err != nil {
		return err
	}
	if user == nil {
		return errors.New("there is no administrator yet; make one with: casegraph key add --role admin")
	}
	fmt.Fprintf(p.err, "Signs in %s, once, within 15 minutes:\n", user.Name)
	fmt.Fprintf(p.out, "%s/sign-in?token=%s\n", strings.TrimRight(c.Address, "/"), e.auth.SignInToken(user.ID))
	return nil
}
