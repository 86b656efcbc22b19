package cachedstore

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"casegraph"

	"github.com/redis/go-redis/v9"
)

// redisRecords are records that several servers share. Every call may fail:
// then Redis is left alone for a while, and the store answers.
type redisRecords struct {
	client   *redis.Client
	prefix   string       // of records' keys
	followed string       // the key that says how far the log has been followed
	lostAt   atomic.Int64 // Unix nanoseconds; 0 if it is there
	// synced is whether all drops up to the followed number are known to have
	// reached Redis. Until then nothing is read from it: a drop that failed
	// while it was lost would leave an old record behind.
	synced atomic.Bool
}

const (
	// keptFor bounds how long a record stands in Redis unread by any log.
	keptFor = 10 * time.Minute
	// leftAlone is how long a lost Redis is not asked.
	leftAlone = time.Second
)

// fillScript keeps a record unless a newer one is there.
var fillScript = redis.NewScript(`
for i = 1, #KEYS do
	local was = redis.call('HGET', KEYS[i], 'v')
	if not was or tonumber(was) <= tonumber(ARGV[2 * i]) then
		redis.call('HSET', KEYS[i], 'v', ARGV[2 * i], 'r', ARGV[2 * i + 1])
		redis.call('PEXPIRE', KEYS[i], ARGV[1])
	end
end`)

func openRedis(url, prefix string) (*redisRecords, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("CASEGRAPH_REDIS_URL is not a redis:// or rediss:// address")
	}
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = time.Second, 250*time.Millisecond, 250*time.Millisecond
	options.MaxRetries = -1
	return &redisRecords{client: redis.NewClient(options), prefix: prefix + ":node:", followed: prefix + ":followed"}, nil
}

func (r *redisRecords) close() { r.client.Close() }

// there tells whether Redis may be asked.
func (r *redisRecords) there() bool {
	lost := r.lostAt.Load()
	return lost == 0 || time.Since(time.Unix(0, lost)) > leftAlone
}

// note notes whether Redis answered.
func (r *redisRecords) note(err error) bool {
	if err == nil || err == redis.Nil {
		if r.lostAt.Load() != 0 && r.lostAt.Swap(0) != 0 {
			slog.Info("Redis answers again")
		}
		return true
	}
	if r.lostAt.Swap(time.Now().UnixNano()) == 0 {
		slog.Warn("Redis does not answer; going on without it", "error", err)
	}
	return false
}

// storedRecord is a record as it stands in Redis.
type storedRecord struct {
	Kind    casegraph.Kind  `json:"k"`
	Version int64           `json:"v"`
	Created casegraph.Time  `json:"c"`
	Updated casegraph.Time  `json:"u"`
	Data    json.RawMessage `json:"d"`
}

func (r *redisRecords) get(ctx context.Context, ids []casegraph.ID) map[casegraph.ID]casegraph.Node {
	if !r.there() || !r.synced.Load() {
		return nil
	}
	pipe := r.client.Pipeline()
	answers := make([]*redis.StringCmd, len(ids))
	for i, id := range ids {
		answers[i] = pipe.HGet(ctx, r.prefix+string(id), "r")
	}
	if _, err := pipe.Exec(ctx); !r.note(err) {
		return nil
	}
	found := make(map[casegraph.ID]casegraph.Node, len(ids))
	for i, id := range ids {
		if text, err := answers[i].Bytes(); err == nil {
			if n := decode(id, text); n != nil {
				found[id] = n
			}
		}
	}
	return found
}

// decode is nil for what another version of the program may have written.
func decode(id casegraph.ID, text []byte) casegraph.Node {
	var stored storedRecord
	if json.Unmarshal(text, &stored) != nil {
		return nil
	}
	n, err := casegraph.Decode(casegraph.Record{ID: id, Kind: stored.Kind, Version: stored.Version,
		CreatedAt: stored.Created, UpdatedAt: stored.Updated, Data: stored.Data})
	if err != nil {
		return nil
	}
	return n
}

func (r *redisRecords) fill(ctx context.Context, nodes []casegraph.Node) {
	if !r.there() {
		return
	}
	keys := make([]string, 0, len(nodes))
	args := []any{keptFor.Milliseconds()}
	for _, n := range nodes {
		record, err := casegraph.Encode(n)
		if err != nil {
			continue
		}
		text, err := json.Marshal(storedRecord{record.Kind, record.Version, record.CreatedAt, record.UpdatedAt, record.Data})
		if err != nil {
			continue
		}
		keys = append(keys, r.prefix+string(record.ID))
		args = append(args, record.Version, text)
	}
	r.note(fillScript.Run(ctx, r.client, keys, args...).Err())
}

// drop forgets records; if it can't, nothing is read until sync has made up
// for it.
func (r *redisRecords) drop(ctx context.Context, ids []casegraph.ID) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = r.prefix + string(id)
	}
	if !r.there() || !r.note(r.client.Del(ctx, keys...).Err()) {
		r.synced.Store(false)
	}
}

// follow notes that all drops up to a number of the log have been made.
func (r *redisRecords) follow(ctx context.Context, at casegraph.Seq) {
	if r.synced.Load() && !r.note(r.client.Set(ctx, r.followed, int64(at), 0).Err()) {
		r.synced.Store(false)
	}
}

// sync makes the drops that Redis may lack: those behind the number up to
// which any server has followed the log. Without one, all records go.
func (r *redisRecords) sync(ctx context.Context, at casegraph.Seq, touched func(after casegraph.Seq) ([]casegraph.ID, error)) {
	if r.synced.Load() || !r.there() {
		return
	}
	was, err := r.client.Get(ctx, r.followed).Int64()
	if !r.note(err) {
		return
	}
	r.synced.Store(true) // drop takes it back if it fails
	if err == redis.Nil {
		r.clear(ctx)
	} else if ids, err := touched(casegraph.Seq(was)); err != nil {
		r.synced.Store(false)
	} else if len(ids) > 0 {
		r.drop(ctx, ids)
	}
	r.follow(ctx, at)
}

// clear forgets all records.
func (r *redisRecords) clear(ctx context.Context) {
	all := r.client.Scan(ctx, 0, r.prefix+"*", 1000).Iterator()
	for all.Next(ctx) {
		if !r.note(r.client.Del(ctx, all.Val()).Err()) {
			break
		}
	}
	if !r.note(all.Err()) || !r.there() {
		r.synced.Store(false)
	}
}
