// Package automation runs rules: on these events, if this holds, do that. Rules
// are data, in revisions (cases.Template's way); they are read from the log, and
// what they do is written with the position in the log in one transaction, so
// that each event sets each rule off exactly once, whatever the number of
// servers and however often they stop.
package automation
