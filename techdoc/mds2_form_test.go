package techdoc

import (
	"regexp"
	"strings"
	"testing"

	"theriac/document"
	"theriac/model"
)

// TestMDS2ForCustomers: the form has no help for authors, and yes and no are words
// without a sign.
func TestMDS2ForCustomers(t *testing.T) {
	for _, name := range []string{"infusion-pump", "pcr-analyser", "broken"} {
		d := exampleDisclosure(t, name)
		doc := &document.Document{Name: mds2Name, Lang: "en", Sections: d.document()}
		open := doc.Section("open")
		for _, r := range rowsOf(open) {
			if len(r.Cells) != 3 || r.Cells[1].String() == "" || r.Cells[2].String() == "" {
				t.Errorf("%s: %s: %v", name, r.Cells[0], r.Cells)
			}
		}
		text := paintedText(t, doc)
		for _, help := range []string{"The security file", "the security file", "security file answers", "completed public form", "not checked against"} {
			if strings.Contains(text, help) {
				t.Errorf("%s: the form says %q", name, help)
			}
		}
		if found := regexp.MustCompile("`[a-z-]+: [a-z]").FindString(text); found != "" {
			t.Errorf("%s: the form names a field: %s", name, found)
		}
		signs := map[string]string{"| Yes |": "", "| No |": "", "| ○ N/A |": "", "| **✗ Not stated** |": ""}
		for sign := range signs {
			if !strings.Contains(text, sign) {
				t.Errorf("%s: no answer reads %q", name, sign)
			}
		}
		for _, sign := range []string{"○ Yes", "○ No ", "○ See notes", "✗ See notes"} {
			if strings.Contains(text, sign) {
				t.Errorf("%s: an answer reads %q", name, sign)
			}
		}
	}
}

// TestMDS2Certified: the device is certified where the product says so; a part is not
// the device.
func TestMDS2Certified(t *testing.T) {
	d := exampleDisclosure(t, "infusion-pump")
	r := d.ask(t, "SAHD-2")
	if r.entered() != "open" || !strings.Contains(r.words(), "Certified to Common Criteria EAL 6+ by its maker") || !strings.Contains(r.words(), "said of parts, not of the device") {
		t.Errorf("%s: %s", r.entered(), r.words())
	}
	for _, c := range d.File.Components {
		c.Notes = ""
	}
	if r := d.again().ask(t, "SAHD-2"); r.entered() != "open" || len(r.Notes) != 1 {
		t.Errorf("without certified parts: %s: %s", r.entered(), r.words())
	}
	d.File.Product.OtherStandards = []string{"IEC 60601-1", "IEC 62443-4-2, security level 2 (certified by Example Lab)"}
	if r := d.again().ask(t, "SAHD-2"); r.entered() != "See notes" || !strings.Contains(r.words(), "certified by Example Lab") || strings.Contains(r.words(), "60601-1") {
		t.Errorf("certified: %s: %s", r.entered(), r.words())
	}
	d.File.Product.OtherStandards = []string{"ISO 13485 certificate", "IEC 62443-4-2"}
	if r := d.again().ask(t, "SAHD-2"); r.entered() != "open" {
		t.Errorf("a certificate of something else: %s: %s", r.entered(), r.words())
	}
}

// TestMDS2Cables: the two questions on encryption in transit say the same of a serial
// line without it.
func TestMDS2Cables(t *testing.T) {
	d := exampleDisclosure(t, "pcr-analyser")
	for _, id := range []string{"TXCF-2", "TXCF-2.1"} {
		if words := d.ask(t, id).words(); !strings.Contains(words, "Over serial lines and USB, which this question leaves out, without encryption: ASTM host connection by RS-232") {
			t.Errorf("%s: %s", id, words)
		}
	}
	r := d.ask(t, "TXCF-2.1")
	if r.entered() != "N/A" || !strings.Contains(r.words(), "Over network, radio and removable media nothing leaves without encryption") || strings.HasPrefix(r.words(), "Nothing leaves") {
		t.Errorf("TXCF-2.1: %s: %s", r.entered(), r.words())
	}
	for _, i := range d.File.Interfaces {
		if i.Medium == "serial" {
			i.State = "disabled"
		}
	}
	if words := d.again().ask(t, "TXCF-2.1").words(); strings.Contains(words, "serial") {
		t.Errorf("without a serial line: %s", words)
	}
}

// TestMDS2Wording: questions that were read in another way than they are meant.
func TestMDS2Wording(t *testing.T) {
	asked := map[string]string{}
	for _, s := range mds2().Sections {
		for _, q := range s.Questions {
			asked[q.ID] = q.Ask
		}
	}
	if strings.Contains(asked["MPII-2.1"], "only") || !strings.Contains(asked["SAHD-2"], "by a third party") {
		t.Errorf("%q, %q", asked["MPII-2.1"], asked["SAHD-2"])
	}
	d := disclosureOfText(t, "")
	if r := byFact("is-software", "The software itself is the device", "")(d); r.Answer != mds2Open || r.Missing != "whether the software itself is the device" {
		t.Errorf("%s: %s", r.Answer, r.Missing)
	}
	if d.File.Product.Facts.IsSoftware != model.Unknown {
		t.Error("the file says what it is")
	}
}
