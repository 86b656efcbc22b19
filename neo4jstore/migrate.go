package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"casegraph"
)

// migrations bring the schema from one version to the next, in order. A
// statement may run again, and on several servers at once, so each asks for
// what may be there already.
var migrations = [][]string{first(), orders(casegraph.KindTemplate), orders(casegraph.KindQueue),
	slices.Concat(orders(casegraph.KindCalendar), due()), orders(casegraph.KindRule), holder(), orders(casegraph.KindView), queue(), orders(casegraph.KindMark)}

func first() []string {
	statements := []string{
		"CREATE CONSTRAINT log_id IF NOT EXISTS FOR (l:Log) REQUIRE l.id IS UNIQUE",
		"CREATE CONSTRAINT node_id IF NOT EXISTS FOR (n:Node) REQUIRE n.id IS UNIQUE",
		"CREATE CONSTRAINT value_key IF NOT EXISTS FOR (v:Value) REQUIRE v.key IS UNIQUE",
		"CREATE CONSTRAINT variant_text IF NOT EXISTS FOR (v:Variant) REQUIRE v.text IS UNIQUE",
		"CREATE CONSTRAINT event_seq IF NOT EXISTS FOR (e:Event) REQUIRE e.seq IS UNIQUE",
		"CREATE INDEX event_subject IF NOT EXISTS FOR (e:Event) ON (e.subject, e.seq)",
		"CREATE INDEX value_expires IF NOT EXISTS FOR (v:Value) ON (v.expiresAt)",
		"CREATE INDEX node_reference IF NOT EXISTS FOR (n:Node) ON (n.reference)",
		"CREATE FULLTEXT INDEX texts IF NOT EXISTS FOR (n:Node) ON EACH [n.search] OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}",
	}
	return append(statements, orders(casegraph.Kinds()...)...)
}

// due are the indexes in whose order cases are listed by their clocks.
func due() []string {
	return []string{
		fmt.Sprintf("MATCH (n:Case) WHERE n.dueAt IS NULL SET n.dueAt = %[1]d, n.alarmAt = %[1]d", casegraph.Never),
		"CREATE INDEX case_dueat IF NOT EXISTS FOR (n:Case) ON (n.dueAt, n.id)",
		"CREATE INDEX case_alarmat IF NOT EXISTS FOR (n:Case) ON (n.alarmAt, n.id)",
	}
}

// holder finds the open cases that somebody has.
func holder() []string {
	return []string{
		"MATCH (n:Case) WHERE n.holder IS NULL AND n.`v.assigneeId` IS NOT NULL AND n.`v.resolvedAt` IS NULL SET n.holder = n.`v.assigneeId`",
		"CREATE INDEX case_holder IF NOT EXISTS FOR (n:Case) ON (n.holder)",
	}
}

// queue finds the open cases of a queue, in the order in which they came.
func queue() []string {
	return []string{
		"MATCH (n:Case) WHERE n.queue IS NULL AND n.`v.queueId` IS NOT NULL AND n.`v.resolvedAt` IS NULL SET n.queue = n.`v.queueId`",
		"CREATE INDEX case_queue IF NOT EXISTS FOR (n:Case) ON (n.queue, n.createdAt, n.id)",
	}
}

// orders are the indexes in whose order the nodes of these kinds are listed.
func orders(kinds ...casegraph.Kind) (statements []string) {
	for _, kind := range kinds {
		moments := []casegraph.OrderBy{casegraph.ByCreated, casegraph.ByUpdated}
		if kind.IsObject() {
			moments = append(moments, casegraph.ByAt)
		}
		for _, by := range moments {
			statements = append(statements, fmt.Sprintf("CREATE INDEX %s_%s IF NOT EXISTS FOR (n:%s) ON (n.%s, n.id)",
				strings.ToLower(kind.Label()), strings.ToLower(string(by)), kind.Label(), by))
		}
	}
	return statements
}

// Migrate makes the schema, or brings it up to date.
func (s *Store) Migrate(ctx context.Context) error {
	version, err := s.version(ctx)
	if err != nil {
		return err
	}
	if version > len(migrations) {
		return fmt.Errorf("neo4j: the database's schema has version %d and this program knows those up to %d: it needs a newer program", version, len(migrations))
	}
	for _, statements := range migrations[version:] {
		for _, statement := range statements {
			if err := s.alter(ctx, statement); err != nil {
				return err
			}
		}
	}
	if version == len(migrations) {
		return nil
	}
	if _, err := s.collect(ctx, neo4j.AccessModeWrite, text("AwaitIndexes"), nil); err != nil {
		return err
	}
	_, err = s.collect(ctx, neo4j.AccessModeWrite, text("Migrate"), map[string]any{"version": len(migrations)})
	return err
}

func (s *Store) version(ctx context.Context) (int, error) {
	version := 0
	err := s.read(ctx, text("Version"), nil, func(values []any) error {
		version = int(values[0].(int64))
		return nil
	})
	return version, err
}

// alter changes the schema. Of two servers that do so at once, one may be told
// that the other came first.
func (s *Store) alter(ctx context.Context, statement string) error {
	_, err := s.collect(ctx, neo4j.AccessModeWrite, statement, nil)
	var refused *neo4j.Neo4jError
	if errors.As(err, &refused) && strings.HasSuffix(refused.Code, "AlreadyExists") {
		return nil
	}
	return err
}
