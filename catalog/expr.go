package catalog

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Truth is the value of an expression: some facts may not be known yet.
type Truth int8

// The truth values of Kleene's three-valued logic.
const (
	Undecided Truth = 0
	True      Truth = 1
	False     Truth = 2
)

// Facts answers questions about a product.
type Facts interface {
	// Fact is the answer to a yes/no question, for example connected.
	Fact(name string) Truth
	// Value is the value of a property: regulation or class; "" when unknown.
	Value(property string) string
	// Standard reports whether the manufacturer applies a standard.
	Standard(id string) bool
}

// Expr is an applicability expression.
//
//	expr   = and { "or" and }
//	and    = not { "and" not }
//	not    = "not" not | "(" expr ")" | term
//	term   = fact | property "=" value | property "in" "(" value { "," value } ")"
//
// A fact is one of FactNames; a property is regulation, class or standard.
// Nesting is limited to 100 levels, length to 1000 bytes.
type Expr struct {
	op    string // or, and, not, fact, in
	args  []Expr
	name  string
	words []string
}

// FactNames are the yes/no facts that expressions may use.
var FactNames = []string{
	"software", "is-software", "connected", "personal-data", "ai", "mobile", "combination", "interoperable", "active",
	"implantable", "monitoring", "measuring", "therapy", "battery-safety", "mains-safety", "lay-users", "near-patient",
	"acute-care", "no-medical-purpose", "study", "in-house", "notified-body",
}

// ParseExpr reads an expression. The empty text is always true.
func ParseExpr(text string) (Expr, error) {
	if strings.TrimSpace(text) == "" {
		return Expr{op: "and"}, nil
	}
	if len(text) > 1000 {
		return Expr{}, fmt.Errorf("expression is %d bytes long, more than 1000", len(text))
	}
	p := exprParser{tokens: tokenize(text)}
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

type exprParser struct {
	tokens []string
	at     int
}

func (p *exprParser) peek() string {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return ""
}

func (p *exprParser) next() string {
	t := p.peek()
	p.at++
	return t
}

func (p *exprParser) or(depth int) (Expr, error)  { return p.chain("or", depth, p.and) }
func (p *exprParser) and(depth int) (Expr, error) { return p.chain("and", depth, p.not) }

func (p *exprParser) chain(op string, depth int, operand func(int) (Expr, error)) (Expr, error) {
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

func (p *exprParser) not(depth int) (Expr, error) {
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

func (p *exprParser) expect(token string) error {
	if got := p.next(); got != token {
		if got == "" {
			got = "the end"
		}
		return fmt.Errorf("expected %q, found %q", token, got)
	}
	return nil
}

func (p *exprParser) term() (Expr, error) {
	name := p.next()
	switch name {
	case "regulation", "class", "standard":
		return p.comparison(name)
	}
	for _, f := range FactNames {
		if f == name {
			return Expr{op: "fact", name: name}, nil
		}
	}
	return Expr{}, fmt.Errorf("unknown fact %q", name)
}

func (p *exprParser) comparison(name string) (Expr, error) {
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
	}
	return e, nil
}

// Eval returns the truth of the expression for a product.
func (e Expr) Eval(f Facts) Truth {
	switch e.op {
	case "fact":
		return f.Fact(e.name)
	case "in":
		return e.compare(f)
	case "not":
		switch e.args[0].Eval(f) {
		case True:
			return False
		case False:
			return True
		}
		return Undecided
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

func (e Expr) compare(f Facts) Truth {
	if e.name == "standard" {
		for _, w := range e.words {
			if f.Standard(w) {
				return True
			}
		}
		return False
	}
	value := f.Value(e.name)
	if value == "" {
		return Undecided
	}
	for _, w := range e.words {
		if w == value {
			return True
		}
	}
	return False
}

// Because lists the facts on which the expression rests for a product, as a
// reader would say them: "connected is true", "class is IIb".
func (e Expr) Because(f Facts) []string {
	switch e.op {
	case "fact":
		return []string{e.name + " is " + [...]string{"not stated", "true", "false"}[f.Fact(e.name)]}
	case "in":
		if e.name == "standard" {
			if e.compare(f) == True {
				return []string{"standard " + strings.Join(e.words, " or ") + " is applied"}
			}
			return []string{"standard " + strings.Join(e.words, " or ") + " is not applied"}
		}
		if v := f.Value(e.name); v != "" {
			return []string{e.name + " is " + v}
		}
		return []string{e.name + " is not stated"}
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
	if len(e.args) == 0 {
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
