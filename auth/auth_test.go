package auth

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"casegraph"
	"casegraph/cases"
	"casegraph/commit"
	"casegraph/localstore"
)

// house is a store, and a clock that stands still.
type house struct {
	t         *testing.T
	path      string
	store     casegraph.Store
	committer *commit.Committer
	auth      *Auth
	now       time.Time
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, path: filepath.Join(t.TempDir(), "graph.db"), now: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)}
	store, err := localstore.Open(h.path, localstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.store = store
	h.committer = commit.New(store, h.clock)
	t.Cleanup(h.committer.Close)
	if h.auth, err = New(t.Context(), store, h.committer, Options{Now: h.clock}); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) clock() time.Time { return h.now }

func (h *house) newID(kind casegraph.Kind) casegraph.ID { return casegraph.NewID(kind, h.now) }

// do does what a function of this package gave.
func (h *house) do(change commit.Change, err error) (commit.Result, error) {
	if err != nil {
		return commit.Result{}, err
	}
	return h.committer.Do(h.t.Context(), change)
}

// user makes a user of a role.
func (h *house) user(role casegraph.Role) casegraph.ID {
	h.t.Helper()
	result, err := h.do(CreateUser(cases.System(), CreateUserInput{Name: "Ana", Role: role}, h.newID))
	if err != nil {
		h.t.Fatal(err)
	}
	answer, err := cases.Answer[UserAnswer](result)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer.UserID
}

// key makes a key and gives its text.
func (h *house) key(in AddKeyInput) (string, KeyAnswer) {
	h.t.Helper()
	in.Name = "nightly import"
	change, secret, err := AddKey(cases.System(), in, h.newID)
	result, err := h.do(change, err)
	if err != nil {
		h.t.Fatal(err)
	}
	answer, err := cases.Answer[KeyAnswer](result)
	if err != nil {
		h.t.Fatal(err)
	}
	return secret, answer
}

func (h *house) administrators() []casegraph.ID {
	h.t.Helper()
	ids, err := h.auth.Administrators(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return ids
}

// update changes a user.
func (h *house) update(in UpdateUserInput) {
	h.t.Helper()
	if _, err := h.do(UpdateUser(cases.System(), in, h.administrators())); err != nil {
		h.t.Fatal(err)
	}
}

// asks authenticates a request with these headers.
func (h *house) asks(headers map[string]string) (cases.Asker, error) {
	r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	return h.auth.Authenticate(context.Background(), r)
}

func (h *house) asksWithKey(secret string) (cases.Asker, error) {
	return h.asks(map[string]string{"Authorization": "Bearer " + secret})
}

func (h *house) asksWithCookie(cookie *http.Cookie) (cases.Asker, error) {
	return h.asks(map[string]string{"Cookie": cookie.Name + "=" + cookie.Value, ClientHeader: "web"})
}

// refused wants an error of a code, at a field.
func refused(t testing.TB, err error, code casegraph.Code, field string) {
	t.Helper()
	var known *casegraph.Error
	if !errors.As(err, &known) {
		t.Fatalf("got the error %v, want %s at %q", err, code, field)
	}
	if known.Code != code || known.Field != field {
		t.Errorf("got %s at %q (%s), want %s at %q", known.Code, known.Field, known.Message, code, field)
	}
}

// kept is every text and blob that the store has written, one after another.
func (h *house) kept() []byte {
	h.t.Helper()
	db, err := sql.Open("sqlite", "file:"+h.path+"?mode=ro")
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	var all []byte
	for _, table := range h.column(db, "SELECT name FROM sqlite_schema WHERE type = 'table'") {
		all = append(all, h.rows(db, string(table))...)
	}
	return all
}

func (h *house) rows(db *sql.DB, table string) []byte {
	var all []byte
	for _, name := range h.column(db, "SELECT name FROM pragma_table_info('"+table+"')") {
		for _, value := range h.column(db, `SELECT "`+string(name)+`" FROM "`+table+`"`) {
			all = append(append(all, value...), '\n')
		}
	}
	return all
}

func (h *house) column(db *sql.DB, query string) [][]byte {
	h.t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	var values [][]byte
	for rows.Next() {
		var value []byte
		if err := rows.Scan(&value); err != nil {
			h.t.Fatal(err)
		}
		values = append(values, value)
	}
	if err := rows.Err(); err != nil {
		h.t.Fatal(err)
	}
	return values
}
