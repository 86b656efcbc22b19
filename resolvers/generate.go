package resolvers

//go:generate sh -c "cd .. && go run ./breadth/gqlgen"
