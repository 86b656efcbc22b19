//go:build !race

package example_test

const (
	usualDocuments = 5_000
	raceDetector   = false
)
