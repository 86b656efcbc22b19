// Package bulk does one thing to many nodes, each by itself and by the rules of
// the change of one. A bulk is kept beside the graph with what became of each
// item; its items are written together with its position, so any server goes on
// where another stopped and none is done twice.
package bulk
