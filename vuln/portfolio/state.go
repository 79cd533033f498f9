package portfolio

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"theriac/sbom"
	"theriac/vuln/match"
)

// The file of a state: a line that says what it is, then lines of the form "word key
// json bills", apart by tabs, in the order of their bytes.
const (
	stateHeader   = "theriac portfolio 1"
	maxState      = 512 << 20 // bytes
	maxStateLine  = 1 << 20
	maxBills      = 100_000
	maxStandings  = 50_000_000 // bills over all lines
	wordAbout     = "about"
	wordBill      = "bill"
	wordComponent = "component" // key: ecosystem, name
	wordFinding   = "finding"   // key: component, id
	wordBlind     = "unmonitored"
	wordSupport   = "support" // key: product, cycle
)

// ErrState says that a file is no state of a portfolio.
var ErrState = errors.New("not the state of a portfolio")

// aboutLine is what the line about a state holds.
type aboutLine struct {
	Day        string   `json:"day"`
	Database   string   `json:"database"`
	Ecosystems []string `json:"ecosystems,omitempty"`
}

func jsonText(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "" // the types of a state can all be written
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// keyText writes a part of a key so that it has neither tab nor line end.
func keyText(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == '%' }) < 0 {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if s[i] < ' ' || s[i] == '%' {
			fmt.Fprintf(&b, "%%%02X", s[i])
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Encode writes a state. The same state gives the same bytes.
func Encode(s *State) ([]byte, error) {
	lines := []string{wordAbout + "\t" + jsonText(aboutLine{s.Day, s.Database, s.Ecosystems})}
	for i := range s.Bills {
		lines = append(lines, fmt.Sprintf("%s\t%06d\t%s", wordBill, i, jsonText(s.Bills[i])))
	}
	for i := range s.Components {
		c := &s.Components[i]
		text := jsonText(c)
		for _, k := range keysOf(c) {
			lines = append(lines, strings.Join([]string{wordComponent, keyText(k.Ecosystem), keyText(k.Name), text, string(c.Bills)}, "\t"))
		}
	}
	for i := range s.Findings {
		f := &s.Findings[i]
		lines = append(lines, strings.Join([]string{wordFinding, keyText(f.Component.String()), keyText(f.ID), jsonText(f)}, "\t"))
	}
	for i := range s.Unmonitored {
		u := &s.Unmonitored[i]
		lines = append(lines, strings.Join([]string{wordBlind, keyText(u.Component.String()), jsonText(u)}, "\t"))
	}
	for i := range s.Support {
		u := &s.Support[i]
		lines = append(lines, strings.Join([]string{wordSupport, keyText(u.Product), keyText(u.Cycle), jsonText(u)}, "\t"))
	}
	slices.Sort(lines)
	var out bytes.Buffer
	out.WriteString(stateHeader + "\n")
	for _, l := range lines {
		if len(l) >= maxStateLine {
			return nil, fmt.Errorf("%.60q…: a line of the state would be longer than %d bytes", l, maxStateLine)
		}
		out.WriteString(l + "\n")
	}
	return out.Bytes(), nil
}

// keysOf are the names under which a component is looked up; an empty one where there
// is none.
func keysOf(c *Component) []match.Key {
	entry := c.entry()
	if keys := match.Keys(&entry); len(keys) > 0 {
		return keys
	}
	return []match.Key{{}}
}

// entry gives a component the form of an entry of a bill.
func (c *Component) entry() sbom.Component {
	e := sbom.Component{
		Type: c.Type, Name: c.Name, Version: c.Version, PURL: c.PURL, CPEs: c.CPEs, Manufacturer: c.Manufacturer, Supplier: c.Supplier,
		Patched: c.Patched, Parent: -1,
	}
	for _, r := range c.Repositories {
		e.Links = append(e.Links, sbom.Link{Kind: "vcs", URL: r})
	}
	return e
}

// ReadState reads a state whole.
func ReadState(name string) (*State, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// Decode reads a state that Encode wrote.
func Decode(in io.Reader) (*State, error) {
	d := decoder{seen: map[string]bool{}}
	lines := bufio.NewScanner(io.LimitReader(in, maxState))
	lines.Buffer(make([]byte, 0, 64<<10), maxStateLine)
	n, last := 0, ""
	for lines.Scan() {
		n++
		line := lines.Text()
		switch {
		case n == 1 && line != stateHeader:
			return nil, ErrState
		case n == 1:
			continue
		case line <= last:
			return nil, fmt.Errorf("%w: line %d is out of order", ErrState, n)
		}
		if err := d.line(line); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrState, n, err)
		}
		last = line
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: line %d: %w", ErrState, n+1, err)
	}
	if n == 0 || d.state.Day == "" {
		return nil, fmt.Errorf("%w: it ends before its line about the run", ErrState)
	}
	return &d.state, nil
}

// decoder makes a state of lines.
type decoder struct {
	state     State
	seen      map[string]bool // components, by text: one with several names has several lines
	standings int
}

func (d *decoder) line(line string) error {
	parts := strings.Split(line, "\t")
	want := map[string]int{wordAbout: 2, wordBill: 3, wordComponent: 5, wordFinding: 4, wordBlind: 3, wordSupport: 4}[parts[0]]
	if want != len(parts) {
		return errors.New("not a line of a state")
	}
	switch parts[0] {
	case wordAbout:
		var a aboutLine
		err := unmarshal(parts[1], &a)
		d.state.Day, d.state.Database, d.state.Ecosystems = a.Day, a.Database, a.Ecosystems
		return err
	case wordBill:
		var b Bill
		if parts[1] != fmt.Sprintf("%06d", len(d.state.Bills)) || len(d.state.Bills) >= maxBills {
			return errors.New("bills are not numbered in order")
		}
		err := unmarshal(parts[2], &b)
		d.state.Bills = append(d.state.Bills, b)
		return err
	case wordComponent:
		c, err := d.component(parts[3], parts[4])
		if err == nil && !d.seen[parts[3]] {
			d.seen[parts[3]] = true
			d.state.Components = append(d.state.Components, c)
		}
		return err
	case wordFinding:
		return d.finding(parts[3])
	case wordSupport:
		var s Support
		if err := unmarshal(parts[3], &s); err != nil {
			return err
		}
		d.state.Support = append(d.state.Support, s)
		return d.numbers(s.Bills)
	}
	var u Unmonitored
	if err := unmarshal(parts[2], &u); err != nil {
		return err
	}
	d.state.Unmonitored = append(d.state.Unmonitored, u)
	return d.numbers(u.Bills)
}

func unmarshal(text string, v any) error {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if dec.InputOffset() != int64(len(text)) {
		return errors.New("more than one value")
	}
	return nil
}

func (d *decoder) numbers(n Numbers) error {
	count, err := n.check(len(d.state.Bills))
	if d.standings += count; d.standings > maxStandings {
		err = errors.New("the portfolio is too large")
	}
	return err
}

func (d *decoder) component(text, bills string) (c Component, err error) {
	if err := unmarshal(text, &c); err != nil {
		return c, err
	}
	c.Bills = Numbers(bills)
	return c, d.numbers(c.Bills)
}

func (d *decoder) finding(text string) error {
	var f Finding
	if err := unmarshal(text, &f); err != nil {
		return err
	}
	if f.ID == "" || len(f.Where) == 0 {
		return errors.New("a finding has no id or no place")
	}
	for _, w := range f.Where {
		if err := d.numbers(w.Bills); err != nil {
			return err
		}
	}
	d.state.Findings = append(d.state.Findings, f)
	return nil
}
