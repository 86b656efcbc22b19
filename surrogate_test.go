package casegraph_test

import (
	"testing"

	"casegraph"
)

func TestLoneSurrogate(t *testing.T) {
	for text, want := range map[string]bool{
		``:                           false,
		`{"a":"plain \n \\ \" é"}`:   false,
		`"\ud83d\ude00"`:             false,
		`"\uD83D\uDE00\uD83D\uDE00"`: false,
		`"\ufffd"`:                   false,
		`"\\ud800"`:                  false, // a backslash, and letters
		`"\ud800"`:                   true,
		`"\udc00"`:                   true,
		`"\ud83d\ud83d\ude00"`:       true,
		`"\ude00\ud83d"`:             true,
		`"\ud83d \ude00"`:            true,
		`"\\\ud800"`:                 true,
		`{"\uDBFF":1}`:               true,
		`"\ud83d\ude00\ud83d"`:       true,
		`"\`:                         false,
		`"\ud8`:                      false,
		`"\ud800\`:                   true,
	} {
		if got := casegraph.LoneSurrogate([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
