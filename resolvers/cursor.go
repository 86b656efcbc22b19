package resolvers

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"casegraph"
)

const cursorPurpose = "cursor"

// sealed is what a cursor holds: a place, and of which list.
type sealed[P any] struct {
	List  string `json:"l"`
	Place P      `json:"p"`
}

// seal makes the cursor of a place in a list.
func seal[P any](r *Resolver, list string, place P) casegraph.Cursor {
	text, err := json.Marshal(sealed[P]{List: list, Place: place})
	if err != nil {
		panic(fmt.Sprintf("resolvers: cursor: %v", err)) // places are plain values
	}
	return casegraph.Cursor(r.Signer.Sign(cursorPurpose, text))
}

// open reads a cursor of a list; argument is the one that it was given as.
func open[P any](r *Resolver, argument, list string, cursor *casegraph.Cursor) (*P, error) {
	if cursor == nil {
		return nil, nil
	}
	text, err := r.Signer.Open(cursorPurpose, string(*cursor))
	if err != nil {
		return nil, casegraph.BadInput("%s: not a cursor of this server", argument)
	}
	var s sealed[P]
	if err := json.Unmarshal(text, &s); err != nil || s.List != list {
		return nil, casegraph.BadInput("%s: the cursor belongs to another list, filter or order", argument)
	}
	return &s.Place, nil
}

// listName names a list by what decides which elements it has, and in which
// order.
func listName(parts ...any) string {
	text, err := json.Marshal(parts)
	if err != nil {
		panic(fmt.Sprintf("resolvers: list: %v", err)) // plain values
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// pageSize reads first or last.
func pageSize(argument string, n *int) (int, error) {
	if n == nil {
		return casegraph.DefaultPage, nil
	}
	if *n < 1 || *n > casegraph.MaxPage {
		return 0, casegraph.BadInput("%s: from 1 to %d", argument, casegraph.MaxPage)
	}
	return *n, nil
}
