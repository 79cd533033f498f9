package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"theriac/catalog"
)

func explainClause(p *page, cat *catalog.Catalog, e *catalog.Entry) {
	p.title("%s: %s", e.ID, e.Title)
	p.line("")
	p.field("source", e.Source.Title)
	p.field("edition", e.Source.Edition)
	p.field("clause", e.Clause)
	p.field("force", e.Force)
	p.field("addressee", strings.Join(e.Addressee, ", "))
	p.field("role", roleDoc(e.Role))
	p.field("verified", verifiedDoc(e.Verified))
	p.heading("What it asks, in our words")
	p.text(2, e.Text)
	p.heading("Applies when")
	p.text(2, e.Condition().String())
	if len(e.AnsweredBy) > 0 {
		p.heading("Answered by")
		for _, q := range e.AnsweredBy {
			p.item(2, q+"  ", questionDoc(q))
		}
	}
	related(p, cat, e)
	if len(e.Evidence) > 0 {
		p.heading("Evidence that reviewers usually accept (practice, not law)")
		for _, ev := range e.Evidence {
			p.item(2, "- ", ev)
		}
	}
	notes(p, cat, e)
}

// questionDoc says which rule puts a question.
func questionDoc(question string) string {
	if r := asker(question); r != nil {
		return fmt.Sprintf("%s %s", r.Code, r.Title)
	}
	return "no rule puts this question yet; the clause stays open"
}

func roleDoc(role catalog.Role) string { return withDoc(string(role), role.Values()) }

func verifiedDoc(v catalog.Verified) string { return withDoc(string(v), v.Values()) }

func withDoc(name string, values []catalog.Value) string {
	for _, v := range values {
		if v.Name == name {
			return name + ": " + v.Doc
		}
	}
	return name
}

// related shows the twin in the other regulation and further reading.
func related(p *page, cat *catalog.Catalog, e *catalog.Entry) {
	if twin := cat.Entry(e.Parallel); twin != nil {
		p.heading("In the other regulation")
		p.item(2, twin.ID+"  ", fmt.Sprintf("%s: %s (%s)", twin.Clause, twin.Title, relationDoc(e.Relation)))
	} else if e.Relation == "none" {
		p.heading("In the other regulation")
		p.text(2, "nothing corresponds")
	}
	if len(e.See) > 0 {
		p.heading("See also")
		clauseList(p, cat, e.See)
	}
}

func relationDoc(relation string) string {
	switch relation {
	case "same":
		return "says the same"
	case "near":
		return "says nearly the same; read both"
	}
	return "relation " + relation
}

// notes shows what is easily got wrong about a clause.
func notes(p *page, cat *catalog.Catalog, e *catalog.Entry) {
	traps := trapsOf(cat, e)
	if e.Note == "" && e.Source.Notes == "" && len(traps) == 0 {
		return
	}
	p.heading("Notes")
	for _, note := range slices.Concat([]string{e.Note}, traps, []string{e.Source.Notes}) {
		if note != "" {
			p.item(2, "- ", note)
		}
	}
}

// trapsOf warns of numbers that mean another thing in the other regulation.
func trapsOf(cat *catalog.Catalog, e *catalog.Entry) []string {
	var list []string
	for _, t := range cat.Tables.ClauseTraps {
		if t.Number != strings.ReplaceAll(e.Clause, "§", "") {
			continue
		}
		switch e.Source.ID {
		case "mdr":
			list = append(list, fmt.Sprintf("%s of the IVDR is about something else: %s", t.Number, t.IVDR))
		case "ivdr":
			list = append(list, fmt.Sprintf("%s of the MDR is about something else: %s", t.Number, t.MDR))
		}
	}
	return list
}

// spoken finds entries by a clause as people write it: "MDR 17.2", "Annex I 3(c)",
// "MDR Art. 87(3)". The words must occur in the id in this order, and the number
// at the end must be the whole number of the clause.
func spoken(cat *catalog.Catalog, text string) []*catalog.Entry {
	words := wordsOf(text)
	if len(words) == 0 {
		return nil
	}
	var found []*catalog.Entry
	for _, s := range cat.Sources {
		for _, e := range s.Entries {
			id := wordsOf(e.ID)
			if slices.Equal(number(words), number(id)) && len(number(id)) > 0 && within(words, id) {
				found = append(found, e)
			}
		}
	}
	const most = 6 // more are no help
	if len(found) > most {
		return nil
	}
	return found
}

// wordsOf splits a clause into words and numbers, without words that only
// announce a number.
func wordsOf(text string) []string {
	text = strings.NewReplacer("2019-16", "", "2017/745", "mdr", "2017/746", "ivdr").Replace(strings.ToLower(text))
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		if w == "article" {
			words[i] = "art"
		}
	}
	return slices.DeleteFunc(words, func(w string) bool {
		return slices.Contains([]string{"section", "clause", "gspr", "paragraph", "point", "regulation", "eu", "no"}, w)
	})
}

// number is the end of a clause from its last run of numbers on: 3 c of annex i 3 c.
func number(words []string) []string {
	from := len(words)
	for from > 0 && len(words[from-1]) <= 2 && !unicode.IsDigit(rune(words[from-1][0])) && len(words)-from < 2 {
		from--
	}
	for from > 0 && unicode.IsDigit(rune(words[from-1][0])) {
		from--
	}
	return words[from:]
}

// within reports whether words occur in text in this order.
func within(words, text []string) bool {
	for _, w := range text {
		if len(words) > 0 && words[0] == w {
			words = words[1:]
		}
	}
	return len(words) == 0
}
