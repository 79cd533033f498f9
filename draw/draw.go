// Package draw makes pictures of the security file: architecture, data flow,
// attack path, risk matrix and heat map, fit for a regulatory submission.
//
// # Format
//
// A Drawing is a list of sheets; a sheet holds shapes, paths and texts that
// name their look by Role and say nothing about the medium, so that any painter
// can follow them. SVG paints them: no script, no external reference, no
// embedded font; light and dark colours by prefers-color-scheme.
//
// # Values
//
// Lengths are in units of one CSS pixel at scale 1, from the top left corner.
// The smallest text is minText units high, and a sheet up to PageWidth by
// PageHeight prints on A4 landscape with that text at 7 points or more. Text of
// the user is cleaned of control and direction characters and escaped. Colour
// never carries meaning alone: a text, symbol or pattern says the same.
//
// # Errors
//
// Architecture and DataFlow fail only on a focus that names nothing to draw.
// What cannot be drawn is counted in a note on the sheet.
//
// # Concurrency
//
// All functions are safe for concurrent use; a Drawing is read-only once made.
//
// # Sources
//
// Data flow diagrams follow the usual notation (process, store, external
// entity, flow, trust boundary). Contrast follows WCAG 2.2, 1.4.3 and 1.4.11.
package draw

// Drawing is a picture of one or more sheets that belong together.
type Drawing struct {
	Title   string
	Summary string // what the picture shows, for those who do not see it
	Sheets  []Sheet
}

// Sheet is what fits on one page.
type Sheet struct {
	Name          string
	Width, Height float64
	Items         []Item
}

// The size of a sheet that prints on A4 landscape within margins of 10 mm with
// its smallest text at 7 points: 277 mm by 190 mm at 10 units for 7 points.
const (
	PageWidth  = 1121.0
	PageHeight = 769.0
	minText    = 10.0
)

// Only returns the drawing with a single one of its sheets.
func (d *Drawing) Only(sheet int) *Drawing {
	return &Drawing{Title: d.Title, Summary: d.Summary, Sheets: d.Sheets[sheet : sheet+1]}
}

// Item is something to paint.
type Item interface{ item() }

// Group is several items that stand for one thing, which Label names.
type Group struct {
	Label string
	Items []Item
}

// Moved is items drawn right and down of where they say.
type Moved struct {
	DX, DY float64
	Items  []Item
}

// Rect is a rectangle with rounded corners of radius R.
type Rect struct {
	X, Y, W, H, R float64
	Role          Role
}

// Path is a line or an area.
type Path struct {
	Steps []Step
	Role  Role
}

// Step is one step of a path: to P; along a cubic curve when C1 and C2 are set
// (Curve), or back to the start (Close).
type Step struct {
	Kind      StepKind
	P, C1, C2 Point
}

// StepKind says what a step of a path does.
type StepKind byte

// The kinds of steps.
const (
	Move StepKind = iota
	Line
	Curve
	Close
)

// Point is a place on a sheet.
type Point struct{ X, Y float64 }

// Text is one line of text on its baseline.
type Text struct {
	X, Y, Size float64
	Anchor     Anchor
	Bold       bool
	Role       Role
	Text       string
}

// Anchor says which part of a text stands at its place.
type Anchor byte

// The anchors.
const (
	Start Anchor = iota
	Middle
	End
)

func (*Group) item() {}
func (*Moved) item() {}
func (*Rect) item()  {}
func (*Path) item()  {}
func (*Text) item()  {}

// polyline is an open path through points.
func polyline(role Role, points ...Point) *Path {
	p := &Path{Role: role}
	for i, pt := range points {
		kind := Line
		if i == 0 {
			kind = Move
		}
		p.Steps = append(p.Steps, Step{Kind: kind, P: pt})
	}
	return p
}

// polygon is a closed path through points.
func polygon(role Role, points ...Point) *Path {
	p := polyline(role, points...)
	p.Steps = append(p.Steps, Step{Kind: Close})
	return p
}

// rounded is an open path whose corners are rounded with radius r, as far as
// its legs are long enough.
func rounded(role Role, r float64, points ...Point) *Path {
	if len(points) < 3 {
		return polyline(role, points...)
	}
	p := polyline(role, points[0])
	for i := 1; i < len(points)-1; i++ {
		a, b, c := points[i-1], points[i], points[i+1]
		cut := min(r, distance(a, b)/2, distance(b, c)/2)
		in, out := towards(b, a, cut), towards(b, c, cut)
		p.Steps = append(p.Steps, Step{Kind: Line, P: in}, Step{Kind: Curve, P: out, C1: towards(b, a, cut*0.45), C2: towards(b, c, cut*0.45)})
	}
	p.Steps = append(p.Steps, Step{Kind: Line, P: points[len(points)-1]})
	return p
}
