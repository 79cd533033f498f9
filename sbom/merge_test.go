package sbom

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// firmware and application are two parts of a device that share a library.
func firmware() *BOM {
	return &BOM{
		Format: "CycloneDX", Version: "1.6", Name: "firmware", Authors: []string{"Jane Roe <jane@example.org>"}, Tools: []string{"builder 1.0"},
		Subject: &Component{Ref: "fw", Type: "firmware", Name: "pump-firmware", Version: "2.1"},
		Components: []Component{
			{Ref: "ssl", Type: "library", Name: "openssl", Version: "3.0.15", PURL: "pkg:deb/debian/openssl@3.0.15?distro=debian-12", Supplier: "Debian", Licences: []string{"Apache-2.0"},
				Hashes: []Hash{{"SHA-256", "aa"}}, Parent: -1, Line: 7, Scope: "optional"},
			{Ref: "box", Type: "library", Name: "busybox", Version: "1.36.1", Parent: -1, Line: 9},
			{Ref: "applet", Type: "library", Name: "udhcpc", Version: "1.36.1", Parent: 1, Line: 11},
		},
		Depends:    map[string][]string{"fw": {"ssl", "box"}, "ssl": {}, "box": {"nowhere"}},
		Aggregates: map[string]string{"": "complete"},
		Problems:   []Problem{{Line: 3, What: "something odd"}},
	}
}

func application() *BOM {
	return &BOM{
		Format: "SPDX", Version: "2.3", Name: "application",
		Subject: &Component{Ref: "box", Type: "application", Name: "pump-ui", Version: "4.0"},
		Components: []Component{
			{Ref: "box", Type: "application", Name: "pump-ui", Version: "4.0", Parent: -1},
			{Ref: "s", Name: "openssl", Version: "3.0.15", PURL: "pkg:deb/debian/openssl@3.0.15?distro=debian-12", Supplier: "Debian Project", Licences: []string{"Apache-2.0", "OpenSSL"},
				Hashes: []Hash{{"SHA-256", "BB"}, {"SHA-512", "cc"}}, CPEs: []string{"cpe:2.3:a:openssl:openssl:3.0.15:*:*:*:*:*:*:*"}, Parent: -1},
		},
		Depends: map[string][]string{"box": {"s"}},
	}
}

func TestMerge(t *testing.T) {
	got := Merge(firmware(), application())
	var names []string
	for _, c := range got.Components {
		names = append(names, c.Designation())
	}
	if want := []string{"pump-firmware 2.1", "openssl 3.0.15", "busybox 1.36.1", "udhcpc 1.36.1", "pump-ui 4.0"}; !slices.Equal(names, want) {
		t.Fatalf("components %q, want %q", names, want)
	}
	if got.Subject != nil || got.Format != "" || got.Name != "" {
		t.Errorf("the whole is not said by any part: %+v %q %q", got.Subject, got.Format, got.Name)
	}
	ssl := got.Components[1]
	if want := []Hash{{"SHA-256", "aa"}, {"SHA-256", "BB"}, {"SHA-512", "cc"}}; !slices.Equal(ssl.Hashes, want) {
		t.Errorf("hashes %v", ssl.Hashes)
	}
	if !slices.Equal(ssl.Licences, []string{"Apache-2.0", "OpenSSL"}) || len(ssl.CPEs) != 1 || ssl.Scope != "" || ssl.Supplier != "Debian" || ssl.Type != "library" || ssl.Line != 0 {
		t.Errorf("openssl is %+v", ssl)
	}
	if got.Components[3].Parent != 2 {
		t.Errorf("udhcpc stands in %d, want busybox", got.Components[3].Parent)
	}
	ui := got.Components[4].Ref
	want := map[string][]string{"fw": {"ssl", "box"}, "ssl": nil, "box": nil, ui: {"ssl"}}
	if ui == "box" || !reflect.DeepEqual(got.Depends, want) {
		t.Errorf("depends %v, want %v", got.Depends, want)
	}
	if want := map[string]string{"": "unknown"}; !reflect.DeepEqual(got.Aggregates, want) {
		t.Errorf("aggregates %v, want %v", got.Aggregates, want)
	}
	var problems []string
	for _, p := range got.Problems {
		problems = append(problems, p.What)
	}
	for _, want := range []string{
		"firmware: line 3: something odd",
		`openssl 3.0.15: supplier is "Debian" in one list and "Debian Project" in another; the first is kept`,
		"openssl 3.0.15: there are two values of SHA-256, aa and BB; both are kept",
		"firmware: 1 dependencies name components that are not in the list; they are left out",
	} {
		if !slices.Contains(problems, want) {
			t.Errorf("no problem %q in %q", want, problems)
		}
	}
	if len(problems) != 4 {
		t.Errorf("problems %q", problems)
	}
}

func TestMergeSameSubject(t *testing.T) {
	a, b := application(), application()
	got := Merge(a, b)
	if got.Subject == nil || got.Subject.Name != "pump-ui" || len(got.Components) != 1 || got.Components[0].Name != "openssl" {
		t.Fatalf("subject %v, components %v", got.Subject, got.Components)
	}
	if want := map[string][]string{"box": {got.Components[0].Ref}}; !reflect.DeepEqual(got.Depends, want) {
		t.Errorf("depends %v, want %v", got.Depends, want)
	}
	if len(got.Problems) > 0 {
		t.Errorf("problems %v", got.Problems)
	}
	if !reflect.DeepEqual(a, application()) {
		t.Error("the part was changed")
	}
}

// TestMergeCircle: components that stand in each other end.
func TestMergeCircle(t *testing.T) {
	b := &BOM{Components: []Component{{Ref: "a", Name: "a", Parent: 1}, {Ref: "b", Name: "b", Parent: 0}, {Ref: "c", Name: "c", Parent: 99}}}
	got := Merge(b)
	if len(got.Components) != 3 || got.Components[0].Name != "b" || got.Components[1].Parent != 0 || got.Components[2].Parent != -1 {
		t.Errorf("components %+v", got.Components)
	}
}

func TestMergeNone(t *testing.T) {
	if got := Merge(); len(got.Components) != 0 || got.Subject != nil {
		t.Errorf("merged of nothing: %+v", got)
	}
}

// anyBOM makes small lists with few names, so that they meet.
func anyBOM(t *rapid.T) *BOM {
	b := &BOM{Depends: map[string][]string{}}
	word := rapid.SampledFrom([]string{"", "a", "b", "c"})
	for i := range rapid.IntRange(0, 6).Draw(t, "components") {
		b.Components = append(b.Components, Component{
			Ref: word.Draw(t, "ref"), Name: word.Draw(t, "name"), Version: word.Draw(t, "version"), Supplier: word.Draw(t, "supplier"),
			Scope: rapid.SampledFrom([]string{"", "required", "optional", "excluded"}).Draw(t, "scope"), Parent: rapid.IntRange(-1, 6).Draw(t, "parent"), Line: i,
		})
		b.Depends[word.Draw(t, "from")] = []string{word.Draw(t, "to")}
	}
	if rapid.Bool().Draw(t, "has subject") {
		b.Subject = &Component{Ref: word.Draw(t, "ref"), Name: word.Draw(t, "name"), Parent: -1}
	}
	return b
}

// TestMergeAgain: a merged list merged with nothing or with itself is the same list.
func TestMergeAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := Merge(anyBOM(t), anyBOM(t))
		once.Problems = nil
		refs := map[string]bool{}
		for i, c := range once.Components {
			if c.Ref == "" || refs[c.Ref] || c.Parent >= len(once.Components) || c.Parent == i {
				t.Fatalf("component %d is %+v", i, c)
			}
			refs[c.Ref] = true
		}
		twice := Merge(once, once)
		twice.Problems = nil
		if !reflect.DeepEqual(once.Components, twice.Components) || !reflect.DeepEqual(once.Depends, twice.Depends) {
			t.Fatalf("merged with itself:\n%+v\n%+v", once, twice)
		}
	})
}

func TestWidestScope(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"optional", "required", "required"}, {"required", "excluded", "required"}, {"", "excluded", ""}, {"", "required", "required"}, {"odd", "", "odd"},
	} {
		if got := widest(c.a, c.b); got != c.want {
			t.Errorf("widest(%q, %q) = %q, want %q", c.a, c.b, got, c.want)
		}
	}
}

func TestManySameRefs(t *testing.T) {
	b := &BOM{}
	for i := range 20000 {
		b.Components = append(b.Components, Component{Ref: "x", Name: "n" + strings.Repeat("i", i%7), Version: string(rune('a' + i%1000)), Parent: -1})
	}
	got := Merge(b)
	refs := map[string]bool{}
	for _, c := range got.Components {
		refs[c.Ref] = true
	}
	if len(refs) != len(got.Components) || len(refs) != 7000 {
		t.Errorf("%d components have %d refs", len(got.Components), len(refs))
	}
}
