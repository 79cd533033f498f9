package policy

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"theriac/internal/lazyregexp"
)

// family is a family of addresses.
type family string

// The families.
const (
	v4 family = "v4"
	v6 family = "v6"
)

// families lists both.
var families = []family{v4, v6}

// addresses are the hosts of the family that are addresses or prefixes, in order,
// without those that another one holds.
func (p Peer) addresses(f family) []netip.Prefix {
	var list []netip.Prefix
	for _, h := range p.Hosts {
		if pre, ok := prefix(h); ok && pre.Addr().Is4() == (f == v4) {
			list = append(list, pre)
		}
	}
	slices.SortFunc(list, func(a, b netip.Prefix) int {
		return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
	})
	var kept []netip.Prefix
	for _, pre := range list {
		if n := len(kept); n == 0 || !kept[n-1].Overlaps(pre) {
			kept = append(kept, pre)
		}
	}
	return kept
}

// unknown reports whether no host of the peer is an address.
func (p Peer) unknown() bool { return len(p.addresses(v4))+len(p.addresses(v6)) == 0 }

// prefix reads an address or prefix. An address with a zone is none: the zone is of
// one machine.
func prefix(host string) (netip.Prefix, bool) {
	host = strings.TrimSpace(host)
	if a, err := netip.ParseAddr(host); err == nil {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), a.Zone() == ""
	}
	p, err := netip.ParsePrefix(host)
	if err != nil || p.Addr().Is4In6() {
		return netip.Prefix{}, false
	}
	return p.Masked(), true
}

// written is a prefix as filters read it: a single address without its length.
func written(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

var hostName = lazyregexp.New(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)

// name is a host name in lower case; empty where the host is none (RFC 1123 2.1), an
// address among them.
func name(host string) string {
	host = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(host), "."))
	if len(host) > 253 || !hostName.MatchString(host) {
		return ""
	}
	return host
}

// names are the hosts that are names, each once, in the order of the file.
func (p Peer) names() []string {
	var list []string
	for _, h := range p.Hosts {
		if n := name(h); n != "" && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// strange are the hosts that are neither name nor address, each on one line.
func (p Peer) strange() []string {
	var list []string
	for _, h := range p.Hosts {
		if _, ok := prefix(h); !ok && name(h) == "" {
			list = append(list, oneLine(h))
		}
	}
	return list
}
