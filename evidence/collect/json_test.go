package collect

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

func TestDecodeJSONRefuses(t *testing.T) {
	for name, c := range map[string]struct{ input, want string }{
		"nothing":          {"", "the input is empty"},
		"blanks":           {" \n\t", "the input is empty"},
		"text":             {"\nhello", "line 2: not JSON: invalid character 'h' looking for beginning of value"},
		"cut in a text":    {"{\"a\":\n\"b", "line 2: the input ends in the middle of a JSON value"},
		"cut in an object": {"{\"a\":\n1", "line 2: the input ends in the middle of a JSON value"},
		"two values":       {"{}\n\n{}", "line 3: something follows the JSON value"},
		"name twice":       {"{\"a\":1,\n\"b\":{\"a\":2},\n\"a\":3}", "line 3: the member \"a\" stands twice in one object"},
		"wrong type":       {"{\n\"a\":\n\"text\"}", "line 3: a is a JSON string, which does not belong there"},
		"wrong value":      {"[1]", "line 1: the value is a JSON array, which does not belong there"},
		"too deep":         {strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1), "line 1: the values are nested more than " + strconv.Itoa(maxDepth) + " deep"},
		"UTF-16":           {"\xff\xfe{\x00}\x00", "line 1: not JSON: invalid character 'ÿ' looking for beginning of value"},
	} {
		t.Run(name, func(t *testing.T) {
			var v struct {
				A int `json:"a"`
			}
			err := decodeJSON([]byte(c.input), &v)
			if _, ok := err.(*Malformed); !ok || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestDecodeJSONAccepts(t *testing.T) {
	for name, input := range map[string]string{
		"plain":                   `{"a":7}`,
		"mark of the byte order":  "\ufeff{\"a\":7}",
		"blanks around":           "\n {\"a\":7}\n",
		"the same name elsewhere": `{"b":{"a":1},"c":[{"a":2},{"a":3}],"a":7}`,
		"as deep as allowed":      `{"a":7,"b":` + strings.Repeat("[", maxDepth-1) + strings.Repeat("]", maxDepth-1) + `}`,
	} {
		var v struct {
			A int `json:"a"`
		}
		if err := decodeJSON([]byte(input), &v); err != nil || v.A != 7 {
			t.Errorf("%s: got %d, %v", name, v.A, err)
		}
	}
}

func TestEachJSONGivesLines(t *testing.T) {
	var lines []int
	var values []string
	err := eachJSON([]byte("{\"a\":\n1}\n\n[2]\n3"), func(line int, value json.RawMessage) error {
		lines, values = append(lines, line), append(values, string(value))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(values, " "); got != "{\"a\":\n1} [2] 3" {
		t.Errorf("values %q", got)
	}
	if len(lines) != 3 || lines[0] != 1 || lines[1] != 4 || lines[2] != 5 {
		t.Errorf("lines %v", lines)
	}
}

func TestHeadOf(t *testing.T) {
	h := headOf([]byte(`{"version":"2.1","runs":[{"tool":{}}],"list":[{"cut":"of`))
	if h.List || !h.has("version", "runs", "list") || h.has("tool") || h.Members["version"] != "2.1" {
		t.Errorf("object: %+v", h)
	}
	if h := headOf([]byte(`[{"id":"a"},{"other":1}]`)); !h.List || !h.has("id") || h.has("other") {
		t.Errorf("list: %+v", h)
	}
	if h := headOf([]byte("<xml/>")); len(h.Members) > 0 {
		t.Errorf("XML: %+v", h)
	}
}

func FuzzDecodeJSON(f *testing.F) {
	f.Add([]byte(`{"a":[1,"b",null,{"c":true}]}`))
	f.Add([]byte("{}\n{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v any
		if err := decodeJSON(data, &v); err != nil {
			if _, ok := err.(*Malformed); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if !json.Valid(data[bomLength(data):]) {
			t.Fatalf("accepted what is not JSON: %q", data)
		}
	})
}
