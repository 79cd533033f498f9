package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ossf/osv-schema/bindings/go/osvschema"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

var (
	errNoID     = errors.New("no advisory: it has no id")
	errNoObject = errors.New("no JSON object")
)

var lenient = protojson.UnmarshalOptions{DiscardUnknown: true, AllowPartial: true, RecursionLimit: 200}

// parseOSV reads a document. What is wrong in it is left out and named, member by
// member; an error means that nothing could be made of it.
func parseOSV(data []byte) (v *osvschema.Vulnerability, lost []string, err error) {
	v = new(osvschema.Vulnerability)
	if lenient.Unmarshal(data, v) != nil {
		if v, lost, err = parseParts(data); err != nil {
			return nil, nil, err
		}
	}
	if v.GetId() == "" {
		return nil, nil, errNoID
	}
	return v, lost, nil
}

// parseParts reads a document that is not as the schema wants it.
func parseParts(data []byte) (*osvschema.Vulnerability, []string, error) {
	var members map[string]json.RawMessage
	data = bytes.ToValidUTF8(data, []byte("\uFFFD"))
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, nil, errNoObject
	}
	v, lost := new(osvschema.Vulnerability), []string(nil)
	for _, key := range sortedKeys(members) {
		var ok bool
		switch value := members[key]; key {
		case "affected", "severity", "references":
			ok = mergeEach(v, key, value)
		case "published", "modified", "withdrawn":
			ok = mergeTime(v, key, value)
		default:
			ok = merge(v, key, value)
		}
		if !ok {
			lost = append(lost, fmt.Sprintf("%.40s is not as the schema wants it", key))
		}
	}
	return v, lost, nil
}

func sortedKeys(m map[string]json.RawMessage) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// merge adds a member to a document.
func merge(v *osvschema.Vulnerability, key string, value json.RawMessage) bool {
	data, err := json.Marshal(map[string]json.RawMessage{key: value})
	part := new(osvschema.Vulnerability)
	if err != nil || lenient.Unmarshal(data, part) != nil {
		return false
	}
	proto.Merge(v, part)
	return true
}

// mergeEach adds the sound elements of a list to a document, and reports whether
// that was all of them.
func mergeEach(v *osvschema.Vulnerability, key string, value json.RawMessage) bool {
	var list []json.RawMessage
	if json.Unmarshal(value, &list) != nil {
		return false
	}
	all := true
	for _, one := range list {
		data := slices.Concat([]byte("["), one, []byte("]"))
		all = merge(v, key, data) && all
	}
	return all
}

// mergeTime adds a time to a document, also one that is written without its offset
// or as a date alone; it is UTC then.
func mergeTime(v *osvschema.Vulnerability, key string, value json.RawMessage) bool {
	var text string
	if json.Unmarshal(value, &text) != nil {
		return false
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			data, _ := json.Marshal(t.UTC().Format(time.RFC3339Nano))
			return merge(v, key, data)
		}
	}
	return false
}
