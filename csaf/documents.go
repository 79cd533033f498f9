package csaf

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// documentTests are about single values (CSAF 2.0 sections 6.1.11, 6.1.12, 6.1.15,
// 6.1.23, 6.1.24, 6.1.28).
var documentTests = []Test{
	{"6.1.11", "weaknesses exist and have their name", Mandatory, invalidCWE},
	{"6.1.12", "languages exist", Mandatory, invalidLanguage},
	{"6.1.15", "a translator says from which language", Mandatory, translatorWithoutSource},
	{"6.1.23", "no CVE stands twice", Mandatory, cveTwice},
	{"6.1.24", "no party is involved twice on one date", Mandatory, involvedTwice},
	{"6.1.28", "a translation is in another language", Mandatory, sameLanguage},
}

func invalidCWE(d *advisory, r *reporter) {
	for _, v := range d.vulnerabilities {
		id, name := v.text("cwe", "id"), v.text("cwe", "name")
		if id == "" || name == "" {
			continue
		}
		names := weaknesses()[id]
		switch {
		case names == nil:
			r.at(v.get("cwe", "id"), "CWE has no weakness %s", id)
		case !slices.Contains(names, name):
			r.at(v.get("cwe", "name"), "the name of %s is %q", id, names[0])
		}
	}
}

// languages are the places of a document that state a language.
func (d *advisory) languages(visit func(*node)) {
	for _, name := range []string{"lang", "source_lang"} {
		if n := d.root.get("document", name); n.text() != "" {
			visit(n)
		}
	}
}

func invalidLanguage(d *advisory, r *reporter) {
	d.languages(func(n *node) {
		if _, err := language.Raw.Parse(n.value); err != nil {
			r.at(n, "%q is no language tag of the IANA registry (BCP 47)", n.value)
		}
	})
}

func translatorWithoutSource(d *advisory, r *reporter) {
	if d.root.text("document", "publisher", "category") == "translator" && d.root.text("document", "source_lang") == "" {
		r.at(d.root.get("document", "publisher", "category"), "a translator states source_lang")
	}
}

func cveTwice(d *advisory, r *reporter) {
	seen := map[string]bool{}
	for _, v := range d.vulnerabilities {
		cve := v.text("cve")
		if cve != "" && seen[cve] {
			r.at(v.get("cve"), "another vulnerability has %s", cve)
		}
		seen[cve] = true
	}
}

func involvedTwice(d *advisory, r *reporter) {
	for _, v := range d.vulnerabilities {
		seen := map[[2]string]bool{}
		for _, i := range v.all("involvements") {
			party, date := i.text("party"), i.text("date")
			if party == "" || date == "" {
				continue
			}
			if seen[[2]string{party, date}] {
				r.at(i, "the %s is involved twice on %s", party, date)
			}
			seen[[2]string{party, date}] = true
		}
	}
}

func sameLanguage(d *advisory, r *reporter) {
	lang, source := d.root.text("document", "lang"), d.root.text("document", "source_lang")
	if lang != "" && strings.EqualFold(lang, source) {
		r.at(d.root.get("document", "source_lang"), "the document is in that language")
	}
}
