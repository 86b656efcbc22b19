#!/usr/bin/env bash
# Looks at the code without running it. Every step is done, whatever the ones
# before it said; the exit code tells whether all were content.
set -uo pipefail
cd "$(dirname "$0")/.."

unhappy=()

step() {
	local name=$1
	shift
	echo "== $name"
	"$@" || unhappy+=("$name")
}

go_files() {
	git ls-files -z --cached --others --exclude-standard -- '*.go' |
		while IFS= read -r -d '' file; do [[ -e $file ]] && printf '%s\0' "$file"; done
}

formatted() {
	local files
	files=$(go_files | xargs -0 gofmt -l) || return 1
	[[ -z $files ]] || { echo "run gofmt -w on:" "$files"; return 1; }
}

vetted() {
	go vet ./... && go -C tools vet ./...
}

checked() {
	bin/staticcheck ./... && (cd tools && ../bin/staticcheck ./...)
}

tidy() {
	go mod tidy -diff && go -C tools mod tidy -diff
}

# The content of every file that git knows or would know.
contents() {
	git ls-files -z --cached --others --exclude-standard |
		while IFS= read -r -d '' file; do [[ -f $file ]] && printf '%s\0' "$file"; done |
		xargs -0 sha256sum
}

# Compares before and after, not with a commit, so that changes under way are no fault.
generated() {
	local before after
	before=$(contents)
	go generate ./... || return 1
	npm --prefix webui ci --no-audit --no-fund >/dev/null && npm --prefix webui run build >/dev/null || return 1
	after=$(contents)
	diff <(echo "$before") <(echo "$after") >/dev/null || {
		echo "these were out of date, and are written anew:"
		diff <(echo "$before") <(echo "$after") | awk '/^[<>]/ { print "  " $3 }' | sort -u
		return 1
	}
}

vulnerable() {
	local database=${GOVULNDB:-https://vuln.go.dev}
	if ! curl --fail --silent --max-time 5 --output /dev/null "$database/index/db.json"; then
		echo "govulncheck: database not reachable, not run"
		return
	fi
	bin/govulncheck -db "$database" ./...
}

go build -C tools -o ../bin/ ./importrules tool || exit 1

step gofmt formatted
step "go vet" vetted
step staticcheck checked
step "import rules" bin/importrules ./...
step "go mod tidy" tidy
step "generated files" generated
step govulncheck vulnerable

if ((${#unhappy[@]})); then
	echo
	printf 'check: %s failed\n' "${unhappy[@]}"
	exit 1
fi
