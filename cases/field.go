package cases

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"casegraph"
)

// fieldSchema is the JSON Schema (draft 2020-12) of the fields of a template's
// cases.
func fieldSchema(form *casegraph.TemplateForm) (*jsonschema.Schema, error) {
	properties, required := map[string]any{}, []any{}
	for i := range form.Fields {
		field := &form.Fields[i]
		schema := typeSchema(field)
		if len(field.Schema) > 0 {
			own, err := decoded(field.Schema)
			if err != nil {
				return nil, err
			}
			schema = map[string]any{"allOf": []any{schema, own}}
			if _, err := compiled(schema); err != nil {
				return nil, casegraph.BadInput("fields[%d].schema: not a JSON Schema that stands alone: %v", i, err)
			}
		}
		properties[field.Key] = schema
		if field.Required {
			required = append(required, field.Key)
		}
	}
	return compiled(map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": form.OtherFields})
}

// typeSchema is what a type of field allows.
func typeSchema(f *casegraph.TemplateField) map[string]any {
	text := func(more map[string]any) map[string]any {
		more["type"] = "string"
		return more
	}
	choices := make([]any, len(f.Choices))
	for i, choice := range f.Choices {
		choices[i] = choice
	}
	switch f.Type {
	case casegraph.FieldInteger:
		return map[string]any{"type": "integer"}
	case casegraph.FieldNumber:
		return map[string]any{"type": "number"}
	case casegraph.FieldBoolean:
		return map[string]any{"type": "boolean"}
	case casegraph.FieldDate:
		return text(map[string]any{"format": "date"})
	case casegraph.FieldDatetime:
		return text(map[string]any{"format": "date-time"})
	case casegraph.FieldEmailAddress:
		return text(map[string]any{"format": "email"})
	case casegraph.FieldChoices:
		return text(map[string]any{"enum": choices})
	case casegraph.FieldMultiChoices:
		return map[string]any{"type": "array", "uniqueItems": true, "items": map[string]any{"enum": choices}}
	case casegraph.FieldArray:
		return map[string]any{"type": "array"}
	case casegraph.FieldHash:
		return map[string]any{"type": "object"}
	case casegraph.FieldJSON:
		return map[string]any{}
	case casegraph.FieldFile:
		return map[string]any{"type": "object", "required": []any{"filename", "url"}, "properties": map[string]any{
			"filename": text(map[string]any{}), "url": text(map[string]any{"format": "uri"}),
			"byteSize": map[string]any{"type": "integer", "minimum": json.Number("0")}}}
	case casegraph.FieldRelation:
		return text(map[string]any{"pattern": "^[a-z]+_[^ ]+$"})
	}
	return text(map[string]any{})
}

// compiled loads nothing from elsewhere: a schema stands alone.
func compiled(schema any) (*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	compiler.UseLoader(jsonschema.SchemeURLLoader{})
	if err := compiler.AddResource("casegraph:fields", schema); err != nil {
		return nil, err
	}
	return compiler.Compile("casegraph:fields")
}

// decoded is JSON as the schema's rules look at it: numbers as they are written.
func decoded(text []byte) (any, error) {
	if len(text) == 0 {
		text = []byte("{}")
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(text))
}

// checkFields refuses fields that the template does not allow, each fault with
// the JSON pointer to its place.
func (w *Workflow) checkFields(fields casegraph.Fields) error {
	value, err := decoded(fields)
	if err != nil {
		return casegraph.BadInput("fields: %v", err)
	}
	var faults *jsonschema.ValidationError
	switch err := w.schema.Validate(value); {
	case errors.As(err, &faults):
		all := told(faults, nil)
		slices.Sort(all) // they come in any order
		return casegraph.BadInput("fields: %s", strings.Join(all[:min(len(all), maxFaults)], "; "))
	default:
		return err
	}
}

// maxFaults is how many faults of fields are told at once.
const maxFaults = 10

func told(fault *jsonschema.ValidationError, all []string) []string {
	if len(fault.Causes) == 0 {
		pointer := ""
		for _, part := range fault.InstanceLocation {
			pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(part)
		}
		rule := fault.ErrorKind.LocalizedString(message.NewPrinter(language.English))
		return append(all, fmt.Sprintf("at %q %s", pointer, rule))
	}
	for _, cause := range fault.Causes {
		all = told(cause, all)
	}
	return all
}

// checkWriteOnce refuses another value for a field that keeps its first.
func (w *Workflow) checkWriteOnce(before, after casegraph.Fields) error {
	was, is := members(before), members(after)
	for _, f := range w.Template.Fields {
		if f.WriteOnce && present(was[f.Key]) && !bytes.Equal(was[f.Key], is[f.Key]) {
			return casegraph.BadInput("fields: at %q the first value stays", "/"+f.Key)
		}
	}
	return nil
}

// withDefaults gives fields that are absent what the template says.
func (w *Workflow) withDefaults(fields casegraph.Fields) (casegraph.Fields, error) {
	all := members(fields)
	for _, f := range w.Template.Fields {
		if _, given := all[f.Key]; !given && f.Default != nil {
			all[f.Key] = f.Default
		}
	}
	return casegraph.FieldsOf(all)
}

func missingFields(c *casegraph.Case, keys []string) []string {
	var missing []string
	has := members(c.Fields)
	for _, key := range keys {
		if !present(has[key]) {
			missing = append(missing, key)
		}
	}
	return missing
}

// present tells whether a field has a value: not null, nor empty text.
func present(value json.RawMessage) bool {
	return len(value) > 0 && !slices.Contains([]string{"null", `""`, "[]", "{}"}, string(value))
}

func members(fields casegraph.Fields) map[string]json.RawMessage {
	all := map[string]json.RawMessage{}
	if len(fields) > 0 {
		json.Unmarshal(fields, &all) // fields are always an object
	}
	return all
}
