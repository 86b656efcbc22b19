package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"casegraph/automation"
	"casegraph/breadth"
	"casegraph/bulk"
	"casegraph/demo"
	"casegraph/figures"
	"casegraph/resolvers"
	"casegraph/server"
	"casegraph/webui"
)

// listening is where a server answers.
type listening struct {
	Listen       string  `env:"CASEGRAPH_LISTEN" default:"127.0.0.1:8080" help:"Address and port to answer at; port 0 is any free one."`
	CompareShare float64 `env:"CASEGRAPH_COMPARE_SHARE" default:"0" help:"Share of queries, from 0 to 1, that are answered a second time by gqlgen's own executor: differences are logged, and counted when the server stops. For trying out; each such query costs several times as much."`
}

// Validate refuses a share that is none.
func (l *listening) Validate() error {
	if !(l.CompareShare >= 0 && l.CompareShare <= 1) {
		return fmt.Errorf("--compare-share: from 0 to 1")
	}
	return nil
}

// comparison is what the setting asks for, or nil.
func (l *listening) comparison() *breadth.Comparison {
	if l.CompareShare == 0 {
		return nil
	}
	return &breadth.Comparison{Share: l.CompareShare, Differs: func(ctx context.Context) {
		slog.WarnContext(ctx, "gqlgen's executor answers a query differently", "requestId", resolvers.RequestIDOf(ctx),
			"operation", graphql.GetOperationContext(ctx).OperationName)
	}}
}

type serveCommand struct{ listening }

// Run serves until it is interrupted.
func (c *serveCommand) Run(p *program) error {
	e, err := p.openCached()
	if err != nil {
		return err
	}
	defer e.close()
	if err := e.bringTemplates(p.ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	slog.Info("serving", "address", address(listener), "version", version)
	return serve(p.ctx, e, listener, c.comparison())
}

// followEvery is how often the log is read on for figures, asked for or not.
const followEvery = 10 * time.Second

// serve answers until ctx ends; then it takes no more and finishes what is
// under way.
func serve(ctx context.Context, e *engine, listener net.Listener, compared *breadth.Comparison) error {
	counted := figures.New(e.bare)
	following, stopFollowing := context.WithCancel(ctx)
	var followed sync.WaitGroup
	followed.Go(func() { counted.Follow(following, followEvery) })
	defer followed.Wait()
	defer stopFollowing()
	bulks := bulk.New(e.bare, e.committer, e.auth, e.hubLimits.Of, nil)
	followed.Go(func() { bulks.Run(following) })
	handler := server.New(server.Options{Store: e.store, Committer: e.committer, Auth: e.auth, Version: version, Figures: counted, Bulks: bulks,
		Playground: webui.Handler(), Operations: demo.Operations, Identity: e.identity, HubLimits: e.hubLimits, Comparison: compared})
	s := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
	alarms := make(chan struct{})
	ringing, hush := context.WithCancel(ctx)
	go func() {
		defer close(alarms)
		server.Alarms{Store: e.store, Committer: e.committer, Now: time.Now}.Run(ringing, time.Second)
	}()
	defer func() { hush(); <-alarms }()
	defer e.followRules(ctx)()
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	slog.Info("stopping: finishing what is under way")
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if err := s.Shutdown(wait); err != nil {
		return err
	}
	if compared != nil {
		same, different, failed := compared.Counts()
		slog.Info("queries were answered by both executors", "same", same, "different", different, "failed", failed)
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// followRules does what rules say until ctx ends; what it gives waits for that.
func (e *engine) followRules(ctx context.Context) (stopped func()) {
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	rules := automation.New(e.bare, e.committer, nil, nil)
	go func() {
		defer close(done)
		rules.Follow(ctx)
	}()
	return func() {
		stop()
		<-done
	}
}

// address is where a browser finds the listener.
func address(l net.Listener) string {
	at := l.Addr().(*net.TCPAddr)
	host := at.IP.String()
	if at.IP.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, fmt.Sprint(at.Port))
}
