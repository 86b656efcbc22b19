package breadth

import (
	"context"
	"sync"
)

// Buffer is memory that one answer is written into.
type Buffer struct{ bytes []byte }

var buffers = sync.Pool{New: func() any { return new(Buffer) }}

// maxKept is the largest buffer that is kept for another answer, in bytes.
const maxKept = 1 << 20

type bufferKey struct{}

// WithBuffer lends memory to the operation run in the context: the Data of its
// response then lies there, and must not be used after Release.
func WithBuffer(ctx context.Context) (context.Context, *Buffer) {
	b := buffers.Get().(*Buffer)
	return context.WithValue(ctx, bufferKey{}, b), b
}

// Release takes the memory back, once the answer is sent.
func (b *Buffer) Release() {
	if cap(b.bytes) > maxKept {
		b.bytes = nil
	}
	buffers.Put(b)
}

// withoutBuffer keeps an answer out of the memory lent to another.
func withoutBuffer(ctx context.Context) context.Context {
	return context.WithValue(ctx, bufferKey{}, nil)
}

// buffer is the memory for an operation's answer.
func (o *operation) buffer(ctx context.Context) []byte {
	if b, ok := ctx.Value(bufferKey{}).(*Buffer); ok {
		return b.bytes[:0]
	}
	return make([]byte, 0, o.plan.size.Load()+256)
}

// done keeps what the next answer can use: the memory, and how much it took.
func (o *operation) done(ctx context.Context, data []byte) []byte {
	o.plan.size.Store(int64(len(data)))
	if b, ok := ctx.Value(bufferKey{}).(*Buffer); ok {
		b.bytes = data
	}
	return data
}
