package neo4jstore

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"time"
)

var traceMu sync.Mutex
var traced = map[string][]time.Duration{}

func init() {
	if os.Getenv("TRACE") == "" {
		return
	}
	trace = func(name string, d time.Duration) {
		traceMu.Lock()
		defer traceMu.Unlock()
		if i := strings.Index(name, "\nUNWIND"); i > 0 && false {
			name = name[:i]
		}
		traced[name] = append(traced[name], d)
	}
	go func() {
		for range time.Tick(5 * time.Second) {
			traceMu.Lock()
			for n, ds := range traced {
				sort.Slice(ds, func(i, j int) bool { return ds[i] < ds[j] })
				var sum time.Duration
				for _, d := range ds {
					sum += d
				}
				fmt.Printf("%6d p50 %8v p95 %8v sum %8v  %.60q\n", len(ds), ds[len(ds)/2].Round(10*time.Microsecond), ds[len(ds)*95/100].Round(10*time.Microsecond), sum.Round(time.Millisecond), n)
			}
			fmt.Println()
			traced = map[string][]time.Duration{}
			traceMu.Unlock()
		}
	}()
}
