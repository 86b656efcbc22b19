package difftest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"
)

const (
	blockSize  = 50     // documents
	tellsAfter = 10_000 // documents
)

// Blocks has random documents answered, blocks of them side by side on all
// processors. A block's random numbers hang on the seed and the block alone:
// a run that was ended goes on with the last number it told as From, and a document
// that was answered differently comes again when From is its number.
type Blocks struct {
	Seed     uint64
	From, To int // numbers of documents: the first, and the one after the last
	// Block makes the executors of a block and has them compare n documents.
	Block func(t *testing.T, random *rand.Rand, n int, s *Summary)

	mu      sync.Mutex
	next    int          // the next block's first document
	begun   map[int]bool // the first documents of blocks that are being answered
	began   time.Time
	summary Summary
}

// Run answers all blocks, or those before the first difference.
func (b *Blocks) Run(t *testing.T) {
	b.next, b.begun, b.began = b.From/blockSize*blockSize, map[int]bool{}, time.Now()
	t.Run("blocks", func(t *testing.T) {
		for worker := range runtime.GOMAXPROCS(0) {
			t.Run(fmt.Sprint(worker), func(t *testing.T) {
				t.Parallel()
				for first, ok := b.take(); ok; first, ok = b.take() {
					b.run(t, first)
				}
			})
		}
	})
	t.Log(b.summary)
}

// take is the number of the next block's first document.
func (b *Blocks) take() (first int, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next >= b.To {
		return 0, false
	}
	first = b.next
	b.next += blockSize
	b.begun[first] = true
	return first, true
}

func (b *Blocks) run(t *testing.T, first int) {
	s := Summary{First: first}
	defer func() {
		if t.Failed() {
			b.stop()
		}
	}()
	b.Block(t, rand.New(rand.NewPCG(b.Seed, uint64(first))), min(blockSize, b.To-first), &s)
	b.done(s)
}

func (b *Blocks) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next = b.To
}

// done counts a block, and tells of a long run how far it is.
func (b *Blocks) done(s Summary) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.begun, s.First)
	before := b.summary.Documents / tellsAfter
	b.summary.merge(s)
	if n := b.summary.Documents; n/tellsAfter > before && b.To-b.From > 2*tellsAfter {
		took := time.Since(b.began)
		left := time.Duration(float64(took) / float64(n) * float64(b.To-b.From-n))
		fmt.Fprintf(os.Stderr, "all before document %d of %d answered alike, %.0f a second, %s left\n",
			b.answered(), b.To, float64(n)/took.Seconds(), left.Round(time.Second))
	}
}

// answered is the number that all documents before it are answered.
func (b *Blocks) answered() int {
	first := b.next
	for begun := range b.begun {
		first = min(first, begun)
	}
	return first
}
