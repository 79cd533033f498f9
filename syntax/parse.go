package syntax

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"theriac/diag"
)

// Limits for one file. A security file is written by people; these leave two
// orders of magnitude of room.
const (
	MaxFile     = 16 << 20 // bytes
	MaxDepth    = 64
	MaxLine     = 32 << 10 // bytes
	MaxFindings = 1000     // of one file
)

// Codes of the findings that this package makes; package rules explains them.
const (
	CodeEncoding  = "T0001"
	CodeSyntax    = "T0002"
	CodeDuplicate = "T0003"
	CodeUnknown   = "T0004"
	CodeShape     = "T0005"
	CodeEnum      = "T0006"
	CodeRequired  = "T0007"
	CodeScalar    = "T0008"
	CodeFeature   = "T0009"
	CodeLimit     = "T0010"
	CodeEmpty     = "T0019"
	CodePending   = "T0020"
)

// Parse reads one file. The root is nil when nothing could be read or the file
// is empty; findings tell what was not understood.
func Parse(path string, data []byte) (*Node, *diag.Source, diag.List) {
	source := &diag.Source{Path: path}
	p := parser{source: source}
	if !p.clean(data) {
		return nil, source, p.findings
	}
	if !p.shallow() {
		return nil, source, p.findings
	}
	root := p.whole()
	return root, source, p.findings
}

type parser struct {
	source   *diag.Source
	lines    int // of the text
	findings diag.List
}

func (p *parser) report(code string, span diag.Span, message, help string) {
	p.add(diag.Finding{Code: code, Severity: diag.Error, Span: span, Message: message, Help: help})
}

func (p *parser) add(f diag.Finding) { addLimited(&p.findings, f) }

// addLimited records a finding about one file. A file with more than
// MaxFindings is not a security file with mistakes; the last finding says that
// the rest is not listed.
func addLimited(list *diag.List, f diag.Finding) {
	switch n := len(*list); {
	case n < MaxFindings:
		list.Add(f)
	case n == MaxFindings:
		f.Code, f.Message = CodeLimit, fmt.Sprintf("more than %d mistakes in this file; the rest is not listed", MaxFindings)
		f.Help, f.Related = "is this a security file? list it under `ignore:` in theriac.yaml if it is not", nil
		list.Add(f)
	}
}

// clean stores the text with LF line ends and without a byte order mark, or
// reports why it is no text.
func (p *parser) clean(data []byte) bool {
	p.source.Text = nil
	start := diag.Span{Source: p.source, Line: 1, Column: 1, EndLine: 1, EndColumn: 2}
	if len(data) > MaxFile {
		p.report(CodeLimit, start, fmt.Sprintf("file is %d bytes long, more than %d", len(data), MaxFile), "split the file by subject")
		return false
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		p.report(CodeEncoding, start, "file is UTF-16 or binary, not UTF-8", "save it as UTF-8")
		return false
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(data, '\r') >= 0 {
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	}
	line, column := 1, 1
	for i := 0; i < len(data); {
		r, size := rune(data[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(data[i:])
		}
		if what := forbidden(r, size); what != "" {
			p.source.Text = bytes.ToValidUTF8(data[:i], nil)
			p.report(CodeEncoding, p.source.At(line, column, 1), what, "save the file as plain UTF-8 text; remove the character")
			return false
		}
		i += size
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	p.source.Text, p.lines = data, line
	return true
}

// forbidden says why a rune may not stand in a security file, or "".
func forbidden(r rune, size int) string {
	switch {
	case r == utf8.RuneError && size == 1:
		return "invalid UTF-8"
	case r == '\n' || r == '\t':
		return ""
	case r == 0:
		return "NUL character"
	case r == '\r':
		return "carriage return without line feed"
	case r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0:
		return fmt.Sprintf("control character U+%04X", r)
	case r == 0x2028 || r == 0x2029:
		return fmt.Sprintf("line separator U+%04X", r)
	case r == 0xfeff:
		return "byte order mark inside the text"
	case r == 0xfffe || r == 0xffff:
		return fmt.Sprintf("non-character U+%04X", r)
	case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
		return fmt.Sprintf("bidirectional control U+%04X, which can make text read differently from what it says", r)
	}
	return ""
}

// shallow refuses texts that nest deeper than any security file, before the
// library sees them. Brackets in quoted text and comments count as well; the
// limit on a single line leaves room for prose. Indentation nests at most once
// per column.
func (p *parser) shallow() bool {
	for n, line := range bytes.Split(p.source.Text, []byte("\n")) {
		depth := max(bytes.Count(line, []byte("[")), bytes.Count(line, []byte("{")), bytes.Count(line, []byte("- ")), bytes.Count(line, []byte("? ")))
		indent := len(line) - len(bytes.TrimLeft(line, " "))
		if len(line) > MaxLine {
			p.report(CodeLimit, p.source.At(n+1, 1, 1), fmt.Sprintf("line is %d bytes long, more than %d", len(line), MaxLine), "break it into several lines")
			return false
		}
		if depth > 1000 || indent > 2000 {
			p.report(CodeLimit, p.source.LineSpan(n+1), "line nests too deep or holds too many brackets", fmt.Sprintf("a security file nests at most %d levels", MaxDepth))
			return false
		}
	}
	return true
}

// whole parses the text in one piece and, when that fails, entry by entry.
func (p *parser) whole() *Node {
	root, err := p.load(p.source.Text, 0)
	if err == nil {
		return root
	}
	if errors.Is(err, errDepth) {
		return nil
	}
	return p.salvage()
}

var errDepth = errors.New("nested too deep")

// load parses text, whose first line is line skip+1 of the source.
func (p *parser) load(text []byte, skip int) (*Node, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithUniqueKeys(false))
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := loader.Load(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	c := converter{parser: p, skip: skip}
	root := &Node{}
	if len(doc.Content) > 0 {
		c.convert(doc.Content[0], root, 0)
	}
	var more yaml.Node
	if err := loader.Load(&more); err == nil {
		p.report(CodeFeature, p.source.LineSpan(max(more.Line, 1)+skip), "second YAML document in one file", "put each document into a file of its own; remove the line `---`")
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if c.deep {
		return nil, errDepth
	}
	if root.null || root.Kind == 0 {
		return nil, nil
	}
	return root, nil
}

// syntaxError turns an error of the library into a finding.
func (p *parser) syntaxError(err error, skip, lastLine int) {
	line, column, message := skip+1, 1, err.Error()
	if e, ok := errors.AsType[*yaml.LoadError](err); ok {
		message = e.Message
		if e.Mark.Line > 0 {
			line, column = e.Mark.Line+skip, max(e.Mark.Column, 1)
		}
	}
	line = min(line, lastLine)
	span := p.source.LineSpan(line)
	if column > span.Column && column < span.EndColumn {
		span.Column = column
	}
	message, help := explainSyntax(message, p.source, line)
	p.report(CodeSyntax, span, message, help)
}

// explainSyntax puts the library's words into ours, with the usual cause.
func explainSyntax(message string, source *diag.Source, line int) (string, string) {
	message = strings.TrimPrefix(message, "go-yaml: ")
	help := "check indentation, colons and quotes on this line and the one above"
	switch {
	case strings.Contains(message, "cannot start any token") && bytes.Contains(source.Line(line), []byte("\t")):
		return "tab used for indentation", "indent with spaces"
	case strings.Contains(message, "mapping values are not allowed"):
		help = "a colon followed by a space starts a value: put text that contains `: ` in quotes or in a block (`|`)"
	case strings.Contains(message, "did not find expected key"), strings.Contains(message, "did not find expected '-' indicator"):
		help = "this line is indented differently from its neighbours"
	}
	return "not valid YAML: " + message, help
}

// converter copies the library's nodes into ours and refuses what the language
// leaves out.
type converter struct {
	*parser
	skip int
	deep bool
}

func (c *converter) convert(from *yaml.Node, to *Node, depth int) {
	// A value that is left out at the end of the text stands behind its last line.
	line := min(from.Line+c.skip, c.lines)
	to.Source, to.Line, to.Column = c.source, int32(line), int32(from.Column)
	if depth > MaxDepth {
		if !c.deep {
			c.report(CodeLimit, to.Span(), fmt.Sprintf("nested more than %d levels deep", MaxDepth), "flatten the structure")
		}
		c.deep, to.Kind, to.null = true, Scalar, true
		return
	}
	c.features(from, to)
	switch from.Kind {
	case yaml.ScalarNode:
		c.scalar(from, to)
	case yaml.SequenceNode:
		to.Kind, to.style = Sequence, collectionStyle(from)
		to.Children = make([]Node, len(from.Content))
		for i, child := range from.Content {
			c.convert(child, &to.Children[i], depth+1)
		}
	case yaml.MappingNode:
		to.Kind, to.style = Mapping, collectionStyle(from)
		to.Children = make([]Node, len(from.Content))
		for i, child := range from.Content {
			c.convert(child, &to.Children[i], depth+1)
		}
		c.unique(to)
	default:
		to.Kind, to.null = Scalar, true
	}
}

func (c *converter) features(from *yaml.Node, to *Node) {
	var what string
	switch {
	case from.Kind == yaml.AliasNode:
		what = "alias *" + from.Value
	case from.Anchor != "":
		what = "anchor &" + from.Anchor
	case from.Style&yaml.TaggedStyle != 0:
		what = "tag " + from.Tag
	case from.Kind == yaml.ScalarNode && from.Tag == "!!merge":
		what = "merge key <<"
	default:
		return
	}
	c.report(CodeFeature, to.Source.At(int(to.Line), int(to.Column), utf8.RuneCountInString(what[strings.IndexByte(what, ' ')+1:])), what+" is not part of the security file language", "write the value out, or give the thing an id and refer to it")
}

func (c *converter) scalar(from *yaml.Node, to *Node) {
	to.Kind, to.Value = Scalar, from.Value
	switch {
	case from.Style&yaml.SingleQuotedStyle != 0:
		to.style = singleQuoted
	case from.Style&yaml.DoubleQuotedStyle != 0:
		to.style = doubleQuoted
	case from.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		to.style = block
	default:
		to.null = slices.Contains(nulls, from.Value)
	}
}

// nulls are the plain scalars without a value (YAML 1.2, core schema).
var nulls = []string{"", "~", "null", "Null", "NULL"}

func collectionStyle(n *yaml.Node) style {
	if n.Style&yaml.FlowStyle != 0 {
		return flow
	}
	return plain
}

// unique reports keys that occur twice and keys that are no plain text.
func (c *converter) unique(n *Node) {
	var seen map[string]*Node
	if n.Len() > 16 {
		seen = make(map[string]*Node, n.Len())
	}
	for i := range n.Len() {
		key, _ := n.Entry(i)
		if key.Kind != Scalar || key.null {
			if c.deep {
				continue
			}
			c.report(CodeShape, key.Span(), "a key must be a plain word", "remove the entry or give it a name")
			continue
		}
		if first := c.earlier(n, i, key, seen); first != nil {
			c.add(diag.Finding{
				Code: CodeDuplicate, Severity: diag.Error, Span: key.Span(),
				Message: fmt.Sprintf("%q is given twice", key.Value), Help: "remove one of the two, or merge them",
				Related: []diag.Related{{Span: first.Span(), Message: "first given here"}},
			})
		}
	}
}

// earlier returns the first key of the mapping that equals key i, or nil.
func (c *converter) earlier(n *Node, i int, key *Node, seen map[string]*Node) *Node {
	if seen != nil {
		first := seen[key.Value]
		if first == nil {
			seen[key.Value] = key
		}
		return first
	}
	for j := range i {
		if other, _ := n.Entry(j); other.Value == key.Value {
			return other
		}
	}
	return nil
}
