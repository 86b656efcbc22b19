package cases

import (
	"crypto/sha256"
	"encoding/hex"

	"casegraph"
	"casegraph/commit"
)

// noteValues are what keepNote looks at: the last note that came with a change
// of the node, for a day.
func noteValues(id casegraph.ID, note string) []string {
	if note == "" {
		return nil
	}
	return []string{"noted/" + string(id)}
}

// keepNote keeps what was said with a change even if it turns out to change
// nothing: then the event is case.noted, account.noted, … The same words of the
// same person again are the repeat of a request, and are not kept twice.
func keepNote(v *commit.View, n casegraph.Node, note string, w *commit.Writes) *commit.Writes {
	id := n.Head().ID
	for _, key := range noteValues(id, note) {
		sum := sha256.Sum256([]byte(string(v.Actor) + "\x00" + note))
		said := hex.EncodeToString(sum[:])
		if string(v.Value(key)) == said {
			continue
		}
		w.Values = append(w.Values, casegraph.Value{Key: key, Data: []byte(said), ExpiresAt: v.Now + commit.OnceFor})
		w.Noted = &commit.Event{Name: eventName(n, ".noted"), Subject: id, Note: note}
	}
	return w
}
