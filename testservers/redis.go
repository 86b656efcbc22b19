package testservers

import (
	"context"
	"testing"

	"github.com/redis/go-redis/v9"
)

// Redis is the URL of the test Redis, redis://host:port, with no key in it.
func Redis(t testing.TB) string {
	t.Helper()
	url := variable(t, "CASEGRAPH_TEST_REDIS_URL")
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatalf("CASEGRAPH_TEST_REDIS_URL: %v", err)
	}
	own(t, url)
	client := redis.NewClient(options)
	defer client.Close()
	if err := client.FlushAll(context.Background()).Err(); err != nil {
		t.Fatalf("emptying the Redis at %s: %v", url, err)
	}
	return url
}
