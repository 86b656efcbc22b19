package auth

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatIsSignedOpensUnchangedAndForItsPurposeAlone(t *testing.T) {
	signer, stranger := NewSigner(bytes.Repeat([]byte{1}, secretSize)), NewSigner(bytes.Repeat([]byte{2}, secretSize))
	rapid.Check(t, func(t *rapid.T) {
		payload := rapid.SliceOf(rapid.Byte()).Draw(t, "payload")
		signed := signer.Sign(PurposeCursor, payload)
		if opened, err := signer.Open(PurposeCursor, signed); err != nil || !bytes.Equal(opened, payload) {
			t.Fatalf("opened %x, %v", opened, err)
		}
		if _, err := signer.Open(purposeSession, signed); err != ErrSignature {
			t.Fatalf("opened for another purpose: %v", err)
		}
		if _, err := stranger.Open(PurposeCursor, signed); err != ErrSignature {
			t.Fatalf("opened by another secret: %v", err)
		}
		at := rapid.IntRange(0, len(signed)-1).Draw(t, "at")
		other := rapid.SampledFrom(strings.Split("ABcdz019-_ \n", "")).Draw(t, "other")
		if changed := signed[:at] + other + signed[at+1:]; changed != signed {
			if _, err := signer.Open(PurposeCursor, changed); err != ErrSignature {
				t.Fatalf("opened what was changed: %v", err)
			}
		}
		if _, err := signer.Open(PurposeCursor, signed[:at]); err != ErrSignature {
			t.Fatalf("opened what was cut: %v", err)
		}
	})
}

func TestAllServersOfAStoreShareASecret(t *testing.T) {
	h := newHouse(t)
	signed := h.auth.Signer.Sign(PurposeCursor, []byte("here"))
	signers := make([]*Signer, 4)
	var all sync.WaitGroup
	for i := range signers {
		all.Go(func() {
			var err error
			if signers[i], err = LoadSigner(t.Context(), h.store, h.committer); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, signer := range signers {
		if opened, err := signer.Open(PurposeCursor, signed); err != nil || string(opened) != "here" {
			t.Errorf("opened %q, %v", opened, err)
		}
	}
}

func TestTheFirstSecretStands(t *testing.T) {
	h := newHouse(t)
	before, err := readSecret(t.Context(), h.store)
	if err != nil || len(before) != secretSize {
		t.Fatal(len(before), err)
	}
	if _, err := h.do(makeSecret(), nil); err != nil {
		t.Fatal(err)
	}
	if after, err := readSecret(t.Context(), h.store); err != nil || !bytes.Equal(before, after) {
		t.Errorf("another took its place, %v", err)
	}
}
