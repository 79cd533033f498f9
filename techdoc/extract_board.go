package techdoc

import (
	"strings"

	"theriac/check"
	"theriac/document"
	"theriac/evidence"
	"theriac/model"
)

const boardName = "board-extract"

var _ = add(Definition{
	Name: boardName, Title: "For the board: security on one page",
	About: "what the product is, how the release stands, risks before and after measures, what is open, and what to decide",
	Group: Extract, Order: 220, Brief: true,
	Make: makeBoard,
})

func makeBoard(book *Book) ([]*document.Section, error) {
	b := newLifeBook(book)
	return []*document.Section{b.boardState(), b.boardRisks(), b.boardDecisions()}, nil
}

// boardState says what the product is and how the release stands.
func (b *lifeBook) boardState() *document.Section {
	p := b.File.Product
	t := &document.Terms{}
	add := func(name string, source document.Source, text document.Text) {
		t.Terms = append(t.Terms, document.Term{Name: document.T("%s", name), Source: source, Blocks: []document.Block{&document.Paragraph{Text: text}}})
	}
	add(b.Say("Security"), document.Source{}, b.overallState())
	what := document.Text{document.Bold(p.Name), {Text: b.Say(", class %s under the %s. ", p.Class, p.Regulation)}}
	add(b.Say("Product"), b.From(p, "intended-purpose"), append(what, document.Span{Text: firstSentences(b.Tell(p, "intended-purpose", p.IntendedPurpose), 180)}))
	add(b.Say("Release"), b.releaseSource(), b.releaseWords())
	shown, all := b.shownRequirements()
	n := countOf(b.RowsOf(b.Law() + ".annex-i."))
	asked := n[check.Satisfied] + n[check.Partial] + n[check.Unanswered]
	add(b.Say("Proof"), document.Source{}, b.say("%d of %d security requirements are shown to be met; %d of %d requirements of the law on security are fulfilled.", shown, all, n[check.Satisfied], asked))
	add(b.Say("Open"), document.Source{}, b.openWords())
	b.boardDeadlines(t)
	return b.Section("state", b.Say("State of the release"), t)
}

// shownRequirements counts the requirements that are shown to be met, and all.
func (b *lifeBook) shownRequirements() (shown, all int) {
	for _, r := range b.File.Requirements {
		if b.shownState(r) == evidence.Passed {
			shown++
		}
	}
	return shown, len(b.File.Requirements)
}

// failed counts the verifications that failed.
func (b *lifeBook) failed() (n int) {
	for _, v := range b.File.Verifications {
		if b.outcome(v) == "failed" {
			n++
		}
	}
	return n
}

// overallState is a badge with a sentence: in order, in order but for something, or
// not in order.
func (b *lifeBook) overallState() document.Text {
	sum := b.Findings.Summary()
	shown, all := b.shownRequirements()
	stamp := b.set.Stamp
	undecided, affected, _ := b.knownVulnerabilities()
	switch {
	case sum.Errors > 0, b.failed() > 0, len(b.unaccepted()) > 0:
		return document.Text{document.Badge(document.Bad, b.Say("not in order")), {Text: " " + b.Say("Something is wrong that must be mended before release.")}}
	case sum.Open > 0, shown < all, len(b.passed()) > 0, len(b.risks.Unknown()) > 0, len(b.derivation().Undispositioned()) > 0, undecided > 0:
		return document.Text{document.Badge(document.Partly, b.Say("not complete")), {Text: " " + b.Say("Nothing is known to be wrong, but something is missing or late.")}}
	case !stamp.Approved:
		return document.Text{document.Badge(document.Partly, b.Say("not approved")), {Text: " " + b.Say("Nothing is wrong or missing; the release is not approved as it is here.")}}
	case affected > 0:
		return document.Text{document.Badge(document.Partly, b.Say("in order but for vulnerabilities")), {Text: " " + b.Say("Nothing is wrong, missing or late in the security file; %s.", plural(affected, "known vulnerability affects the release until a correction is installed", "known vulnerabilities affect the release until a correction is installed"))}}
	}
	return document.Text{document.Badge(document.Good, b.Say("in order")), {Text: " " + b.Say("Nothing is wrong, missing or late.")}}
}

func (b *lifeBook) releaseSource() document.Source {
	if b.Release == nil {
		return document.Source{}
	}
	return b.From(b.Release)
}

// releaseWords says which release it is and whether it is approved; why stands at the head of the page.
func (b *lifeBook) releaseWords() document.Text {
	if b.Release == nil {
		return document.Text{document.Badge(document.Bad, b.Say("no release"))}
	}
	text := document.Text{document.Bold(b.Release.Version)}
	if !b.Release.Date.IsZero() {
		text = append(text, document.Span{Text: ", " + b.Release.Date.String()})
	}
	text = append(text, document.Span{Text: ", "})
	if b.set.Stamp.Approved {
		return append(text, document.Badge(document.Good, b.Say("approved")))
	}
	return append(text, document.Badge(document.Partly, b.Say("draft")))
}

// firstSentences are the first sentences of a text in Markdown that fit into a number
// of characters; the beginning of the first one where not even that fits.
func firstSentences(source string, most int) string {
	text := strings.Join(strings.Fields(document.MarkdownLine(source).String()), " ")
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	cut := string(runes[:most])
	if end := strings.LastIndex(cut, ". "); end > 0 {
		return cut[:end+1]
	}
	if end := strings.LastIndex(cut, " "); end > 0 {
		cut = cut[:end]
	}
	return cut + " ..."
}

// boardRisks counts the risks before and after measures.
func (b *lifeBook) boardRisks() *document.Section {
	before := 0
	for _, r := range b.risks.Risks {
		if b.risks.Scales.Above(r.Initial.At) {
			before++
		}
	}
	above := b.risks.AbovePolicy()
	s := b.Section("risks", b.Say("Risks before and after measures"))
	if !b.risks.Scales.Judges() {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("which risks the company accepts")))
	} else {
		text := b.Say("Of %s, %d were above what the company accepts; after measures %d are.", plural(len(b.risks.Risks), "security risk", "security risks"), before, len(above))
		switch n := len(b.unaccepted()); {
		case n > 0:
			text += " " + b.Say("%d of them nobody accepts today.", n)
		case len(above) > 0 && len(b.risks.BenefitNeeded()) == 0:
			text += " " + b.Say("Each of them was accepted, with the reason why the benefit outweighs it.")
		}
		if len(b.risks.BenefitNeeded()) > 0 {
			text += " " + b.Say("The benefit that outweighs them is not stated for %d.", len(b.risks.BenefitNeeded()))
		}
		if n := len(b.risks.Unknown()); n > 0 {
			text += " " + b.Say("%d are not judged.", n)
		}
		s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: text + " " + b.Say("Details") + ": "}, At("risk-report", ""), document.Span{Text: "."}))
	}
	if d := b.boardMatrix(); d != nil {
		s.Blocks = append(s.Blocks, &document.Picture{ID: "board-matrix", Caption: b.Say("Number of risks by exploitability (up) and severity (across)"), Drawing: d})
	}
	return s
}

// counted is a number of things.
type counted struct {
	n         int
	one, many string
}

// countedWords names what there is any of: "2 faults in the check; 1 failed test".
func countedWords(list ...counted) string {
	var words []string
	for _, c := range list {
		if c.n > 0 {
			words = append(words, plural(c.n, c.one, c.many))
		}
	}
	return strings.Join(words, "; ")
}

// openWords counts what is open, in plain words.
func (b *lifeBook) openWords() document.Text {
	sum := b.Findings.Summary()
	shown, all := b.shownRequirements()
	ended, soon, unknown, _ := b.support()
	undecided, affected, _ := b.knownVulnerabilities()
	words := countedWords(
		counted{affected, "known vulnerability that affects the release", "known vulnerabilities that affect the release"},
		counted{undecided, "known vulnerability that nobody decided about", "known vulnerabilities that nobody decided about"},
		counted{sum.Errors, "fault in the check", "faults in the check"}, counted{sum.Open, "open point of the check", "open points of the check"},
		counted{all - shown, "security requirement not shown to be met", "security requirements not shown to be met"}, counted{b.failed(), "failed test", "failed tests"},
		counted{len(b.derivation().Undispositioned()), "threat that nobody answered", "threats that nobody answered"},
		counted{len(b.passed()), "date that has passed", "dates that have passed"},
		counted{len(b.unaccepted()), "risk above the policy that nobody accepts today", "risks above the policy that nobody accepts today"},
		counted{len(ended), "component without its maker's support", "components without their maker's support"},
		counted{len(soon), "component whose support ends within half a year", "components whose support ends within half a year"},
		counted{len(unknown), "component without a known end of support", "components without a known end of support"},
		counted{sum.Waived, "finding waived for a while", "findings waived for a while"})
	if words == "" {
		return b.say("Nothing: no fault, no open point, no unanswered threat.")
	}
	return b.say("%s.", words)
}

// boardDates is how many days a board needs to see.
const boardDates = 3

// passed are the days that have passed.
func (b *lifeBook) passed() (list []due) {
	for _, d := range b.dues() {
		if d.day.Before(b.Day) {
			list = append(list, d)
		}
	}
	return list
}

// boardDeadlines adds the next days on which something falls due, those that have
// passed first.
func (b *lifeBook) boardDeadlines(t *document.Terms) {
	all := b.dues()
	if len(all) == 0 {
		return
	}
	term := document.Term{Name: b.say("Next dates"), Source: all[0].source}
	for _, d := range all[:min(boardDates, len(all))] {
		text := document.Text{document.Bold(d.day.String()), {Text: " " + b.dueText(d)}}
		if d.day.Before(b.Day) {
			text = append(text, document.Span{Text: " "}, document.Badge(document.Bad, b.Say("passed")))
		}
		term.Blocks = append(term.Blocks, document.P(d.source, text...))
	}
	t.Terms = append(t.Terms, term)
}

// boardDecisions are the gravest three of what is to be decided.
func (b *lifeBook) boardDecisions() *document.Section {
	const most = 3
	all := b.toDecide()
	l := &document.List{Ordered: true}
	for _, d := range all[:min(most, len(all))] {
		l.Items = append(l.Items, bullet(d.source, document.Bold(d.what), document.Span{Text: " " + d.why}))
	}
	s := b.Section("decisions", b.Say("What to decide"))
	if len(l.Items) == 0 {
		s.Blocks = append(s.Blocks, b.Para("Nothing in the security file asks for a decision of the board."))
		return s
	}
	s.Blocks = append(s.Blocks, l)
	if len(all) < most {
		s.Blocks = append(s.Blocks, b.Para("Nothing else in the security file asks for a decision of the board."))
	}
	return s
}

// choice is something to decide, with what speaks for it.
type choice struct {
	what, why string
	source    document.Source
}

// toDecide lists what asks for a decision, the gravest first.
func (b *lifeBook) toDecide() (list []choice) {
	add := func(asks bool, what, why string, source document.Source) {
		if asks {
			list = append(list, choice{what, why, source})
		}
	}
	sum := b.Findings.Summary()
	shown, all := b.shownRequirements()
	bad := sum.Errors + b.failed()
	add(bad > 0, b.Say("Hold the release back until the faults are mended, or accept them by name."), countedWords(counted{sum.Errors, "fault in the check", "faults in the check"}, counted{b.failed(), "failed test", "failed tests"})+".", document.Source{})
	add(len(b.unaccepted()) > 0, b.Say("Lower the risks that nobody accepts, or accept them."), b.Say("Without an acceptance in force: %s.", plural(len(b.unaccepted()), "risk above the policy", "risks above the policy")), document.Source{})
	late := b.passed()
	add(len(late) > 0, b.Say("Say who brings what is late up to date, and by when."), b.Say("What is past its day: %s.", plural(len(late), "date", "dates")), document.Source{})
	add(sum.Open > 0 || shown < all, b.Say("Give people and time to what is missing."), countedWords(counted{sum.Open, "open point of the check", "open points of the check"}, counted{all - shown, "security requirement not shown to be met", "security requirements not shown to be met"})+".", document.Source{})
	add(b.Release != nil && !b.set.Stamp.Approved, b.Say("Approve the release, or say what keeps it."), capitalised(strings.Join(b.set.Stamp.Why, "; "))+".", b.releaseSource())
	ended, soon, _, within := b.support()
	add(len(ended)+len(soon) > 0, b.Say("Pay for the replacement of components without support."), b.Say("Support has ended or ends within half a year: %s.", plural(len(ended)+len(soon), "component", "components")), document.Source{})
	coming, source := b.comingAcceptances()
	add(coming != "", b.Say("Accept the remaining risks again, or pay for further measures."), coming, source)
	add(len(within) > 0, b.Say("Plan the money for components that end before the device."), b.replacements(within), b.From(b.File.Product, "support-period"))
	if next := b.nextTest(); !next.IsZero() {
		add(next.Before(b.Day.Add(model.MustDuration("1 year"))), b.Say("Order the next penetration test."), b.Say("It is due on %s.", next), document.Source{})
	}
	return list
}

// comingAcceptances counts the accepted risks above the policy whose acceptance runs
// out within a year, with the source of the first; "" where there is none.
func (b *lifeBook) comingAcceptances() (string, document.Source) {
	var first *model.Risk
	n := 0
	for _, a := range b.risks.AbovePolicy() {
		until := a.Risk.Acceptance.Until
		if until.IsZero() || until.Before(b.Day) || !until.Before(b.Day.Add(model.MustDuration("1 year"))) {
			continue
		}
		if n++; first == nil || until.Before(first.Acceptance.Until) {
			first = a.Risk
		}
	}
	if first == nil {
		return "", document.Source{}
	}
	return b.Say("The acceptance of %s runs out within a year, the first on %s.", plural(n, "risk above the policy", "risks above the policy"), first.Acceptance.Until),
		b.From(first, "acceptance", "until")
}

// replacements says how many components end before the promised support, and which
// is the first.
func (b *lifeBook) replacements(within []model.Entity) string {
	var first *model.Component
	for _, e := range within {
		if c, ok := e.(*model.Component); ok && (first == nil || c.SupportUntil.Before(first.SupportUntil)) {
			first = c
		}
	}
	if first == nil {
		return ""
	}
	return b.Say("The makers of %s end their support before the %s that the company promises are over; the first is %s on %s.",
		plural(len(within), "component", "components"), b.File.Product.SupportPeriod, b.Title(first), first.SupportUntil)
}
