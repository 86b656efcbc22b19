package casegraph

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"
)

// ID names one node for ever: a prefix that tells its kind (case_, act_, …)
// and 26 characters. Ids of our own carry a ULID, so they sort by the time
// they were made; ids of imported objects carry a hash of where they came
// from, so that an import finds them without looking anything up.
type ID string

// crockford is the ULID alphabet, in lower case.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewID makes an id for a node that begins here, at the given moment.
func NewID(kind Kind, at time.Time) ID {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(at.UnixMilli())<<16)
	rand.Read(b[6:])
	return ID(kind.Prefix() + crockford.EncodeToString(b[:]))
}

// ImportedID is the id of an object that a source calls referenceID. The same
// three words give the same id, so importing twice meets the same node.
func ImportedID(kind Kind, source, referenceID string) ID {
	return hashedID(kind, source, string(kind), referenceID)
}

// IdentifierID is the id of the identifier with this kind and canonical value.
func IdentifierID(kind IdentifierKind, canonical string) ID {
	return hashedID(KindIdentifier, string(kind), canonical)
}

func hashedID(kind Kind, parts ...string) ID {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return ID(kind.Prefix() + crockford.EncodeToString(sum[:16]))
}

// KindOf tells a node's kind by its id's prefix; false if no kind has it.
func KindOf(id ID) (Kind, bool) {
	prefix, _, found := strings.Cut(string(id), "_")
	if !found {
		return "", false
	}
	kind, ok := kindByPrefix[prefix+"_"]
	return kind, ok
}
