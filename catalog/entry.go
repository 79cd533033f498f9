package catalog

import "theriac/expr"

// Source is one data file: an act, a guidance document, a standard or a
// questionnaire, with its entries.
type Source struct {
	ID      string `yaml:"id" theriac:"required" doc:"short name, used as the first part of its entries' ids"`
	Title   string `yaml:"title" theriac:"required" doc:"our name for it"`
	Edition string `yaml:"edition" theriac:"required" doc:"edition that the entries were written after"`
	Kind    Kind   `yaml:"kind" theriac:"required" doc:"law, guidance, standard, state-of-the-art, questionnaire"`
	// Applies holds for all entries; an entry's own expression narrows it.
	Applies string   `yaml:"applies" doc:"expression over the product under which the source is relevant at all"`
	Notes   string   `yaml:"notes" doc:"what a user of the entries must know"`
	Entries []*Entry `yaml:"entries" doc:"clauses and items by id"`
}

// Entry is one clause or item: what it asks, of whom, and what answers it.
type Entry struct {
	ID     string  `yaml:"-"`
	Source *Source `yaml:"-"`

	Clause string `yaml:"clause" theriac:"required" doc:"exact clause, for example Annex I §17.2"`
	Part   string `yaml:"part" theriac:"required" doc:"part of the source under which the summary counts it, for example Annex I"`
	Title  string `yaml:"title" theriac:"required" doc:"our title"`
	Text   string `yaml:"text" theriac:"required" doc:"paraphrase in our own words"`
	// Applies is an expression over the product; empty means always.
	Applies string `yaml:"applies" doc:"expression over the product, see package doc"`
	Role    Role   `yaml:"role" theriac:"required" doc:"direct, supporting, context"`
	// AnsweredBy names the questions of package check whose answers decide
	// coverage. Context entries have none.
	AnsweredBy []string `yaml:"answered-by" doc:"questions whose answers satisfy it"`
	Parallel   string   `yaml:"parallel" doc:"twin in the other regulation"`
	Relation   string   `yaml:"relation" doc:"same, near or none: how the twin relates"`
	See        []string `yaml:"see" doc:"related entries of any source"`
	Evidence   []string `yaml:"evidence" doc:"what reviewers usually accept (practice notes)"`
	Addressee  []string `yaml:"addressee" doc:"who is spoken to, where that is not the manufacturer alone"`
	Force      string   `yaml:"force" doc:"must, should, may, info"`
	Verified   Verified `yaml:"verified" theriac:"required" doc:"how far clause and paraphrase were checked"`
	Note       string   `yaml:"note" doc:"trap, slip of the document, or open point"`

	condition expr.Expr
}
