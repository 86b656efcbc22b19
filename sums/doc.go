// Package sums holds the HAS links, which are derived, against the SHOWS links
// that they are the sum of, and has them worked out again where they differ.
//
// An account HAS an identifier if it, or what is OF it, SHOWS it: first and last
// seen are the widest of these, an unknown time aside, the count is their sum,
// and an object that is OF the account in two roles counts once.
package sums
