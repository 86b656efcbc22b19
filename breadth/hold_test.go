package breadth

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/99designs/gqlgen/graphql"
)

// A buffer that grew large is not kept.
func TestRelease(t *testing.T) {
	for size, kept := range map[int]bool{maxKept: true, maxKept + 1: false} {
		b := &Buffer{bytes: make([]byte, 0, size)}
		if b.Release(); (b.bytes != nil) != kept {
			t.Errorf("of %d bytes: kept %v", size, !kept)
		}
	}
}

// What was collected of an object before its panic is cut away.
func TestPanicHalfCollected(t *testing.T) {
	opCtx := &graphql.OperationContext{RecoverFunc: func(context.Context, any) error { return errors.New("fault") }}
	s := &Sink{run: &run{operation: &operation{opCtx: opCtx}}, frame: &frame{ctx: context.Background()}, column: &column{starts: make([]int32, 2)}}
	for i := 0; i < 2; {
		i = s.guarded(i, 2, func(i int) {
			s.length(false, 1)
			s.Null()
			if i == 0 {
				panic("half")
			}
		})
	}
	if want := []int32{slotPanic, 0, 1, slotNull}; !slices.Equal(s.column.slots, want) || s.column.starts[1] != 2 {
		t.Errorf("%v from %v, not %v", s.column.slots, s.column.starts, want)
	}
}
