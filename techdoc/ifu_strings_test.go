package techdoc

import (
	"path/filepath"
	"slices"
	"testing"

	"theriac/locale"
)

func TestStrings(t *testing.T) {
	list, err := Strings(exampleBook(t, "infusion-pump").Input, locale.Blank("qaa"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Strings(exampleBook(t, "infusion-pump").Input, locale.Blank("qaa"))
	if err != nil || !slices.Equal(list, again) {
		t.Error("made twice, the list differs", err)
	}
	at := slices.IndexFunc(list, func(s locale.Needed) bool { return s.Context == "env-segment text" })
	if at < 0 {
		t.Fatal("env-segment text is not listed")
	}
	want := locale.Needed{
		Context: "env-segment text", Path: "operation.yaml", Line: list[at].Line,
		Text: "Connect pumps to a network segment of their own, which only the ward systems named in the data-flow matrix can reach.",
	}
	if list[at] != want || list[at].Line < 2 {
		t.Errorf("got %+v", list[at])
	}
	own := slices.IndexFunc(list, func(s locale.Needed) bool { return s.Context == "" })
	if own < 0 || slices.ContainsFunc(list[own:], func(s locale.Needed) bool { return s.Context != "" }) {
		t.Error("our own texts are not last")
	}
	for _, s := range list[:own] {
		if s.Path == "" || s.Line == 0 || filepath.IsAbs(s.Path) {
			t.Errorf("%s stands at %s:%d", s.Context, s.Path, s.Line)
		}
	}
}
