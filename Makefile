# What people do with casegraph, one word each. `make` alone lists it.

# The folder of data sets with known answers.
DATA ?= ../shared/data

# The newest calendar release of Neo4j that the Cypher store is held to.
CALENDAR ?= 2026.08.1

# How many questions "make truth" asks of each traversal, and "make performance"
# of each kind. SCALE is the generated investigation: small for "make truth",
# middle for "make performance".
QUESTIONS ?= 200
truth: SCALE ?= small
performance: SCALE ?= middle
CASES ?= 1000000

# What "make difference" asks; FROM goes on with a run that was ended.
DOCUMENTS ?= 1000000
SEED ?= 1
FROM ?= 0

SERVICES = bin/services

.DEFAULT_GOAL := help
.PHONY: help run build test test-calendar check difference truth bench performance performance-cases services clean

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## start the server on a store of its own in data/
	./bin/casegraph run

build: ## build bin/casegraph
	go build -o bin/casegraph ./cmd/server

test: services ## run all tests, with a real Neo4j, Redis and browser
	$(SERVICES) -- tools/test.sh

test-calendar: services ## hold the Cypher store to the newest Neo4j (Java 21 or later)
	$(SERVICES) --neo4j $(CALENDAR) --only neo4j -- go test -race -count=1 -timeout 20m ./neo4jstore/...

check: ## look at the code: format, vet, staticcheck, import rules, generated files, known vulnerabilities
	tools/check.sh

difference: ## hold both executors to the same answers by DOCUMENTS random documents of a SEED, FROM one on
	GOGC=800 go test ./breadth/internal/example -run 'TestDifference$$' -count=1 -timeout 24h -v -args -documents $(DOCUMENTS) -seed $(SEED) -from $(FROM)
	GOGC=800 go test ./server -run 'TestDifference$$' -count=1 -timeout 24h -v -args -documents $(DOCUMENTS) -seed $(SEED) -from $(FROM)

truth: services ## hold the answers to those known for the data sets in DATA=folder, and for one generated at SCALE=small
	$(SERVICES) --only neo4j,redis -- go run ./bench/truth -data $(DATA) -questions $(QUESTIONS) -scale $(SCALE)

bench: services ## measure: the Go benchmarks, with the servers at full speed
	$(SERVICES) --optimise --only neo4j,redis -- go test -run '^$$' -bench . -benchmem -timeout 60m ./...

performance: services ## write docs/performance.md: how long each question takes on both stores with SCALE=middle
	$(SERVICES) --optimise --only neo4j -- go run ./bench/questions -scale $(SCALE) -questions $(QUESTIONS) -out docs/performance.md

performance-cases: services ## write docs/performance-cases.md: how long casework takes on CASES=1000000 cases on both stores
	$(SERVICES) --optimise --only neo4j -- go run ./bench/cases -cases $(CASES) -out docs/performance-cases.md

services:
	@go build -C tools -o ../bin/ ./services

clean: ## remove what was built and what tests left
	rm -rf bin webui/node_modules webui/test-results
	go clean -testcache
