// Package webui holds the pages that people open in a browser: for now the
// playground, where an operation is written, run and read. The pages are built
// by Node and embedded as built, so the program needs no Node.
package webui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed dist
var dist embed.FS

// Everything comes from the page's own host. The editor sets styles from
// script, and may carry fonts and images as data and workers as blobs.
const contentSecurityPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; " +
	"img-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// The kinds of file that a build can hold. The system's own table is not
// asked, because it differs from machine to machine.
var contentTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".md":   "text/markdown; charset=utf-8",
	".svg":  "image/svg+xml",
	".ttf":  "font/ttf",
}

// file is one built file, kept as it was stored: gzip-compressed.
type file struct {
	compressed   []byte
	contentType  string
	cacheControl string
	etag         string
}

// Handler serves the pages: "/" is the playground, and every built file has
// the path that the build gave it. Any other path is 404, any method but GET
// and HEAD 405. The files need no sign-in: they hold nothing of an
// organisation's.
func Handler() http.Handler {
	files := load()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" {
			name = "index.html"
		}
		f, ok := files[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		f.serve(w, r)
	})
}

// load reads the embedded build. It panics on a build that cannot be served,
// which is a fault of the program and not of a request.
func load() map[string]file {
	files := map[string]file{}
	err := fs.WalkDir(dist, "dist", func(p string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		compressed, err := dist.ReadFile(p)
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(p, "dist/"), ".gz")
		contentType, ok := contentTypes[path.Ext(name)]
		if !ok {
			panic("webui: " + name + " has no content type")
		}
		sum := sha256.Sum256(compressed)
		files[name] = file{
			compressed:   compressed,
			contentType:  contentType,
			cacheControl: cacheControl(name),
			// Weak: the same tag stands for the file compressed and not.
			etag: `W/"` + hex.EncodeToString(sum[:12]) + `"`,
		}
		return nil
	})
	if err != nil {
		panic("webui: " + err.Error())
	}
	return files
}

// cacheControl lets a file whose name holds its hash be kept for ever; the
// others are asked for again each time, and answered by their tag.
func cacheControl(name string) string {
	if strings.HasPrefix(name, "assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", f.contentType)
	header.Set("Cache-Control", f.cacheControl)
	header.Set("ETag", f.etag)
	header.Set("Vary", "Accept-Encoding")
	header.Set("Content-Security-Policy", contentSecurityPolicy)
	header.Set("X-Content-Type-Options", "nosniff")

	content := f.compressed
	if acceptsGzip(r.Header) {
		header.Set("Content-Encoding", "gzip")
	} else {
		var err error
		if content, err = decompress(content); err != nil {
			http.Error(w, "the file cannot be read", http.StatusInternalServerError)
			return
		}
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// acceptsGzip reports whether a request names gzip as an encoding that it takes.
func acceptsGzip(header http.Header) bool {
	for offer := range strings.SplitSeq(strings.Join(header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(offer, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return !refused(weight)
		}
	}
	return false
}

// refused reports whether a weight is zero, as in "q=0" or "q=0.00".
func refused(weight string) bool {
	value, found := strings.CutPrefix(strings.TrimSpace(strings.ToLower(weight)), "q=")
	return found && strings.Trim(value, "0.") == ""
}

func decompress(compressed []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}
