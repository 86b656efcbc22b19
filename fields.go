package casegraph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Fields is a JSON object of any depth: what an organisation or a vendor says
// of a node beside its own attributes. It is kept as text, so that numbers
// past 2^53 come out as they went in. nil is an empty object.
type Fields json.RawMessage

// Limits of Fields.
const (
	MaxFieldsBytes = 256 << 10 // of JSON text
	MaxFieldsDepth = 32        // nested objects and arrays
)

// FieldsOf encodes v, which must be a JSON object.
func FieldsOf(v any) (Fields, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("must be a JSON object: %v", err)
	}
	return ParseFields(text)
}

// ParseFields checks a JSON object and brings it into one form: sorted keys,
// the last of a key given twice, no spaces. So equal objects are equal bytes.
// Its errors are the rule alone, to be read behind the name of the input.
func ParseFields(text []byte) (Fields, error) {
	if len(text) > MaxFieldsBytes {
		return nil, fmt.Errorf("at most %d bytes of JSON", MaxFieldsBytes)
	}
	if depth(text) > MaxFieldsDepth {
		return nil, fmt.Errorf("at most %d objects and lists within one another", MaxFieldsDepth)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var tree map[string]any
	if err := decoder.Decode(&tree); err != nil || tree == nil || decoder.More() {
		return nil, fmt.Errorf("must be a JSON object")
	}
	if len(tree) == 0 {
		return nil, nil
	}
	canonical, err := json.Marshal(tree)
	return Fields(canonical), err
}

func depth(text []byte) int {
	deepest, now, inText := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

// MarshalJSON writes the text as it is.
func (f Fields) MarshalJSON() ([]byte, error) {
	if len(f) == 0 {
		return []byte("{}"), nil
	}
	return f, nil
}

// UnmarshalJSON keeps the text as it is.
func (f *Fields) UnmarshalJSON(text []byte) error {
	*f = append((*f)[:0], text...)
	return nil
}

// MarshalGQL writes the object as JSON.
func (f Fields) MarshalGQL(w io.Writer) {
	if len(f) == 0 {
		io.WriteString(w, "{}")
		return
	}
	w.Write(f)
}

// UnmarshalGQL reads an input object or a variable.
func (f *Fields) UnmarshalGQL(v any) error {
	parsed, err := FieldsOf(v)
	if err != nil {
		return fmt.Errorf("fields: %w", err)
	}
	*f = parsed
	return nil
}

// Flatten gives a JSON object's scalars by path, "name.first"; an array of
// scalars stays a list. Numbers are int64 where they are whole, else float64.
// What filters can't reach is left out: null, arrays of objects, keys with a
// dot, and texts over 1,000 bytes.
func Flatten(object []byte) map[string]any {
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.UseNumber()
	var tree map[string]any
	if decoder.Decode(&tree) != nil {
		return nil
	}
	flat := make(map[string]any, len(tree))
	flatten(flat, "", tree)
	return flat
}

func flatten(flat map[string]any, prefix string, tree map[string]any) {
	for _, key := range sortedKeys(tree) {
		if strings.Contains(key, ".") || key == "" {
			continue
		}
		switch value := tree[key].(type) {
		case map[string]any:
			flatten(flat, prefix+key+".", value)
		case []any:
			if list, ok := scalars(value); ok {
				flat[prefix+key] = list
			}
		default:
			if scalar, ok := scalar(value); ok {
				flat[prefix+key] = scalar
			}
		}
	}
}

// scalars is the list if its elements are scalars of one type.
func scalars(values []any) ([]any, bool) {
	list := make([]any, 0, len(values))
	for _, value := range values {
		s, ok := scalar(value)
		if !ok || (len(list) > 0 && fmt.Sprintf("%T", s) != fmt.Sprintf("%T", list[0])) {
			return nil, false
		}
		list = append(list, s)
	}
	return list, len(list) > 0
}

func scalar(value any) (any, bool) {
	switch value := value.(type) {
	case string:
		return value, len(value) <= 1000
	case bool:
		return value, true
	case json.Number:
		if whole, err := value.Int64(); err == nil {
			return whole, true
		}
		f, err := value.Float64()
		return f, err == nil
	}
	return nil, false
}
