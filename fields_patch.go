package casegraph

import "encoding/json"

// Patched are the fields after a JSON merge patch (RFC 7396): objects are
// merged, null removes, all else replaces. Any JSON object
// will do as a patch; the result is in the one form of ParseFields.
func (f Fields) Patched(patch Fields) (Fields, error) {
	if len(patch) == 0 {
		return f, nil
	}
	checked, err := ParseFields(patch)
	if err != nil || checked == nil {
		return f, err
	}
	return ParseFields(mergePatch(json.RawMessage(f), json.RawMessage(checked)))
}

func mergePatch(target, patch json.RawMessage) json.RawMessage {
	changes, isObject := jsonObject(patch)
	if !isObject {
		return patch
	}
	result, isObject := jsonObject(target)
	if !isObject {
		result = make(map[string]json.RawMessage, len(changes))
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

func jsonObject(text json.RawMessage) (map[string]json.RawMessage, bool) {
	if len(text) == 0 || text[0] != '{' {
		return nil, false
	}
	var members map[string]json.RawMessage
	return members, json.Unmarshal(text, &members) == nil
}
