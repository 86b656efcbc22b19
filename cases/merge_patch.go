package cases

import (
	"encoding/json"

	"casegraph"
)

// patched are fields after a JSON merge patch (RFC 7396). Numbers come out as
// they were written. No patch changes nothing.
func patched(fields, patch casegraph.Fields) (casegraph.Fields, error) {
	if patch == nil {
		return fields, nil
	}
	checked, err := casegraph.ParseFields(patch)
	if err != nil {
		return nil, casegraph.BadInput("fields: %v", err)
	}
	if checked == nil {
		return fields, nil
	}
	merged, err := casegraph.ParseFields(mergePatch(json.RawMessage(fields), json.RawMessage(checked)))
	if err != nil {
		return nil, casegraph.BadInput("fields: %v", err)
	}
	return merged, nil
}

// mergePatch is MergePatch of RFC 7396, section 2, on checked JSON text.
func mergePatch(target, patch json.RawMessage) json.RawMessage {
	changes, isObject := object(patch)
	if !isObject {
		return patch
	}
	result, isObject := object(target)
	if !isObject {
		result = map[string]json.RawMessage{}
	}
	for name, value := range changes {
		if string(value) == "null" {
			delete(result, name)
		} else {
			result[name] = mergePatch(result[name], value)
		}
	}
	text, err := json.Marshal(result)
	if err != nil {
		panic(err) // the members are checked JSON
	}
	return text
}

func object(text json.RawMessage) (map[string]json.RawMessage, bool) {
	if len(text) == 0 || text[0] != '{' {
		return nil, false
	}
	var members map[string]json.RawMessage
	return members, json.Unmarshal(text, &members) == nil
}
