package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"casegraph"
)

// Options say which database to use and as whom.
type Options struct {
	// URI is where Neo4j listens, such as neo4j://host:7687. The schemes bolt
	// and neo4j speak plainly; with +s they use TLS, with +ssc TLS whose
	// certificate is not checked.
	URI string
	// User and Password sign in; no User is for a server without sign-in.
	User     string
	Password string
	// Database is the database's name; "" is the user's home database.
	Database string
}

// Store is a casegraph.Store in Neo4j.
type Store struct {
	driver   neo4j.DriverWithContext
	database string
	// bookmarks make every session see what the others of this process wrote,
	// also where a cluster's members answer.
	bookmarks neo4j.BookmarkManager
}

var _ casegraph.Store = (*Store)(nil)

const (
	connectTimeout = 5 * time.Second
	// idleCheck is how long a connection may lie idle and be used untested.
	idleCheck = 30 * time.Second
)

// Open connects. It does not make the schema: Migrate does.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.URI == "" {
		return nil, casegraph.BadInput("uri: where Neo4j listens, such as neo4j://host:7687")
	}
	auth := neo4j.NoAuth()
	if o.User != "" {
		auth = neo4j.BasicAuth(o.User, o.Password, "")
	}
	driver, err := neo4j.NewDriverWithContext(o.URI, auth, func(c *config.Config) {
		c.UserAgent = "casegraph"
		c.SocketConnectTimeout = connectTimeout
		c.ConnectionAcquisitionTimeout = 2 * connectTimeout
		c.ConnectionLivenessCheckTimeout = idleCheck
		c.TelemetryDisabled = true
	})
	if err != nil {
		return nil, casegraph.BadInput("uri: %v", err)
	}
	s := &Store{driver: driver, database: o.Database, bookmarks: neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{})}
	if err := s.Ping(ctx); err != nil {
		driver.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	return s, nil
}

// Ping asks the database for an answer.
func (s *Store) Ping(ctx context.Context) error {
	return s.read(ctx, text("Ping"), nil, func([]any) error { return nil })
}

// Close ends all connections.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	return s.driver.Close(ctx)
}

func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return s.driver.NewSession(ctx, neo4j.SessionConfig{
		AccessMode:      mode,
		DatabaseName:    s.database,
		BookmarkManager: s.bookmarks,
		FetchSize:       neo4j.FetchAll,
	})
}

// language makes newer servers read the statements as they are meant.
const language = "CYPHER 5 replan=skip\n"

// attempts is how often a read, or the beginning of a write, is tried when a
// connection breaks or the database asks for another try.
const attempts = 3

// read runs a statement that changes nothing and hands its rows to row.
func (s *Store) read(ctx context.Context, statement string, params map[string]any, row func(values []any) error) error {
	records, err := s.collect(ctx, neo4j.AccessModeRead, statement, params)
	if err != nil {
		return err
	}
	for _, record := range records {
		if err := row(record.Values); err != nil {
			return err
		}
	}
	return nil
}

// collect runs a statement in a transaction of its own, which takes one round
// trip, and again if that may help.
func (s *Store) collect(ctx context.Context, mode neo4j.AccessMode, statement string, params map[string]any) ([]*neo4j.Record, error) {
	for attempt := 1; ; attempt++ {
		records, err := s.try(ctx, mode, statement, params)
		if err == nil {
			return records, nil
		}
		if attempt == attempts || !again(ctx, err, attempt) {
			return nil, failed(ctx, err)
		}
	}
}

func (s *Store) try(ctx context.Context, mode neo4j.AccessMode, statement string, params map[string]any) ([]*neo4j.Record, error) {
	session := s.session(ctx, mode)
	defer session.Close(context.WithoutCancel(ctx))
	result, err := session.Run(ctx, language+statement, params, noLonger(ctx))
	if err != nil {
		return nil, err
	}
	return result.Collect(ctx)
}

// grace is how much later than the asker the server gives a statement up.
const grace = time.Second

// noLonger has the server end a statement soon after the time in which an answer
// is wanted. The driver closes its connection when ctx ends, which ends the
// statement at once; this is for a server that does not hear of it.
func noLonger(ctx context.Context) func(*neo4j.TransactionConfig) {
	deadline, bounded := ctx.Deadline()
	if !bounded {
		return func(*neo4j.TransactionConfig) {}
	}
	return neo4j.WithTxTimeout(max(0, time.Until(deadline)) + grace)
}

// again tells, after a pause, whether another try may help.
func again(ctx context.Context, err error, attempt int) bool {
	if !neo4j.IsRetryable(err) {
		return false
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Duration(attempt) * 50 * time.Millisecond):
		return true
	}
}

// failed makes of a driver's error one of the contract's.
func failed(ctx context.Context, err error) error {
	var known *casegraph.Error
	switch {
	case errors.As(err, &known):
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	case neo4j.IsRetryable(err), neo4j.IsConnectivityError(err):
		unavailable := &casegraph.Error{Code: casegraph.CodeUnavailable, Message: "Neo4j can't be reached; try again"}
		return fmt.Errorf("%w: %w", unavailable, err)
	}
	return fmt.Errorf("neo4j: %w", err)
}
