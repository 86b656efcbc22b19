package resolvers

//go:generate sh -c "cd .. && go tool gqlgen generate"
