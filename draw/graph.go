package draw

import (
	"fmt"
	"strings"

	"theriac/model"
)

// shape tells the boxes of a diagram apart.
type shape byte

const (
	zoneShape shape = iota
	componentShape
	storeShape
	actorShape
	crowdShape // several elements drawn as one
	bandShape  // boxes side by side, without a border of their own
)

// box is anything with a border: a zone, a component, a store, an actor, or
// several of them drawn as one. Its place is in grid units.
type box struct {
	id     string
	shape  shape
	person bool
	tag    string // short word for the type
	title  string
	subs   []string // further lines, fainter
	label  string   // full words, for the tooltip
	role   Role
	rank   int // of a zone: how far inside
	count  int // of a crowd: how many it stands for

	parent *box
	kids   []*box
	ports  []*port
	ends   []*bundle // bundles that end at the box itself
	order  int       // place in the file

	broken      int      // width for which the texts are broken
	text, below []string // title and further lines as broken
	head        int      // height of the texts
	x, y, w, h  int
	slim        int     // width of a box without children
	cols        []strip // how the children stand
	shelf       []*box  // children that no flow and no interface touches
	shelfCols   int
	want        float64 // place that flows ask for, scratch of the placement
	oneLine     bool    // the trust of a zone stands beside its title
	room        int     // space above it that its wires need; 0 is not known yet
}

// strip is a column of boxes with the free space to its left.
type strip struct {
	boxes []*box
	gap   int
	w     int
}

// port is an interface on the border of its component.
type port struct {
	code, label string
	role        Role
	on          *box
	ends        []*bundle
	net         int
	side        side
	at          spot // where wires reach it
	set         bool
}

// bundle is all flows between two boxes through the same ports.
type bundle struct {
	a, b    *box
	pa, pb  *port
	forth   []int // numbers of flows from a to b
	back    []int
	words   []string // what the label says, by line
	arrow   string   // before them, where no wire shows the direction
	crosses bool
	net     int
	route   []spot // from a to b
	sa, sb  side
	label   area
	hides   float64 // what the label covers
}

// graph is a diagram before it has a shape.
type graph struct {
	zones   []*box
	boxes   []*box // all but zones
	bundles []*bundle
	inner   []*bundle // between a box and one inside it
	ports   []*port
	notes   []string
	nets    int
	style   style

	flows  []flowNo  // drawn, in order
	ifaces []ifaceNo // drawn
}

type flowNo struct {
	n    int
	flow *model.Flow
}

type ifaceNo struct {
	code  string
	iface *model.Interface
}

// short words for types, explained in the legend.
var tags = map[model.ComponentType]string{
	"hardware": "HW", "firmware": "FW", "operating-system": "OS", "application": "APP", "service": "SVC",
	"soup": "SOUP", "cloud": "CLD", "mobile": "MOB", "device": "DEV",
}

// ranks orders trust from the outside in.
var ranks = map[model.Trust]int{"public": 1, "managed": 2, "site": 3, "device": 4}

// letters of exposure, with which codes of interfaces begin.
var letters = map[model.Exposure]string{"internal": "I", "physical": "P", "local": "L", "site": "S", "internet": "N"}

// codes names the interfaces of a file: a letter for the exposure and a number.
func codes(f *model.File) map[*model.Interface]string {
	found := map[*model.Interface]string{}
	count := map[string]int{}
	for _, i := range f.Interfaces {
		l := letters[i.Exposure]
		if l == "" {
			l = "X"
		}
		count[l]++
		found[i] = fmt.Sprintf("%s%d", l, count[l])
	}
	return found
}

// titleOf is how a reader knows an entity.
func titleOf(e model.Entity) string {
	b := model.Of(e)
	if t := clean(b.Title); t != "" {
		return t
	}
	return b.ID
}

// within reports whether b is other or inside it.
func (b *box) within(other *box) bool {
	for ; b != nil; b = b.parent {
		if b == other {
			return true
		}
	}
	return false
}

// zone is the outermost box around b.
func (b *box) zone() *box {
	for b.parent != nil {
		b = b.parent
	}
	return b
}

// inert reports whether nothing is attached to the box or its children.
func (b *box) inert() bool {
	if len(b.ends) > 0 || len(b.ports) > 0 {
		return false
	}
	for _, k := range b.kids {
		if !k.inert() {
			return false
		}
	}
	return true
}

func (b *box) adopt(kid *box) {
	kid.parent = b
	b.kids = append(b.kids, kid)
}

// other is the far end of a bundle that ends at b or inside it.
func (l *bundle) other(b *box) *box {
	if l.a.within(b) {
		return l.b
	}
	return l.a
}

// loop reports whether both ends are at one box or one is inside the other.
func (l *bundle) loop() bool { return l.a.within(l.b) || l.b.within(l.a) }

// plural writes a count with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// list joins words as a sentence does.
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
