package trace

import (
	"os"
	"path/filepath"
	"testing"

	"theriac/model"
)

// load reads a security file from texts by name.
func load(t testing.TB, files map[string]string) *model.File {
	t.Helper()
	return loadIn(t, t.TempDir(), ".", files)
}

// loadIn writes files below a folder and reads the security file in one of its
// folders.
func loadIn(t testing.TB, top, dir string, files map[string]string) *model.File {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(top, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), filepath.Join(top, dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Fatalf("not sound: %s %s %s", f.Span, f.Code, f.Message)
	}
	return file
}

// pump is a small file with one whole chain and some that break off.
const pump = `
product: { name: Example pump, regulation: MDR, class: IIb }
zones:
  z: { title: Inside, trust: device }
components:
  co: { title: Pump control, type: application, zone: z }
  co-lone: { title: Spare part, type: hardware }
interfaces:
  if-lan: { title: LAN, component: co, medium: ethernet, exposure: site, controls: [ct] }
assets:
  as: { title: Orders, type: data, integrity: high, harms: [overdose] }
  as-free: { title: Logo, type: data, integrity: none }
  as-open: { title: Keys, type: credential, confidentiality: high }
hazards:
  hz: { title: Energy }
situations:
  hs: { title: Too much drug, hazard: hz, harms: [overdose] }
harms:
  overdose: { title: Overdose, severity: critical }
threats:
  th: { title: Forged order, category: tampering, targets: [if-lan], assets: [as], leads-to: [hs] }
  th-na: { title: Storm, category: environment, not-applicable: It is indoors. }
  th-open: { title: Theft, category: disclosure }
risks:
  rk: { title: Forged orders, threats: [th], harms: [overdose], controls: [ct], decision: reduce, information: [ifu] }
  rk-new: { title: Lock-out, threats: [th-na], decision: reduce }
controls:
  ct:
    title: Signed orders
    priority: design
    protects: [co]
    environment: [en]
    introduces: [rk-new]
    clauses: [mdr.annex-i.17.2]
  ct-user: { title: Training, priority: information, by: user }
requirements:
  rq: { title: Refuse unsigned orders, implements: [ct], for: [co], code: [src/order.c#verify_order] }
  rq-open: { title: Nothing yet, implements: [ct] }
verifications:
  vf: { title: Forgery test, verifies: [rq], method: penetration-test, result: passed, covers: [if-lan], release: r1, code: ["#order-test"] }
  vf-open: { title: Later test, verifies: [rq], result: failed, deviations: [{ failure: slow, risk: rk-new }] }
releases:
  r1: { title: First, version: "1.0" }
environment:
  en: { title: Own network, category: network, interfaces: [if-lan], told-in: [ifu] }
  en-open: { title: Guard, category: physical-access }
documents:
  ifu: { title: Instructions, type: ifu, items: [mdcg.ifu.backup-restore] }
  doc-lone: { title: Nobody needs it, type: other }
approvals:
  ap: { of: [ifu], role: Head of quality }
waivers:
  wv: { code: T4002, entity: doc-lone, reason: Because., owner: Head, expires: 2027-01-01 }
not-applicable:
  mdr.annex-i.18.8: { reason: No network. }
`

func pumpFile(t testing.TB) *model.File {
	return load(t, map[string]string{"theriac.yaml": pump})
}
