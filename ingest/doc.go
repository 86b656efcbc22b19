// Package ingest brings data in: rows of our own form, from a file, a mapping
// of somebody else's file, or a request, become changes for the committer.
//
// A row states what a source says of one object, case or link. Bringing the
// same rows in again changes nothing.
package ingest
