package cachedstore

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/redis/go-redis/v9"
)

// redisLog gives what the Redis client has to say to the log that everything
// else stands in, for whoever looks closely: that Redis is lost is told once,
// by note, and the client tells of each attempt.
type redisLog struct{}

func (redisLog) Printf(ctx context.Context, format string, v ...any) {
	slog.DebugContext(ctx, "the Redis client reports", "report", fmt.Sprintf(format, v...))
}

// The client has one logger a process, which may not change while it is used.
func init() { redis.SetLogger(redisLog{}) }
