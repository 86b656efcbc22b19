package auth

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"sync"
)

// PurposeCursor is what the API signs its cursors for.
const PurposeCursor = "cursor"

// Signer signs short texts that leave the server and come back. They can be
// read by whoever holds them, but not be made or changed.
type Signer struct {
	secret []byte
	keys   sync.Map // purpose → key
}

// NewSigner signs by a secret, of which each purpose has a key of its own: what
// is signed for one does not open for another.
func NewSigner(secret []byte) *Signer { return &Signer{secret: secret} }

// ErrSignature says that a text was not signed here for this purpose.
var ErrSignature = errors.New("auth: not signed here for this")

// macSize is how much of the HMAC-SHA256 stands before the payload.
const macSize = 16

// Sign gives a text of letters, digits, - and _.
func (s *Signer) Sign(purpose string, payload []byte) string {
	return base64.RawURLEncoding.EncodeToString(append(s.mac(purpose, payload), payload...))
}

// Open gives back what was signed for the purpose, or ErrSignature.
func (s *Signer) Open(purpose, text string) ([]byte, error) {
	signed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(signed) < macSize {
		return nil, ErrSignature
	}
	mac, payload := signed[:macSize], signed[macSize:]
	if !hmac.Equal(mac, s.mac(purpose, payload)) {
		return nil, ErrSignature
	}
	return payload, nil
}

func (s *Signer) mac(purpose string, payload []byte) []byte {
	mac := hmac.New(sha256.New, s.key(purpose))
	mac.Write(payload)
	return mac.Sum(nil)[:macSize:macSize]
}

func (s *Signer) key(purpose string) []byte {
	if key, known := s.keys.Load(purpose); known {
		return key.([]byte)
	}
	key, err := hkdf.Key(sha256.New, s.secret, nil, "casegraph "+purpose, sha256.Size)
	if err != nil {
		panic(err) // only for keys that are too long
	}
	s.keys.Store(purpose, key)
	return key
}
