package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"theriac/model"
	"theriac/threat"
)

// Threats describes every pattern from which threats are derived, and what their
// conditions may ask.
func Threats() string {
	p := &page{}
	p.WriteString(generated)
	p.line("# Patterns of threat\n")
	p.line("`theriac threats derive` tries each pattern on each element of its kind; `theriac threats patterns ID` shows one with an")
	p.line("element on which it fires and one on which it does not. Words are ours; references name weaknesses (CWE), attack patterns")
	p.line("(CAPEC) and techniques (ATT&CK, EMB3D) by their numbers.\n")
	for _, g := range threat.Groups() {
		p.line("## %s\n", g.Title)
		for _, x := range g.Patterns {
			p.pattern(x)
		}
	}
	p.vocabulary()
	return p.String()
}

func (p *page) pattern(x *threat.Pattern) {
	p.line("### %s: %s\n", x.ID, x.Title)
	if !x.Arises() {
		p.line("*%s* of %s. Not asked: %s.\n", x.Category, x.On, x.Otherwise)
		return
	}
	p.line("*%s* of %s where `%s`.%s\n", x.Category, x.On, x.Condition(), otherwise(x))
	p.line("%s\n", x.How)
	p.line("Usual controls: %s (`%s`).%s\n", strings.TrimSuffix(x.Controls, "."), strings.Join(words(x.Capabilities), "`, `"), touches(x))
	if len(x.References) > 0 {
		var refs []string
		for _, r := range x.References {
			refs = append(refs, fmt.Sprintf("%s (%s)", r, threat.References()[r]))
		}
		p.line("References: %s.\n", strings.Join(refs, ", "))
	}
}

func otherwise(x *threat.Pattern) string {
	if x.Otherwise == "" {
		return ""
	}
	return " Otherwise: " + x.Otherwise + "."
}

func touches(x *threat.Pattern) string {
	if len(x.Effects) == 0 {
		return ""
	}
	return " It can touch " + strings.Join(words(x.Effects), ", ") + "."
}

func words[T ~string](values []T) []string {
	var all []string
	for _, v := range values {
		all = append(all, string(v))
	}
	return all
}

// vocabulary lists what conditions may ask of each kind of element.
func (p *page) vocabulary() {
	p.line("## What conditions may ask\n")
	for _, k := range model.Kinds() {
		v := threat.VocabularyOf(k.Singular)
		if v == nil {
			continue
		}
		p.line("### %s\n", upper(k.Singular))
		p.line("Facts: `%s`.\n", strings.Join(v.Facts, "`, `"))
		for _, name := range slices.Sorted(maps.Keys(v.Properties)) {
			values := "any word"
			if list := v.Properties[name]; list != nil {
				values = "`" + strings.Join(list, "`, `") + "`"
			}
			p.line("`%s`: %s.\n", name, values)
		}
	}
	p.line("## Families of protocols\n")
	p.line("What stands under `protocol:` belongs to each family whose expression it matches, in lower case.\n")
	p.line("| Family | What | Expression |")
	p.line("| --- | --- | --- |")
	for _, f := range threat.Families() {
		p.line("| `%s` | %s | %s |", f.ID, cell(f.Doc), "`"+strings.ReplaceAll(f.Match, "|", `\|`)+"`")
	}
}
