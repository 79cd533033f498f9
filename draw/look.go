package draw

// Role names what an item means, and so how it looks.
type Role string

// Look is the appearance of a role.
type Look struct {
	Fill, Line Ink // the zero Ink paints nothing
	Width      float64
	Dash       []float64
}

// Ink is a colour for light and for dark surroundings, as RRGGBB. Paper prints
// in the light one.
type Ink struct{ Name, Light, Dark string }

func ink(name, light, dark string) Ink { return Ink{name, light, dark} }

// The colours. Those of text and of fills under text keep a contrast of 4.5:1
// to each other, lines 3:1 to what they stand on. Zones darken with distrust, so
// that they differ in grey as well.
var (
	paperInk   = ink("paper", "ffffff", "16191d")
	textInk    = ink("text", "1a1d21", "eceff3")
	faintInk   = ink("faint", "4a525c", "b4bdc8")
	lineInk    = ink("line", "39424d", "c3ccd6")
	hairInk    = ink("hair", "c5ccd4", "434b55")
	boxInk     = ink("box", "ffffff", "22272d")
	partInk    = ink("part", "f5f7f9", "2a3037")
	edgeInk    = ink("edge", "5a6573", "8f9aa7")
	crossInk   = ink("cross", "b3261e", "ff9a90")
	deviceInk  = ink("device", "f0f6fb", "1b2530")
	managedInk = ink("managed", "e9f3e6", "1d2a20")
	siteInk    = ink("site", "faf0d7", "2f2917")
	publicInk  = ink("public", "f3dcd7", "38211d")
	unknownInk = ink("unknown", "e4e4e8", "2b2b31")
	portInk    = ink("port", "e3e8ee", "3a434d")
	alertInk   = ink("alert", "7d1a13", "ffb4ab")
	darkInk    = ink("dark", "2b4a6b", "9cc3ec")
	counterInk = ink("counter", "ffffff", "10151a")
	goodInk    = ink("good", "dcefdc", "1d3a24")
	partlyInk  = ink("partly", "fdf0c4", "453a12")
	badInk     = ink("bad", "f6d0cb", "56201b")
	emptyInk   = ink("empty", "ffffff", "16191d")
	outInk     = ink("out", "e6e8eb", "2d3238")
	shadeInk   = ink("shade", "b98f8a", "8d4c45")
	tintInk    = ink("tint", "c9b673", "7a6a2c")
	shieldInk  = ink("shield", "1c5d3a", "8fdcb0")
)

// looks maps each role to its look.
var looks = map[Role]Look{
	"paper": {Fill: paperInk},
	"text":  {Fill: textInk}, "faint": {Fill: faintInk}, "red": {Fill: crossInk}, "on-dark": {Fill: counterInk},
	"hair": {Line: hairInk, Width: 0.75}, "rule": {Line: edgeInk, Width: 0.75}, "band": {Fill: partInk},

	"zone-device":  {Fill: deviceInk, Line: crossInk, Width: 1.2, Dash: []float64{6, 4}},
	"zone-managed": {Fill: managedInk, Line: crossInk, Width: 1.2, Dash: []float64{6, 4}},
	"zone-site":    {Fill: siteInk, Line: crossInk, Width: 1.2, Dash: []float64{6, 4}},
	"zone-public":  {Fill: publicInk, Line: crossInk, Width: 1.2, Dash: []float64{6, 4}},
	"zone-unknown": {Fill: unknownInk, Line: crossInk, Width: 1.2, Dash: []float64{6, 4}},

	"box": {Fill: boxInk, Line: edgeInk, Width: 1}, "whole": {Fill: partInk, Line: edgeInk, Width: 1},
	"actor": {Fill: boxInk, Line: edgeInk, Width: 1.6}, "store": {Fill: partInk, Line: edgeInk, Width: 1},
	"sign": {Line: lineInk, Width: 1.2}, "disc": {Fill: lineInk}, "safety": {Fill: darkInk},

	"port-internal": {Fill: boxInk, Line: lineInk, Width: 0.9}, "port-physical": {Fill: portInk, Line: lineInk, Width: 0.9},
	"port-local": {Fill: portInk, Line: lineInk, Width: 1.4}, "port-site": {Fill: darkInk, Line: darkInk, Width: 0.9},
	"port-internet": {Fill: alertInk, Line: alertInk, Width: 0.9},

	"wire": {Line: lineInk, Width: 1.15}, "wire-head": {Fill: lineInk},
	"mark": {Fill: crossInk},
	"pill": {Fill: paperInk, Line: lineInk, Width: 0.7},

	"good": {Fill: goodInk, Line: hairInk, Width: 0.75}, "partly": {Fill: partlyInk, Line: hairInk, Width: 0.75},
	"bad": {Fill: badInk, Line: hairInk, Width: 0.75}, "empty": {Fill: emptyInk, Line: hairInk, Width: 0.75},
	"out": {Fill: outInk, Line: hairInk, Width: 0.75}, "shade": {Line: shadeInk, Width: 0.8}, "tint": {Line: tintInk, Width: 0.8},
	"limit": {Line: crossInk, Width: 2.5}, "move": {Line: darkInk, Width: 1.3}, "move-head": {Fill: darkInk},
	"shield": {Fill: boxInk, Line: shieldInk, Width: 1.4}, "shield-text": {Fill: shieldInk},
	"shield-none": {Fill: boxInk, Line: crossInk, Width: 1.2, Dash: []float64{3, 2}},
}

// Look is the appearance of the role, for painters of other packages.
func (r Role) Look() Look { return looks[r] }
