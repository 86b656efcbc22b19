package neo4jstore

import (
	"embed"
	"strings"
)

// queries holds one statement a file. Names in capitals between angle
// brackets, such as <KINDS>, stand for what can't be a parameter; they are
// filled in from fixed tables, never with what a caller says.
//
//go:embed queries/*.cypher
var queries embed.FS

var statements = func() map[string]string {
	files, err := queries.ReadDir("queries")
	if err != nil {
		panic(err)
	}
	all := make(map[string]string, len(files))
	for _, file := range files {
		statement, err := queries.ReadFile("queries/" + file.Name())
		if err != nil {
			panic(err)
		}
		all[strings.TrimSuffix(file.Name(), ".cypher")] = string(statement)
	}
	return all
}()

// text is a statement, with its fillings given as "<NAME>", text, "<NAME>",
// text, … The same fillings give the same text, which the server has planned
// already.
func text(name string, fillings ...string) string {
	statement, ok := statements[name]
	if !ok {
		panic("neo4jstore: no statement is named " + name)
	}
	if len(fillings) == 0 {
		return statement
	}
	return strings.NewReplacer(fillings...).Replace(statement)
}
