package techdoc

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"theriac/document"
	"theriac/model"
)

// TestMDS2Document: each question has a row with its answer and source, what is open is
// listed, and the counts are those of the rows.
func TestMDS2Document(t *testing.T) {
	for _, name := range []string{"infusion-pump", "pcr-analyser", "broken"} {
		d := exampleDisclosure(t, name)
		doc := &document.Document{Name: mds2Name, Lang: "en", Sections: d.document()}
		rows, open := map[string]document.Row{}, 0
		for _, s := range mds2().Sections {
			section := doc.Section(strings.ToLower(s.Code))
			if section == nil {
				t.Fatalf("%s: section %s is missing", name, s.Code)
			}
			for _, r := range rowsOf(section) {
				if _, twice := rows[r.ID]; twice {
					t.Errorf("%s: row %s is there twice", name, r.ID)
				}
				rows[r.ID] = r
				if r.Source.Clause != mds2Clause(s) || r.Source.Entity == "" || r.Source.Line == 0 {
					t.Errorf("%s: source of %s: %+v", name, r.ID, r.Source)
				}
			}
			for _, q := range s.Questions {
				r := rows[mds2Anchor(q.ID)]
				if len(r.Cells) == 0 || r.Cells[0].String() != q.ID || r.Cells[1].String() != q.Ask {
					t.Fatalf("%s: %s has no row", name, q.ID)
				}
				if d.answer(s, q).Missing != "" {
					open++
				}
				if answer := r.Cells[2].String(); !q.Text && !slices.Contains([]string{"Yes", "No", "N/A", "See notes", "Not stated"}, answer) {
					t.Errorf("%s: %s is answered %q", name, q.ID, answer)
				}
				if r.Cells[len(r.Cells)-2].String() == "" {
					t.Errorf("%s: %s has no reason", name, q.ID)
				}
			}
		}
		if listed := rowsOf(doc.Section("open")); len(listed) != open || open == 0 {
			t.Errorf("%s: %d questions are listed as open, %d are", name, len(listed), open)
		}
		sum, opened := 0, 0
		for _, r := range rowsOf(doc.Section("summary")) {
			for _, c := range r.Cells[2:] {
				sum += c.Value.(int)
			}
			opened += r.Cells[6].Value.(int)
		}
		if sum != 240 || opened != open {
			t.Errorf("%s: the summary counts %d questions and %d open", name, sum, opened)
		}
		if words := doc.Section("summary").Blocks[1].(*document.Paragraph).Text.String(); !strings.HasPrefix(words, fmt.Sprint(open)) {
			t.Errorf("%s: %d open: %s", name, open, words)
		}
		set := &document.Set{Documents: []*document.Document{doc}}
		if err := set.Resolve(); err != nil {
			t.Errorf("%s: %s", name, err)
		}
	}
}

func rowsOf(s *document.Section) []document.Row {
	var list []document.Row
	for _, b := range s.Blocks {
		if t, ok := b.(*document.Table); ok {
			list = append(list, t.Rows...)
		}
	}
	return list
}

// TestMDS2See: an answer points at documents for users that tell what it rests on, and
// at no other.
func TestMDS2See(t *testing.T) {
	d := exampleDisclosure(t, "infusion-pump")
	var users, others *Definition
	for _, def := range Definitions() {
		switch {
		case def.Name == mds2Name:
		case def.Group == ForUsers && users == nil:
			users = def
		case def.Group != ForUsers && others == nil:
			others = def
		}
	}
	if users == nil || others == nil {
		t.Fatal("no document for users, or no other")
	}
	logging := document.P(d.From(d.File.Logging), document.Span{Text: "Records"})
	for _, def := range []*Definition{users, others} {
		d.set.Documents = append(d.set.Documents, &document.Document{Name: def.Name, Title: def.Title, Lang: "en", Sections: []*document.Section{
			{ID: "first", Title: "First"}, {ID: "records", Title: "Records", Blocks: []document.Block{logging}},
		}})
	}
	d.set.Number(document.Decimal)
	cell := d.see(d.ask(t, "AUDT-2"))
	if got, want := cell.String(), users.Title+": 2"; got != want {
		t.Errorf("AUDT-2 points at %q, not %q", got, want)
	}
	if to := cell.Lines[0][1].To; to != document.Address("doc:"+users.Name+"#records") {
		t.Errorf("the link leads to %s", to)
	}
}

// TestMDS2Hostile: texts of the security file are shown as text, on one line, and cut.
func TestMDS2Hostile(t *testing.T) {
	d := exampleDisclosure(t, "infusion-pump")
	bad := "<script>alert(1)</script> idle\n\n# set `between` \u202e " + strings.Repeat("ö", 5000) + " administrator can set the idle time."
	for _, c := range d.File.Controls {
		c.Description, c.Title = bad, bad
	}
	for _, q := range d.File.Requirements {
		q.Text = bad
	}
	for _, s := range d.File.Stores {
		s.Encryption, s.Retention, s.Backup = bad, bad, bad
	}
	d.File.Policy.Password.Lockout = bad
	d.File.UpdatePolicy.Approval = "\x00" + bad
	d = d.again()
	if r := d.ask(t, "ALOF-2"); r.entered() != "See notes" || !strings.Contains(r.words(), "<script>alert(1)</script> idle") {
		t.Errorf("ALOF-2: %s %.200s", r.entered(), r.words())
	}
	for _, s := range d.document() {
		for _, r := range rowsOf(s) {
			for _, c := range r.Cells {
				for _, l := range c.Lines {
					for _, span := range l {
						if span.To == "" && (strings.Contains(span.Text, "\n") || utf8.RuneCountInString(span.Text) > longestQuote+100) {
							t.Fatalf("%s: a text of %d runes: %.80q", r.ID, utf8.RuneCountInString(span.Text), span.Text)
						}
					}
				}
			}
		}
	}
}

func TestMDS2Sentences(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                 nil,
		"One.":                             {"One."},
		"One. Two, i.e. three. 4 follow":   {"One.", "Two, i.e. three.", "4 follow"},
		"TLS 1.3 only. Nothing else! Ende": {"TLS 1.3 only.", "Nothing else!", "Ende"},
		"Étage. Überall":                   {"Étage.", "Überall"},
	} {
		if got := mds2Sentences(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
	if got := flatText("One *two*\nthree\n\n- four `five`"); got != "One two three four five" {
		t.Errorf("plain: %q", got)
	}
	if got := cutShort(strings.Repeat("word ", 200)); !strings.HasSuffix(got, "word ...") || len(got) > longestQuote+4 {
		t.Errorf("cut: %d bytes, %q", len(got), got[len(got)-10:])
	}
}

// TestMDS2Bom: what a bill of materials tells is counted, and one that cannot be read
// whole leaves the question open.
func TestMDS2Bom(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"CycloneDX", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"a","version":"1","supplier":{"name":"x"},"purl":"pkg:npm/a@1","licenses":[{"license":{"id":"MIT"}}],"hashes":[{"alg":"MD5","content":"d41d8cd98f00b204e9800998ecf8427e"}]},{"type":"library","name":"b","author":"y","cpe":"cpe:2.3:a:y:b:1:*:*:*:*:*:*:*"}]}`,
			"CycloneDX 1.5: a by x at 1 [package URL licence digest]; b by y at  [CPE]"},
		{"SPDX", `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"n","packages":[{"SPDXID":"SPDXRef-a","name":"a","versionInfo":"1","supplier":"NOASSERTION","originator":"Organization: x","licenseConcluded":"MIT","checksums":[{"algorithm":"MD5","checksumValue":"d41d8cd98f00b204e9800998ecf8427e"}]},{"SPDXID":"SPDXRef-b","name":"b","supplier":"NONE","licenseConcluded":"NOASSERTION"}]}`,
			"SPDX 2.3: a by x at 1 [licence digest]; b by  at  []"},
		{"another", `{"bomFormat":"Other"}`, "open"},
		{"nothing", `<bom/>`, "open"},
		{"partial", `{"bomFormat":"CycloneDX","specVersion":"1.6","components":7}`, "open"},
	} {
		d := &disclosure{Book: machineBook(t, soupFile(t, c.text))}
		got := "open"
		d.bom(func(b *mds2Bom) mds2Reply {
			var parts []string
			for _, p := range b.parts {
				parts = append(parts, fmt.Sprintf("%s by %s at %s %v", p.Name, makerOf(p), p.Version, toldOf(p)))
			}
			got = b.format + ": " + strings.Join(parts, "; ")
			return mds2Reply{}
		})
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestMDS2Some: what some have and others have not is told of both; what is unknown of
// one leaves the question open.
func TestMDS2Some(t *testing.T) {
	d := exampleDisclosure(t, "infusion-pump")
	roles := d.people[:3]
	for want, known := range map[string][]model.Answer{
		"Yes": {model.Yes, model.Yes, model.Yes}, "No": {model.No, model.No, model.No},
		"See notes": {model.Yes, model.No, model.Yes}, "open": {model.Yes, model.Unknown, model.No},
	} {
		r := allOfThem(d, roles, func(r *model.Role) model.Answer { return known[slices.Index(roles, r)] }, "With", "Without", "it", "roles")
		if r.entered() != want {
			t.Errorf("%v: %s, not %s", known, r.entered(), want)
		}
		if want == "See notes" && (len(r.Notes) != 2 || !strings.Contains(r.Notes[1].String(), "Without: "+roles[1].Title)) {
			t.Errorf("%v: %s", known, r.words())
		}
	}
	if r := allOfThem(d, roles[:0], nil, "With", "Without", "it", "roles"); r.entered() != "open" {
		t.Errorf("of none: %s", r.entered())
	}
}
