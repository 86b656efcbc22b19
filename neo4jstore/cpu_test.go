package neo4jstore_test

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

func javaCPU() float64 {
	text, _ := os.ReadFile("/proc/" + os.Getenv("JPID") + "/stat")
	f := strings.Fields(string(text))
	if len(f) < 15 {
		return 0
	}
	u, _ := strconv.ParseFloat(f[13], 64)
	s, _ := strconv.ParseFloat(f[14], 64)
	return (u + s) * 10
}

func goCPU() float64 {
	var r syscall.Rusage
	syscall.Getrusage(0, &r)
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e6
}
