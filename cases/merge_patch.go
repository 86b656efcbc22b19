package cases

import (
	"bytes"
	"encoding/json"

	"casegraph"
)

// patched are fields after a JSON merge patch (RFC 7396). Numbers and texts
// come out as they were written; keys are sorted. No patch changes nothing.
func patched(fields, patch casegraph.Fields) (casegraph.Fields, error) {
	if patch == nil {
		return fields, nil
	}
	checked, err := casegraph.ParseFields(patch)
	if err != nil {
		return nil, casegraph.BadInput("fields: %v", err)
	}
	merged, err := casegraph.ParseFields(mergePatch(json.RawMessage(fields), json.RawMessage(checked)))
	if err != nil {
		return nil, casegraph.BadInput("fields: %v", err)
	}
	if len(merged) == len("{}") {
		return nil, nil
	}
	return merged, nil
}

// mergePatch is MergePatch of RFC 7396, section 2, on checked JSON text. A
// target that stays the same is not rewritten, so that it is no change.
func mergePatch(target, patch json.RawMessage) json.RawMessage {
	changes, isObject := object(patch)
	if !isObject {
		return patch
	}
	result, wasObject := object(target)
	if !wasObject {
		result = map[string]json.RawMessage{}
	}
	changed := !wasObject
	for name, value := range changes {
		before, had := result[name]
		if string(value) == "null" {
			delete(result, name)
			changed = changed || had
			continue
		}
		result[name] = mergePatch(before, value)
		changed = changed || !bytes.Equal(before, result[name])
	}
	if !changed {
		return target
	}
	return objectText(result)
}

func object(text json.RawMessage) (map[string]json.RawMessage, bool) {
	if len(text) == 0 || text[0] != '{' {
		return nil, false
	}
	var members map[string]json.RawMessage
	return members, json.Unmarshal(text, &members) == nil
}

func objectText(members map[string]json.RawMessage) json.RawMessage {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(members); err != nil {
		panic(err) // the members are checked JSON
	}
	return bytes.TrimSpace(text.Bytes())
}
