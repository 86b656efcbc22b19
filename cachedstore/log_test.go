package cachedstore_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// The Redis client speaks up when it can't dial: in our log's form, where
// whoever runs the server looks.
func TestTheRedisClientSpeaksInOurLog(t *testing.T) {
	before := slog.Default()
	defer slog.SetDefault(before)
	var told bytes.Buffer
	slog.SetDefault(slog.New(slog.NewJSONHandler(&told, nil)))
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1, DialerRetries: 1})
	defer client.Close()
	if err := client.Ping(t.Context()).Err(); err == nil {
		t.Fatal("somebody answers at port 1")
	}
	if !strings.Contains(told.String(), `"msg":"the Redis client reports","report":"redis: connection pool: failed to dial`) {
		t.Errorf("the log has: %s", told.String())
	}
}
