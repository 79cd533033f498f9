package policy

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"theriac/model"
)

// firewallColumns are those of the list for firewalls.
var firewallColumns = []string{
	"id", "title", "direction", "source", "destination", "peer", "hosts", "transport", "port", "protocol", "purpose",
	"encryption", "authentication", "state", "responsible", "notes",
}

// device is the end of a connection that is the device.
const device = "device"

// FirewallCSV lists the services of the device for firewalls of any make, one line
// for each peer (RFC 4180). A cell that a spreadsheet would take for a formula begins
// with an apostrophe. What the file does not state is empty.
func (p *Policy) FirewallCSV() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := [][]string{firewallColumns}
	for _, s := range p.Services {
		peers := s.others()
		if len(peers) == 0 {
			rows = append(rows, s.row(nil))
		}
		for _, peer := range peers {
			rows = append(rows, s.row(&peer))
		}
	}
	for _, r := range rows {
		for i := range r {
			r[i] = cell(r[i])
		}
	}
	_ = w.WriteAll(rows) // a buffer takes all
	return b.Bytes()
}

// row is the line of a service with one of its peers; nil where none is stated.
func (s Service) row(peer *Peer) []string {
	i := s.Interface
	source, destination, id, hosts := device, "", "", ""
	if peer != nil {
		id = peer.id()
		destination, hosts = model.Of(peer.Endpoint).Title, strings.Join(peer.Hosts, " ")
		if destination == "" {
			destination = id
		}
	}
	switch s.Direction {
	case "in":
		source, destination = destination, source
	case "out":
	default:
		source = ""
	}
	port := ""
	if s.Port != 0 {
		port = strconv.Itoa(s.Port)
	}
	responsible, notes := asked(i)
	if missing := s.unstated(); missing != "" {
		notes = append([]string{"The security file does not state the " + missing + "."}, notes...)
	}
	return []string{
		i.ID, i.Title, string(s.Direction), source, destination, id, hosts, string(s.Transport), port, i.Protocol, string(i.Purpose),
		i.Encryption, string(i.Authentication), string(s.When), strings.Join(responsible, ", "), strings.Join(notes, " "),
	}
}

// asked names what the operator's network has to do for an interface, and whose task
// it is.
func asked(i *model.Interface) (responsible, notes []string) {
	for _, r := range model.Users[*model.EnvironmentRequirement](i, "interfaces") {
		if r.Category != "firewall" && r.Category != "network" {
			continue
		}
		if who := string(r.Responsible); who != "" && !slices.Contains(responsible, who) {
			responsible = append(responsible, who)
		}
		notes = append(notes, fmt.Sprintf("See %s: %s.", r.ID, strings.TrimSuffix(r.Title, ".")))
	}
	return responsible, notes
}

// cell is a text that no spreadsheet takes for a formula.
func cell(text string) string {
	text = oneLineOf(text, 2000)
	if text != "" && strings.ContainsRune("=+-@", rune(text[0])) {
		return "'" + text
	}
	return text
}
