//go:build race

package example_test

const (
	usualDocuments = 1_000
	raceDetector   = true // it allocates
)
