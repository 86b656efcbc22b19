package auth

import (
	"context"
	"crypto/rand"
	"errors"

	"casegraph"
	"casegraph/commit"
)

// secretValue is the value that holds the secret all servers on a store share.
const secretValue = "secret"

const secretSize = 32

// LoadSigner makes a signer from the store's secret, which the first server
// makes.
func LoadSigner(ctx context.Context, store casegraph.Store, committer *commit.Committer) (*Signer, error) {
	secret, err := readSecret(ctx, store)
	if err != nil {
		return nil, err
	}
	if secret == nil {
		if _, err := committer.Do(ctx, makeSecret()); err != nil {
			return nil, err
		}
		// Another server may have been first: its secret stands.
		if secret, err = readSecret(ctx, store); err != nil {
			return nil, err
		}
	}
	if len(secret) != secretSize {
		return nil, errors.New("auth: the store's secret is damaged")
	}
	return NewSigner(secret), nil
}

func readSecret(ctx context.Context, store casegraph.Store) ([]byte, error) {
	values, err := store.Values(ctx, []string{secretValue}, 0)
	return values[secretValue], err
}

func makeSecret() commit.Change {
	secret := make([]byte, secretSize)
	rand.Read(secret)
	return commit.Change{
		Needs: casegraph.Needs{Values: []string{secretValue}},
		Decide: func(v *commit.View) (*commit.Writes, error) {
			if v.Value(secretValue) != nil {
				return &commit.Writes{}, nil
			}
			return &commit.Writes{Values: []casegraph.Value{{Key: secretValue, Data: secret}}}, nil
		},
	}
}
