package auth

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
)

// The names by which a browser is known.
const (
	SessionCookie = "casegraph_session"
	// ClientHeader must be there, with whatever value, where a cookie is used:
	// another site's page can't send it.
	ClientHeader = "X-Casegraph-Client"
)

// Options are how a server lets people in.
type Options struct {
	// Now is the clock; nil is the system's.
	Now func() time.Time
	// RestrictedKinds are the identifiers that viewers do not see; nil stands
	// for DefaultRestrictedKinds.
	RestrictedKinds []casegraph.IdentifierKind
	// SecureCookies sends cookies over HTTPS alone.
	SecureCookies bool
}

// Auth tells who is asking.
type Auth struct {
	// Signer signs what leaves the server, such as cursors.
	Signer *Signer

	store           casegraph.Store
	committer       *commit.Committer
	now             func() time.Time
	restrictedKinds []casegraph.IdentifierKind
	secureCookies   bool
}

// New reads, or makes, the store's secret.
func New(ctx context.Context, store casegraph.Store, committer *commit.Committer, o Options) (*Auth, error) {
	signer, err := LoadSigner(ctx, store, committer)
	if err != nil {
		return nil, err
	}
	a := &Auth{Signer: signer, store: store, committer: committer, now: o.Now,
		restrictedKinds: o.RestrictedKinds, secureCookies: o.SecureCookies}
	if a.now == nil {
		a.now = time.Now
	}
	if a.restrictedKinds == nil {
		a.restrictedKinds = DefaultRestrictedKinds()
	}
	return a, nil
}

func (a *Auth) timeNow() casegraph.Time { return casegraph.TimeOf(a.now()) }

func unauthenticated(message string) error {
	return &casegraph.Error{Code: casegraph.CodeUnauthenticated, Message: message}
}

// The errors say no more than these, whatever was wrong.
var (
	errNobody     = unauthenticated("sign in, or send an API key as Authorization: Bearer")
	errBadKey     = unauthenticated("the API key is unknown, expired or revoked, or its user is disabled")
	errBadSession = unauthenticated("the session has ended; sign in again")
	errBadSignIn  = unauthenticated("the sign-in link has been used or has expired; ask for another")
	errNoHeader   = unauthenticated("a session needs the header " + ClientHeader)
)

// Authenticate tells who a request is from: by its API key, or else by its
// session cookie. Where it is nobody, the error is UNAUTHENTICATED.
func (a *Auth) Authenticate(ctx context.Context, r *http.Request) (cases.Asker, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		return a.byKey(ctx, header)
	}
	cookie, err := r.Cookie(SessionCookie)
	if err != nil {
		return cases.Asker{}, errNobody
	}
	if r.Header.Get(ClientHeader) == "" {
		return cases.Asker{}, errNoHeader
	}
	session, ok := a.unseal(purposeSession, cookie.Value)
	if !ok {
		return cases.Asker{}, errBadSession
	}
	id := casegraph.ID(session.Nonce)
	if stands, err := a.stands(ctx, session.User, id); err != nil || !stands {
		return cases.Asker{}, cmp.Or(err, errBadSession)
	}
	asker, err := a.asker(ctx, session.User, errBadSession)
	if err == nil {
		asker.Session = id
	}
	return asker, err
}

func (a *Auth) byKey(ctx context.Context, header string) (cases.Asker, error) {
	scheme, secret, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || !secretForm.MatchString(secret) {
		return cases.Asker{}, errBadKey
	}
	key, err := a.Key(ctx, keyID(secret))
	if err != nil {
		return cases.Asker{}, err
	}
	if key == nil || key.RevokedAt != 0 || (key.ExpiresAt != 0 && key.ExpiresAt <= a.timeNow()) {
		return cases.Asker{}, errBadKey
	}
	return a.asker(ctx, key.UserID, errBadKey)
}

// Key is an API key's node, which shows nothing of its text; nil if there is
// none. What it is asked for must be an administrator's.
func (a *Auth) Key(ctx context.Context, id casegraph.ID) (*casegraph.APIKey, error) {
	nodes, err := a.store.Nodes(ctx, casegraph.NodesRequest{IDs: []casegraph.ID{id}, Mask: casegraph.Mask{SeesKeys: true}})
	if err != nil {
		return nil, err
	}
	key, _ := nodes[id].(*casegraph.APIKey)
	return key, nil
}

// Asker is a user as one who asks by now, also where nobody does: work that goes
// on behind a request is done by what its asker may do. A user who may not sign
// in is refused as UNAUTHENTICATED.
func (a *Auth) Asker(ctx context.Context, id casegraph.ID) (cases.Asker, error) {
	return a.asker(ctx, id, errNobody)
}

// asker is a user as one who asks, or refused where there is none or they are
// disabled.
func (a *Auth) asker(ctx context.Context, id casegraph.ID, refused error) (cases.Asker, error) {
	nodes, err := a.store.Nodes(ctx, casegraph.NodesRequest{IDs: []casegraph.ID{id}})
	if err != nil {
		return cases.Asker{}, err
	}
	user, ok := nodes[id].(*casegraph.User)
	if !ok || user.Disabled || user.Role.Rank() == 0 {
		return cases.Asker{}, refused
	}
	return cases.Asker{ID: id, Role: user.Role, Mask: MaskOf(user.Role, a.restrictedKinds)}, nil
}
