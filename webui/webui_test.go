package webui

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, path string, header http.Header) *http.Response {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	for name, values := range header {
		request.Header[name] = values
	}
	recorder := httptest.NewRecorder()
	Handler().ServeHTTP(recorder, request)
	return recorder.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func acceptEncoding(value string) http.Header {
	return http.Header{"Accept-Encoding": {value}}
}

func TestThePlaygroundIsTheRoot(t *testing.T) {
	response := get(t, "/", nil)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("status %d, want 200", response.StatusCode)
	}
	want := map[string]string{
		"Content-Type":           "text/html; charset=utf-8",
		"Cache-Control":          "no-cache",
		"X-Content-Type-Options": "nosniff",
		"Content-Encoding":       "",
	}
	for name, value := range want {
		if got := response.Header.Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	for _, directive := range []string{"default-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(response.Header.Get("Content-Security-Policy"), directive) {
			t.Errorf("the page's policy lacks %q", directive)
		}
	}
	if !strings.Contains(body(t, response), "<title>casegraph playground</title>") {
		t.Error("the page is not the playground")
	}
}

func TestEveryFileOfThePageIsServedAndKept(t *testing.T) {
	page := body(t, get(t, "/", nil))
	paths := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(paths) < 3 {
		t.Fatalf("the page names %d files, want a script, a style sheet and an icon at least", len(paths))
	}
	for _, match := range paths {
		response := get(t, match[1], nil)
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d, want 200", match[1], response.StatusCode)
		}
		immutable := strings.Contains(response.Header.Get("Cache-Control"), "immutable")
		if hashed := strings.HasPrefix(match[1], "/assets/"); immutable != hashed {
			t.Errorf("%s: immutable %v, want %v", match[1], immutable, hashed)
		}
	}
}

func TestContentTypesAreOurs(t *testing.T) {
	want := map[string]string{"/icon.svg": "image/svg+xml", "/licenses.md": "text/markdown; charset=utf-8"}
	for path, contentType := range want {
		if got := get(t, path, nil).Header.Get("Content-Type"); got != contentType {
			t.Errorf("%s has type %q, want %q", path, got, contentType)
		}
	}
}

func TestCompressionIsForThoseWhoTakeIt(t *testing.T) {
	plain := body(t, get(t, "/", nil))
	tests := map[string]bool{
		"gzip":                    true,
		"br, GZIP;q=0.5":          true,
		"deflate, gzip;q=1.0, *":  true,
		"gzip;q=0":                false,
		"gzip; q=0.000, identity": false,
		"br":                      false,
		"":                        false,
	}
	for header, want := range tests {
		response := get(t, "/", acceptEncoding(header))
		content := body(t, response)
		if got := response.Header.Get("Content-Encoding") == "gzip"; got != want {
			t.Errorf("Accept-Encoding %q: compressed %v, want %v", header, got, want)
			continue
		}
		if want {
			uncompressed, err := decompress([]byte(content))
			if err != nil {
				t.Fatalf("Accept-Encoding %q: %v", header, err)
			}
			content = string(uncompressed)
		}
		if content != plain {
			t.Errorf("Accept-Encoding %q: other content than without", header)
		}
		if got := response.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Vary is %q", header, got)
		}
	}
}

func TestAKnownPageIsNotSentAgain(t *testing.T) {
	tag := get(t, "/", nil).Header.Get("ETag")
	response := get(t, "/", http.Header{"If-None-Match": {tag}, "Accept-Encoding": {"gzip"}})
	if response.StatusCode != http.StatusNotModified {
		t.Errorf("status %d for the tag %s, want 304", response.StatusCode, tag)
	}
}

func TestOnlyBuiltFilesAreThere(t *testing.T) {
	for _, path := range []string{"/index.html.gz", "/assets", "/assets/", "/dist/index.html", "/../webui.go", "/graphql"} {
		if got := get(t, path, nil).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, got)
		}
	}
}

func TestPagesAreOnlyRead(t *testing.T) {
	recorder := httptest.NewRecorder()
	Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/", nil))
	if recorder.Code != http.StatusMethodNotAllowed || recorder.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: status %d, Allow %q, want 405 and GET, HEAD", recorder.Code, recorder.Header().Get("Allow"))
	}
}
