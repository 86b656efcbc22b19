// Command gqlgen is gqlgen generate with the plugin of breadth:
//
//	go run casegraph/breadth/gqlgen [-plain Type.field,...] [gqlgen.yml]
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"

	"casegraph/breadth/plugin"
)

func main() {
	plain := flag.String("plain", "", "resolvers under lists that may take one parent at a time, * for all")
	flag.Parse()
	path := "gqlgen.yml"
	if flag.NArg() > 0 {
		path = flag.Arg(0)
	}
	if err := generate(path, strings.FieldsFunc(*plain, func(r rune) bool { return r == ',' })); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func generate(path string, plain []string) error {
	cfg, err := config.LoadConfig(path)
	if err != nil {
		return err
	}
	return api.Generate(cfg, api.AddPlugin(plugin.Plugin{Plain: plain, Report: os.Stderr}))
}
