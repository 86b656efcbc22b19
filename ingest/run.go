package ingest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// Import brings files in. It may be interrupted: the next one of the same name
// and the same files goes on where it ended.
type Import struct {
	Settings
	Store     casegraph.Store
	Committer *commit.Committer
	// Name is what the import's position is kept under, of 1 to 200 characters.
	Name   string
	Inputs []Input
	// Restart begins at the first row, whatever an earlier run has done.
	Restart bool
	// Rejects is the path of a file for rows that can't come in, NDJSON of
	// Reject; "" writes none.
	Rejects string
	// PageLinks is how many links, and rows, one transaction holds at most; 0
	// is DefaultPageLinks. More is faster, and for a store that nobody else
	// writes: everybody waits for a page.
	PageLinks int
	// Progress, if set, is called after each page.
	Progress func(Progress)
}

// Counts are what an import has done, over all its runs.
type Counts struct {
	// Records are lines or table rows read, Rows what they came to.
	Records int64 `json:"records"`
	Rows    int64 `json:"rows"`
	// Links is how many links the rows name; those worked out are not counted.
	Links     int64 `json:"links"`
	Created   int64 `json:"created"`
	Updated   int64 `json:"updated"`
	Unchanged int64 `json:"unchanged"`
	Rejected  int64 `json:"rejected"`
	// Warnings count what was left out of rows that came in, or could be better.
	Warnings int64 `json:"warnings"`
}

// Progress is how far an import is.
type Progress struct {
	Counts
	File string
	// Bytes of all files, as they lie on disk, whose rows are in. Of a compressed
	// file it is about so many.
	Bytes, TotalBytes int64
	Elapsed           time.Duration
	// Left is how long it will take at the speed so far; 0 while unknown.
	Left time.Duration
	// Resumed tells that an earlier run did the beginning.
	Resumed bool
}

// position is where an import goes on, kept in the store beside the graph and
// written with the page that it follows.
type position struct {
	Digest string `json:"digest"` // of the files and the mapping
	Input  int    `json:"input"`
	place
	Done   bool   `json:"done"`
	Counts Counts `json:"counts"`
}

func (im *Import) key() string { return "import/" + im.Name }

// page is what one transaction writes.
type page struct {
	entries []*entry
	origins []origin // of the entries
	links   int
	alone   bool // holds a relation that each other one may change what is true of
	rejects []Reject
	counts  Counts // of this page
	input   int
	at      place // behind its last record
	bytes   int64 // of all files, before that
	last    bool
}

// origin is where an entry was read.
type origin struct {
	input, line int
	maker       *mappedRow
}

// DefaultPageLinks bounds a page so that a server that is running does not
// wait for long.
const DefaultPageLinks = 1000

// maxPageRecords bounds the records of a page most of which came to nothing.
const maxPageRecords = 20_000

// Run brings the files in. When ctx ends, the page that is being written is
// finished and the error is ctx's; everything up to there is in the graph.
func (im *Import) Run(ctx context.Context) (Progress, error) {
	if err := checkText("name", im.Name, 200); err != nil || im.Name == "" {
		return Progress{}, casegraph.BadInput("name: from 1 to 200 characters")
	}
	im.store = im.Store
	r := &run{Import: im, started: time.Now(), known: nodeSet{}}
	if err := r.begin(ctx); err != nil {
		return Progress{}, err
	}
	err := r.pages(ctx)
	if closed := r.rejects.close(); err == nil {
		err = closed
	}
	return r.progress(), err
}

// run is an import that runs.
type run struct {
	*Import
	started time.Time
	sizes   []int64 // of the inputs
	total   int64
	bytes   int64 // of them that are in
	resumed bool
	skipped atomic.Int64 // bytes that an earlier run brought in
	pos     position
	rejects *rejects
	known   nodeSet
}

// begin finds out where to begin. What is wrong with any file as a whole is
// found before the first row is read.
func (r *run) begin(ctx context.Context) error {
	for i := range r.Inputs {
		if err := r.Inputs[i].check(); err != nil {
			return err
		}
	}
	digest, sizes, err := digestOf(ctx, r.Inputs)
	if err != nil {
		return err
	}
	for _, size := range sizes {
		r.total += size
	}
	r.sizes = sizes
	values, err := r.Store.Values(ctx, []string{r.key()}, casegraph.TimeOf(r.started))
	if err != nil {
		return err
	}
	if data, ok := values[r.key()]; ok && !r.Restart {
		var before position
		if err := json.Unmarshal(data, &before); err != nil {
			return fmt.Errorf("position of the import %q: %w", r.Name, err)
		}
		if before.Digest == digest && !before.Done {
			r.pos, r.resumed = before, true
		}
	}
	r.pos.Digest = digest
	var resumed *position
	if r.resumed {
		resumed = &r.pos
	}
	r.rejects, err = openRejects(r.Import.Rejects, resumed)
	return err
}

// digestOf tells files apart by their content, and mappings.
func digestOf(ctx context.Context, inputs []Input) (digest string, sizes []int64, err error) {
	all := sha256.New()
	for i := range inputs {
		if inputs[i].mapping != nil {
			all.Write(inputs[i].mapping.text)
		}
		size, err := hashFile(ctx, all, inputs[i].Path)
		if err != nil {
			return "", nil, err
		}
		sizes = append(sizes, size)
		fmt.Fprintf(all, "\x00%d\x00", size)
	}
	return hex.EncodeToString(all.Sum(nil)), sizes, nil
}

func hashFile(ctx context.Context, to io.Writer, path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return io.Copy(to, readerFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return f.Read(p)
	}))
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// pages prepares pages while others are written.
func (r *run) pages(ctx context.Context) error {
	preparing, stop := context.WithCancel(ctx)
	defer stop()
	ready := make(chan *page, 1)
	failed := make(chan error, 1)
	first, at := r.pos.Input, r.pos.place
	go func() {
		defer close(ready)
		p := &preparer{run: r, ctx: preparing, ready: ready, page: &page{}, first: first}
		failed <- p.all(at)
	}()
	var err error
	for page := range ready {
		if err == nil {
			err = r.write(ctx, page)
		}
		if err != nil {
			stop() // and let the preparer end
		}
	}
	if prepared := <-failed; err == nil {
		err = prepared
	}
	if ctx.Err() != nil && !r.pos.Done {
		return ctx.Err()
	}
	return err
}

// write writes a page together with the position behind it.
func (r *run) write(ctx context.Context, p *page) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.rejects.write(p.rejects); err != nil {
		return err
	}
	next := r.pos
	next.Input, next.place, next.Done = p.input, p.at, p.last
	next.Counts.add(p.counts)
	// What becomes of the rows is known when they are decided, just before.
	last := commit.Change{Decide: func(*commit.View) (*commit.Writes, error) {
		counted := next
		counted.Counts.outcomes(p.entries)
		data, err := json.Marshal(counted)
		return &commit.Writes{Values: []casegraph.Value{{Key: r.key(), Data: data}}}, err
	}}
	for _, e := range p.entries {
		e.known = r.known
	}
	if err := commitPage(context.WithoutCancel(ctx), r.Committer, r.Actor, p.entries, &last); err != nil {
		return err
	}
	r.learn(p.entries)
	r.pos, r.bytes = next, p.bytes
	refused := r.settle(p)
	if err := r.rejects.write(refused); err != nil {
		return err
	}
	if r.Progress != nil {
		r.Progress(r.progress())
	}
	return nil
}

// maxKnown bounds what an import remembers of the graph.
const maxKnown = 1 << 18

// learn remembers the nodes that accepted rows name: they are there now.
func (r *run) learn(entries []*entry) {
	if len(r.known) > maxKnown {
		clear(r.known)
	}
	for _, e := range entries {
		if e.err != nil {
			continue
		}
		for _, id := range e.plan.needs(r.known).Nodes {
			r.known[id] = true
		}
	}
}

// settle counts what became of a page's rows, and tells what was refused.
func (r *run) settle(p *page) []Reject {
	var refused []Reject
	for i, e := range p.entries {
		r.pos.Counts.count(e.outcome)
		if e.err != nil {
			o := p.origins[i]
			refused = append(refused, newReject(o.input, r.Inputs[o.input].Path, o.line, o.maker, e.err))
		}
	}
	return refused
}

func (c *Counts) add(more Counts) {
	c.Records += more.Records
	c.Rows += more.Rows
	c.Links += more.Links
	c.Rejected += more.Rejected
	c.Warnings += more.Warnings
}

func (c *Counts) count(o Outcome) {
	switch o {
	case Created:
		c.Created++
	case Updated:
		c.Updated++
	case Unchanged:
		c.Unchanged++
	case Rejected:
		c.Rejected++
	}
}

// outcomes counts rows as they are decided, before they are settled.
func (c *Counts) outcomes(entries []*entry) {
	for _, e := range entries {
		if e.outcome == "" || e.outcome == Unchanged {
			c.count(e.now)
		} else {
			c.count(e.outcome)
		}
	}
}

func (r *run) progress() Progress {
	p := Progress{Counts: r.pos.Counts, Bytes: r.bytes, TotalBytes: r.total,
		Elapsed: time.Since(r.started), Resumed: r.resumed}
	if r.pos.Input < len(r.Inputs) {
		p.File = r.Inputs[r.pos.Input].Path
	}
	if done := p.Bytes - r.skipped.Load(); done > 0 && !r.pos.Done {
		p.Left = time.Duration(float64(p.Elapsed) / float64(done) * float64(p.TotalBytes-p.Bytes))
	}
	if r.pos.Done {
		p.Bytes = p.TotalBytes
	}
	return p
}

// preparer reads records and makes pages of them.
type preparer struct {
	*run
	ctx   context.Context
	ready chan<- *page
	page  *page
	first int   // the input to begin with
	done  int64 // bytes of the inputs before
}

func (p *preparer) all(at place) error {
	for i := range p.Inputs {
		if i >= p.first {
			if err := p.input(i, at); err != nil {
				return err
			}
			at = place{}
		}
		p.done += p.sizes[i]
	}
	p.page.last = true
	p.page.input, p.page.bytes = len(p.Inputs), p.done
	return p.flush()
}

func (p *preparer) input(i int, at place) error {
	in := &p.Inputs[i]
	from, f, err := in.open(at)
	if err != nil {
		return err
	}
	defer f.close()
	if i == p.first {
		p.skipped.Store(p.done + f.before(at))
	}
	for {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		record, err := from.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return cmp.Or(p.flush(), fmt.Errorf("%s: behind %s %d: %w", in.Path, in.unit(), from.place().Line, err))
		}
		if err := p.take(i, &record); err != nil {
			return err
		}
		p.page.input, p.page.at = i, from.place()
		p.page.bytes = p.done + f.before(p.page.at)
	}
}

// take adds a record to the page; if it does not fit, to a new one.
func (p *preparer) take(input int, t *told) error {
	var more page
	more.counts.Records = 1
	for _, f := range t.faults {
		more.counts.Rows++
		more.counts.Rejected++
		more.rejects = append(more.rejects, newReject(input, p.Inputs[input].Path, t.line, f.maker, f.err))
	}
	for i := range t.rows {
		if err := p.takeRow(&more, input, t.line, &t.rows[i], t.maker(i)); err != nil {
			return err
		}
	}
	if !p.page.fits(&more, cmp.Or(p.PageLinks, DefaultPageLinks)) {
		if err := p.flush(); err != nil {
			return err
		}
	}
	now := p.page
	now.entries, now.origins = append(now.entries, more.entries...), append(now.origins, more.origins...)
	now.links += more.links
	now.alone = more.alone
	now.rejects = append(now.rejects, more.rejects...)
	now.counts.add(more.counts)
	return nil
}

// fits tells whether the page takes more and stays within its bounds; an empty
// one takes any record.
func (p *page) fits(more *page, bound int) bool {
	return p.counts.Records == 0 ||
		!p.alone && !more.alone && p.links+more.links <= bound &&
			len(p.entries)+len(more.entries)+len(p.rejects)+len(more.rejects) <= bound &&
			p.counts.Records < maxPageRecords
}

func (p *preparer) takeRow(more *page, input, line int, row *Row, maker *mappedRow) error {
	more.counts.Rows++
	plan, warnings, err := p.prepare(p.ctx, row)
	if code := casegraph.CodeOf(err); err != nil && code != casegraph.CodeBadInput && code != casegraph.CodeNotFound {
		return err
	}
	for _, warning := range warnings {
		r := newReject(input, p.Inputs[input].Path, line, maker, warning)
		r.Kept = err == nil
		more.rejects = append(more.rejects, r)
		more.counts.Warnings++
	}
	if err != nil {
		more.counts.Rejected++
		more.rejects = append(more.rejects, newReject(input, p.Inputs[input].Path, line, maker, err))
		return nil
	}
	more.entries = append(more.entries, &entry{plan: plan})
	more.origins = append(more.origins, origin{input, line, maker})
	more.links += plan.links()
	if relation, ok := plan.(*caseRelationPlan); ok {
		more.alone = more.alone || relation.relation == cases.ParentOf
	}
	more.counts.Links += int64(plan.links())
	return nil
}

// flush hands the page over and begins the next.
func (p *preparer) flush() error {
	full := p.page
	p.page = &page{input: full.input, at: full.at, bytes: full.bytes}
	select {
	case p.ready <- full:
		return nil
	case <-p.ctx.Done():
		return p.ctx.Err()
	}
}
