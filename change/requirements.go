package change

import (
	"fmt"
	"slices"
	"strings"

	"theriac/internal/lazyregexp"
	"theriac/model"
)

var _ = add(interpretation{"controls and requirements", Controls, func(c *Comparison, say func(Item)) {
	for e := range added[*model.Control](c) {
		say(about(e, Better, "added%s", titled(e)).explains("*").signals(ControlChanged).details(labelled("protects", ids(e.Protects))))
	}
	for e := range removed[*model.Control](c) {
		say(about(e, Worse, "removed%s", titled(e)).explains("*").signals(ControlChanged, ProtectionChanged).details(lowered(e), labelled("protected", ids(e.Protects))))
	}
	for e := range added[*model.Requirement](c) {
		say(about(e, Neutral, "added%s", titled(e)).explains("*").signals(ControlChanged))
	}
	for e := range removed[*model.Requirement](c) {
		say(about(e, Worse, "removed%s", titled(e)).explains("*").signals(ControlChanged).details(labelled("made concrete", ids(e.Implements))))
	}
	for was, is := range both[*model.Requirement](c) {
		wording(is, was.Text, is.Text, ControlChanged, say)
	}
	surroundings(c, say)
}})

// lowered says which risks a control lowered.
func lowered(e *model.Control) string {
	risks := model.Users[*model.Risk](e, "controls")
	if len(risks) == 0 {
		return ""
	}
	return "lowered " + listed(risks, idOf[*model.Risk])
}

// surroundings tells of what is asked of the surroundings, which operators read.
func surroundings(c *Comparison, say func(Item)) {
	for e := range added[*model.EnvironmentRequirement](c) {
		say(about(e, Neutral, "added%s: the operator has more to provide", titled(e)).explains("*").signals(UserInformation))
	}
	for e := range removed[*model.EnvironmentRequirement](c) {
		say(about(e, Neutral, "removed%s", titled(e)).explains("*").signals(UserInformation))
	}
	for was, is := range both[*model.EnvironmentRequirement](c) {
		wording(is, was.Text, is.Text, UserInformation, say)
		if was.Essential != is.Essential {
			say(about(is, Neutral, "an essential security function rests on it: %s → %s", was.Essential, is.Essential).explains("essential").signals(UserInformation, ProtectionChanged))
		}
	}
}

// wording compares the text of a requirement.
func wording(is model.Entity, was, now string, signal Signal, say func(Item)) {
	if strings.Join(strings.Fields(was), " ") == strings.Join(strings.Fields(now), " ") {
		return
	}
	item := about(is, Neutral, "text changed: %s", around(was, now)).explains("text").signals(signal)
	if from, to := numbers(was), numbers(now); !slices.Equal(from, to) {
		gone, fresh := without(from, to), without(to, from)
		item = item.details(fmt.Sprintf("figures: %s → %s", orNone(gone), orNone(fresh)))
	}
	if from, to := bindingOf(was), bindingOf(now); to < from {
		item.Grade = Worse
		item.Text = "text weakened: " + strings.TrimPrefix(item.Text, "text changed: ")
		item = item.details(fmt.Sprintf("binding word: %s → %s", bindings[from], bindings[to]))
	} else if from > 0 && to > from {
		item.Grade = Better
		item = item.details(fmt.Sprintf("binding word: %s → %s", bindings[from], bindings[to]))
	}
	say(item)
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// figure is a number in a text with the word behind it, which often is its unit.
var figure = lazyregexp.New(`[0-9]+(?:[.,][0-9]+)*(?:\s?%|[ -][A-Za-zµ°]+)?`)

func numbers(text string) []string {
	return figure.FindAllString(strings.Join(strings.Fields(text), " "), -1)
}

// bindings are the words by which a requirement binds, from the weakest. A text
// without any is a plain statement.
var bindings = []string{"none", "may or can", "should", "must or shall"}

var binding = []*lazyregexp.Regexp{
	nil, lazyregexp.New(`(?i)\b(may|can|could)\b`), lazyregexp.New(`(?i)\bshould\b`), lazyregexp.New(`(?i)\b(must|shall)\b`),
}

// bindingOf is the strongest binding word of a text.
func bindingOf(text string) int {
	for i := len(binding) - 1; i > 0; i-- {
		if binding[i].MatchString(text) {
			return i
		}
	}
	return 0
}
