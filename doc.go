// Package casegraph is the domain: the nouns of a case investigation graph,
// their ids, pages, events and errors, and the contract that a store keeps.
//
// It imports the standard library alone. Rules of casework live in cases,
// graph algorithms in traverse, storage in localstore and neo4jstore.
package casegraph
