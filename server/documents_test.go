//go:build !race

package server_test

// usualDocuments is how many random documents both executors answer.
const usualDocuments = 20_000
