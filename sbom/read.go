package sbom

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Read reads a bill of materials in the form that its content shows: CycloneDX in
// JSON or XML, SPDX 2 in JSON or as tags and values, SPDX 3 in JSON-LD. The error
// is for what is no bill of materials, or cannot be read at all; any other mistake
// is a Problem of the list, which then holds what is sound.
//
// Services are components of the type service. Files of SPDX are not: a list of
// files without a package has none. The package that SPDX describes is the Subject,
// and is listed as well.
func Read(r io.Reader, limits Limits) (*BOM, error) {
	limits = limits.orDefault()
	bounded := &boundedReader{in: r, left: limits.Bytes}
	in := bufio.NewReaderSize(bounded, 64<<10)
	state := &reading{limits: limits, bom: &BOM{}}
	if err := state.recognise(in); err != nil {
		if bounded.err != nil {
			err = bounded.err
		}
		return nil, err
	}
	switch {
	case bounded.err != nil && len(state.bom.Components) == 0:
		return nil, bounded.err
	case bounded.err != nil:
		state.lost(0, "reading stopped: %v", bounded.err)
	case bounded.left < 0:
		state.lost(0, "the file is larger than %d bytes; the rest was not read", limits.Bytes)
	}
	state.finish()
	return state.bom, nil
}

var (
	errNone     = errors.New("no bill of materials: neither CycloneDX nor SPDX in a known form")
	errEncoding = errors.New("the file is XML in another encoding than UTF-8; save it as UTF-8")
	errUTF16    = errors.New("the file is UTF-16 or binary; save it as UTF-8")
)

// headSize is how much of a file is looked at to tell its form.
const headSize = 1 << 10

// recognise chooses the reader by the first characters.
func (r *reading) recognise(in *bufio.Reader) error {
	head, _ := in.Peek(headSize)
	if mark, found := bytes.CutPrefix(head, []byte("\xef\xbb\xbf")); found {
		head = mark
		if _, err := in.Discard(3); err != nil {
			return err
		}
	}
	if bytes.IndexByte(head, 0) >= 0 || bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return errUTF16
	}
	switch head = bytes.TrimLeft(head, " \t\r\n"); {
	case bytes.HasPrefix(head, []byte("{")), bytes.HasPrefix(head, []byte("[")):
		return r.readJSON(in)
	case bytes.HasPrefix(head, []byte("<")):
		return r.readCycloneXML(in)
	default:
		return r.readTags(in)
	}
}

// boundedReader gives the first bytes of a file. left is -1 when there was more.
type boundedReader struct {
	in   io.Reader
	left int64
	err  error // other than the end
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.in.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n - 1, io.EOF
	}
	if err != nil && err != io.EOF {
		b.err, err = err, io.EOF
	}
	return n, err
}

// reading is what readers of all forms share.
type reading struct {
	limits    Limits
	bom       *BOM
	graph     graph
	described []described
	once      map[string]bool // problems that are told once
	words     map[string]string
	patched   map[string]bool                // references of what was changed
	product   struct{ made, supplied party } // who stands behind the subject, where that is said beside it
	dropped   int                            // components beyond the limit
	files     int                            // of SPDX
	refLabel  string                         // what a reference is called in the format
}

// described is an element that SPDX says the document is about.
type described struct {
	ref  string
	line int
}

// problem notes what was not understood, and does not matter to what is listed.
func (r *reading) problem(line int, format string, values ...any) {
	r.note(line, false, format, values)
}

// lost notes what was not understood and is therefore not in the list.
func (r *reading) lost(line int, format string, values ...any) {
	r.note(line, true, format, values)
}

func (r *reading) note(line int, lost bool, format string, values []any) {
	if lost {
		r.bom.Lost++
	}
	if len(r.bom.Problems) >= r.limits.Problems {
		r.bom.Unlisted++
		return
	}
	for i, v := range values {
		if s, ok := v.(string); ok {
			values[i] = clip(s)
		}
	}
	r.bom.Problems = append(r.bom.Problems, Problem{Line: line, What: fmt.Sprintf(format, values...), Lost: lost})
}

// first reports whether a key is new; what is not is only counted.
func (r *reading) first(key string) bool {
	if r.once[key] {
		r.bom.Unlisted++
		return false
	}
	if r.once == nil {
		r.once = map[string]bool{}
	}
	if len(r.once) < 1000 {
		r.once[key] = true
	}
	return true
}

// clip bounds a text of the file that is shown in a problem.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// word is a text that repeats in the list, kept once.
func (r *reading) word(b []byte) string {
	if w, known := r.words[string(b)]; known {
		return w
	}
	w := string(b)
	if r.words == nil {
		r.words = map[string]string{}
	}
	if len(r.words) < 4096 && len(w) < 200 {
		r.words[w] = w
	}
	return w
}

// open makes room for a component, and reports whether the limit allows it.
func (r *reading) open() (index int, ok bool) {
	if len(r.bom.Components) >= r.limits.Components {
		r.dropped++
		return 0, false
	}
	r.bom.Components = append(r.bom.Components, Component{})
	return len(r.bom.Components) - 1, true
}

// keep puts a component where open made room. One that nothing tells from another is left out.
func (r *reading) keep(index int, c *Component) {
	named := c.Name != "" || c.PURL != "" || len(c.CPEs) > 0
	last := index == len(r.bom.Components)-1
	switch {
	case !named && last:
		r.lost(c.Line, "a component has neither name nor package URL nor CPE; it is left out")
		r.bom.Components = r.bom.Components[:index]
		return
	case c.Name == "":
		r.problem(c.Line, "a component has no name")
	}
	r.bom.Components[index] = *c
	r.define(c.Ref, c.Line, isComponent)
}

// define notes that an element of the file has a reference.
func (r *reading) define(ref string, line int, kind nodeKind) {
	if ref == "" || kind == isOther && !r.room(ref) {
		return
	}
	if before := r.graph.define(ref, line, kind); before >= 0 {
		r.problem(line, "%s %q stands twice; it is first in line %d", r.refLabel, ref, before)
	}
}

// finish judges what needs the whole file.
func (r *reading) finish() {
	if r.dropped > 0 {
		r.lost(0, "the file has more than %d components; %d were not read", r.limits.Components, r.dropped)
	}
	if len(r.bom.Components) == 0 && r.files > 0 {
		r.problem(0, "the list has %d files and no package; files are no components", r.files)
	}
	r.resolve()
	if len(r.patched) > 0 {
		r.settlePatched()
	}
	r.settleSubject()
	r.settleProduct()
	slices.SortStableFunc(r.bom.Problems, func(a, b Problem) int {
		return placeOf(a) - placeOf(b)
	})
}

// placeOf sorts what has no place last.
func placeOf(p Problem) int {
	if p.Line == 0 {
		return 1<<62 - 1
	}
	return p.Line
}

// settleSubject copies the package that SPDX describes. Where it describes several,
// the list has no one subject.
func (r *reading) settleSubject() {
	var found *Component
	for _, d := range r.described {
		if !r.graph.knows(d.ref) && r.graph.knows(spdxPrefix+d.ref) {
			d.ref = spdxPrefix + d.ref
		}
		switch kind := r.graph.kind(d.ref); {
		case kind == isUnknown && !external(d.ref) && !saysNothing(d.ref):
			r.problem(d.line, "the document describes %q, which is not in it", d.ref)
		case kind == isComponent && found != nil && found.Ref != d.ref:
			return
		case kind == isComponent && found == nil:
			i := slices.IndexFunc(r.bom.Components, func(c Component) bool { return c.Ref == d.ref })
			if i >= 0 {
				c := r.bom.Components[i]
				found = &c
			}
		}
	}
	if found != nil {
		r.bom.Subject = found
	}
}

// settleProduct gives the subject what CycloneDX says beside it.
func (r *reading) settleProduct() {
	c := r.bom.Subject
	if c == nil {
		return
	}
	c.Supplier = cmp.Or(c.Supplier, r.product.supplied.name)
	c.Manufacturer = cmp.Or(c.Manufacturer, r.product.made.name)
	c.Contact = cmp.Or(c.Contact, r.product.made.address(), r.product.supplied.address())
}

// settlePatched marks what SPDX says was changed.
func (r *reading) settlePatched() {
	for i := range r.bom.Components {
		if c := &r.bom.Components[i]; r.patched[c.Ref] {
			c.Patched = true
		}
	}
}

// addressed is a name with an address, as this package writes authors.
func addressed(name, address string) string {
	name, address = strings.TrimSpace(name), strings.TrimSpace(address)
	switch {
	case address == "":
		return name
	case name == "":
		return address
	}
	return name + " <" + address + ">"
}
