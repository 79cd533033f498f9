package approval

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"theriac/model"
)

// TestContent holds what somebody sees who approves each kind, and that each change
// of it is seen.
func TestContent(t *testing.T) {
	const pdf = "docs/plan.pdf"
	for name, c := range map[string]struct {
		target  string
		has     []string // paths
		not     []string
		edit    []string
		files   func(fstest.MapFS)
		changes string // paths that changed by the edit
	}{
		"document":             {"doc-plan", []string{"number", "file", DocumentDigest}, []string{"status"}, []string{"number: D-1", "number: D-7"}, nil, "number"},
		"document, status":     {"doc-plan", nil, nil, []string{"status: approved", "status: obsolete"}, nil, ""},
		"document, its file":   {"doc-plan", nil, nil, nil, func(m fstest.MapFS) { m[pdf] = &fstest.MapFile{Data: []byte("other")} }, DocumentDigest},
		"document, file gone":  {"doc-plan", nil, nil, nil, func(m fstest.MapFS) { delete(m, pdf) }, DocumentDigest},
		"document elsewhere":   {"doc-draft", nil, []string{DocumentDigest}, nil, nil, ""},
		"other document":       {"doc-plan", nil, nil, []string{"number: D-2", "number: D-7"}, nil, ""},
		"risk":                 {"rk-accepted", []string{"acceptance.by", "threats th-use", "controls ct-lock", "harms hm-delay"}, nil, []string{"reason: Little", "reason: Nothing"}, nil, "acceptance.reason"},
		"risk, its threat":     {"rk-accepted", nil, nil, []string{"category: spoofing, targets: [app-ui]", "category: tampering, targets: [app-ui]"}, nil, "threats th-use"},
		"risk, its control":    {"rk-accepted", nil, nil, []string{"priority: design", "priority: protective"}, nil, "controls ct-lock"},
		"risk, its harm":       {"rk-accepted", nil, nil, []string{"{title: Delay, severity: serious}", "{title: Delay, severity: minor}"}, nil, "harms hm-delay"},
		"risk, a control less": {"rk-accepted", nil, nil, []string{"    controls: [ct-lock]\n", ""}, nil, "controls controls ct-lock"},
		"waiver":               {"wv-lock", []string{"code", "reason", "owner", "expires"}, nil, []string{"expires: 2027-06-01", "expires: 2028-06-01"}, nil, "expires"},
		"release":              {"rel-1", []string{"version", ReleaseDigest, "evidence 1.0.0/sbom-1.json"}, nil, []string{"digest: \"sha256:1", "digest: \"sha256:2"}, nil, "artefacts.0.digest"},
		"release, baseline":    {"rel-1", nil, nil, nil, func(m fstest.MapFS) { m["baselines/first.zip"] = &fstest.MapFile{Data: []byte("x")} }, ReleaseDigest},
		"release, none of it":  {"rel-1", nil, nil, nil, func(m fstest.MapFS) { delete(m, "baselines/first.zip") }, ReleaseDigest},
		"release, evidence":    {"rel-1", nil, nil, nil, func(m fstest.MapFS) { delete(m, "evidence/1.0.0/sbom-1.json") }, "evidence 1.0.0/sbom-1.json"},
		"release, more of it":  {"rel-1", nil, nil, nil, func(m fstest.MapFS) { m["evidence/1.0.0/sbom-2.json"] = m["evidence/1.0.0/sbom-1.json"] }, ""},
		"release, other bytes": {"rel-1", nil, nil, nil, func(m fstest.MapFS) { m["evidence/1.0.0/sbom-1.json"] = &fstest.MapFile{Data: []byte("[]")} }, "evidence 1.0.0/sbom-1.json"},
		"release, no baseline": {"rel-2", nil, []string{ReleaseDigest}, nil, nil, ""},
		"case":                 {"case-stop", []string{"field-action.users", "decisions vx-stack", "risks rk-accepted", "harms hm-delay", "release rel-2"}, []string{"steps.0.step", "closed", "outcome", "reporting.0.duty"}, []string{"users: Stay.", "users: Leave."}, nil, "field-action.users"},
		"case, its record":     {"case-stop", nil, nil, []string{"steps: [{step: assessed", "steps: [{step: note, at: 2026-02-01T09:30:00Z}, {step: assessed"}, nil, ""},
		"case, its end":        {"case-stop", nil, nil, []string{"    severity: high\n", "    severity: high\n    closed: 2026-03-01T09:00:00Z\n    outcome: Done.\n"}, nil, ""},
		"case, its decision":   {"case-stop", nil, nil, []string{"action: Unplug it.", "action: Burn it."}, nil, "decisions vx-stack"},
		"case, its harm":       {"case-stop", nil, nil, []string{"{title: Delay, severity: serious}", "{title: Delay, severity: minor}"}, nil, "harms hm-delay"},
		"case, a release out":  {"case-stop", nil, nil, []string{"version: 2.0.0}", "version: 2.0.0, date: 2026-03-01}"}, nil, "release rel-2"},
		"baseline":             {"second", []string{BaselineDigest}, nil, nil, func(m fstest.MapFS) { m["baselines/second.zip"] = &fstest.MapFile{Data: []byte("x")} }, BaselineDigest},
		"roster":               {"roster", []string{"signer", "quality keys.0.public", "policy evidence.signers.0.roles.0", "policy approvals.0.of"}, nil, []string{"roles: [Quality, Spare]", "roles: [Quality, Other]"}, nil, "quality roles.1"},
		"roster, one more":     {"roster", nil, nil, []string{"signers:\n  quality", "signers:\n  extra: {title: Extra, type: person, roles: [Risk], keys: [{public: \"KEY development\"}]}\n  quality"}, nil, "*"},
		"roster, policy":       {"roster", nil, nil, []string{"{of: roster, meaning: approved, roles: [Root]}", "{of: roster, meaning: approved, roles: [Quality]}"}, nil, "policy approvals.6.roles.0"},
		"roster, until":        {"roster", nil, nil, []string{", until: 2026-12-31", ""}, nil, "regulatory keys.0.until"},
	} {
		t.Run(name, func(t *testing.T) {
			before := newScene(t)
			was := before.content(before.target(c.target))
			for _, want := range c.has {
				if !slices.ContainsFunc(was, func(l Line) bool { return l.Path == want }) {
					t.Errorf("there is no %q in %v", want, was)
				}
			}
			for _, no := range c.not {
				if slices.ContainsFunc(was, func(l Line) bool { return l.Path == no }) {
					t.Errorf("there is %q in %v", no, was)
				}
			}
			after := newScene(t, c.edit...)
			if c.files != nil {
				c.files(after.files)
			}
			is := after.content(after.target(c.target))
			var paths []string
			for _, x := range Changes(was, is) {
				paths = append(paths, x.Path)
			}
			if got := strings.Join(paths, " "); got != c.changes && (c.changes != "*" || got == "") {
				t.Errorf("changed %q, want %q", got, c.changes)
			}
			of, id := before.target(c.target).Of, before.target(c.target).ID
			if same := Digest(of, id, was) == Digest(of, id, is); same != (c.changes == "" && len(was) == len(is)) {
				t.Errorf("digest the same: %t", same)
			}
			if again := before.content(before.target(c.target)); !slices.Equal(again, was) {
				t.Errorf("not the same twice: %v %v", was, again)
			}
		})
	}
}

// TestContentErrors: what is there and cannot be read is no content.
func TestContentErrors(t *testing.T) {
	s := newScene(t)
	document, baseline := s.target("doc-plan"), s.target("first")
	delete(s.files, "baselines/first.zip")
	if _, err := Content(s.file, s.files, baseline); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("baseline that is gone: %v", err)
	}
	s.files["docs/plan.pdf"] = &fstest.MapFile{Mode: fs.ModeDir}
	if lines, err := Content(s.file, s.files, document); err == nil {
		t.Errorf("document that is a folder: %v", lines)
	}
	if _, err := Needs(s.file, &Store{}, s.files); err == nil {
		t.Error("the needs were compared all the same")
	}
}

func TestDigest(t *testing.T) {
	content := []Line{{"a", "bc"}, {"d", ""}}
	all := map[string]bool{}
	for _, d := range []string{
		Digest("risks", "x", content), Digest("waivers", "x", content), Digest("risks", "y", content), Digest("risks", "x", content[:1]),
		Digest("risks", "x", []Line{{"ab", "c"}, {"d", ""}}), Digest("risks", "x", []Line{{"d", ""}, {"a", "bc"}}), Digest("risks", "x", nil),
	} {
		if len(d) != 64 || all[d] {
			t.Errorf("%s, or twice", d)
		}
		all[d] = true
	}
}

func TestChanges(t *testing.T) {
	digest := strings.Repeat("0a", 32)
	for name, c := range map[string]struct {
		was, is []Line
		want    []Change
	}{
		"none":               {[]Line{{"a", "1"}}, []Line{{"a", "1"}}, nil},
		"changed":            {[]Line{{"a", "1"}, {"b", "2"}}, []Line{{"a", "1"}, {"b", "3"}}, []Change{{"b", "2", "3"}}},
		"gone":               {[]Line{{"a", "1"}, {"b", "2"}}, []Line{{"b", "2"}}, []Change{{"a", "1", ""}}},
		"new":                {[]Line{{"a", "1"}}, []Line{{"b", "2"}, {"a", "1"}}, []Change{{"b", "", "2"}}},
		"member of a set":    {[]Line{{"s", "1"}, {"s", "2"}}, []Line{{"s", "1"}, {"s", "2"}, {"s", "3"}}, []Change{{"s", "1, 2", "1, 2, 3"}}},
		"set of one":         {[]Line{{"s", "1"}, {"s", "2"}}, []Line{{"s", "1, 2"}}, []Change{{"s", "1, 2", "1, 2"}}},
		"empty value gone":   {[]Line{{"a", ""}}, nil, []Change{{"a", "", ""}}},
		"empty value twice":  {[]Line{{"a", ""}, {"a", ""}}, []Line{{"a", ""}}, []Change{{"a", ", ", ""}}},
		"evidence came":      {nil, []Line{{"evidence 1/a.json", digest}}, nil},
		"evidence went":      {[]Line{{"evidence 1/a.json", digest}}, nil, []Change{{"evidence 1/a.json", digest, ""}}},
		"evidence altered":   {[]Line{{"evidence 1/a.json", "signed"}}, []Line{{"evidence 1/a.json", digest}}, []Change{{"evidence 1/a.json", "signed", digest}}},
		"signer of the name": {nil, []Line{{"evidence keys[1].public", "PEM"}}, []Change{{"evidence keys[1].public", "", "PEM"}}},
	} {
		if got := Changes(c.was, c.is); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestFind: what a name means, and which of several meanings wins.
func TestFind(t *testing.T) {
	for name, want := range map[string]string{
		"doc-plan": "documents doc-plan", "rk-open": "risks rk-open", "wv-lock": "waivers wv-lock", "rel-2": "releases rel-2", "2.0.0": "releases rel-2",
		"first": "baselines first", "roster": "roster roster",
	} {
		s := newScene(t)
		if got := s.target(name); string(got.Of)+" "+got.ID != want {
			t.Errorf("%s: %s %s, want %s", name, got.Of, got.ID, want)
		}
	}
	s := newScene(t, "version: 2.0.0", "version: rel-1")
	for _, name := range []string{"rel-2", "doc-plan", "1.0.0"} {
		s.files["baselines/"+name+".zip"] = &fstest.MapFile{}
	}
	for name, want := range map[string]string{"rel-1": "releases rel-1", "rel-2": "releases rel-2", "doc-plan": "documents doc-plan", "1.0.0": "releases rel-1"} {
		if got := s.target(name); string(got.Of)+" "+got.ID != want {
			t.Errorf("ambiguous %s: %s %s, want %s", name, got.Of, got.ID, want)
		}
	}
	for name, says := range map[string]string{"doc-pln": `did you mean "doc-plan"?`, "ct-lock": "is no document, risk, waiver, decision, case, release or baseline of the security file, nor roster", "": "is no document"} {
		if got, err := Find(s.file, s.files, name); err == nil || !strings.Contains(err.Error(), says) || got != (Target{}) {
			t.Errorf("%q: %v %v", name, got, err)
		}
	}
	empty := &model.File{}
	if _, err := Find(empty, fstest.MapFS{}, RosterID); err == nil {
		t.Error("a file without signers has a roster")
	}
}

func TestTargetString(t *testing.T) {
	s := newScene(t)
	for name, want := range map[string]string{"roster": "the roster", "first": "baseline first", "doc-plan": "document doc-plan", "rel-1": "release rel-1"} {
		if got := s.target(name).String(); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
