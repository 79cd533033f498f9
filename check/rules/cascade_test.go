package rules

import (
	"slices"
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check"
)

// TestOneMistake: where several rules could speak of one mistake, the one that
// names it best does, and the others are quiet.
func TestOneMistake(t *testing.T) {
	const sides = exampleLink + "interfaces:\n  if-ward:\n    title: Ward network\n    component: co-gateway\n    medium: ethernet\n    exposure: site\n"
	three := exampleZones + "components:\n  co-a:\n    title: A\n    type: application\n    zone: z-device\n  co-b:\n    title: B\n    type: application\n    zone: z-ward\n" +
		"flows:\n  fl:\n    title: Flow\n    from: co-a\n    to: co-b\nboundaries:\n  bo:\n    title: Boundary\n"
	const scaled = "threats:\n  th:\n    title: T\n    category: spoofing\nharms:\n  hm:\n    title: H\n    severity: critical\n" +
		"risks:\n  rk:\n    title: R\n    threats: [th]\n    harms: [hm]\n    initial: {exploitability: low, severity: minor}\n    residual: {exploitability: low, severity: critical}\npolicy:\n  risk:\n    exploitability: [low, high]\n"
	for _, tt := range []struct {
		name, text string
		said       []string // codes of which there is one finding or more
		quiet      []string
	}{
		{"field without a value", "keys:\n  k:\n    title: K\n    purpose: tls\n    rotation:\n    provisioned: In production.\n    validity: 1 year\n    revocation: List.\n    destruction: Erased.\n",
			[]string{"T0019"}, []string{"T5007"}},
		{"the fields beside it are still asked for", "keys:\n  k:\n    title: K\n    purpose: tls\n    rotation:\n", []string{"T0019", "T5007"}, nil},
		{"field with a misspelt name", "requirements:\n  rq:\n    title: R\n    txet: The screen locks after five minutes.\n", []string{"T0004"}, []string{"T7001"}},
		{"answer in other words", "roles:\n  r:\n    title: R\n    type: user\n    authentication: badge\n    shared: false\n    remote: yes\n",
			[]string{"T0008"}, []string{"T4001"}},
		{"part of a field", "policy:\n  risk:\n    overall:\n    report: doc\ndocuments:\n  doc:\n    title: D\n    type: security-risk-report\n", []string{"T0019"}, []string{"T6907"}},
		{"part beside a flawed one is asked for", "policy:\n  risk:\n    overall:\n", []string{"T0019", "T6907"}, nil},
		{"control that a lost reference may have meant", ladder + "  ct-lock:\n    title: Lock\n    priority: protective\nrisks:\n  rk:\n    title: R\n    threats: [th-forged-order]\n    controls: [ct-tls, unheard-of]\n",
			[]string{"T0013"}, []string{"T6301"}},
		{"boundary with one zone on both sides", three + "    between: [z-ward, z-ward]\n", []string{"T3102"}, []string{"T0018", "T3101"}},
		{"boundary with three zones", three + "    between: [z-device, z-ward, z-bedside]\n", []string{"T3102"}, []string{"T3101"}},
		{"boundary between others", three + "    between: [z-ward, z-bedside]\n", []string{"T3101"}, []string{"T3102"}},
		{"faulty boundary between others", three + "    between: [z-bedside, z-bedside]\n", []string{"T3102", "T3101"}, nil},
		{"port beyond the last", strings.Replace(sides, "    type: application\n", "    type: application\n    listens: [tcp/2575]\n", 1) +
			"    transport: tcp\n    port: 70000\n    direction: in\n", []string{"T3212"}, []string{"T3213", "T3214"}},
		{"nobody asks the receiver who they are", sides + "    direction: out\n    authentication: none\n    roles: [role-a]\nroles:\n  role-a:\n    title: A\n    type: node\n    authentication: mutual-tls\n" +
			"flows:\n  fl:\n    title: Flow\n    from: co-gateway\n    to: ac-ward\n    over: [if-ward]\n    carries: [as-dose]\n", []string{"T4015"}, []string{"T3109"}},
		{"nobody asks the sender who they are", sides + "    direction: in\n    authentication: none\n" +
			"flows:\n  fl:\n    title: Flow\n    from: ac-ward\n    to: co-gateway\n    over: [if-ward]\n    carries: [as-dose]\n", []string{"T3109"}, nil},
		{"records in clear with personal data", sides + "    encryption: none\nlogging:\n  records: [login]\n  export: [if-ward]\n" +
			"flows:\n  fl:\n    title: Flow\n    from: co-gateway\n    to: ac-ward\n    over: [if-ward]\n    carries: [as-patient]\n", []string{"T3107"}, []string{"T8304"}},
		{"records in clear", sides + "    encryption: none\nlogging:\n  records: [login]\n  export: [if-ward]\n", []string{"T8304"}, []string{"T3107"}},
		{"checksum with a broken hash", exampleLink + "stores:\n  st:\n    title: S\n    component: co-gateway\n    holds: [as-dose]\n    integrity: md5 checksum\n",
			[]string{"T5001"}, []string{"T5018"}},
		{"short key outside the policy", "policy:\n  cryptography:\n    allowed: [aes-256]\nkeys:\n  k:\n    title: K\n    purpose: tls\n    algorithm: rsa\n    size: 1024\n",
			[]string{"T5001"}, []string{"T5019"}},
		{"emergency role with a right of administrators", exampleLink + "permissions:\n  pm:\n    title: P\n    critical: true\n    allows: [as-patient]\n    needed-by: [role-a]\n" +
			"roles:\n  role-a:\n    title: A\n    type: administrator\n    permissions: [pm]\n  role-e:\n    title: E\n    type: emergency\n    permissions: [pm]\n",
			[]string{"T4013"}, []string{"T4010"}},
		{"clause that binds all, and answered", "not-applicable:\n  mdr.annex-i.3:\n    reason: The device is simple enough.\nprocesses:\n  pr:\n    title: P\n    practice: guidelines\n    clauses: [mdr.annex-i.3]\n",
			[]string{"T2013"}, []string{"T2014"}},
		{"risk above the policy that nobody accepted", rated("high/critical", "low/critical"), []string{"T6201"}, []string{"T6501"}},
		{"level twice", scaled + "    severity: [minor, critical, serious, minor]\n", []string{"T6103"}, []string{"T6104", "T6406", "T6201"}},
		{"levels once", scaled + "    severity: [minor, serious, critical]\n", []string{"T6104", "T6406"}, []string{"T6103"}},
		{"unknown level in the matrix", scaled + "    severity: [minor, serious, critical]\n    acceptable:\n      - {exploitability: low, severity: mionr}\n      - {exploitability: high, severity: minor}\n",
			[]string{"T6102"}, []string{"T6103", "T6201", "T6501"}},
		{"severity nobody knows", "vulnerability-handling:\n  scoring: CVSS 4.0\n  time-limits:\n    - {severity: critical, fix: 30 days}\n    - {severity: high, fix: 60 days}\n    - {severity: moderate, fix: 90 days}\n    - {severity: low, fix: 180 days}\n",
			[]string{"T9121"}, []string{"T9904"}},
		{"date that cannot be read", bench + "verifications:\n  vf:\n    title: V\n    verifies: [rq-lock]\n    method: review\n    date: 2026-13-01\n    result: passed\n", []string{"T0008"}, []string{"T7104"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file, findings := load(t, tt.text)
			var codes []string
			for _, f := range append(findings, check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: All(), Today: today}).Findings...) {
				codes = append(codes, f.Code)
			}
			for _, code := range tt.said {
				if !slices.Contains(codes, code) {
					t.Errorf("no finding of %s", code)
				}
			}
			for _, code := range tt.quiet {
				if slices.Contains(codes, code) {
					t.Errorf("a finding of %s as well", code)
				}
			}
		})
	}
}
