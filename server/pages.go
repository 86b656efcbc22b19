package server

import (
	"bytes"
	"context"
	_ "embed"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/formatter"

	"casegraph"
	"casegraph/auth"
)

// definitions is the schema as clients' tools read it.
func definitions(schema graphql.ExecutableSchema) []byte {
	var text bytes.Buffer
	formatter.NewFormatter(&text, formatter.WithIndent("  ")).FormatSchema(schema.Schema())
	return text.Bytes()
}

func asText(contentType string, text []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Write(text)
	})
}

// ready tells whether the store answers.
func ready(store casegraph.Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		w.Header().Set("Content-Type", "application/json")
		if err := store.Ping(ctx); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			w.Write([]byte(`{"status":"the store does not answer"}` + "\n"))
			return
		}
		w.Write([]byte(`{"status":"ready"}` + "\n"))
	})
}

// signIn redeems the token of a sign-in link and leads on to the pages.
func signIn(a *auth.Auth) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead { // a mail's link scanner must not spend the link
			return
		}
		cookie, err := a.SignIn(r.Context(), r.URL.Query().Get("token"), r.UserAgent())
		if casegraph.CodeOf(err) == casegraph.CodeUnauthenticated && strings.Contains(r.Header.Get("Accept"), "text/html") {
			writeDeadLink(w)
			return
		}
		if err != nil {
			writeError(r.Context(), w, err)
			return
		}
		http.SetCookie(w, cookie)
		http.Redirect(w, r, "/", http.StatusSeeOther)
	})
}

// deadLink tells people how to come in when their link opens nothing any more.
//
//go:embed dead_link.html
var deadLink []byte

func writeDeadLink(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	w.WriteHeader(http.StatusUnauthorized)
	w.Write(deadLink)
}

// signOut ends a browser's session. Another site's page can't send the header.
func signOut(a *auth.Auth) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(auth.ClientHeader) == "" {
			writeError(r.Context(), w, casegraph.Forbidden("signing out needs the header %s", auth.ClientHeader))
			return
		}
		forget, err := a.SignOut(r.Context(), r)
		if err != nil {
			writeError(r.Context(), w, err)
			return
		}
		http.SetCookie(w, forget)
		w.WriteHeader(http.StatusNoContent)
	})
}
