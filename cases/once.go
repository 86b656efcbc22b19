package cases

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"casegraph"
	"casegraph/commit"
)

// MaxKey is the length of the longest idempotency key, in characters.
const MaxKey = 200

// Once makes a repeat of a request harmless: the same asker, mutation field and
// idempotency key mean the same request, whose body must be the same. A key is
// 1 to MaxKey printable ASCII characters. The system needs none.
func Once(asker casegraph.ID, field, key string, body any) (*commit.Once, error) {
	if len(key) < 1 || len(key) > MaxKey {
		return nil, errBadKey
	}
	for i := 0; i < len(key); i++ {
		if key[i] < ' ' || key[i] > '~' {
			return nil, errBadKey
		}
	}
	canonical, err := canonicalJSON(body)
	if err != nil {
		return nil, fmt.Errorf("cases: body of a request: %w", err)
	}
	sum := sha256.Sum256(canonical)
	return &commit.Once{
		Key:    fmt.Sprintf("once/%s/%s/%s", asker, field, key),
		Digest: hex.EncodeToString(sum[:]),
	}, nil
}

var errBadKey = &casegraph.Error{Code: casegraph.CodeBadInput, Field: commit.OnceHeader,
	Message: fmt.Sprintf("%s: 1 to %d printable ASCII characters", commit.OnceHeader, MaxKey)}

// canonicalJSON is JSON text that is the same for the same value: without
// white space, keys sorted, numbers as they were written.
func canonicalJSON(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	return json.Marshal(tree)
}
