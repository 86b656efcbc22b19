package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

type healthCommand struct {
	Address string `env:"CASEGRAPH_ADDRESS" default:"http://127.0.0.1:8080" help:"Where the server is."`
}

// Run asks a running server whether it is ready.
func (c *healthCommand) Run(p *program) error {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(c.Address, "/")+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("--address: %w", err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not ready: %s", answer.Status)
	}
	fmt.Fprintln(p.out, "ready")
	return nil
}
