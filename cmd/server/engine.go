package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"casegraph"
	"casegraph/auth"
	"casegraph/cachedstore"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/identity"
	"casegraph/localstore"
	"casegraph/neo4jstore"
	"casegraph/resolvers"
)

// engine is a store with all that a command needs around it.
type engine struct {
	store casegraph.Store
	// bare is the store without a cache.
	bare      casegraph.Store
	committer *commit.Committer
	auth      *auth.Auth
	// identity is how identifiers are brought into their one form: alike for
	// imports, the API and every server of the store.
	identity identity.Options
	// hubLimits are those that the organisation has set.
	hubLimits resolvers.RoleLimits
}

func (e *engine) close() {
	e.committer.Close()
	e.store.Close()
}

// open opens the store that the settings name, with its schema up to date.
func (p *program) open() (*engine, error) { return p.engine(false, false) }

// openCached is open with a cache of records, for a server.
func (p *program) openCached() (*engine, error) { return p.engine(false, true) }

// bringTemplates records the templates that casegraph brings along, once. It is
// done after the demo is put in, whose operations name events by their numbers.
func (e *engine) bringTemplates(ctx context.Context) error {
	results, err := e.committer.DoAll(ctx, cases.BuiltIn())
	for _, result := range results {
		err = errors.Join(err, result.Err)
	}
	if err != nil {
		return fmt.Errorf("the templates that come along: %w", err)
	}
	return nil
}

// openReading opens a store that a running server may be writing.
func (p *program) openReading() (*engine, error) { return p.engine(true, false) }

func (p *program) engine(reading, cached bool) (*engine, error) {
	store, err := p.bareStore(reading)
	if err != nil {
		return nil, err
	}
	if !reading || p.settings.Neo4jURI != "" {
		if err := store.Migrate(p.ctx); err != nil {
			store.Close()
			return nil, err
		}
	}
	committer := commit.New(store, nil)
	e := &engine{store: store, bare: store, committer: committer}
	if e.hubLimits, err = p.settings.hubLimits(); err != nil {
		e.close()
		return nil, err
	}
	if cached {
		if err := e.cache(p); err != nil {
			e.close()
			return nil, err
		}
	}
	e.auth, err = auth.New(p.ctx, e.store, e.committer, auth.Options{RestrictedKinds: p.settings.restrictedKinds()})
	if err != nil {
		e.close()
		return nil, err
	}
	// Cards are told apart by a hash under the store's own secret.
	cards := sha256.Sum256([]byte(e.auth.Signer.Sign("cards", nil)))
	e.identity = identity.Options{Region: p.settings.Region, CardKey: cards[:]}
	return e, nil
}

func (p *program) bareStore(reading bool) (casegraph.Store, error) {
	if s := p.settings; s.Neo4jURI != "" {
		store, err := neo4jstore.Open(p.ctx, neo4jstore.Options{URI: s.Neo4jURI, User: s.Neo4jUser, Password: s.Neo4jPassword, Database: s.Neo4jDatabase})
		if err != nil {
			return nil, fmt.Errorf("--neo4j-uri: %w", err)
		}
		return store, nil
	}
	return localstore.Open(filepath.Join(p.settings.Data, "graph.db"), localstore.Options{ReadOnly: reading})
}

// cache puts a cache of records and links over the store. What stands in Redis is named
// after the store's own secret, so that servers of other stores never meet it.
func (e *engine) cache(p *program) error {
	signer, err := auth.LoadSigner(p.ctx, e.store, e.committer)
	if err != nil {
		return err
	}
	name := sha256.Sum256([]byte(signer.Sign("cache-name", nil)))
	cached, err := cachedstore.New(e.store, cachedstore.Options{Links: cmp.Or(p.settings.CachedLinks, -1),
		RedisURL: p.settings.RedisURL, Prefix: "casegraph:" + hex.EncodeToString(name[:8])})
	if err != nil {
		return err
	}
	e.committer.Close()
	e.store, e.committer = cached, commit.New(cached, nil)
	return nil
}

// administrator is the first administrator, to act as from the terminal; nil
// if there is none yet.
func (e *engine) administrator(ctx context.Context, email string) (*casegraph.User, error) {
	filter := casegraph.Filter{And: []casegraph.Filter{{Path: "role", Op: casegraph.OpEq, Value: string(casegraph.RoleAdmin)}}}
	if email = strings.ToLower(strings.TrimSpace(email)); email != "" { // as e-mails are kept
		filter = casegraph.Filter{Path: "email", Op: casegraph.OpEq, Value: email}
	}
	page, err := e.store.List(ctx, casegraph.ListRequest{Kind: casegraph.KindUser, Filter: filter, First: casegraph.MaxPage})
	if err != nil {
		return nil, err
	}
	for _, n := range page.Nodes {
		if user := n.(*casegraph.User); !user.Disabled {
			return user, nil
		}
	}
	if email != "" {
		return nil, fmt.Errorf("--user: nobody who may sign in has the e-mail %q", email)
	}
	return nil, nil
}
