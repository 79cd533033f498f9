package techdoc

import (
	"slices"
	"strings"
	"testing"

	"theriac/document"
)

// TestWatch: beside the steps only what is asked about records is told, and nothing where
// nothing is.
func TestWatch(t *testing.T) {
	g := &guide{Book: writtenBook(t, `
components:
  co-a: {title: A, type: software}
interfaces:
  if-log: {title: Log, component: co-a, medium: ethernet, purpose: logging}
  if-other: {title: Other, component: co-a, medium: ethernet, purpose: clinical}
logging: {export: [if-log]}
environment:
  e-log: {title: L, category: organisation, text: Look at the records., interfaces: [if-log]}
  e-mixed: {title: M, category: organisation, text: Do much., interfaces: [if-log, if-other]}
  e-none: {title: N, category: organisation, text: Do little.}
`)}
	text := said(g.alertSteps())
	for said, want := range map[string]bool{
		"this is asked of the hospital": true, "Look at the records.": true, "Do much.": false, "Do little.": false,
		"competent authority of the Member State in which you are": true,
	} {
		if strings.Contains(text, said) != want {
			t.Errorf("%q in: %v\n%s", said, !want, text)
		}
	}
	g.File.Environment = g.File.Environment[1:]
	if text := said(g.alertSteps()); strings.Contains(text, "asked of the hospital") {
		t.Errorf("a lead to nothing: %s", text)
	}
}

// TestInterfaceUse: what can be used is not said to be on, and nobody is asked to switch
// on what debugs the device.
func TestInterfaceUse(t *testing.T) {
	g := &guide{Book: writtenBook(t, `
zones:
  z: {title: Z, trust: device}
components:
  co-a: {title: A, type: software, zone: z}
interfaces:
  i-on: {title: Always, component: co-a, medium: usb, state: enabled, exposure: adjacent}
  i-off: {title: Choice, component: co-a, medium: usb, state: optional, exposure: adjacent}
  i-service: {title: Service, component: co-a, medium: usb, state: service-only, exposure: adjacent}
  i-debug: {title: Contacts, component: co-a, medium: debug, state: service-only, purpose: debug, exposure: adjacent}
`)}
	text := said(g.otherInterfaces())
	for _, want := range []string{"Always\nUSB\nnot stated\nnot stated\nusable\n", "off until you switch it on", "in service mode only"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if text := said(g.optional()); !strings.Contains(text, "Choice") || !strings.Contains(text, "Service") || strings.Contains(text, "Contacts") {
		t.Error(text)
	}
	if s := g.ports(); slices.ContainsFunc(s.Sections, func(s *document.Section) bool { return s.ID == "ports-links" }) {
		t.Error("a section says that there is nothing to say")
	}
}

func TestTechnicalNames(t *testing.T) {
	for in, want := range map[string]string{
		"fhir-r4 over HTTPS": "FHIR R4 over HTTPS", "hl7-v2.6/mllp over TLS": "HL7 v2.6/MLLP over TLS", "nts-ke-1 over TLS": "NTS-KE 1 over TLS",
		"mqtt-5 over tls": "MQTT 5 over TLS", "https/1.1": "HTTPS/1.1", "astm-e1394/astm-e1381": "ASTM E1394/ASTM E1381", "dhcpv4": "DHCP v4",
		"tls-1.3 or tls-1.2": "TLS 1.3 or TLS 1.2", "aes-256-gcm": "AES-256-GCM", "the latest": "the latest", "syslog rfc5424": "syslog RFC 5424",
	} {
		if got := technicalName(in); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
}
