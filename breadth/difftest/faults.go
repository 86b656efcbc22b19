package difftest

import (
	"fmt"
	"hash/fnv"
)

// Fault is what becomes of a value.
type Fault int

// The faults.
const (
	None  Fault = iota
	Error       // an error
	Coded       // an error of another kind, or a panic: as the resolver likes
	Nil         // no value
)

// Faults says which values are at fault. It is asked by name, not by the turn,
// so that two executors that ask in different orders meet the same faults. Nil
// has none.
type Faults struct {
	// Seed tells one set of faults from another.
	Seed uint64
	// OneIn is one in how many values is at fault, by At.
	OneIn int
}

// At is the fault of a value.
func (f *Faults) At(name ...any) Fault {
	if f == nil || f.OneIn <= 0 {
		return None
	}
	h := f.hash(name)
	if h%uint64(f.OneIn) != 0 {
		return None
	}
	return Error + Fault(h/uint64(f.OneIn)%3)
}

// Hits tells whether something that hits one in some hits this.
func (f *Faults) Hits(oneIn int, name ...any) bool {
	return f != nil && f.hash(name)%uint64(oneIn) == 0
}

func (f *Faults) hash(name []any) uint64 {
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, f.Seed)
	for _, part := range name {
		_, _ = fmt.Fprintf(h, "/%v", part)
	}
	sum := h.Sum64() // whose lower bits are poor
	return sum ^ sum>>29 ^ sum>>47
}
