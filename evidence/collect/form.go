package collect

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"theriac/diag"
	"theriac/evidence"
	"theriac/internal/lazyregexp"
	"theriac/model"
	"theriac/syntax"
)

// The form by which people state what no tool says: what it may hold is in
// form_fields.go, what each kind of evidence must state in form_kinds.go. The
// form names its kind of evidence, so the collector has none. See
// docs/formats/evidence-form.md.
var _ = add(Collector{Name: "form", Title: "evidence form (YAML)", Looks: looksLikeForm, Read: readForm})

// formVersion is the version of the format.
const formVersion = "1"

// maxMistakes bounds how many mistakes of a form are told at once.
const maxMistakes = 20

// maxList bounds lists of texts in a form.
const maxList = 1000

var formHead = lazyregexp.New(`^(\x{FEFF})?((#[^\n]*|[ \t\r]*|---[ \t\r]*)\n)*evidence-form[ \t]*:`)

// looksLikeForm wants the version as the first field, where Template writes it.
func looksLikeForm(_ string, head []byte) bool { return formHead.Match(head) }

func readForm(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	root, source, found := syntax.Parse(in.Name, in.Data)
	r := &formReader{in: in, root: root, findings: found}
	if root == nil || root.Kind != syntax.Mapping {
		r.report(source.At(1, 1, 1), "the file is no form: it holds no fields", "begin with `evidence-form: 1`")
		return nil, r.refusal()
	}
	r.short(root)
	if len(r.findings) > 0 {
		return nil, r.refusal()
	}
	d := &syntax.Decoder{}
	d.Decode(root, &r.form)
	r.findings = append(r.findings, d.Findings...)
	r.general()
	report := r.statement()
	if len(r.findings) == 0 {
		// What a kind asks for is looked at only where all can be read.
		r.kind.fill(r, report)
		r.cases(report)
	}
	if len(r.findings) > 0 {
		return nil, r.refusal()
	}
	return report, nil
}

// formReader judges a form that was decoded.
type formReader struct {
	in       *Source
	root     *syntax.Node
	form     form
	kind     formKind
	findings diag.List
}

func (r *formReader) report(at diag.Span, message, help string) {
	r.findings.Add(diag.Finding{Severity: diag.Error, Span: at, Message: message, Help: help})
}

// wrong reports a mistake in the field at a path.
func (r *formReader) wrong(path, message, help string) {
	r.report(r.node(path).Span(), message, help)
}

// refusal tells all mistakes, each with its line and field, the first first.
func (r *formReader) refusal() error {
	r.findings.Sort()
	var said []string
	for i, f := range r.findings {
		if i == maxMistakes {
			said = append(said, fmt.Sprintf("and %d more", len(r.findings)-i))
			break
		}
		text := f.Message
		if at := r.field(f.Span); at != "" && !(f.Code == syntax.CodeRequired && stands(&r.root.Children[0], f.Span)) {
			text = at + ": " + text
		}
		if f.Help != "" {
			text += " (" + f.Help + ")"
		}
		if i > 0 {
			text = fmt.Sprintf("line %d: %s", f.Span.Line, text)
		}
		said = append(said, text)
	}
	return malformed(r.findings[0].Span.Line, "%s", strings.Join(said, "\n"))
}

// field is the path of the field that stands at a place.
func (r *formReader) field(at diag.Span) string {
	if r.root == nil {
		return ""
	}
	return fieldAt(r.root, "", at)
}

func fieldAt(n *syntax.Node, path string, at diag.Span) string {
	for i := range n.Len() {
		key, value := (*syntax.Node)(nil), (*syntax.Node)(nil)
		below := path + "[" + strconv.Itoa(i+1) + "]"
		if n.Kind == syntax.Mapping {
			key, value = n.Entry(i)
			below = strings.TrimPrefix(path+"."+key.Value, ".")
		} else {
			value = &n.Children[i]
		}
		if key != nil && stands(key, at) || stands(value, at) {
			return below
		}
		if value.Kind != syntax.Scalar {
			if deeper := fieldAt(value, below, at); deeper != "" {
				return deeper
			}
		}
	}
	return ""
}

func stands(n *syntax.Node, at diag.Span) bool {
	return int(n.Line) == at.Line && int(n.Column) == at.Column
}

// node is the value at a path of field names and places in lists, from 1, or
// the nearest around it.
func (r *formReader) node(path string) *syntax.Node {
	n := r.root
	for _, step := range strings.FieldsFunc(path, func(c rune) bool { return c == '.' || c == '[' || c == ']' }) {
		next := (*syntax.Node)(nil)
		if i, err := strconv.Atoi(step); err == nil && n.Kind == syntax.Sequence && i <= n.Len() {
			next = &n.Children[i-1]
		} else {
			_, next = n.Get(step)
		}
		if next == nil || next.Kind != syntax.Scalar && next.Len() == 0 {
			return cmp.Or(next, n)
		}
		n = next
	}
	return n
}

// general checks what all forms share.
func (r *formReader) general() {
	f := &r.form
	if f.Version != "" && f.Version != formVersion {
		r.wrong("evidence-form", fmt.Sprintf("version %q of the form is not known", f.Version), "this program reads version "+formVersion)
	}
	r.needs()
	r.order()
	r.ids("for", f.For)
	r.ids("scope", f.Scope)
	for i, c := range f.Checks {
		path := fmt.Sprintf("checks[%d].for", i+1)
		r.ids(path, c.For)
		for k, id := range c.For {
			if len(f.For) > 0 && !slices.Contains(f.For, id) {
				r.wrong(fmt.Sprintf("%s[%d]", path, k+1), fmt.Sprintf("the form does not speak of %q", id), suggestion(id, f.For, "add it to `for` of the form"))
			}
		}
	}
	r.attachments()
}

// short refuses lists of texts that nobody has written by hand.
func (r *formReader) short(n *syntax.Node) {
	if n.Kind == syntax.Sequence && n.Len() > maxList && slices.ContainsFunc(n.Children, func(c syntax.Node) bool { return c.Kind == syntax.Scalar }) {
		r.report(n.Span(), fmt.Sprintf("a list of more than %d texts", maxList), "split the form")
		return
	}
	for i := range n.Children {
		r.short(&n.Children[i])
	}
}

// needs looks for what the kind must state, and for parts of other kinds.
func (r *formReader) needs() {
	at := slices.IndexFunc(formKinds, func(k formKind) bool { return k.kind == r.form.Kind })
	if at < 0 {
		if r.form.Kind != "" {
			r.wrong("kind", fmt.Sprintf("nobody states a %s in a form", r.form.Kind), "the agent on the device makes it")
		}
		return
	}
	r.kind = formKinds[at]
	for _, path := range r.kind.required() {
		if !r.states(path) {
			at := path
			if r.node(path) == r.root {
				at = "kind"
			}
			r.wrong(at, fmt.Sprintf("%s must state %q", article(r.form.Kind), path), "add the field")
		}
	}
	for _, k := range formKinds {
		if _, given := r.root.Get(k.part); given != nil && k.part != "" && k.part != r.kind.part {
			r.wrong(k.part, fmt.Sprintf("%q does not belong to %s", k.part, article(r.form.Kind)), "remove it, or correct the kind")
		}
	}
}

// states reports whether a field is there and holds something. A list of
// findings may be empty: that says that there are none.
func (r *formReader) states(path string) bool {
	n := r.root
	for step := range strings.SplitSeq(path, ".") {
		if _, n = n.Get(step); n == nil {
			return false
		}
	}
	return n.Kind == syntax.Scalar || n.Len() > 0 || path == "penetration.findings" && n.Kind == syntax.Sequence
}

func article(kind model.EvidenceKind) string {
	if strings.ContainsRune("aeiou", rune(kind[0])) || kind == "sbom" {
		return "an " + string(kind)
	}
	return "a " + string(kind)
}

func (r *formReader) order() {
	start, end := r.form.Started, r.form.Finished
	switch {
	case start.IsZero() || end.IsZero():
	case start.day != end.day:
		r.wrong("finished", "one of started and finished is a day, the other a time", "write both in the same way")
	case end.Before(start.Time):
		r.wrong("finished", "it ended before it began", "correct started or finished")
	}
}

var idForm = lazyregexp.New(model.IDPattern)

// ids checks the form of ids; whether the security file has them is for others
// to say.
func (r *formReader) ids(path string, ids []string) {
	for i, id := range ids {
		at := fmt.Sprintf("%s[%d]", path, i+1)
		switch {
		case id == "": // reported by the decoder
		case !idForm.MatchString(id):
			r.wrong(at, fmt.Sprintf("%q is no id", id), "an id is a letter and at most 63 letters, digits, dots, dashes and underscores")
		case slices.Contains(ids[:i], id):
			r.wrong(at, fmt.Sprintf("%q stands here twice", id), "remove one")
		}
	}
}

// attachments must lie beside the form: a path could lead anywhere.
func (r *formReader) attachments() {
	for i, name := range r.form.Attachments {
		at := fmt.Sprintf("attachments[%d]", i+1)
		switch {
		case name == "": // reported by the decoder
		case strings.ContainsAny(name, "/\\:\n") || strings.HasPrefix(name, ".") || len(name) > 255 || clean(name) != name:
			r.wrong(at, fmt.Sprintf("%q is no name of a file beside the form", name), "put the file beside the form and give its name alone")
		case name == r.in.Name:
			r.wrong(at, "the form is attached to itself", "remove it")
		case slices.Contains(r.form.Attachments[:i], name):
			r.wrong(at, fmt.Sprintf("%q is attached twice", name), "remove one")
		}
	}
}

// suggestion is how to mend a name that is none of the candidates.
func suggestion(name string, candidates []string, otherwise string) string {
	if meant := diag.Suggest(name, candidates); meant != "" {
		return fmt.Sprintf("did you mean %q?", meant)
	}
	return otherwise
}

// statement is what all kinds of forms say alike.
func (r *formReader) statement() *Report {
	f := &r.form
	return &Report{
		Kind: f.Kind, Started: f.Started.Time, Finished: f.Finished.Time,
		Tool:   evidence.Tool{Name: clean(f.Tool.Name), Version: clean(f.Tool.Version)},
		Commit: clean(f.Commit), For: f.For, Scope: f.Scope, Authors: cleanAll(f.Authors),
		Performer:   evidence.Performer{Who: clean(f.Performer.Who), Independence: f.Performer.Independence, Skills: clean(f.Performer.Skills)},
		Attachments: f.Attachments,
	}
}

// cases adds the checks, and sees that each case can be told from the others.
func (r *formReader) cases(report *Report) {
	own := len(report.Cases)
	for _, c := range r.form.Checks {
		items := c.For
		if len(items) == 0 {
			items = []string{c.ID, c.Title}
		}
		report.Cases = append(report.Cases, Case{
			ID: clean(c.ID), Title: clean(c.Title), Outcome: evidence.Outcome(c.Outcome),
			Severity: evidence.Severity(c.Severity), At: clean(c.At), Items: cleanAll(items),
		})
	}
	seen := map[string]bool{}
	for i, c := range report.Cases {
		if seen[c.ID] {
			path := fmt.Sprintf("%s[%d]", r.kind.own, i+1)
			if i >= own {
				path = fmt.Sprintf("checks[%d].id", i-own+1)
			}
			r.wrong(path, fmt.Sprintf("the id %q is taken", c.ID), "give each check and finding an id of its own: deviations refer to it")
		}
		seen[c.ID] = true
	}
}

// HasForm reports whether there is a form for a kind of evidence.
func HasForm(kind model.EvidenceKind) bool {
	return slices.ContainsFunc(formKinds, func(k formKind) bool { return k.kind == kind })
}

// Template is a form of a kind to fill in, with what each field means; nil for
// a kind that has no form. It is refused until all that it marks is filled in.
func Template(kind model.EvidenceKind) []byte {
	for _, k := range formKinds {
		if k.kind == kind {
			var b bytes.Buffer
			(&templater{k, &b}).write()
			return b.Bytes()
		}
	}
	return nil
}
