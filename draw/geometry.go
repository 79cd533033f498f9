package draw

import "math"

func distance(a, b Point) float64 { return math.Hypot(b.X-a.X, b.Y-a.Y) }

// towards is the point at distance d from a on the way to b.
func towards(a, b Point, d float64) Point {
	whole := distance(a, b)
	if whole == 0 {
		return a
	}
	return Point{a.X + (b.X-a.X)*d/whole, a.Y + (b.Y-a.Y)*d/whole}
}

// area is a rectangle on a sheet.
type area struct{ x, y, w, h float64 }

func (a area) overlaps(b area) bool {
	return a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h
}

func (a area) holds(b area) bool {
	return a.x <= b.x && a.y <= b.y && b.x+b.w <= a.x+a.w && b.y+b.h <= a.y+a.h
}

func (a area) grown(by float64) area { return area{a.x - by, a.y - by, a.w + 2*by, a.h + 2*by} }

// hatch draws parallel lines at 45 degrees across a rectangle.
func hatch(role Role, a area, pitch float64) *Path {
	p := &Path{Role: role}
	for d := pitch; d < a.w+a.h; d += pitch {
		from := Point{a.x + max(0, d-a.h), a.y + min(d, a.h)}
		to := Point{a.x + min(d, a.w), a.y + max(0, d-a.w)}
		p.Steps = append(p.Steps, Step{Kind: Move, P: from}, Step{Kind: Line, P: to})
	}
	return p
}

// arrowhead is a filled triangle whose tip is at p, pointing along (dx, dy).
func arrowhead(role Role, p Point, dx, dy, size float64) *Path {
	base := Point{p.X - dx*size, p.Y - dy*size}
	half := size * 0.42
	return polygon(role, p, Point{base.X - dy*half, base.Y + dx*half}, Point{base.X + dy*half, base.Y - dx*half})
}
