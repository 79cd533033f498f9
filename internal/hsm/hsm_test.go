package hsm

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const (
	someURI = "pkcs11:object=k?module-path=/m"
	signing = `{"version":1,"operation":"sign","uri":"` + someURI + `","pin":"1234","message":"bQ=="}`
)

func TestParseRequest(t *testing.T) {
	r, uri, err := ParseRequest([]byte(signing))
	want := &Request{Version: 1, Operation: Sign, URI: someURI, PIN: "1234", Message: []byte("m")}
	if err != nil || !reflect.DeepEqual(r, want) || uri.Object != "k" {
		t.Errorf("%+v, %+v, %v", r, uri, err)
	}
	for old, change := range map[string][2]string{
		`"version":1`:        {`"version":2`, "version 2"},
		`"operation":"sign"`: {`"operation":"erase"`, `"erase"`},
		`"sign"`:             {`"list"`, "takes no message"},
		`"bQ=="`:             {`""`, "no message"},
		`bQ==`:               {`bQ=`, "message"},
		`"pin":"1234",`:      {`"pin":"` + strings.Repeat("1", maxPIN+1) + `",`, "longer than 256"},
		`"pin"`:              {`"PIN"`, "PIN"},
		someURI:              {"pkcs11:?pin-value=1", "pin-value"},
		`"}`:                 {`","more":1}`, "more"},
		`}`:                  {`} {}`, "read the request"},
		`{`:                  {``, "read the request"},
		`1234`:               {strings.Repeat(" ", MaxRequest), "longer than 2097152"},
	} {
		text := strings.Replace(signing, old, change[0], 1)
		if text == signing {
			t.Errorf("%s is not in the request", old)
		}
		if r, _, err := ParseRequest([]byte(text)); err == nil || r != nil || !strings.Contains(err.Error(), change[1]) {
			t.Errorf("%.100s: %v, want %q", text, err, change[1])
		}
	}
	for n := range signing {
		if _, _, err := ParseRequest([]byte(signing[:n])); err == nil {
			t.Errorf("cut off after %d bytes: no error", n)
		}
	}
}

func TestMessageLimit(t *testing.T) {
	for n, ok := range map[int]bool{1: true, MaxMessage: true, MaxMessage + 1: false} {
		text, err := Marshal(Request{Version: Version, Operation: Sign, URI: someURI, Message: make([]byte, n)})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := ParseRequest(text); (err == nil) != ok {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestParseAnswer(t *testing.T) {
	yes := true
	answer := &Answer{Version: Version, Signature: []byte("s"), Tokens: []Token{{Slot: 7, Label: "t", Keys: []Key{{ID: "01", Local: &yes}}}}}
	text, err := Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ParseAnswer(text); err != nil || !reflect.DeepEqual(got, answer) {
		t.Errorf("%s is read as %+v, %v", text, got, err)
	}
	got, err := ParseAnswer([]byte(`{"version":1,"error":{"code":"wrong-pin","message":"the PIN is wrong"},"token":{"slot":1,"label":"t","serial":"","manufacturer":"","model":"","login":"pin"}}`))
	if !Is(err, WrongPIN) || got.Token.Label != "t" || err.Error() != "the PIN is wrong" {
		t.Errorf("%+v, %v", got, err)
	}
	for text, words := range map[string]string{
		``:                                   "read the answer",
		`{"version":2}`:                      "version 2",
		`{"version":1,"more":1}`:             "more",
		strings.Repeat(" ", MaxAnswer) + `{`: "longer than",
	} {
		if got, err := ParseAnswer([]byte(text)); err == nil || got != nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%.50s: %+v, %v", text, got, err)
		}
	}
}

func TestIs(t *testing.T) {
	err := fmt.Errorf("sign: %w", Failf(NoKey, "no key %q", "k"))
	if !Is(err, NoKey) || Is(err, NoToken) || Is(errors.New("no-key"), NoKey) || Is(nil, NoKey) {
		t.Errorf("%v", err)
	}
}

// FuzzParseRequest checks that a request that is read keeps the limits, and is
// read the same when written again.
func FuzzParseRequest(f *testing.F) {
	f.Add([]byte(signing))
	f.Add([]byte(`{"version":1,"operation":"list","uri":"pkcs11:?module-path=/m"}`))
	f.Add([]byte(`{"version":1,"operation":"public"`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, uri, err := ParseRequest(text)
		if err != nil {
			return
		}
		if len(r.Message) > MaxMessage || (r.Operation == Sign) != (len(r.Message) > 0) || uri.ModulePath == "" {
			t.Errorf("%q is read as %+v", text, r)
		}
		again, err := Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := ParseRequest(again)
		if err != nil || got.URI != r.URI || got.PIN != r.PIN || !bytes.Equal(got.Message, r.Message) {
			t.Errorf("%q is written as %q: %v", text, again, err)
		}
	})
}
