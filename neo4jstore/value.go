package neo4jstore

import (
	"context"

	"casegraph"
)

// Values reads what is kept beside the graph.
func (s *Store) Values(ctx context.Context, keys []string, now casegraph.Time) (map[string][]byte, error) {
	found := map[string][]byte{}
	if len(keys) == 0 {
		return found, nil
	}
	params := map[string]any{"keys": plain(keys), "now": int64(now)}
	err := s.read(ctx, text("Values"), params, func(values []any) error {
		found[values[0].(string)] = values[1].([]byte)
		return nil
	})
	return found, err
}

// valueRows are values as Write keeps them; one that never expires has no
// expiresAt, so that the index of those that do is short.
func valueRows(values []casegraph.Value) []any {
	rows := make([]any, len(values))
	for i, value := range values {
		row := map[string]any{"key": value.Key, "data": value.Data}
		if value.Data == nil {
			row["data"] = []byte{}
		}
		if value.ExpiresAt != 0 {
			row["expiresAt"] = int64(value.ExpiresAt)
		}
		rows[i] = row
	}
	return rows
}
