package automation

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"casegraph"
)

// The bounds of a condition.
const (
	MaxCondition = 4_000   // characters
	MaxCost      = 100_000 // of one evaluation, as CEL counts it
	maxNesting   = 32
)

// condition is a rule's expression, made ready once a revision; nil always
// holds.
type condition struct {
	program cel.Program
	name    string // what it calls the node: its kind in lower case
}

// compile reads an expression over a node of a kind and an event. What is wrong
// with it is told with its place.
func compile(kind casegraph.Kind, text string) (*condition, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	name := lower(kind)
	env, err := cel.NewEnv(
		cel.CustomTypeProvider(&provider{types.NewEmptyRegistry(), map[string]attributes{kind.Label(): attributesOf(kind), eventType: attributesOfEvent, changeType: attributesOfChange}}),
		cel.CustomTypeAdapter(adapter{types.DefaultTypeAdapter}),
		cel.Variable(name, cel.ObjectType(kind.Label())),
		cel.Variable("event", cel.ObjectType(eventType)),
		cel.CrossTypeNumericComparisons(true),
		cel.ParserExpressionSizeLimit(MaxCondition),
		cel.ParserRecursionLimit(maxNesting),
	)
	if err != nil {
		return nil, fmt.Errorf("automation: %w", err)
	}
	ast, issues := env.Compile(text)
	if issues.Err() != nil {
		first := issues.Errors()[0]
		return nil, fmt.Errorf("line %d, column %d: %s", first.Location.Line(), first.Location.Column()+1, first.Message)
	}
	if ast.OutputType() != cel.BoolType {
		return nil, fmt.Errorf("must be true or false, and is of type %s", ast.OutputType())
	}
	program, err := env.Program(ast, cel.CostLimit(MaxCost), cel.InterruptCheckFrequency(100))
	if err != nil {
		return nil, err
	}
	return &condition{program, name}, nil
}

// holds works the condition out.
func (c *condition) holds(ctx context.Context, n casegraph.Node, e *casegraph.Event) (bool, error) {
	if c == nil {
		return true, nil
	}
	value, _, err := c.program.ContextEval(ctx, map[string]any{c.name: n, "event": e})
	if err != nil {
		return false, err
	}
	return value == types.True, nil
}

func lower(kind casegraph.Kind) string { return strings.ToLower(string(kind)) }

// attribute is a member of a type that conditions see: its type, and its value
// within an object; nil where it is absent.
type attribute struct {
	is   *types.Type
	from func(object any) any
	zero any
}

type attributes map[string]attribute

const (
	eventType  = "Event"
	changeType = "Change"
)

var attributesOfEvent = attributes{
	"number": {types.IntType, func(o any) any { return int64(o.(*casegraph.Event).Seq) }, int64(0)},
	"at":     {types.TimestampType, func(o any) any { return moment(o.(*casegraph.Event).At) }, time.Unix(0, 0).UTC()},
	"name":   {types.StringType, func(o any) any { return o.(*casegraph.Event).Name }, ""},
	"actor":  {types.StringType, func(o any) any { return orNil(string(o.(*casegraph.Event).Actor)) }, ""},
	"note":   {types.StringType, func(o any) any { return orNil(o.(*casegraph.Event).Note) }, ""},
	"byRule": {types.BoolType, func(o any) any { return o.(*casegraph.Event).Cause != nil }, false},
	"changes": {types.NewMapType(types.StringType, types.NewObjectType(changeType)), func(o any) any {
		changes := map[string]*casegraph.FieldChange{}
		for _, c := range o.(*casegraph.Event).Changes {
			shown := c.Shown()
			changes[c.Path] = &shown
		}
		return changes
	}, nil},
}

var attributesOfChange = attributes{
	"before": {types.DynType, func(o any) any { return decoded(o.(*casegraph.FieldChange).Before) }, types.NullValue},
	"after":  {types.DynType, func(o any) any { return decoded(o.(*casegraph.FieldChange).After) }, types.NullValue},
}

// attributesOf are those of a kind of node, by the names that the API and the
// log give them. updatedAt is not among them: it is the event's time.
func attributesOf(kind casegraph.Kind) attributes {
	all := attributes{
		"id":        {types.StringType, func(o any) any { return string(headerOf(o).ID) }, ""},
		"version":   {types.IntType, func(o any) any { return headerOf(o).Version }, int64(0)},
		"createdAt": {types.TimestampType, func(o any) any { return moment(headerOf(o).CreatedAt) }, time.Unix(0, 0).UTC()},
	}
	blank, err := casegraph.Decode(casegraph.Record{Kind: kind, Data: []byte("{}")})
	if err != nil {
		panic(err) // every kind has its type
	}
	for _, field := range reflect.VisibleFields(reflect.TypeOf(blank).Elem()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous || name == "-" || name == "" {
			continue
		}
		all[name] = attributeOf(name, field)
	}
	return all
}

func headerOf(o any) *casegraph.Header { return o.(casegraph.Node).Head() }

func attributeOf(name string, field reflect.StructField) attribute {
	at := func(o any) reflect.Value { return reflect.ValueOf(o).Elem().FieldByIndex(field.Index) }
	switch field.Type {
	case reflect.TypeFor[casegraph.Time]():
		return attribute{types.TimestampType, func(o any) any { return moment(casegraph.Time(at(o).Int())) }, time.Unix(0, 0).UTC()}
	case reflect.TypeFor[casegraph.Decimal]():
		return attribute{types.DoubleType, func(o any) any {
			if at(o).Len() == 0 {
				return nil
			}
			return casegraph.Decimal(at(o).String()).Float()
		}, 0.0}
	case reflect.TypeFor[[]string]():
		return attribute{types.NewListType(types.StringType), func(o any) any {
			if at(o).Len() == 0 {
				return nil
			}
			return at(o).Interface()
		}, []string{}}
	case reflect.TypeFor[casegraph.Fields]():
		return attribute{types.NewMapType(types.StringType, types.DynType), func(o any) any { return decoded(at(o).Bytes()) }, map[string]any{}}
	case reflect.TypeFor[*bool]():
		return attribute{types.BoolType, func(o any) any {
			if at(o).IsNil() {
				return nil
			}
			return at(o).Elem().Bool()
		}, false}
	}
	switch field.Type.Kind() {
	case reflect.String:
		return attribute{types.StringType, func(o any) any { return orNil(at(o).String()) }, ""}
	case reflect.Bool:
		return attribute{types.BoolType, func(o any) any { return at(o).Bool() }, false}
	case reflect.Int64, reflect.Int:
		return attribute{types.IntType, func(o any) any { return at(o).Int() }, int64(0)}
	}
	return attribute{types.DynType, func(o any) any {
		if at(o).IsZero() {
			return nil
		}
		text, err := json.Marshal(at(o).Interface())
		if err != nil {
			return nil
		}
		return decoded(casegraph.FieldChange{Path: name, After: text}.Shown().After)
	}, types.NullValue}
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func moment(t casegraph.Time) any {
	if t == 0 {
		return nil
	}
	return time.UnixMilli(int64(t)).UTC()
}

func decoded(text []byte) any {
	var value any
	if len(text) == 0 || json.Unmarshal(text, &value) != nil {
		return nil
	}
	return value
}

// provider tells CEL of our types: which attributes they have, and where those
// are found.
type provider struct {
	*types.Registry
	known map[string]attributes
}

// FindStructType finds one of the types.
func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if _, ok := p.known[name]; !ok {
		return nil, false
	}
	return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
}

// FindStructFieldNames lists a type's attributes.
func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	known, ok := p.known[name]
	names := make([]string, 0, len(known))
	for each := range known {
		names = append(names, each)
	}
	return names, ok
}

// FindStructFieldType finds an attribute.
func (p *provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	found, ok := p.known[name][field]
	if !ok {
		return nil, false
	}
	return &types.FieldType{Type: found.is,
		IsSet: func(o any) bool { return found.from(o) != nil },
		GetFrom: func(o any) (any, error) {
			if value := found.from(o); value != nil {
				return value, nil
			}
			return found.zero, nil
		}}, true
}

// NewValue refuses: conditions make no objects.
func (*provider) NewValue(name string, _ map[string]ref.Val) ref.Val {
	return types.NewErr("a %s can't be made here", name)
}

// adapter wraps what CEL has no value for, so that its attributes are found.
type adapter struct{ types.Adapter }

// NativeToValue is the value that conditions handle.
func (a adapter) NativeToValue(value any) ref.Val {
	switch value := value.(type) {
	case casegraph.Node:
		return object{value, value.Kind().Label()}
	case *casegraph.Event:
		return object{value, eventType}
	case *casegraph.FieldChange:
		return object{value, changeType}
	case map[string]*casegraph.FieldChange:
		return types.NewDynamicMap(a, value)
	}
	return a.Adapter.NativeToValue(value)
}

// object is one of ours as CEL's value.
type object struct {
	value any
	is    string
}

// ConvertToNative gives the object itself.
func (o object) ConvertToNative(reflect.Type) (any, error) { return o.value, nil }

// ConvertToType has nothing to convert to.
func (o object) ConvertToType(ref.Type) ref.Val {
	return types.NewErr("a %s can't be converted", o.is)
}

// Equal holds for the same object.
func (o object) Equal(other ref.Val) ref.Val { return types.Bool(o.value == other.Value()) }

// Type is the object's.
func (o object) Type() ref.Type { return types.NewObjectType(o.is) }

// Value is the object itself.
func (o object) Value() any { return o.value }
