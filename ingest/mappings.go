package ingest

import "embed"

// Mappings holds mapping files for public data sets, by the name of the set:
// mappings/finbench.yaml and others.
//
//go:embed mappings/*.yaml
var Mappings embed.FS
