// Package neo4jstore keeps the graph and its log in Neo4j, 5.26 or newer.
//
// Each node has the label Node and that of its kind; its JSON stands in the
// property data and, flattened by path, in properties that only filters look
// at. A live link is a relationship of its kind; what one was before it changed
// or ended is an ENDED_ relationship, so that degrees and traversals of today
// never meet it. The log's end stands on the one node (:Log), whose lock orders all writers.
package neo4jstore
