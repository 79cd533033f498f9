package model

import (
	"iter"
	"slices"
	"strings"

	"theriac/internal/lazyregexp"
)

// deepest is how many wholes of a part are followed: deeper nesting is a circle
// or a mistake, and what lies beyond is unknown.
const deepest = 64

// Whole yields the component and what contains it, from the inside out. A
// circle of parts ends after a while.
func (c *Component) Whole() iter.Seq[*Component] {
	return func(yield func(*Component) bool) {
		for range deepest {
			if c == nil || !yield(c) {
				return
			}
			c = c.PartOf.To
		}
	}
}

// InZone is the zone of the component, else that of the nearest whole that
// states one; nil when none does.
func (c *Component) InZone() *Zone {
	for w := range c.Whole() {
		if w.Zone.OK() {
			return w.Zone.To
		}
	}
	return nil
}

// Within reports whether the component is the other or a part of it.
func (c *Component) Within(other *Component) bool {
	for w := range c.Whole() {
		if w == other {
			return true
		}
	}
	return false
}

// HostOf is the component that an entity is or sits on; nil for others.
func HostOf(e Entity) *Component {
	switch e := e.(type) {
	case *Component:
		return e
	case *Store:
		return e.Component.To
	case *Interface:
		return e.Component.To
	}
	return nil
}

// ZoneOf is the zone of an endpoint or interface; nil when it is not known.
func ZoneOf(e Entity) *Zone {
	switch e := e.(type) {
	case *Zone:
		return e
	case *Actor:
		return e.Zone.To
	}
	return HostOf(e).InZone()
}

// OnDevice reports whether the entity is inside the device, as far as its zone
// tells.
func OnDevice(e Entity) bool {
	z := ZoneOf(e)
	return z != nil && z.Trust == "device"
}

// Zones are the zones at the two ends of the flow, nil where not known.
func (f *Flow) Zones() (from, to *Zone) {
	if f.From.OK() {
		from = ZoneOf(f.From.To)
	}
	if f.To.OK() {
		to = ZoneOf(f.To.To)
	}
	return from, to
}

// Crosses reports whether the flow goes from one zone into another.
func (f *Flow) Crosses() bool {
	from, to := f.Zones()
	return from != nil && to != nil && from != to
}

// ZonePair is two zones in the order of their ids.
type ZonePair struct{ A, B *Zone }

// PairOf puts two zones in order.
func PairOf(a, b *Zone) ZonePair {
	if a.ID > b.ID {
		a, b = b, a
	}
	return ZonePair{a, b}
}

// Zones are the two zones that the boundary stands between; false when it does
// not name two different ones.
func (b *Boundary) Zones() (ZonePair, bool) {
	zones := slices.Collect(Targets(b.Between))
	if len(zones) != 2 || len(b.Between) != 2 || zones[0] == zones[1] {
		return ZonePair{}, false
	}
	return PairOf(zones[0], zones[1]), true
}

// BoundaryMap finds the boundary between two zones.
func (f *File) BoundaryMap() map[ZonePair]*Boundary {
	found := map[ZonePair]*Boundary{}
	for _, b := range f.Boundaries {
		if pair, ok := b.Zones(); ok && found[pair] == nil {
			found[pair] = b
		}
	}
	return found
}

// Bears reports whether the loss of the asset touches one of the effects.
func (a *Asset) Bears(effects ...Effect) bool {
	return slices.ContainsFunc(a.Affects, func(e Effect) bool { return slices.Contains(effects, e) })
}

// Care reports whether care depends on the integrity of the asset: therapy, a
// result or an alarm.
func (a *Asset) Care() bool { return a.Bears("therapy", "result", "alarm") }

// Personal reports whether the asset is personal data.
func (a *Asset) Personal() bool { return a.PersonalData == "personal" || a.PersonalData == "health" }

// First returns the first target of a list for which the condition holds, or
// the zero value.
func First[T Entity](refs []Ref[T], holds func(T) bool) (T, bool) {
	for t := range Targets(refs) {
		if holds(t) {
			return t, true
		}
	}
	var none T
	return none, false
}

// Person reports whether the medium speaks to people's senses and hands, so
// that encryption has no meaning for it.
func (m Medium) Person() bool {
	switch m {
	case "screen", "keyboard", "barcode", "printer":
		return true
	}
	return false
}

// Analogue reports whether the medium carries energy or a measured quantity and
// no messages.
func (m Medium) Analogue() bool { return m == "sensor" || m == "power" }

// Used reports whether the interface can be used in the shipped device, if only
// in service mode. An interface that does not say is on.
func (i *Interface) Used() bool { return i.State != "disabled" }

// Open reports whether the interface is open in ordinary operation.
func (i *Interface) Open() bool { return i.State == "enabled" || i.State == "" }

// Listening reports whether peers can connect to a port of the interface.
func (i *Interface) Listening() bool {
	return i.Used() && i.Port != 0 && i.Transport != "" && (i.Direction == "in" || i.Direction == "both")
}

// Confidential tells whether reading in transit is prevented.
func (i *Interface) Confidential() Answer { return Encrypts(i.Encryption) }

// Intact tells whether change in transit is prevented or shown, by the stated
// means or by encryption that brings integrity along.
func (i *Interface) Intact() Answer { return intact(i.Encryption, i.Integrity, i.Authentication) }

// Authentic tells whether the peer proves who it is. A certificate of the
// server alone proves nothing about a peer that connects to the device.
func (i *Interface) Authentic() Answer {
	if i.Authentication == "server-tls" && i.Direction == "in" {
		return No
	}
	return authentic(i.Authentication)
}

// Confidential tells whether what flows is kept from being read: by its own
// protection, else by that of its interfaces.
func (f *Flow) Confidential() Answer {
	return f.effective(Encrypts(f.Encryption), (*Interface).Confidential)
}

// Intact tells whether change of what flows is prevented or shown.
func (f *Flow) Intact() Answer {
	return f.effective(intact(f.Encryption, f.Integrity, f.Authentication), (*Interface).Intact)
}

// Authentic tells whether the sender of what flows is known.
func (f *Flow) Authentic() Answer {
	return f.effective(authentic(f.Authentication), (*Interface).Authentic)
}

// effective combines the flow's own protection with that of its interfaces. One
// layer that protects is enough, since layers are nested; but admission to a
// network protects one hop only, and so counts where no other layer is named.
func (f *Flow) effective(own Answer, of func(*Interface) Answer) Answer {
	if own == Yes {
		return Yes
	}
	layers := slices.Collect(Targets(f.Over))
	if ends := slices.DeleteFunc(slices.Clone(layers), (*Interface).Admission); len(ends) > 0 {
		layers = ends
	}
	open := false
	for _, i := range layers {
		a := of(i)
		if a == Yes {
			return Yes
		}
		open = open || a == Unknown
	}
	if open || len(layers) == 0 && own == Unknown {
		return Unknown
	}
	return No
}

// Admission reports whether the interface is a network link that others run
// over, rather than a service of its own.
func (i *Interface) Admission() bool {
	return i.Medium.Network() && i.Port == 0 && i.Transport == "" && (i.Purpose == "infrastructure" || i.Medium.Wireless())
}

// Local reports whether all interfaces of the flow are media between people and
// the device, or analogue.
func (f *Flow) Local() bool {
	return len(f.Over) > 0 && f.allOver(func(i *Interface) bool { return i.Medium.Person() || i.Medium.Analogue() })
}

// Inside reports whether all interfaces of the flow are inside the device.
func (f *Flow) Inside() bool {
	return len(f.Over) > 0 && f.allOver(func(i *Interface) bool { return i.Exposure == "internal" })
}

// Reason is why the flow is acceptable as it is: its own justification, else
// that of its interfaces where each has one, else nothing.
func (f *Flow) Reason() string {
	if f.Justification != "" || len(f.Over) == 0 || !f.allOver(func(i *Interface) bool { return i.Justification != "" }) {
		return f.Justification
	}
	return f.Over[0].To.Justification
}

func (f *Flow) allOver(holds func(*Interface) bool) bool {
	for _, r := range f.Over {
		if !r.OK() || !holds(r.To) {
			return false
		}
	}
	return true
}

// no is how people write that there is no protection.
var no = lazyregexp.New(`(?i)^\s*(none|no|plain|plaintext|clear|cleartext|clear text|plain text|unencrypted|unprotected|open)\b`)

// States tells whether a statement of protection names one: No when it says
// none, Unknown when it is absent.
func States(protection string) Answer {
	switch {
	case strings.TrimSpace(protection) == "":
		return Unknown
	case no.MatchString(protection):
		return No
	}
	return Yes
}

// ciphers are words by which a statement of encryption names its mechanism. A
// broken one counts as named as well; rules on cryptography judge it.
var ciphers = lazyregexp.New(`(?i)\b(d?tls|ssl|ssh|sftp|https|ipsec|ike|vpn|wireguard|openvpn|macsec|srtp|nts|wpa|wep|e0|aes|chacha|camellia|twofish|blowfish|serpent|3?des|rc4|rsa|ecies|hpke|age|pgp|openpgp|gpg|s/mime|cms|jwe|cose|luks|dm-crypt|fscrypt|fbe|bitlocker|filevault|opal|sed|le secure connections|noise|signal|mls|zigbee|thread|802\.1ae)(v?[0-9]|\b|[-_])`)

// Encrypts tells whether a statement of encryption names a mechanism: Unknown
// where it names none that can be judged.
func Encrypts(encryption string) Answer {
	if a := States(encryption); a != Yes || ciphers.MatchString(encryption) {
		return a
	}
	return Unknown
}

// authenticated matches encryption that shows change as well.
var authenticated = lazyregexp.New(`(?i)\bd?tls\b|\bd?tls[-v]|\bssh\b|ipsec|wireguard|\bwpa[23]|[-_](gcmp?|ccmp?|siv|eax|ocb)\b|poly1305|\bnts\b|\bsrtp\b|\bmacsec\b`)

func intact(encryption, integrity string, a Authentication) Answer {
	switch {
	case States(integrity) == Yes, a == "signed-content":
		return Yes
	case States(encryption) == Yes && authenticated.MatchString(encryption):
		return Yes
	}
	return States(integrity)
}

func authentic(a Authentication) Answer {
	switch a {
	case "":
		return Unknown
	case "none":
		return No
	}
	return Yes
}

// Assertions splits a free text into statements and leaves out those that say
// that something is absent, such as "TLS 1.0 is off".
func Assertions(text string) []string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(";,()\n", r) })
	return slices.DeleteFunc(parts, func(s string) bool { return denies.MatchString(s) })
}

var denies = lazyregexp.New(`(?i)\b(no|not|never|without|off|disabled|refused|rejected|removed|forbidden|excluded|barred|instead of)\b`)

// Protocol is a protocol for secure transport named in a text. The version is
// empty when the text leaves it open.
type Protocol struct{ Name, Version string }

var transports = lazyregexp.New(`(?i)(?:^|[^a-z0-9])(d?tls|ssl)(?:[ _-]?v?([0-9](?:\.[0-9])?))?(?:$|[^a-z0-9.])`)

// Transports finds TLS, DTLS and SSL in a free text.
func Transports(text string) []Protocol {
	var found []Protocol
	for _, s := range Assertions(text) {
		for _, word := range strings.Fields(joinVersion(s)) {
			for _, m := range transports.FindAllStringSubmatch(strings.TrimRight(word, ".:"), -1) {
				found = append(found, Protocol{strings.ToLower(m[1]), m[2]})
			}
		}
	}
	return found
}

var spaced = lazyregexp.New(`(?i)\b(d?tls|ssl)[\s_]+(v?[0-9])(?:_([0-9]))?`)

// joinVersion writes "TLS 1.2" and "TLS_1_2" as one word with a dot.
func joinVersion(s string) string {
	return spaced.ReplaceAllStringFunc(s, func(found string) string {
		m := spaced.FindStringSubmatch(found)
		if m[3] != "" {
			return m[1] + "-" + m[2] + "." + m[3]
		}
		return m[1] + "-" + m[2]
	})
}

// Broken reports whether the protocol is an outdated version: SSL, TLS before
// 1.2 (RFC 8996) and DTLS before 1.2.
func (p Protocol) Broken() bool {
	return p.Name == "ssl" || p.Version != "" && p.Version < "1.2"
}

func (p Protocol) String() string {
	if p.Version == "" {
		return p.Name
	}
	return p.Name + "-" + p.Version
}

// ListenAt reads a transport/port pair such as tcp/2575.
func ListenAt(text string) (t Transport, port int, ok bool) {
	name, number, found := strings.Cut(text, "/")
	if !found || name != "tcp" && name != "udp" || number == "" || len(number) > 5 {
		return "", 0, false
	}
	for _, r := range number {
		if r < '0' || r > '9' {
			return "", 0, false
		}
		port = 10*port + int(r-'0')
	}
	return Transport(name), port, port >= 1 && port <= 65535
}
