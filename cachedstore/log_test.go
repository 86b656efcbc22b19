package cachedstore_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// What the Redis client has to say of a failed dial comes in our log's form,
// and only to who asks for all: that Redis is lost is told once, by the store.
func TestTheRedisClientSpeaksInOurLog(t *testing.T) {
	before := slog.Default()
	defer slog.SetDefault(before)
	var told bytes.Buffer
	slog.SetDefault(slog.New(slog.NewJSONHandler(&told, &slog.HandlerOptions{Level: slog.LevelDebug})))
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1, DialerRetries: 1})
	defer client.Close()
	if err := client.Ping(t.Context()).Err(); err == nil {
		t.Fatal("somebody answers at port 1")
	}
	if !strings.Contains(told.String(), `"level":"DEBUG","msg":"the Redis client reports","report":"redis: connection pool: failed to dial`) {
		t.Errorf("the log has: %s", told.String())
	}
}
