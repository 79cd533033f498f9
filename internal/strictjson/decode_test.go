package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

type word string

func (w *word) UnmarshalText(text []byte) error {
	if strings.ContainsAny(string(text), " \x00") {
		return errors.New("no single word")
	}
	*w = word(text)
	return nil
}

type head struct {
	Release string    `json:"release"`
	When    time.Time `json:"when,omitzero"`
}

type result struct {
	Item   string   `json:"item"`
	Passed int      `json:"passed"`
	Notes  []string `json:"notes,omitempty"`
}

// all holds every sort of value that can be read.
type all struct {
	head
	Results []result          `json:"results"`
	Fields  map[string]string `json:"fields"`
	Counts  map[word2]int     `json:"counts"`
	Next    *all              `json:"next"`
	Small   int8              `json:"small"`
	Size    uint32            `json:"size"`
	Share   float64           `json:"share"`
	Yes     bool              `json:"yes"`
	Bytes   []byte            `json:"bytes"`
	Raw     json.RawMessage   `json:"raw"`
	Any     any               `json:"any"`
	Word    word              `json:"word"`
	Plain   string
	hidden  string
	Gone    string `json:"-"`
}

type word2 string

func TestDecodeReads(t *testing.T) {
	text := ` { "release" : "1.4.0", "when":"2026-11-22T08:00:00Z",
	"results":[{"item":"vf-a","passed":12},{"item":"\u00e4\n\ud83d\ude00\/ü","passed":-1,"notes":["a",""]}],
	"fields":{"a":"b","A":"c"}, "counts":{}, "next":{"release":"x","next":null},
	"small":-128, "size":4294967295, "share":-0.5e-1, "yes":true, "bytes":"AP8=",
	"raw": {"k":[1, 2]}, "any":[null,{"x":1.5}], "word":"one", "Plain":""}` + "\n"
	var got, want all
	if err := Decode([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got.Results[1].Item != "ä\n😀/ü" || got.Next.Release != "x" || got.hidden != "" {
		t.Errorf("got %+v", got)
	}
}

func TestDecodeRefuses(t *testing.T) {
	deep := strings.Repeat(`{"next":`, MaxDepth) + `{}` + strings.Repeat(`}`, MaxDepth)
	for _, c := range []struct{ name, text, path, reason string }{
		{"nothing", ``, "", "want an object, found the end"},
		{"two values", `{} {}`, "", "more text behind the value"},
		{"mark", "\ufeff{}", "", "want an object, found something else"},
		{"unknown", `{"releases":""}`, "", `unknown field "releases"`},
		{"unknown below", `{"results":[{},{"items":""}]}`, "results[1]", `unknown field "items"`},
		{"hidden", `{"hidden":""}`, "", `unknown field "hidden"`},
		{"left out", `{"Gone":""}`, "", `unknown field "Gone"`},
		{"case", `{"Release":""}`, "", `field "Release" is written "release"`},
		{"case, folded", `{"re\u017fults":[]}`, "", `field "re\u017fults" is written "results"`},
		{"twice", `{"release":"a","release":"b"}`, "release", "stands here twice"},
		{"twice, escaped", `{"release":"a","\u0072elease":"b"}`, "release", "stands here twice"},
		{"twice in a map", `{"fields":{"a b":"","a b":""}}`, `fields["a b"]`, "stands here twice"},
		{"twice in raw", `{"raw":[{"a":{"b":1,"b":1}}]}`, "raw[0].a.b", "stands here twice"},
		{"twice in any", `{"any":{"b":1,"b":1}}`, "any.b", "stands here twice"},
		{"type", `{"results":[{"item":"a"},{"item":"b"},{"item":3}]}`, "results[2].item", "want a string, found a number"},
		{"list for object", `{"next":{"next":[]}}`, "next.next", "want an object, found a list"},
		{"object for list", `{"results":{}}`, "results", "want a list, found an object"},
		{"string for answer", `{"yes":"true"}`, "yes", "want true or false, found a string"},
		{"null text", `{"release":null}`, "release", "want a string, found null"},
		{"null number", `{"size":null}`, "size", "want a number, found null"},
		{"null time", `{"when":null}`, "when", "want a value, found null"},
		{"null item", `{"results":[null]}`, "results[0]", "want an object, found null"},
		{"fraction", `{"size":1.0}`, "size", "the number does not fit"},
		{"exponent", `{"size":1e3}`, "size", "the number does not fit"},
		{"negative", `{"size":-1}`, "size", "the number does not fit"},
		{"large", `{"small":128}`, "small", "the number does not fit"},
		{"infinite", `{"share":1e400}`, "share", "the number does not fit"},
		{"zero in front", `{"size":01}`, "", "want a comma or '}', found a number"},
		{"plus", `{"size":+1}`, "size", "want a number, found something else"},
		{"no digit", `{"size":-}`, "size", "no digit behind the sign"},
		{"point", `{"share":1.}`, "share", "no digit behind the point"},
		{"no exponent", `{"share":1e}`, "share", "no digit in the exponent"},
		{"comma behind", `{"yes":true,}`, "", "want a key"},
		{"comma behind item", `{"results":[{},]}`, "results[1]", "want an object"},
		{"no comma", `{"results":[{}{}]}`, "results", "want a comma or ']', found an object"},
		{"no colon", `{"yes" true}`, "yes", "no colon"},
		{"word", `{"yes":truee}`, "", "want a comma"},
		{"invalid UTF-8", "{\"release\":\"\xff\"}", "release", "not valid UTF-8"},
		{"invalid UTF-8, escapes", "{\"release\":\"\\n\xc3\"}", "release", "not valid UTF-8"},
		{"encoded surrogate", "{\"release\":\"\xed\xa0\x80\"}", "release", "not valid UTF-8"},
		{"invalid key", "{\"fields\":{\"\xff\":\"\"}}", "fields", "not valid UTF-8"},
		{"half a pair", `{"release":"\ud83d"}`, "release", "no valid escape"},
		{"other half", `{"release":"\ude00\ud83d"}`, "release", "no valid escape"},
		{"escape", `{"release":"\x41"}`, "release", "no valid escape"},
		{"short escape", `{"release":"\u00`, "release", "no valid escape"},
		{"control", "{\"release\":\"a\nb\"}", "release", "control character 0x0a"},
		{"control behind escape", "{\"release\":\"\\n\x00\"}", "release", "control character 0x00"},
		{"no end", `{"release":"a`, "release", "string has no end"},
		{"no end behind escape", `{"release":"a\n`, "release", "string has no end"},
		{"cut off", `{"release":"a"`, "", "want a comma or '}', found the end"},
		{"base64, bits", `{"bytes":"AP9="}`, "bytes", "canonical"},
		{"base64, padding", `{"bytes":"AP8"}`, "bytes", "canonical"},
		{"base64, URL", `{"bytes":"_-__"}`, "bytes", "canonical"},
		{"base64, line break", `{"bytes":"AP\n8="}`, "bytes", "canonical"},
		{"own text", `{"word":"two words"}`, "word", "no single word"},
		{"time", `{"when":"yesterday"}`, "when", "parsing time"},
		{"raw form", `{"raw":[1,}`, "raw[1]", "want a value"},
		{"deep", deep, strings.TrimSuffix(strings.Repeat("next.", MaxDepth), "."), "more than 64 values"},
		{"comment", `{/**/}`, "", "want a key"},
		{"key that does not print", `{"fields":{"\u001b[31m":1}}`, `fields["\x1b[31m"]`, "want a string"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := all{head: head{Release: "before"}}
			err := Decode([]byte(c.text), &got)
			e, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("accepted, or another error: %v", err)
			}
			if e.Path != c.path || !strings.Contains(e.Reason, c.reason) {
				t.Errorf("got %q: %q", e.Path, e.Reason)
			}
			if e.Offset > len(c.text) {
				t.Errorf("byte %d is behind the text", e.Offset)
			}
			if !reflect.ValueOf(got).IsZero() {
				t.Errorf("something was left: %+v", got)
			}
		})
	}
}

func TestDepth(t *testing.T) {
	for _, c := range []struct {
		depth int
		ok    bool
	}{{MaxDepth, true}, {MaxDepth + 1, false}, {1 << 20, false}} {
		var raw json.RawMessage
		err := Decode([]byte(strings.Repeat("[", c.depth)+strings.Repeat("]", c.depth)), &raw)
		if (err == nil) != c.ok {
			t.Errorf("%d: %v", c.depth, err)
		}
	}
}

func TestErrorText(t *testing.T) {
	var v struct {
		Predicate struct {
			Results []result `json:"results"`
		} `json:"predicate"`
	}
	err := Decode([]byte(`{"predicate":{"results":[{},{},{"item":true}]}}`), &v)
	if want := "predicate.results[2].item: want a string, found true or false (byte 39)"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if err = Decode([]byte(`[]x`), &[]int{}); err == nil || err.Error() != "more text behind the value (byte 2)" {
		t.Errorf("got %v", err)
	}
	if err = Decode([]byte(`{"`+strings.Repeat("k", 1000)+`":1}`), &v); err == nil || len(err.Error()) > 200 {
		t.Errorf("got %v", err)
	}
}

// TestInputKept: what is read does not share memory with the text.
func TestInputKept(t *testing.T) {
	text := []byte(`{"release":"1.4.0","fields":{"k":"v"},"bytes":"AAAA","raw":[1]}`)
	var got, want all
	if err := errors.Join(Decode(text, &got), Decode(bytes.Clone(text), &want)); err != nil {
		t.Fatal(err)
	}
	clear(text)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestTypesOfTheProgram(t *testing.T) {
	field := reflect.StructField{Name: "A", Type: reflect.TypeFor[string](), Tag: `json:"a"`}
	again := field
	again.Name = "B"
	twice := reflect.New(reflect.StructOf([]reflect.StructField{field, again})).Interface()
	for _, v := range []any{all{}, (*all)(nil), new([2]int), new(chan int), new(map[int]string), new(map[word]string), twice,
		new(struct{ *head }), new(struct {
			N int `json:",string"`
		})} {
		t.Run(fmt.Sprintf("%T", v), func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			_ = Decode([]byte(`{}`), v)
		})
	}
}

// TestRoundTrip: what encoding/json writes is read as it was.
func TestRoundTrip(t *testing.T) {
	text := rapid.String()
	rapid.Check(t, func(t *rapid.T) {
		want := all{
			head: head{Release: text.Draw(t, "release"), When: time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "when"), 0).UTC()},
			Results: rapid.SliceOf(rapid.Custom(func(t *rapid.T) result {
				return result{text.Draw(t, "item"), rapid.Int().Draw(t, "passed"), rapid.SliceOfN(text, 1, 3).Draw(t, "notes")}
			})).Draw(t, "results"),
			Fields: rapid.MapOf(text, text).Draw(t, "fields"),
			Small:  rapid.Int8().Draw(t, "small"), Size: rapid.Uint32().Draw(t, "size"),
			Share: rapid.Float64().Draw(t, "share"), Yes: rapid.Bool().Draw(t, "yes"),
			Bytes: rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"), Raw: json.RawMessage(`null`),
		}
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got all
		if err := Decode(data, &got); err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	})
}

// FuzzDecode compares with encoding/json: what is read here is read there with
// the same result; what is refused here only is refused for one of the reasons
// of the package.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"release":"1","results":[{"item":"a\u0041","passed":1}],"fields":{"a":"b"}}`, `{"next":{"next":{"bytes":"AAA="}}}`,
		`{"raw":{"a":[1,2.5e3,null,true]},"any":[[]],"small":-1}`, `{"release":"\ud83d\ude00"}`, `{"Release":1}`, `{"when":"2026-11-22T08:00:00Z"}`,
		`{"a":1,"a":2}`, `[`, `{"word":"x","share":0.1,"size":1,"yes":false,"counts":{"x":1}}`, "{\"release\":\"\xff\"}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var ours, theirs all
		err := Decode(data, &ours)
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.DisallowUnknownFields()
		other := dec.Decode(&theirs)
		if err == nil && (other != nil || !reflect.DeepEqual(ours, theirs)) {
			t.Fatalf("read as\n%+v\nand by encoding/json as\n%+v\n%v", ours, theirs, other)
		}
		if err != nil && !utf8.ValidString(err.Error()) {
			t.Fatalf("error is no text: %q", err)
		}
		if err != nil && other == nil && json.Valid(data) && !restricted(err.Error()) {
			t.Fatalf("refused here only: %v", err)
		}
	})
}

func restricted(reason string) bool {
	for _, r := range []string{"twice", "is written", "UTF-8", "no valid escape", "found null", "canonical", "more than 64", "want a value"} {
		if strings.Contains(reason, r) {
			return true
		}
	}
	return false
}

// FuzzRaw: the check without a type accepts exactly what is JSON and keeps the
// restrictions.
func FuzzRaw(f *testing.F) {
	f.Add([]byte(`{"a":[1,-0.5E+1,"\n",null,true,false,{}]}`))
	f.Add([]byte("[\"\x7f\u2028\"]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var raw json.RawMessage
		err := Decode(data, &raw)
		if err == nil && (!json.Valid(data) || !utf8.Valid(data) || !bytes.Equal(raw, bytes.Trim(data, " \t\r\n"))) {
			t.Fatalf("accepted %q as %q", data, raw)
		}
		if err != nil && json.Valid(data) && !restricted(err.Error()) {
			t.Fatalf("refused: %v", err)
		}
	})
}

// TestPlain compares with looking at one byte at a time.
func TestPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.OneOf(rapid.Byte(), rapid.ByteRange('!', '#'), rapid.ByteRange('[', ']'), rapid.ByteRange(0x1e, 0x21)), 0, 40).Draw(t, "data")
		want := 0
		for want < len(data) && data[want] >= ' ' && data[want] < 0x80 && data[want] != '"' && data[want] != '\\' {
			want++
		}
		if got := plain(data, 0); got != want {
			t.Fatalf("got %d, want %d", got, want)
		}
	})
}

// statement is of the size and shape of a piece of evidence.
func statement() []byte {
	return []byte(`{"release":"1.4.0","when":"2026-11-22T08:00:00Z","results":[` +
		strings.Repeat(`{"item":"vf-hl7-forgery","passed":12,"notes":["TestForgery/unsigned order","a title of some length"]},`, 20) +
		`{"item":"vf-b","passed":1}],"fields":{` + strings.Repeat(` `, 8) + `"title":"01234567","medium":"89abcdef"},"next":{"results":[` +
		strings.Repeat(`{"item":"f883be775f71365e7e430333ceaf911d","passed":0},`, 12) + `{"item":"x","passed":0}]}}`)
}

func BenchmarkDecode(b *testing.B) {
	data := statement()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var v all
		if err := Decode(data, &v); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStandard is the same by encoding/json, without the checks.
func BenchmarkStandard(b *testing.B) {
	data := statement()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var v all
		if err := json.Unmarshal(data, &v); err != nil {
			b.Fatal(err)
		}
	}
}
