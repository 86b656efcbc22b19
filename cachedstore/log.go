package cachedstore

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/redis/go-redis/v9"
)

// redisLog gives what the Redis client has to say to the log that everything
// else stands in.
type redisLog struct{}

func (redisLog) Printf(ctx context.Context, format string, v ...any) {
	slog.WarnContext(ctx, "the Redis client reports", "report", fmt.Sprintf(format, v...))
}

// The client has one logger a process, which may not change while it is used.
func init() { redis.SetLogger(redisLog{}) }
