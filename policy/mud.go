package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// ErrMUDURL says that an address cannot be that of a usage description.
var ErrMUDURL = errors.New("not an address for a usage description")

// cacheValidity is how long a network may use a description before it asks for a new
// one, in hours (1-168).
const cacheValidity = 48

// Classes of servers that every network has (RFC 8520).
const (
	classDNS = "urn:ietf:params:mud:dns"
	classNTP = "urn:ietf:params:mud:ntp"
)

type mudFile struct {
	MUD  mudPart `json:"ietf-mud:mud"`
	ACLs struct {
		ACL []mudACL `json:"acl"`
	} `json:"ietf-access-control-list:acls"`
}

type mudPart struct {
	Version       int       `json:"mud-version"`
	URL           string    `json:"mud-url"`
	Signature     string    `json:"mud-signature"`
	LastUpdate    string    `json:"last-update"`
	CacheValidity int       `json:"cache-validity"`
	Supported     bool      `json:"is-supported"`
	SystemInfo    string    `json:"systeminfo"`
	Manufacturer  string    `json:"mfg-name,omitempty"`
	Model         string    `json:"model-name,omitempty"`
	From          mudPolicy `json:"from-device-policy"`
	To            mudPolicy `json:"to-device-policy"`
}

type mudPolicy struct {
	Lists struct {
		List []mudListName `json:"access-list"`
	} `json:"access-lists"`
}

type mudListName struct {
	Name string `json:"name"`
}

type mudACL struct {
	Name string `json:"name"`
	Type string `json:"type"`
	ACEs struct {
		ACE []mudACE `json:"ace"`
	} `json:"aces"`
}

type mudACE struct {
	Name    string     `json:"name"`
	Matches mudMatches `json:"matches"`
	Actions struct {
		Forwarding string `json:"forwarding"`
	} `json:"actions"`
}

type mudMatches struct {
	MUD  *mudClass `json:"ietf-mud:mud,omitempty"`
	IPv4 *mudIP    `json:"ipv4,omitempty"`
	IPv6 *mudIP    `json:"ipv6,omitempty"`
	TCP  *mudPorts `json:"tcp,omitempty"`
	UDP  *mudPorts `json:"udp,omitempty"`
}

type mudClass struct {
	Controller string `json:"controller"`
}

type mudIP struct {
	Protocol        int    `json:"protocol"`
	SourceName      string `json:"ietf-acldns:src-dnsname,omitempty"`
	DestinationName string `json:"ietf-acldns:dst-dnsname,omitempty"`
	Source4         string `json:"source-ipv4-network,omitempty"`
	Destination4    string `json:"destination-ipv4-network,omitempty"`
	Source6         string `json:"source-ipv6-network,omitempty"`
	Destination6    string `json:"destination-ipv6-network,omitempty"`
}

type mudPorts struct {
	Direction   string   `json:"ietf-mud:direction-initiated,omitempty"`
	Source      *mudPort `json:"source-port,omitempty"`
	Destination *mudPort `json:"destination-port,omitempty"`
}

type mudPort struct {
	Operator string `json:"operator"`
	Port     int    `json:"port"`
}

// MUD is the Manufacturer Usage Description of the device (RFC 8520), which a network
// fetches at the address and turns into filters. All that the device may ever do is
// in it, switched on or not, since it knows no switches. Update is the time of the
// description. The error wraps ErrMUDURL.
func (p *Policy) MUD(update time.Time, address string) ([]byte, error) {
	if err := checkMUDURL(address); err != nil {
		return nil, err
	}
	var f mudFile
	f.MUD = mudPart{
		Version: 1, URL: address, Signature: strings.TrimSuffix(address, ".json") + ".p7s",
		LastUpdate: update.UTC().Format(time.RFC3339), CacheValidity: cacheValidity,
		SystemInfo: oneLineOf(p.product(), 56),
	}
	if p.Product != nil {
		f.MUD.Supported = p.Product.SupportPeriod.Span() > 0
		f.MUD.Manufacturer, f.MUD.Model = oneLine(p.Product.Manufacturer.Name), oneLine(p.Product.Name)
	}
	for _, way := range []mudWay{fromDevice, toDevice} {
		for _, fam := range families {
			acl := p.mudACL(way, fam, address)
			list := &f.MUD.From.Lists
			if way == toDevice {
				list = &f.MUD.To.Lists
			}
			list.List = append(list.List, mudListName{acl.Name})
			f.ACLs.ACL = append(f.ACLs.ACL, acl)
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(f); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// MUDURL is the address of the usage description: below the only domain that a
// security file states, that of the contact for vulnerabilities. It is empty where
// there is none.
func (p *Policy) MUDURL() string {
	host := ""
	for _, text := range []string{p.contact.URL, p.contact.SecurityTxt} {
		if u, err := url.Parse(strings.TrimSpace(text)); host == "" && err == nil && u.Scheme == "https" {
			host = name(u.Hostname())
		}
	}
	if _, domain, ok := strings.Cut(strings.TrimSpace(p.contact.Email), "@"); ok && host == "" {
		host = name(domain)
	}
	if host == "" || p.Product == nil {
		return ""
	}
	return "https://" + host + "/mud/" + p.slug() + ".json"
}

// slug is the product in an address: its name, or what it is identified by where the
// name has no Latin letters or digits.
func (p *Policy) slug() string {
	for _, text := range []string{p.Product.Name, p.Product.UDIDI} {
		words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9')
		})
		slug := strings.Join(words, "-")
		if slug != "" {
			return strings.TrimRight(slug[:min(len(slug), 60)], "-")
		}
	}
	return "device"
}

// longestMUDURL is the length of the address in octets: a device may announce it in
// an option of DHCP, which has 255 with its code and length.
const longestMUDURL = 253

func checkMUDURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrMUDURL, err)
	case u.Scheme != "https" || name(u.Hostname()) == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("%w: %q is not https with a host name and a path alone", ErrMUDURL, address)
	case len(address) > longestMUDURL:
		return fmt.Errorf("%w: it is longer than %d octets", ErrMUDURL, longestMUDURL)
	}
	return nil
}
