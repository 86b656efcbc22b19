// Package cachedstore is a store over a store: it keeps records by id, in
// process and, if there is one, in Redis, and the links of nodes in process, so
// that hot reads skip the database.
//
// What is kept of a node is dropped when the log tells of it, and at once when
// this process writes it. docs/caching.md says what may be stale and for
// how long. A lost Redis means no cache, and nothing else.
package cachedstore

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"casegraph"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Options says how much to keep and where.
type Options struct {
	// Records is how many are kept in process; 0 is 50,000.
	Records int
	// Links is how many links are kept in process, at some 600 bytes each; 0 is
	// DefaultLinks, less than 0 none.
	Links int
	// ListLinks is how many links a node may have for its list to be kept whole;
	// 0 is 2,000. Of a longer list its length is, and the first links.
	ListLinks int
	// RedisURL is redis:// or rediss://; "" for none.
	RedisURL string
	// Prefix begins every key in Redis. It must be the store's own, or servers
	// of different stores that share a Redis would read each other's records.
	Prefix string
	// Poll is how often the log's end is looked at; 0 is 250 ms, the most.
	Poll time.Duration
}

// DefaultLinks is how many links are kept where nothing is said.
const DefaultLinks = 200_000

// Store keeps records and links of the store within.
type Store struct {
	casegraph.Store
	records *lru.Cache[casegraph.ID, casegraph.Node]
	links   *linkLists    // nil for none
	longest int           // of the lists that are kept
	redis   *redisRecords // nil for none
	drops   drops
	heard   atomic.Int64 // when the log was last read, Unix nanoseconds
	poll    time.Duration
	stop    context.CancelFunc
	stopped chan struct{}

	hits, misses         atomic.Int64 // of records
	linkHits, linkMisses atomic.Int64 // of nodes whose links were asked for
}

// deafAfter is how long a server that can't read the log goes on answering
// from what it keeps.
const deafAfter = time.Second

// New starts to keep records of a store, and to follow its log.
func New(inner casegraph.Store, o Options) (*Store, error) {
	if o.Records == 0 {
		o.Records = 50_000
	}
	if o.Poll == 0 {
		o.Poll = 250 * time.Millisecond
	}
	if o.ListLinks == 0 {
		o.ListLinks = 2_000
	}
	records, err := lru.New[casegraph.ID, casegraph.Node](o.Records)
	if err != nil {
		return nil, err
	}
	s := &Store{Store: inner, records: records, longest: o.ListLinks, poll: o.Poll, stopped: make(chan struct{})}
	if o.Links == 0 {
		o.Links = DefaultLinks
	}
	if o.Links > 0 {
		s.links = newLinkLists(o.Links)
	}
	if o.RedisURL != "" {
		if s.redis, err = openRedis(o.RedisURL, o.Prefix); err != nil {
			return nil, err
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go s.follow(ctx)
	return s, nil
}

// Close stops following, and closes the store within.
func (s *Store) Close() error {
	s.stop()
	<-s.stopped
	if s.redis != nil {
		s.redis.close()
	}
	return s.Store.Close()
}

// Counts are how many records were found and not, since the start.
func (s *Store) Counts() (hits, misses int64) { return s.hits.Load(), s.misses.Load() }

// LinkCounts are of how many nodes the links were found and not.
func (s *Store) LinkCounts() (hits, misses int64) { return s.linkHits.Load(), s.linkMisses.Load() }

// deaf tells whether the log has not been heard for so long that nothing that
// is kept may be told.
func (s *Store) deaf() bool { return time.Since(time.Unix(0, s.heard.Load())) > deafAfter }

// Nodes answers from what is kept, and asks the store within for the rest.
// Callers must not change the nodes.
func (s *Store) Nodes(ctx context.Context, r casegraph.NodesRequest) (map[casegraph.ID]casegraph.Node, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r.AsOf != 0 || s.deaf() { // what is kept is as it stands now
		return s.Store.Nodes(ctx, r)
	}
	found := make(map[casegraph.ID]casegraph.Node, len(r.IDs))
	began := s.drops.now()
	missing := s.fromProcess(r.IDs, found)
	if len(missing) > 0 && s.redis != nil {
		missing = s.fromRedis(ctx, missing, found, began)
	}
	s.hits.Add(int64(len(found)))
	s.misses.Add(int64(len(missing)))
	if len(missing) > 0 {
		if err := s.fromStore(ctx, missing, found, began); err != nil {
			return nil, err
		}
	}
	for id, n := range found {
		if r.Mask.Hides(n.Class()) {
			delete(found, id)
		}
	}
	return found, nil
}

func (s *Store) fromProcess(ids []casegraph.ID, found map[casegraph.ID]casegraph.Node) (missing []casegraph.ID) {
	for _, id := range ids {
		if n, kept := s.records.Get(id); kept {
			found[id] = n
		} else {
			missing = append(missing, id)
		}
	}
	return missing
}

func (s *Store) fromRedis(ctx context.Context, ids []casegraph.ID, found map[casegraph.ID]casegraph.Node, began uint64) (missing []casegraph.ID) {
	kept := s.redis.get(ctx, ids)
	for _, id := range ids {
		n := kept[id]
		if n == nil {
			missing = append(missing, id)
			continue
		}
		found[id] = n
		s.drops.unlessDropped(id, began, func() { s.keep(n) })
	}
	return missing
}

// fromStore reads what is missing unmasked, so that what is kept serves every
// asker.
func (s *Store) fromStore(ctx context.Context, ids []casegraph.ID, found map[casegraph.ID]casegraph.Node, began uint64) error {
	nodes, err := s.Store.Nodes(ctx, casegraph.NodesRequest{IDs: ids, Mask: casegraph.Mask{SeesKeys: true, SeesMarks: true}})
	if err != nil {
		return err
	}
	var fresh []casegraph.Node
	for id, n := range nodes {
		found[id] = n
		s.drops.unlessDropped(id, began, func() {
			if n.Kind() != casegraph.KindKey { // a key's end must be seen at once
				s.keep(n)
				fresh = append(fresh, n)
			}
		})
	}
	if s.redis != nil && len(fresh) > 0 {
		s.drops.hold(func() { s.redis.fill(ctx, fresh) })
	}
	return nil
}

// keep never replaces a newer record.
func (s *Store) keep(n casegraph.Node) {
	if was, kept := s.records.Peek(n.Head().ID); !kept || was.Head().Version <= n.Head().Version {
		s.records.Add(n.Head().ID, n)
	}
}

// drop forgets nodes and their links, here and in Redis.
func (s *Store) drop(ctx context.Context, ids []casegraph.ID) {
	s.drops.note(ids, func() {
		for _, id := range ids {
			s.records.Remove(id)
		}
		if s.links != nil {
			s.links.drop(ids)
		}
		if s.redis != nil {
			s.redis.drop(ctx, ids)
		}
	})
}

// dropLinks forgets all links: a class has changed, which links at any node
// may carry.
func (s *Store) dropLinks() {
	if s.links != nil {
		s.drops.noteAll(s.links.dropAll)
	}
}

// Begin passes on, and drops what the batch writes.
func (s *Store) Begin(ctx context.Context, needs casegraph.Needs) (casegraph.Batch, error) {
	inner, err := s.Store.Begin(ctx, needs)
	if err != nil {
		return nil, err
	}
	return &batch{inner, s}, nil
}

type batch struct {
	casegraph.Batch
	store *Store
}

// Write drops the written nodes, and those whose links are written, before it
// answers, so that whoever wrote reads what they wrote. It drops them also if
// the store can't say whether it wrote.
func (b *batch) Write(ctx context.Context, d *casegraph.Decided) error {
	err := b.Batch.Write(ctx, d)
	ids, reclassed := d.Named(), false
	for i := range d.Nodes {
		n := &d.Nodes[i]
		ids = append(ids, n.ID)
		reclassed = reclassed || (!n.New && n.Before != n.Class)
	}
	if reclassed {
		b.store.dropLinks()
	}
	if len(ids) > 0 {
		b.store.drop(context.WithoutCancel(ctx), ids)
	}
	return err
}

// drops remembers which nodes were dropped lately, so that a read that began
// before does not put an old record back.
type drops struct {
	mu     sync.RWMutex
	count  uint64
	lately map[casegraph.ID]uint64
	floor  uint64 // reads that began before it keep nothing
}

// rememberedDrops bounds what is remembered.
const rememberedDrops = 50_000

func (d *drops) now() uint64 {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.count
}

// unlessDropped calls keep unless the node was dropped since began.
func (d *drops) unlessDropped(id casegraph.ID, began uint64, keep func()) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if began >= d.floor && d.lately[id] <= began {
		keep()
	}
}

// hold calls keep while nothing is dropped.
func (d *drops) hold(keep func()) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	keep()
}

// noteAll drops everything, while nothing is kept. No read that began before
// keeps anything.
func (d *drops) noteAll(drop func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	d.lately, d.floor = nil, d.count
	drop()
}

// note remembers drops and makes them, while nothing is kept.
func (d *drops) note(ids []casegraph.ID, drop func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	if d.lately == nil || len(d.lately)+len(ids) > rememberedDrops {
		d.lately, d.floor = make(map[casegraph.ID]uint64, len(ids)), d.count
	}
	for _, id := range ids {
		d.lately[id] = d.count
	}
	drop()
}
