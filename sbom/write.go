package sbom

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Form is a form in which a list can be written.
type Form string

// The forms that Write knows.
const (
	CycloneDX16JSON Form = "cyclonedx-1.6-json"
	CycloneDX16XML  Form = "cyclonedx-1.6-xml"
	CycloneDX17JSON Form = "cyclonedx-1.7-json"
	CycloneDX17XML  Form = "cyclonedx-1.7-xml"
	SPDX23JSON      Form = "spdx-2.3-json"
	SPDX23Tag       Form = "spdx-2.3-tag"
)

// Forms are the forms that Write knows.
func Forms() []Form {
	return []Form{CycloneDX16JSON, CycloneDX16XML, CycloneDX17JSON, CycloneDX17XML, SPDX23JSON, SPDX23Tag}
}

// maxWritten bounds the components and dependencies of a list that is written. The
// libraries hold a document several times over, with about 3 kB for each.
const maxWritten = 1_000_000

// Write writes a list, and says what of it the form has no place for. The document
// is a new one: its serial number or name space follows from its content, and
// Created is its time, without which SPDX cannot be written.
func Write(w io.Writer, b *BOM, form Form) (lost []Problem, err error) {
	if !slices.Contains(Forms(), form) {
		return nil, fmt.Errorf("unknown form %q", form)
	}
	size := len(b.Components)
	for _, on := range b.Depends {
		size += len(on)
	}
	if size > maxWritten {
		return nil, fmt.Errorf("the list has %d components and dependencies; at most %d are written", size, maxWritten)
	}
	t := &writing{refs: newRefs(b)}
	if strings.HasPrefix(string(form), "spdx") {
		err = t.spdx(w, b, form)
	} else {
		err = t.cyclone(w, b, form)
	}
	return t.problems(), err
}

// writing is a document in the making.
type writing struct {
	refs *refs
	lost []loss
}

type loss struct {
	what  string
	count int
}

// lose counts something that has no place in the form.
func (t *writing) lose(what string) {
	for i := range t.lost {
		if t.lost[i].what == what {
			t.lost[i].count++
			return
		}
	}
	t.lost = append(t.lost, loss{what, 1})
}

func (t *writing) problems() []Problem {
	var list []Problem
	for _, l := range t.lost {
		list = append(list, Problem{What: fmt.Sprintf("%s (%d times)", l.what, l.count)})
	}
	return list
}

// space is the name space of identifiers that follow from content.
var space = uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:theriac:sbom"))

// serialOf is an identifier for what has this digest (SHA-256).
func serialOf(digest []byte) string {
	return "urn:uuid:" + uuid.NewSHA1(space, digest).String()
}

// refs gives every component of a list a Ref of its own.
type refs struct {
	subject string
	of      []string       // by index
	where   map[string]int // index by Ref as written, the first; -1 is the subject
}

func newRefs(b *BOM) *refs {
	r := &refs{of: make([]string, len(b.Components)), where: map[string]int{}}
	taken := map[string]int{}
	give := func(c *Component) string {
		ref := oneLine(cmp.Or(c.Ref, c.PURL, c.Designation(), "component"))
		for taken[ref] > 0 {
			taken[ref]++
			ref = fmt.Sprintf("%s#%d", ref, taken[ref])
		}
		taken[ref] = 1
		return ref
	}
	if b.Subject != nil {
		r.subject = give(b.Subject)
		r.where[b.Subject.Ref] = -1
	}
	for i := range b.Components {
		c := &b.Components[i]
		if b.isSubject(i) {
			r.of[i] = r.subject
			continue
		}
		r.of[i] = give(c)
		if _, there := r.where[c.Ref]; !there {
			r.where[c.Ref] = i
		}
	}
	return r
}

// find is the Ref under which the component with a Ref as written stands.
func (r *refs) find(ref string) (string, bool) {
	i, there := r.where[ref]
	switch {
	case ref == "" || !there:
		return "", false
	case i < 0:
		return r.subject, true
	}
	return r.of[i], true
}

// parents holds for each component the one that it stands in, -1 for none. What
// stands in itself, over whatever detour, stands in none, and so does what stands in
// the subject.
func parents(b *BOM) []int {
	up := make([]int, len(b.Components))
	const unseen, open, done = 0, 1, 2
	state := make([]byte, len(up))
	for i := range up {
		var chain []int
		at := i
		for at >= 0 && at < len(up) && state[at] == unseen {
			state[at] = open
			chain = append(chain, at)
			at = b.Components[at].Parent
		}
		for _, c := range slices.Backward(chain) {
			up[c] = b.Components[c].Parent
			if p := up[c]; p < 0 || p >= len(up) || state[p] == open || b.isSubject(p) {
				up[c] = -1
			}
			state[c] = done
		}
	}
	return up
}

// oneLine is a text on one line, without control characters and invalid bytes.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// nameAndContact splits a name with e-mail or URL: "Jane Roe <jane@example.org>".
func nameAndContact(s string) (name, contact string) {
	s = oneLine(s)
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		return strings.TrimSpace(s[:i]), s[i+1 : len(s)-1]
	}
	return s, ""
}

// isURL tells addresses of sites from those of people.
func isURL(s string) bool { return strings.Contains(s, "://") || strings.HasPrefix(s, "mailto:") }

// versioned splits the name of a tool from its version: "syft 0.63.0".
func versioned(s string) (name, version string) {
	s = oneLine(s)
	i := strings.LastIndexByte(s, ' ')
	if i < 0 {
		return s, ""
	}
	if tail := strings.TrimPrefix(s[i+1:], "v"); tail != "" && '0' <= tail[0] && tail[0] <= '9' {
		return s[:i], s[i+1:]
	}
	return s, ""
}
