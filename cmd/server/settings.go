package main

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"

	"casegraph"
	"casegraph/auth"
	"casegraph/identity"
	"casegraph/resolvers"
)

// Settings are those of every command. Each is a flag, or else an environment
// variable, or else its default.
type Settings struct {
	Data string `env:"CASEGRAPH_DATA" default:"data" help:"Folder of the embedded store, made for its owner alone (0700, its files 0600); what is there keeps its mode. Not used with Neo4j."`

	Neo4jURI      string `name:"neo4j-uri" env:"CASEGRAPH_NEO4J_URI" help:"Keep the graph in this Neo4j: neo4j://, bolt://, with +s for TLS or +ssc for TLS with an unchecked certificate."`
	Neo4jUser     string `name:"neo4j-user" env:"CASEGRAPH_NEO4J_USER" default:"neo4j" help:"User at Neo4j."`
	Neo4jPassword string `name:"neo4j-password" env:"CASEGRAPH_NEO4J_PASSWORD" help:"Password at Neo4j. Prefer the environment: a flag can be seen by others on the machine."`
	Neo4jDatabase string `name:"neo4j-database" env:"CASEGRAPH_NEO4J_DATABASE" help:"Database at Neo4j; none is the user's home database."`

	RedisURL    string `name:"redis-url" env:"CASEGRAPH_REDIS_URL" help:"Share cached records in this Redis: redis:// or rediss:// for TLS."`
	CachedLinks int    `env:"CASEGRAPH_CACHED_LINKS" default:"200000" help:"How many links are kept in process, at some 600 bytes each, so that known ground is explored without the store; 0 for none."`

	RestrictedKinds []string `env:"CASEGRAPH_RESTRICTED_KINDS" default:"${restricted}" help:"Kinds of identifiers that viewers do not see. If any, they see no fields of nodes and links either, which may hold them."`
	HubLimits       []string `env:"CASEGRAPH_HUB_LIMITS" help:"From how many accounts on identifiers of a kind prove nothing, in place of casegraph's own limits, for all (ip=200) or for a role (viewer:ip=50); 0 is no limit. Whoever asks may still name others."`
	Region          string   `env:"CASEGRAPH_REGION" help:"Country (ISO 3166-1 alpha-2) whose national phone numbers are understood. Without it they are kept as their digits, with a warning."`

	LogLevel string `env:"CASEGRAPH_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"What is logged: debug, info, warn or error."`
	LogJSON  bool   `env:"CASEGRAPH_LOG_JSON" help:"Log as JSON."`
}

// Validate refuses a setting that would silently mean something else.
func (s *Settings) Validate() error {
	for _, kind := range s.restrictedKinds() {
		if err := identity.ValidKind(identity.Kind(kind)); err != nil {
			return fmt.Errorf("--restricted-kinds: %w", err)
		}
	}
	if _, err := s.hubLimits(); err != nil {
		return err
	}
	if s.CachedLinks < 0 {
		return fmt.Errorf("--cached-links: 0, for none, or more")
	}
	if _, err := identity.Normalise(identity.Phone, "+442079460000", identity.Options{Region: s.Region}); err != nil {
		return fmt.Errorf("--region: %q is no country (ISO 3166-1 alpha-2)", s.Region)
	}
	return nil
}

// restrictedDefault is the default of RestrictedKinds as a flag has it.
func restrictedDefault() string {
	text := ""
	for i, kind := range auth.DefaultRestrictedKinds() {
		if i > 0 {
			text += ","
		}
		text += string(kind)
	}
	return text
}

func (s *Settings) restrictedKinds() []casegraph.IdentifierKind {
	kinds := make([]casegraph.IdentifierKind, 0, len(s.RestrictedKinds))
	for _, kind := range s.RestrictedKinds {
		if kind != "" && kind != "none" {
			kinds = append(kinds, casegraph.IdentifierKind(kind))
		}
	}
	return kinds
}

// hubLimits reads the limits: one for a role goes before one for all.
func (s *Settings) hubLimits() (resolvers.RoleLimits, error) {
	limits := resolvers.RoleLimits{}
	for _, role := range []casegraph.Role{casegraph.RoleViewer, casegraph.RoleInvestigator, casegraph.RoleAdmin} {
		limits[role] = map[casegraph.IdentifierKind]int{}
	}
	own := map[casegraph.Role]map[casegraph.IdentifierKind]bool{}
	for _, text := range s.HubLimits {
		one, number, _ := strings.Cut(text, "=")
		limit, err := strconv.Atoi(number)
		if err != nil || limit < 0 {
			return nil, fmt.Errorf("--hub-limits: %q: write kind=limit or role:kind=limit; a limit is 0, for none, or more", text)
		}
		name, kind, forRole := strings.Cut(one, ":")
		if !forRole {
			name, kind = "", name
		}
		if err := identity.ValidKind(identity.Kind(kind)); err != nil {
			return nil, fmt.Errorf("--hub-limits: %w", err)
		}
		named := casegraph.Role(strings.ToUpper(name))
		if forRole && limits[named] == nil {
			return nil, fmt.Errorf("--hub-limits: %q is no role: viewer, investigator or admin", name)
		}
		for role := range limits {
			if own[role] == nil {
				own[role] = map[casegraph.IdentifierKind]bool{}
			}
			if id := casegraph.IdentifierKind(kind); role == named || !forRole && !own[role][id] {
				limits[role][id], own[role][id] = limit, forRole
			}
		}
	}
	return limits, nil
}

func (s *Settings) logger(to io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		panic(fmt.Sprintf("log level %q passed the flags", s.LogLevel))
	}
	options := &slog.HandlerOptions{Level: level}
	if s.LogJSON {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}
