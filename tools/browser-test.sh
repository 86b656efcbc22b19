#!/usr/bin/env bash
# The playground in a real browser, before a server with the demo data in a
# temporary folder.
set -euo pipefail
cd "$(dirname "$0")/.."

npm --prefix webui ci --no-audit --no-fund
go build -o bin/casegraph ./cmd/server

folder=$(mktemp -d)
CASEGRAPH_LISTEN=127.0.0.1:0 CASEGRAPH_DATA=$folder/data bin/casegraph run >"$folder/output" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" || true; rm -rf "$folder"' EXIT

# The server prints its sign-in link once it answers.
link=
for _ in $(seq 600); do
	link=$(grep -o -m 1 'http://[^ ]*/sign-in?token=[^ ]*' "$folder/output") && break
	kill -0 "$server" 2>/dev/null || break
	sleep 0.1
done
if [[ -z $link ]]; then
	echo "the server printed no sign-in link:"
	cat "$folder/output"
	exit 1
fi

CASEGRAPH_TEST_URL=$link npm --prefix webui test
