package change

import (
	"fmt"
	"slices"
	"strings"

	"theriac/model"
)

// productFields are the fields of the product that decide more than themselves.
var productFields = []struct {
	fields []string
	says   string
	signal Signal
}{
	{[]string{"intended-purpose"}, "intended purpose", PurposeChanged},
	{[]string{"intended-users"}, "intended users", PurposeChanged},
	{[]string{"patients"}, "patients", PurposeChanged},
	{[]string{"environments"}, "places of use", PurposeChanged},
	{[]string{"regulation"}, "regulation", ClassChanged},
	{[]string{"class"}, "class", ClassChanged},
	{[]string{"rule"}, "classification rule", ClassChanged},
	{[]string{"facts"}, "facts", PurposeChanged},
	{[]string{"misuse"}, "foreseeable misuse", SafetyTouched},
}

var _ = add(interpretation{"product", Product, func(c *Comparison, say func(Item)) {
	one := c.of[c.After.File.Product]
	if one == nil {
		return
	}
	for _, p := range productFields {
		for _, f := range one.Fields {
			if slices.ContainsFunc(p.fields, func(name string) bool { return f.Path == name || strings.HasPrefix(f.Path, name+".") }) {
				says := p.says
				if name, ok := strings.CutPrefix(f.Path, "facts."); ok {
					says = "fact " + name
				}
				say(about(one.After, Neutral, "%s changed: %s", says, f.text()).explains(f.Path).signals(p.signal))
			}
		}
	}
}})

// text writes a difference on one line: what is said now instead of what was.
func (f FieldChange) text() string {
	switch {
	case len(f.Before) == 0:
		return "+ " + brief(f.After)
	case len(f.After) == 0:
		return "- " + brief(f.Before)
	case len(f.Before) == 1 && len(f.After) == 1:
		return around(f.Before[0], f.After[0])
	}
	return "- " + brief(f.Before) + " + " + brief(f.After)
}

// brief quotes a few values.
func brief(values []string) string {
	const most = 4
	var list []string
	for _, v := range values[:min(len(values), most)] {
		list = append(list, short(v))
	}
	text := strings.Join(list, ", ")
	if more := len(values) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// around writes two texts with what differs and a few words beside it.
func around(was, is string) string {
	a, b := strings.Fields(was), strings.Fields(is)
	start := 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < min(len(a), len(b))-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	const beside = 3
	from, to := max(0, start-beside), max(0, end-beside)
	cut := func(words []string) string {
		text := strings.Join(words[from:len(words)-to], " ")
		if from > 0 {
			text = "… " + text
		}
		if to > 0 {
			text += " …"
		}
		return longer(text)
	}
	return cut(a) + " → " + cut(b)
}

// longer cuts a text that is still long where only the difference is quoted.
func longer(text string) string {
	const most = 160
	if runes := []rune(text); len(runes) > most {
		return strings.TrimRight(string(runes[:most-1]), " ") + "…"
	}
	return text
}

var _ = add(interpretation{"policy", Product, func(c *Comparison, say func(Item)) {
	if c.After.File.Policy == nil || c.was[c.After.File.Policy] == nil {
		return
	}
	one := c.of[c.After.File.Policy]
	if one == nil {
		return
	}
	for _, f := range one.Fields {
		switch {
		case strings.HasPrefix(f.Path, "risk.acceptable"):
			say(about(one.After, acceptance(c), "what is an acceptable risk: %s", f.text()).explains(f.Path).signals(PolicyChanged))
		case f.Path == "risk.exploitability" || f.Path == "risk.severity" || f.Path == "risk.scoring" || strings.HasPrefix(f.Path, "risk.levels"):
			say(about(one.After, Neutral, "how risks are rated changed, %s: %s", strings.TrimPrefix(f.Path, "risk."), f.text()).explains(f.Path).signals(PolicyChanged))
		case f.Path == "password.min-length":
			was, is := c.Before.File.Policy.Password.MinLength, c.After.File.Policy.Password.MinLength
			grade := Better
			if is < was {
				grade = Worse
			}
			say(about(one.After, grade, "shortest password %d → %d characters", was, is).explains(f.Path).signals(ProtectionChanged))
		case f.Path == "cryptography.min-tls":
			grade := Better
			if c.After.File.Policy.Crypto.MinTLS < c.Before.File.Policy.Crypto.MinTLS {
				grade = Worse
			}
			say(about(one.After, grade, "lowest version of TLS %s", f.text()).explains(f.Path).signals(ProtectionChanged))
		}
	}
}})

// acceptance compares two matrices: one that accepts more somewhere is worse.
func acceptance(c *Comparison) Grade {
	was, is := c.Before.Risks.Scales, c.After.Risks.Scales
	more, less := false, false
	for _, e := range is.ExploitabilityLevels {
		for _, s := range is.SeverityLevels {
			a, b := was.Accepts(was.Place(e, s)), is.Accepts(is.Place(e, s))
			more, less = more || b && !a, less || a && !b
		}
	}
	switch {
	case more:
		return Worse
	case less:
		return Better
	}
	return Neutral
}

var _ = add(interpretation{"quality system", Rest, func(c *Comparison, say func(Item)) {
	for _, one := range c.Changes {
		switch one.Kind.Name {
		case "processes", "vulnerability-handling", "post-market":
			item := about(one.Entity(), Neutral, "%s", one.Status()).explains("*").signals(QualitySystem)
			if one.Status() == Changed || one.Status() == Renamed {
				item.Text += ": " + one.inWords(nil)
			}
			say(item)
		}
	}
}})

// inWords lists what differs in an entity, without the fields that are explained
// elsewhere.
func (c *Change) inWords(explained []string) string {
	var parts []string
	for _, f := range c.Fields {
		if !slices.Contains(explained, f.Path) {
			parts = append(parts, f.Path+" "+f.text())
		}
	}
	return strings.Join(parts, "; ")
}

// amount writes a number with its noun.
func amount(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// listed names things, a few of them.
func listed[T any](list []T, name func(T) string) string {
	const most = 6
	var names []string
	for _, t := range list[:min(len(list), most)] {
		names = append(names, name(t))
	}
	text := strings.Join(names, ", ")
	if more := len(list) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func idOf[T model.Entity](e T) string { return model.Of(e).ID }
