package rules

import "testing"

func TestKeyKinds(t *testing.T) {
	key := func(purpose, algorithm string) string {
		return "keys:\n  k-a:\n    title: A\n    purpose: " + purpose + "\n    algorithm: " + algorithm + "\n"
	}
	tls := func(keys, more string) string {
		return exampleSides + "interfaces:\n  if-a:\n    title: I\n    component: co-gateway\n    medium: ethernet\n    exposure: site\n" +
			"    encryption: tls-1.3\n    keys: " + keys + "\n" + more + "keys:\n  k-data:\n    title: D\n    purpose: storage\n  k-log:\n    title: L\n    purpose: log\n  k-site:\n    title: S\n    purpose: wireless\n"
	}
	for _, m := range []marked{
		{"not known", "T5021", "keys:\n  k-a:\n    title: A\n    purpose: code-signing\n"},
		{"reason", "T5021", "keys:\n  k-a:\n    title: A\n    purpose: code-signing\n    hardware: false\n    justification: Split between two people, offline.\n"},
		{"boot", "T5021", "keys:\n  k-a:\n    title: A\n    purpose: boot\n    hardware: false # want T5021\n"},
		{"on the device is another finding", "T5021", exampleSides + "keys:\n  k-a:\n    title: A\n    purpose: code-signing\n    held-in: co-gateway\n    hardware: false\n"},
		{"other store", "T5022", exampleSides + "stores:\n  st-a:\n    title: A\n    component: co-gateway\n    key: k-a\n  st-b:\n    title: B\n    component: co-gateway\nkeys:\n  k-a:\n    title: K\n    purpose: storage\n    held-in: st-b\n"},
		{"memory of a chip", "T5022", exampleSides + "stores:\n  st-a:\n    title: A\n    component: co-gateway\n    key: k-a\nkeys:\n  k-a:\n    title: K\n    purpose: storage\n    held-in: st-a\n    hardware: true\n"},
		{"protection by hardware not stated", "T5022", exampleSides + "stores:\n  st-a:\n    title: A\n    component: co-gateway\n    key: k-a\nkeys:\n  k-a:\n    title: K\n    purpose: storage\n    held-in: st-a # want T5022\n"},
		{"two of a wrong kind", "T5023", tls("[k-data, k-log] # want T5023", "")},
		{"one that may fit", "T5023", tls("[k-data, k-site]", "")},
		{"switched off", "T5023", tls("[k-data]", "    state: disabled\n")},
		{"a justification of something else", "T5024", key("storage", "ed25519 # want T5024") + "    justification: The chip has no room.\n"},
		{"hybrid encryption", "T5024", key("storage", "rsa-4096")},
		{"agreement and cipher", "T5024", key("storage", "ecdsa-p256, aes-256-gcm")},
		{"session cipher beside the certificate", "T5024", key("tls", "ecdsa-p256 with aes-256-gcm")},
		{"shared key", "T5024", key("tls", "aes-256 psk")},
		{"shared key by its interface", "T5024", exampleSides + "interfaces:\n  if-a:\n    title: I\n    component: co-gateway\n    medium: ethernet\n    exposure: site\n    authentication: pre-shared-key\n    keys: [k-a]\n" + key("tls", "aes-256")},
		{"symmetric boot", "T5024", key("boot", "aes-128-cmac")},
		{"unknown name", "T5024", key("code-signing", "gost r 34.10")},
		{"post-quantum", "T5024", key("code-signing", "ml-dsa-65")},
		{"log", "T5024", key("log", "hmac-sha-256")},
		{"upper case", "T5024", key("storage", "Ed25519 # want T5024")},
	} {
		m.run(t)
	}
}

func TestStoreEnds(t *testing.T) {
	store := func(lines string) string {
		return exampleLink + "stores:\n  st-a:\n    title: A\n    component: co-gateway\n" + lines
	}
	for _, m := range []marked{
		{"reason", "T3316", store("    holds: [as-patient]\n    erasure: None, the memory is volatile.\n")},
		{"not possible", "T3316", store("    holds: [as-patient]\n    erasure: Not possible. # want T3316\n")},
		{"nothing personal", "T3316", store("    holds: [as-dose]\n    erasure: none\n")},
		{"not stated", "T3316", store("    holds: [as-patient]\n")},
		{"reason", "T3317", store("    holds: [as-dose]\n    backup: None on purpose; keys are made anew.\n")},
		{"need not known", "T3317", store("    holds: [as-dose]\n    backup: none # want T3317\n")},
		{"little need", "T3317", exampleSides + "assets:\n  as-a:\n    title: A\n    type: data\n    availability: low\nstores:\n  st-a:\n    title: A\n    component: co-gateway\n    holds: [as-a]\n    backup: none\n"},
	} {
		m.run(t)
	}
}

func TestInterfaceReach(t *testing.T) {
	door := func(lines string) string {
		return exampleSides + "interfaces:\n  if-a:\n    title: I\n    component: co-gateway\n    medium: ethernet\n" + lines
	}
	cloud := func(trust, mark string) string {
		return "zones:\n  z-a:\n    title: A\n    trust: managed\n  z-b:\n    title: B\n    trust: " + trust + "\ncomponents:\n  co-a:\n    title: A\n    type: cloud\n    zone: z-a\n  co-b:\n    title: B\n    type: cloud\n    zone: z-b\n" +
			"interfaces:\n  if-a:\n    title: I\n    component: co-a\n    medium: virtual\n    exposure: internal" + mark + "\n    peers: [co-b]\n"
	}
	for _, m := range []marked{
		{"outward", "T3225", door("    purpose: service\n    direction: out\n    exposure: internet\n    authentication: password\n")},
		{"direction not known", "T3225", door("    purpose: administration\n    exposure: internet\n    authentication: pin # want T3225\n")},
		{"site", "T3225", door("    purpose: service\n    direction: in\n    exposure: site\n    authentication: password\n")},
		{"clinical", "T3225", door("    purpose: clinical\n    direction: in\n    exposure: internet\n    authentication: password\n")},
		{"reason", "T3225", door("    purpose: service\n    direction: in\n    exposure: internet\n    authentication: password\n    justification: Behind a portal with a second factor.\n")},
		{"component outside", "T3226", cloud("site", " # want T3226")},
		{"two zones of the manufacturer", "T3226", cloud("managed", "")},
		{"zone of the peer not known", "T3226", exampleSides + "  ac-b:\n    title: B\n    type: system\ninterfaces:\n  if-a:\n    title: I\n    component: co-gateway\n    medium: internal\n    exposure: internal\n    peers: [ac-b]\n"},
		{"switched off", "T3226", door("    exposure: internal\n    state: disabled\n    peers: [ac-ward]\n")},
	} {
		m.run(t)
	}
}

func TestEnvironmentTold(t *testing.T) {
	room := func(told string) string {
		return "documents:\n  doc-sbom:\n    title: S\n    type: sbom\n  doc-plan:\n    title: P\n    type: risk-plan\n  doc-training:\n    title: T\n    type: training\n" +
			"environment:\n  env-a:\n    title: A\n    category: network\n    told-in: " + told + "\n"
	}
	mixed := func(by string) string {
		return "threats:\n  th-a:\n    title: A\n    category: misuse\ncontrols:\n  ct-a:\n    title: A\n    priority: protective\n    by: environment\n  ct-b:\n    title: B\n    priority: information\n" + by +
			"risks:\n  ri-a:\n    title: A\n    threats: [th-a]\n    controls: [ct-b, ct-a]"
	}
	for _, m := range []marked{
		{"list of software", "T8002", room("[doc-sbom] # want T8002")},
		{"one of two", "T8002", room("[doc-plan, doc-training]")},
		{"essential is another finding", "T8002", room("[doc-plan]\n    essential: true")},
		{"surroundings and information", "T8005", mixed("") + " # want T8005\n"},
		{"surroundings and information of the manufacturer", "T8005", mixed("    by: manufacturer\n") + " # want T8005\n"},
		{"information alone is another finding", "T8005", "threats:\n  th-a:\n    title: A\n    category: misuse\ncontrols:\n  ct-b:\n    title: B\n    priority: information\nrisks:\n  ri-a:\n    title: A\n    threats: [th-a]\n    controls: [ct-b]\n"},
	} {
		m.run(t)
	}
}
