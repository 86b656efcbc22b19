#!/usr/bin/env bash
# All tests, with the servers that tools/services has started: the pages' own,
# then Go's, whose report closes the run. Both are run, whatever the first says.
set -uo pipefail
cd "$(dirname "$0")/.."

failed=0
tools/browser-test.sh || failed=1
go -C tools test -race -count=1 ./... || failed=1
go test -race -count=1 -timeout 20m ./... || failed=1
# The race detector allocates, and leaves time for a tenth of the random documents.
go test -count=1 -timeout 20m -run '^(TestDifference|TestCosts)$' ./breadth/... ./server || failed=1
exit "$failed"
