package api

import "casegraph"

// TextFilter is a condition on a text.
type TextFilter struct {
	Eq         *string
	In         []string
	StartsWith *string
	Contains   *string
	Exists     *bool
}

// IdFilter is a condition on an id.
type IdFilter struct {
	Eq     *casegraph.ID
	In     []casegraph.ID
	Exists *bool
}

// TimeFilter is a condition on a time.
type TimeFilter struct {
	Lt, Lte, Gt, Gte *casegraph.Time
	Exists           *bool
}

// DecimalFilter is a condition on an amount.
type DecimalFilter struct {
	Eq, Lt, Lte, Gt, Gte *casegraph.Decimal
	Exists               *bool
}

// TagFilter is a condition on labels.
type TagFilter struct {
	Has    *string
	HasAny []string
	HasAll []string
}

// FieldFilter is a condition on what lies in fields.
type FieldFilter struct {
	Path                 FieldPath
	Eq, Has              *Scalar
	Lt, Lte, Gt, Gte     *Ordered
	In                   []Scalar
	Contains, StartsWith *string
	Exists               *bool
}

// conditions gather what must hold.
type conditions struct{ all []casegraph.Filter }

// filter is the conditions as one.
func (c *conditions) filter() casegraph.Filter { return casegraph.Filter{And: c.all} }

func (c *conditions) add(path string, op casegraph.Op, value any) {
	c.all = append(c.all, casegraph.Filter{Path: path, Op: op, Value: value})
}

// given adds a comparison if it was given.
func given[V any](c *conditions, path string, op casegraph.Op, value *V, as func(V) any) {
	if value != nil {
		c.add(path, op, as(*value))
	}
}

// oneOf adds a choice if it was given; an empty one holds for nothing.
func oneOf[V any](c *conditions, path string, values []V, as func(V) any) {
	if values == nil {
		return
	}
	list := make([]any, len(values))
	for i, value := range values {
		list[i] = as(value)
	}
	c.add(path, casegraph.OpIn, list)
}

func asText[S ~string](text S) any             { return string(text) }
func asBool(b bool) any                        { return b }
func asMilliseconds(t casegraph.Time) any      { return int64(t) }
func asFloat(d casegraph.Decimal) any          { return d.Float() }
func asScalar(s Scalar) any                    { return s.Value }
func asOrdered(o Ordered) any                  { return o.Value }
func (c *conditions) exists(p string, b *bool) { given(c, p, casegraph.OpExists, b, asBool) }

func (c *conditions) text(path string, f *TextFilter) {
	if f == nil {
		return
	}
	given(c, path, casegraph.OpEq, f.Eq, asText)
	oneOf(c, path, f.In, asText)
	given(c, path, casegraph.OpPrefix, f.StartsWith, asText)
	given(c, path, casegraph.OpContains, f.Contains, asText)
	c.exists(path, f.Exists)
}

func (c *conditions) id(path string, f *IdFilter) {
	if f == nil {
		return
	}
	given(c, path, casegraph.OpEq, f.Eq, asText)
	oneOf(c, path, f.In, asText)
	c.exists(path, f.Exists)
}

func (c *conditions) time(path string, f *TimeFilter) {
	if f == nil {
		return
	}
	given(c, path, casegraph.OpLt, f.Lt, asMilliseconds)
	given(c, path, casegraph.OpLte, f.Lte, asMilliseconds)
	given(c, path, casegraph.OpGt, f.Gt, asMilliseconds)
	given(c, path, casegraph.OpGte, f.Gte, asMilliseconds)
	c.exists(path, f.Exists)
}

func (c *conditions) decimal(path string, f *DecimalFilter) {
	if f == nil {
		return
	}
	given(c, path, casegraph.OpEq, f.Eq, asFloat)
	given(c, path, casegraph.OpLt, f.Lt, asFloat)
	given(c, path, casegraph.OpLte, f.Lte, asFloat)
	given(c, path, casegraph.OpGt, f.Gt, asFloat)
	given(c, path, casegraph.OpGte, f.Gte, asFloat)
	c.exists(path, f.Exists)
}

func (c *conditions) tags(f *TagFilter) {
	if f == nil {
		return
	}
	given(c, "tags", casegraph.OpHas, f.Has, asText)
	for _, tag := range f.HasAll {
		c.add("tags", casegraph.OpHas, tag)
	}
	if f.HasAny != nil {
		c.any(hasEach(f.HasAny))
	}
}

func hasEach(tags []string) []casegraph.Filter {
	parts := make([]casegraph.Filter, len(tags))
	for i, tag := range tags {
		parts[i] = casegraph.Filter{Path: "tags", Op: casegraph.OpHas, Value: tag}
	}
	return parts
}

// any adds alternatives. None at all hold for nothing.
func (c *conditions) any(parts []casegraph.Filter) {
	if len(parts) == 0 {
		c.add("id", casegraph.OpExists, false)
		return
	}
	c.all = append(c.all, casegraph.Filter{Or: parts})
}

// flag is a truth value that is not stored where it is false.
func (c *conditions) flag(path string, want *bool) {
	switch {
	case want == nil:
	case *want:
		c.add(path, casegraph.OpEq, true)
	default:
		c.all = append(c.all, casegraph.Filter{Not: &casegraph.Filter{Path: path, Op: casegraph.OpEq, Value: true}})
	}
}

func (c *conditions) fields(filters []*FieldFilter) {
	for _, f := range filters {
		path := fieldsPrefix + string(f.Path)
		before := len(c.all)
		given(c, path, casegraph.OpEq, f.Eq, asScalar)
		oneOf(c, path, f.In, asScalar)
		given(c, path, casegraph.OpLt, f.Lt, asOrdered)
		given(c, path, casegraph.OpLte, f.Lte, asOrdered)
		given(c, path, casegraph.OpGt, f.Gt, asOrdered)
		given(c, path, casegraph.OpGte, f.Gte, asOrdered)
		given(c, path, casegraph.OpHas, f.Has, asScalar)
		given(c, path, casegraph.OpContains, f.Contains, asText)
		given(c, path, casegraph.OpPrefix, f.StartsWith, asText)
		c.exists(path, f.Exists)
		if len(c.all) == before {
			c.exists(path, new(true))
		}
	}
}

// filtering is a noun's filter.
type filtering interface {
	comparable
	Filter() casegraph.Filter
}

// combine adds filters of the same noun.
func combine[F filtering](c *conditions, and, or []F, not F) {
	var none F
	c.all = append(c.all, filters(and)...)
	if or != nil {
		c.any(filters(or))
	}
	if not != none {
		part := not.Filter()
		c.all = append(c.all, casegraph.Filter{Not: &part})
	}
}

func filters[F filtering](from []F) []casegraph.Filter {
	list := make([]casegraph.Filter, len(from))
	for i, f := range from {
		list[i] = f.Filter()
	}
	return list
}
