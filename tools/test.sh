#!/usr/bin/env bash
# All tests, with the servers that tools/services has started: the pages' own,
# then Go's, whose report closes the run. All are run, whatever the first says.
# "make check" vets.
set -uo pipefail
cd "$(dirname "$0")/.."

failed=0
tools/browser-test.sh || failed=1
go -C tools test -race -count=1 -vet=off ./... || failed=1
# Packages that share a server wait for each other: meanwhile others run.
go test -race -count=1 -vet=off -p 4 -timeout 20m ./... || failed=1
# The race detector allocates, and leaves time for a tenth of the random documents
# and none of the large graphs.
go test -count=1 -vet=off -timeout 20m -run '^(TestDifference|TestCosts|TestEverySeed|TestMiddleScale)$' \
	./breadth/internal/example ./server ./generate || failed=1
exit "$failed"
