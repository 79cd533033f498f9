package synthetic

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// zoned are the zones of a written architecture, from the outside in.
var zoned = []struct{ id, title, trust string }{
	{"z-public", "Internet", "public"}, {"z-site", "Hospital network", "site"}, {"z-cloud", "Cloud", "managed"},
	{"z-edge", "Network services", "device"}, {"z-core", "Application", "device"}, {"z-therapy", "Therapy", "device"},
}

// random is a sequence that is the same on every machine (Knuth's MMIX generator).
type random uint64

func (r *random) below(n int) int {
	*r = *r*6364136223846793005 + 1442695040888963407
	return int(uint64(*r) >> 33 % uint64(n))
}

// wire is a flow of a written architecture, by the numbers of its components.
type wire struct{ from, to int }

// wires lays flows between components: most to near ones, some across.
func wires(components, flows int) []wire {
	r := random(42)
	all := make([]wire, flows)
	for i := range all {
		from := r.below(components)
		to := (from + 1 + r.below(min(12, components-1))) % components
		if r.below(10) == 0 {
			to = (from + 1 + r.below(components-1)) % components
		}
		all[i] = wire{from, to}
	}
	return all
}

// zoneAt is the zone of a component: neighbours share one.
func zoneAt(i, components int) int { return i * len(zoned) / components }

// ports is how many components share one with an interface to the outside.
const ports = 5

// WriteArchitecture makes a folder with a security file that has nothing but an
// architecture: components in zones, flows between them, interfaces to the
// outside and controls at some of them. The folder must not exist.
func WriteArchitecture(dir string, components, flows int) error {
	if components < 2 {
		return fmt.Errorf("an architecture of %d components has no flows", components)
	}
	var b bytes.Buffer
	b.WriteString("product:\n  name: Synthetic architecture\n  regulation: MDR\n  class: IIb\nzones:\n")
	for _, z := range zoned {
		fmt.Fprintf(&b, "  %s: {title: %s, trust: %s}\n", z.id, z.title, z.trust)
	}
	b.WriteString("boundaries:\n")
	for i := range zoned[1:] {
		fmt.Fprintf(&b, "  b-%d: {title: Boundary %d, between: [%s, %s], enforced-by: [ct-%d]}\n", i, i, zoned[i].id, zoned[i+1].id, i)
	}
	b.WriteString("controls:\n")
	for i := range 40 {
		fmt.Fprintf(&b, "  ct-%d: {title: Control %d, priority: design, strength: %s}\n", i, i, []string{"basic", "moderate", "high"}[i%3])
	}
	b.WriteString("assets:\n")
	for i, content := range []string{"order", "result", "command", "alarm", "log", "software", "configuration", "status"} {
		fmt.Fprintf(&b, "  as-%d: {title: Asset %d, type: data, content: %s, confidentiality: medium, integrity: high, availability: medium, personal-data: none, affects: [%s]}\n",
			i, i, content, []string{"therapy", "security"}[i%2])
	}
	b.WriteString("components:\n")
	for i := range components {
		fmt.Fprintf(&b, "  c-%d: {title: Component %d, type: service, zone: %s, safety: %t, privileged: false}\n",
			i, i, zoned[zoneAt(i, components)].id, zoneAt(i, components) == len(zoned)-1)
	}
	b.WriteString("interfaces:\n")
	for i := 0; i < components; i += ports {
		fmt.Fprintf(&b, "  if-%d: {title: Interface %d, component: c-%d, medium: ethernet, protocol: https, transport: tcp, port: 443, direction: in, exposure: %s, accepts: [as-%d], controls: [ct-%d]}\n",
			i, i, i, []string{"site", "internet", "physical"}[i/ports%3], i%8, i%40)
	}
	b.WriteString("flows:\n")
	for i, w := range wires(components, flows) {
		fmt.Fprintf(&b, "  fl-%d: {title: Flow %d, from: c-%d, to: c-%d, carries: [as-%d]}\n", i, i, w.from, w.to, i%8)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "theriac.yaml"), b.Bytes(), 0o644)
}

// WriteThreagile writes the same components, zones and flows as a model of
// Threagile 1.0.
func WriteThreagile(name string, components, flows int) error {
	var b bytes.Buffer
	b.WriteString(`threagile_version: 1.0.0
title: Synthetic architecture
date: 2026-01-01
author: {name: theriac, homepage: ""}
management_summary_comment: ""
business_criticality: important
business_overview: {description: "", images: []}
technical_overview: {description: "", images: []}
questions: {}
abuse_cases: {}
security_requirements: {}
tags_available: []
data_assets:
`)
	for i := range 8 {
		fmt.Fprintf(&b, "  Asset %d: {id: as-%d, description: Asset %d, usage: business, tags: [], origin: \"\", owner: \"\", quantity: many, confidentiality: confidential, integrity: critical, availability: operational, justification_cia_rating: \"\"}\n", i, i, i)
	}
	links := make([][]int, components)
	all := wires(components, flows)
	for i, w := range all {
		links[w.from] = append(links[w.from], i)
	}
	b.WriteString("technical_assets:\n")
	for i := range components {
		fmt.Fprintf(&b, "  Component %d:\n    {id: c-%d, description: Component %d, type: process, usage: business, used_as_client_by_human: false, out_of_scope: false, justification_out_of_scope: \"\", size: service, technology: web-service-rest, tags: [], internet: false, machine: container, encryption: none, owner: \"\", confidentiality: confidential, integrity: critical, availability: operational, justification_cia_rating: \"\", multi_tenant: false, redundant: false, custom_developed_parts: true, data_assets_processed: [as-%d], data_assets_stored: [], data_formats_accepted: [json], communication_links: {",
			i, i, i, i%8)
		for n, l := range links[i] {
			if n > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "Flow %d: {target: c-%d, description: Flow %d, protocol: https, authentication: token, authorization: technical-user, tags: [], vpn: false, ip_filtered: false, readonly: false, usage: business, data_assets_sent: [as-%d], data_assets_received: []}", l, all[l].to, l, l%8)
		}
		b.WriteString("}}\n")
	}
	b.WriteString("trust_boundaries:\n")
	for z := range zoned {
		var inside []string
		for i := range components {
			if zoneAt(i, components) == z {
				inside = append(inside, fmt.Sprintf("c-%d", i))
			}
		}
		fmt.Fprintf(&b, "  %s: {id: %s, description: \"\", type: network-on-prem, tags: [], technical_assets_inside: %s, trust_boundaries_nested: []}\n",
			zoned[z].title, zoned[z].id, list(inside))
	}
	b.WriteString("shared_runtimes: {}\nindividual_risk_categories: {}\nrisk_tracking: {}\n")
	return os.WriteFile(name, b.Bytes(), 0o644)
}

// list is a list in brackets.
func list(ids []string) string {
	var b bytes.Buffer
	b.WriteByte('[')
	for i, id := range ids {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(id)
	}
	b.WriteByte(']')
	return b.String()
}
