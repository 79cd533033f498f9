// Package expr is the language of conditions in theriac's data: when a clause
// applies to a product, when a pattern of threat bears on an element.
//
// # Format
//
//	expr   = and { "or" and }
//	and    = not { "and" not }
//	not    = "not" not | "(" expr ")" | term
//	term   = fact | property "=" value | property "in" "(" value { "," value } ")"
//
// Facts, properties and values are words of letters, digits, hyphens and dots;
// a Vocabulary says which there are. The empty text is always true. Nesting is
// limited to 100 levels, length to 1000 bytes.
//
// # Values
//
// Expressions have three values, since facts may not be known yet (Kleene's
// strong logic of indeterminacy).
package expr

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Truth is the value of an expression.
type Truth int8

// The truth values.
const (
	Undecided Truth = 0
	True      Truth = 1
	False     Truth = 2
)

// Of is the truth of something that is known.
func Of(holds bool) Truth {
	if holds {
		return True
	}
	return False
}

// Not is the opposite; what is undecided stays so.
func (t Truth) Not() Truth {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return Undecided
}

// Facts answers what an expression asks about a subject.
type Facts interface {
	// Fact is the answer to a yes/no question, for example connected.
	Fact(name string) Truth
	// Is reports whether a property has one of the values.
	Is(property string, values []string) Truth
	// Say is what is known of a property in words, for example "class is IIb".
	Say(property string, values []string) string
}

// Vocabulary is what expressions about a kind of subject may ask.
type Vocabulary struct {
	Facts      []string
	Properties map[string][]string // values of each property; nil allows all
}

// Expr is a condition.
type Expr struct {
	op    string // or, and, not, fact, in
	args  []Expr
	name  string
	words []string
}

// Always is the condition that always holds.
var Always = Expr{op: "and"}

// Parse reads a condition.
func Parse(text string, v *Vocabulary) (Expr, error) {
	if strings.TrimSpace(text) == "" {
		return Always, nil
	}
	if len(text) > 1000 {
		return Expr{}, fmt.Errorf("expression is %d bytes long, more than 1000", len(text))
	}
	p := parser{tokens: tokenize(text), vocabulary: v}
	e, err := p.or(0)
	if err == nil && p.peek() != "" {
		err = fmt.Errorf("unexpected %q", p.peek())
	}
	if err != nil {
		return Expr{}, fmt.Errorf("expression %q: %w", text, err)
	}
	return e, nil
}

func tokenize(text string) []string {
	var tokens []string
	for i := 0; i < len(text); {
		c := rune(text[i])
		start := i
		switch {
		case unicode.IsSpace(c):
			i++
			continue
		case word(c):
			for i < len(text) && word(rune(text[i])) {
				i++
			}
		default:
			i++
		}
		tokens = append(tokens, text[start:i])
	}
	return tokens
}

func word(c rune) bool {
	return c == '-' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

type parser struct {
	vocabulary *Vocabulary

	tokens []string
	at     int
}

func (p *parser) peek() string {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return ""
}

func (p *parser) next() string {
	t := p.peek()
	p.at++
	return t
}

func (p *parser) or(depth int) (Expr, error)  { return p.chain("or", depth, p.and) }
func (p *parser) and(depth int) (Expr, error) { return p.chain("and", depth, p.not) }

func (p *parser) chain(op string, depth int, operand func(int) (Expr, error)) (Expr, error) {
	first, err := operand(depth)
	if err != nil || p.peek() != op {
		return first, err
	}
	e := Expr{op: op, args: []Expr{first}}
	for p.peek() == op {
		p.next()
		arg, err := operand(depth)
		if err != nil {
			return e, err
		}
		e.args = append(e.args, arg)
	}
	return e, nil
}

func (p *parser) not(depth int) (Expr, error) {
	if depth > 100 {
		return Expr{}, fmt.Errorf("nested more than 100 levels deep")
	}
	switch p.peek() {
	case "not":
		p.next()
		arg, err := p.not(depth + 1)
		return Expr{op: "not", args: []Expr{arg}}, err
	case "(":
		p.next()
		e, err := p.or(depth + 1)
		if err == nil {
			err = p.expect(")")
		}
		return e, err
	}
	return p.term()
}

func (p *parser) expect(token string) error {
	if got := p.next(); got != token {
		if got == "" {
			got = "the end"
		}
		return fmt.Errorf("expected %q, found %q", token, got)
	}
	return nil
}

func (p *parser) term() (Expr, error) {
	name := p.next()
	if values, property := p.vocabulary.Properties[name]; property {
		return p.comparison(name, values)
	}
	if slices.Contains(p.vocabulary.Facts, name) {
		return Expr{op: "fact", name: name}, nil
	}
	return Expr{}, fmt.Errorf("unknown fact %q", name)
}

func (p *parser) comparison(name string, known []string) (Expr, error) {
	e := Expr{op: "in", name: name}
	switch op := p.next(); op {
	case "=":
		e.words = []string{p.next()}
	case "in":
		if err := p.expect("("); err != nil {
			return e, err
		}
		for {
			e.words = append(e.words, p.next())
			if p.peek() != "," {
				break
			}
			p.next()
		}
		if err := p.expect(")"); err != nil {
			return e, err
		}
	default:
		return e, fmt.Errorf("expected = or in behind %q, found %q", name, op)
	}
	for _, w := range e.words {
		if w == "" || !word(rune(w[0])) {
			return e, fmt.Errorf("expected a value of %q, found %q", name, w)
		}
		if known != nil && !slices.Contains(known, w) {
			return e, fmt.Errorf("%q is no value of %q", w, name)
		}
	}
	return e, nil
}

// Join is the conjunction of two conditions.
func Join(a, b Expr) Expr {
	switch {
	case a.always():
		return b
	case b.always():
		return a
	}
	return Expr{op: "and", args: []Expr{a, b}}
}

func (e Expr) always() bool { return e.op == "and" && len(e.args) == 0 }

// Eval returns the truth of the condition for a subject.
func (e Expr) Eval(f Facts) Truth {
	switch e.op {
	case "fact":
		return f.Fact(e.name)
	case "in":
		return f.Is(e.name, e.words)
	case "not":
		return e.args[0].Eval(f).Not()
	}
	// and: false wins, then undecided; or: true wins, then undecided.
	wins, result := False, True
	if e.op == "or" {
		wins, result = True, False
	}
	for _, a := range e.args {
		switch t := a.Eval(f); t {
		case wins:
			return wins
		case Undecided:
			result = Undecided
		}
	}
	return result
}

// Because lists the facts on which the condition rests for a subject, as a
// reader would say them: "connected is true", "class is IIb".
func (e Expr) Because(f Facts) []string {
	switch e.op {
	case "fact":
		return []string{e.name + " is " + [...]string{"not stated", "true", "false"}[f.Fact(e.name)]}
	case "in":
		return []string{f.Say(e.name, e.words)}
	}
	want := e.Eval(f)
	if e.op == "not" {
		return e.args[0].Because(f)
	}
	var all []string
	for _, a := range e.args {
		if a.Eval(f) == want {
			for _, b := range a.Because(f) {
				if !slices.Contains(all, b) {
					all = append(all, b)
				}
			}
		}
	}
	return all
}

func (e Expr) String() string {
	switch e.op {
	case "fact":
		return e.name
	case "in":
		if len(e.words) == 1 {
			return e.name + " = " + e.words[0]
		}
		return e.name + " in (" + strings.Join(e.words, ", ") + ")"
	case "not":
		return "not " + e.args[0].group()
	}
	if e.always() {
		return "always"
	}
	parts := make([]string, len(e.args))
	for i, a := range e.args {
		parts[i] = a.group()
	}
	return strings.Join(parts, " "+e.op+" ")
}

func (e Expr) group() string {
	if (e.op == "and" || e.op == "or") && len(e.args) > 0 {
		return "(" + e.String() + ")"
	}
	return e.String()
}
