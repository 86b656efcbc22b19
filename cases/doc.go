// Package cases holds the rules of casework: who may do what to a case, when,
// and what the log says of it. Each function turns an input into a
// commit.Change that decides from what it names alone, so that rules need no
// store.
//
// Errors are *casegraph.Error: FORBIDDEN where the role does not allow it,
// BAD_INPUT where the input breaks a rule, NOT_FOUND where a node is missing or
// hidden from the asker, CONFLICT where a node is not at the expected version.
// The last three name the input at fault.
package cases
