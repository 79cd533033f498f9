package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"theriac/model"
	"theriac/report"
	"theriac/triage"
	"theriac/vex"
)

// word is what a supplier says of a finding. It silences nothing.
type word struct {
	*vex.Statement
	author, file string
}

// hear reads the documents of suppliers and notes what they say of each finding, and then
// of each that could not be decided.
func (s *scanned) hear(files []string, parts bool) error {
	if len(files) == 0 {
		return nil
	}
	found, _ := triage.FromBOM(s.Result, s.input.bom)
	s.words = make([][]word, len(found))
	file := s.input.file
	if file == nil {
		file = &model.File{}
	}
	judge := triage.NewJudge(file, s.day)
	for _, name := range files {
		text, err := readDocument(name)
		if err != nil {
			return err
		}
		doc, err := vex.Read(text)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		base := filepath.Base(name)
		said, problems := vex.Words(doc, judge, found, parts)
		for i, one := range said {
			if one != nil {
				s.words[i] = append(s.words[i], word{one, doc.Author, base})
			}
		}
		for _, p := range append(doc.Problems, problems...) {
			s.unheard = append(s.unheard, base+": "+oneLine(p))
		}
		if doc.Unlisted > 0 {
			s.unheard = append(s.unheard, fmt.Sprintf("%s: %d more", base, doc.Unlisted))
		}
	}
	return nil
}

// wordsOn are what suppliers say of a finding.
func (s *scanned) wordsOn(i int) []word {
	if s.words == nil {
		return nil
	}
	return s.words[i]
}

// String is the word as a sentence: who says what, since when, and why.
func (w word) String() string {
	author := w.author
	if author == "" {
		author = "the supplier"
	}
	text := author + " says " + strings.ReplaceAll(string(w.Status), "-", " ")
	if w.Justification != "" {
		text += " (" + strings.ReplaceAll(string(w.Justification), "-", " ") + ")"
	}
	if day := w.Day.String(); day != "" {
		text += ", " + day
	}
	if w.Reason != "" {
		text += ": " + oneLine(w.Reason)
	}
	return text
}

// showWords prints what suppliers say of a finding below it.
func (s *scanned) showWords(p *page, i int) {
	for _, w := range s.wordsOn(i) {
		p.text(4, report.Clean(w.String()))
	}
}

// footWords says how to make decisions of the words of suppliers.
func (s *scanned) footWords(p *page) {
	files := map[string]int{}
	var order []string
	for _, words := range s.words {
		for _, w := range words {
			if files[w.file] == 0 {
				order = append(order, w.file)
			}
			files[w.file]++
		}
	}
	for _, file := range order {
		p.item(0, "supplier: ", report.Clean(fmt.Sprintf("%s speaks of %s; drafts of decisions: theriac vex import %s DIR --preview", file, amount(files[file], "finding"), file)))
	}
	for _, problem := range s.unheard[:min(len(s.unheard), maxUnwatched)] {
		p.item(0, "not understood: ", report.Clean(problem))
	}
	if more := len(s.unheard) - maxUnwatched; more > 0 {
		p.item(0, "not understood: ", fmt.Sprintf("%d more", more))
	}
}

// wordJSON is the word of a supplier in docs/formats/vuln-scan-json.md.
type wordJSON struct {
	Author        string `json:"author"`
	File          string `json:"file"`
	Status        string `json:"status"`
	Justification string `json:"justification,omitempty"`
	Reason        string `json:"reason,omitempty"`
	Action        string `json:"action,omitempty"`
	Date          string `json:"date,omitempty"`
}

func (s *scanned) wordsJSON(i int) []wordJSON {
	var list []wordJSON
	for _, w := range s.wordsOn(i) {
		list = append(list, wordJSON{w.author, w.file, string(w.Status), string(w.Justification), w.Reason, w.Action, w.Day.String()})
	}
	return list
}
