package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

//go:generate go run . settings-page ../../docs/settings.md

type settingsPageCommand struct {
	To string `arg:"" help:"File to write."`
}

// Run writes the page of all commands and settings.
func (c *settingsPageCommand) Run(p *program, k *kong.Kong) error {
	var page strings.Builder
	settingsPage(&page, k.Model.Node)
	return os.WriteFile(c.To, []byte(page.String()), 0o644)
}

func settingsPage(w io.Writer, root *kong.Node) {
	fmt.Fprint(w, `<!-- Made by "go generate ./cmd/server". Do not edit. -->
# Commands and settings

Every setting is a flag, or else an environment variable, or else its default. A list is written with commas.

## Settings of every command

`)
	flags(w, root)
	fmt.Fprint(w, "\n## Commands\n")
	for _, leaf := range root.Leaves(true) {
		fmt.Fprintf(w, "\n### `casegraph %s`\n\n%s\n", strings.TrimPrefix(leaf.FullPath(), "casegraph "), leaf.Help)
		for _, arg := range leaf.Positional {
			fmt.Fprintf(w, "\n- `%s`: %s\n", arg.Summary(), arg.Help)
		}
		if len(leaf.Flags) > 0 {
			fmt.Fprintln(w)
			flags(w, leaf)
		}
	}
}

func flags(w io.Writer, node *kong.Node) {
	fmt.Fprint(w, "| flag | environment | default | meaning |\n| --- | --- | --- | --- |\n")
	for _, flag := range node.Flags {
		if flag.Name == "help" {
			continue
		}
		fmt.Fprintf(w, "| `--%s` | %s | %s | %s |\n", flag.Name, code(strings.Join(flag.Envs, ", ")), code(flag.Default), flag.Help)
	}
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}
