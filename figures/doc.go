// Package figures counts cases: how many were opened, closed, answered, and how
// long it took, at any moment of the log. It follows the log and holds, in
// process, each change of a case that a figure depends on, in the order of the
// log; a question goes over all of them once. So figures are exact, as of the
// log's end when they are asked for or of any moment before, and cost the store
// one call.
//
// The words of the figures:
//
//   - A case opens with its first event and closes when it comes to an end; one
//     that comes to an end and goes on is reopened. What is open, what was
//     opened, closed and reopened always add up.
//   - A case's age and the time until it closes begin when it was opened or, if
//     that came later, reopened. A case that was at its end when it was recorded,
//     as imported ones are, has no such time.
//   - A case is answered, once, by the first response, as clocks have it:
//     casegraph.IsResponse.
//   - A clock is kept when it stops and its time was not up, and breached when it
//     is recorded that it was.
//   - An event counts in the groups that its case is in right behind it; only an
//     escalation counts in those that the case leaves.
//   - Should a clock go backward between two events of a case, the second counts
//     as if at the time of the first.
package figures
