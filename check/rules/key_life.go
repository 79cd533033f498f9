package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

// outside reports whether the key is kept by somebody outside the system, whose
// way of keeping it is not the manufacturer's to state.
func outside(k *model.Key) bool {
	_, actor := k.HeldIn.To.(*model.Actor)
	return k.HeldIn.OK() && actor
}

// heldOnDevice reports whether the key is kept inside the device, other than on
// media that leave it.
func heldOnDevice(k *model.Key) bool {
	if !k.HeldIn.OK() {
		return false
	}
	if s, ok := k.HeldIn.To.(*model.Store); ok && s.Removable == model.Yes {
		return false
	}
	return model.OnDevice(k.HeldIn.To)
}

// certified reports whether the key proves an identity with a certificate that
// ends.
func certified(k *model.Key) bool { return k.Purpose == "tls" }

var _ = add(check.Rule{
	Code: "T5006", Severity: diag.Open,
	Title:   "key is not fully described",
	Clauses: []string{"sota.key-life-cycle", "sota.algorithms", "62443-4-2.cr-4.3"},
	Why:     "the inventory of keys says what each is, where it is and whether one stolen unit opens all others",
	Fix:     "state the missing fields",
	Bad: `
keys:
  k-device: # want T5006
    title: Device certificate
    purpose: tls
    algorithm: ecdsa-p256
`,
	Good: exampleKey,
	Run: func(p *check.Pass) {
		for _, k := range p.File.Keys {
			l := lacks(p, k)
			l.unless(k.Algorithm != "", "algorithm")
			l.unless(k.HeldIn.ID != "", "held-in")
			l.unless(k.PerDevice.Known(), "per-device")
			l.unless(k.Hardware.Known() || outside(k) || k.Justification != "", "hardware")
			if l.any() {
				p.Report(k, "", "key %q does not state %s", k.ID, l)
			}
		}
	},
})

const exampleKey = exampleZones + `
components:
  hw-board:
    title: Main board
    type: hardware
    zone: z-device
  hw-se:
    title: Secure element
    type: hardware
    part-of: hw-board
keys:
  k-device:
    title: Device certificate
    purpose: tls
    algorithm: ecdsa-p256
    held-in: hw-se
    hardware: true
    hardware-in: hw-se
    per-device: true
    provisioned: Made in the secure element at production.
    validity: 1 year
    rotation: Renewed automatically 60 days before the end.
    revocation: Revocation list of the operator's authority.
    destruction: Erased in the secure element at decommissioning.
`

var _ = add(check.Rule{
	Code: "T5007", Severity: diag.Open,
	Title:   "life cycle of a key is not stated",
	Clauses: []string{"sota.key-life-cycle", "62443-4-2.cr-1.5"},
	Why:     "keys are made, renewed, withdrawn and destroyed; each step that nobody has thought of is done in haste when the key is stolen or expires",
	Fix:     "state the missing fields; where a step cannot happen, say why in the field",
	Bad: `
keys:
  k-device: # want T5007
    title: Device certificate
    purpose: tls
    provisioned: Made in the secure element at production.
    validity: 1 year
`,
	Good: exampleKey,
	Run: func(p *check.Pass) {
		for _, k := range p.File.Keys {
			l := lacks(p, k)
			l.unless(k.Provisioned != "", "provisioned")
			l.unless(!k.Validity.IsZero() || !certified(k), "validity")
			l.unless(k.Rotation != "", "rotation")
			l.unless(k.Revocation != "", "revocation")
			l.unless(k.Destruction != "", "destruction")
			if l.any() {
				p.Report(k, "", "key %q does not state %s", k.ID, l)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T5008", Severity: diag.Error,
	Title:   "contradictory statement on hardware protection of a key",
	Clauses: []string{"sota.hardware-keys", "81001-5-1.5.8.4", "62443-4-1.sm-8"},
	Why:     "a claim that a key never leaves hardware has to name the chip, and the chip has to be hardware",
	Fix:     "name the TPM, secure element or HSM under `hardware-in:` as a component of type hardware, or state `hardware: false`",
	Bad: `
components:
  os-base:
    title: Operating system
    type: operating-system
keys:
  k-device:
    title: Device certificate
    purpose: tls
    hardware: true # want T5008
  k-data:
    title: Data key
    purpose: storage
    hardware: true
    hardware-in: os-base # want T5008
`,
	Good: exampleKey,
	Run: func(p *check.Pass) {
		for _, k := range p.File.Keys {
			switch c := k.HardwareIn.To; {
			case k.Hardware == model.Yes && k.HardwareIn.ID == "" && !flawed(p, k, "hardware-in"):
				p.Report(k, "hardware", "key %q is said to be held in hardware, and no hardware is named", k.ID)
			case k.Hardware == model.No && k.HardwareIn.ID != "":
				p.Report(k, "hardware", "key %q is said not to be held in hardware, and %q is named as its hardware", k.ID, k.HardwareIn.ID).
					Relate(k, "hardware-in", "named here")
			case c != nil && c.Type != "hardware" && c.Type != "":
				p.Report(k, "hardware-in", "%q, which is to protect key %q in hardware, is of type %s", c.ID, k.ID, c.Type).
					Relate(c, "type", "not hardware")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T5009", Severity: diag.Warning,
	Title:   "private key on the device outside hardware",
	Clauses: []string{"sota.hardware-keys"},
	Why:     "a key in a file or in flash is copied by whoever gets code to run once; the state of the art keeps device keys in a chip that does not give them out",
	Fix:     "keep it in a TPM or secure element, or say under `justification:` why that is not needed",
	Bad: exampleSides + `
keys:
  k-device:
    title: Device certificate
    purpose: tls
    held-in: co-gateway
    hardware: false # want T5009
`,
	Good: exampleKey,
	Run: func(p *check.Pass) {
		for _, k := range p.File.Keys {
			if bareOnDevice(k) {
				p.Report(k, "hardware", "key %q is held on the device in %q, and no hardware protects it", k.ID, k.HeldIn.ID).Justify(k.Justification)
			}
		}
	},
})

// bareOnDevice reports whether the key gives identity or confidentiality to the
// device and lies there without hardware around it.
func bareOnDevice(k *model.Key) bool {
	device := k.Purpose == "tls" || k.Purpose == "storage" || k.Purpose == "log"
	return device && k.Hardware == model.No && heldOnDevice(k)
}

var _ = add(check.Rule{
	Code: "T5010", Severity: diag.Warning,
	Title:   "one key on all devices",
	Clauses: []string{"sota.device-identity", "62443-4-2.cr-1.2"},
	Why:     "whoever opens one unit holds the key of all; it cannot be withdrawn without stopping the whole fleet",
	Fix:     "make a key for each unit, or say under `justification:` why the shared one opens nothing (a public anchor, a key of one site)",
	Bad: exampleSides + `
keys:
  k-device:
    title: TLS key
    purpose: tls
    held-in: co-gateway
    per-device: false # want T5010
`,
	Good: exampleKey,
	Run: func(p *check.Pass) {
		for _, k := range p.File.Keys {
			single := k.Purpose == "tls" || k.Purpose == "storage" || k.Purpose == "login" || k.Purpose == "log"
			if single && k.PerDevice == model.No && heldOnDevice(k) {
				p.Report(k, "per-device", "key %q is held on the device and is the same on all units", k.ID).Justify(k.Justification)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T5011", Severity: diag.Warning,
	Title:   "key is valid longer than the device lives",
	Clauses: []string{"sota.key-life-cycle"},
	Why:     "a certificate that outlives its device cannot expire in time; it stays good in whatever hands the scrapped unit falls into",
	Fix:     "shorten `validity:` and renew, or say under `justification:` what takes its place",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  lifetime: 10 years
keys:
  k-device:
    title: Device certificate
    purpose: tls
    validity: 20 years # want T5011
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  lifetime: 10 years
keys:
  k-device:
    title: Device certificate
    purpose: tls
    validity: 1 year
`,
	Run: func(p *check.Pass) {
		life := p.File.Product.Lifetime
		if life.IsZero() {
			life = p.File.Product.SupportPeriod
		}
		if life.IsZero() {
			return
		}
		for _, k := range p.File.Keys {
			if k.Validity.Longer(life) {
				p.Report(k, "validity", "key %q is valid for %s, longer than the device lives (%s)", k.ID, k.Validity, life).Justify(k.Justification)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T5012", Severity: diag.Warning,
	Title:   "signing key of the manufacturer held on the device",
	Clauses: []string{"81001-5-1.5.8.4", "62443-4-1.sm-8", "sota.hardware-keys"},
	Why:     "the device needs only the public half to verify; the private half on a unit lets its finder sign software for all",
	Fix:     "keep the key in a signing module of the manufacturer and name that under `held-in:`, or say under `justification:` that the device holds the public half",
	Bad: exampleSides + `
keys:
  k-update:
    title: Update key
    purpose: code-signing
    held-in: co-gateway # want T5012
`,
	Good: `
zones:
  z-release:
    title: Signing and release
    trust: managed
components:
  hw-hsm:
    title: Signing module
    type: hardware
    zone: z-release
keys:
  k-update:
    title: Update key
    purpose: code-signing
    held-in: hw-hsm
`,
	Run: func(p *check.Pass) {
		for _, k := range p.File.Keys {
			if k.Purpose == "code-signing" && heldOnDevice(k) {
				p.Report(k, "held-in", "key %q signs software and is held on the device in %q", k.ID, k.HeldIn.ID).Justify(k.Justification)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T5013", Severity: diag.Error,
	Title:   "start is verified with a key meant for something else",
	Clauses: []string{"sota.roots-of-trust", "62443-4-2.edr-hdr-ndr-3.12"},
	Why:     "the root of the boot chain must be a key that only signs what may start; a key of another purpose is in other hands",
	Fix:     "name a key of purpose `boot` or `code-signing`, or correct the purpose of the key",
	Bad: `
components:
  os-base:
    title: Operating system
    type: operating-system
    boot:
      verified: true
      key: k-tls # want T5013
      debug: locked
keys:
  k-tls:
    title: Device certificate
    purpose: tls
`,
	Good: exampleBoot,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Components {
			if k := c.Boot.Key.To; k != nil && k.Purpose != "boot" && k.Purpose != "code-signing" && k.Purpose != "" {
				p.Report(c, "boot.key", "component %q verifies its start with key %q, whose purpose is %s", c.ID, k.ID, k.Purpose).
					Relate(k, "purpose", "stated here")
			}
		}
	},
})

var cipher = lazyregexp.New(`(?i)(aes|chacha|luks|dm-crypt|xts|bitlocker|fscrypt)`)

var _ = add(check.Rule{
	Code: "T5015", Severity: diag.Open,
	Title:   "encrypted store without a key",
	Clauses: []string{"sota.key-life-cycle", "sota.storage-encryption"},
	Why:     "encryption at rest protects against theft only if the key is not stolen along; where it is kept decides",
	Fix:     "describe the key under `keys:` and name it at the store",
	Bad: exampleSides + `
keys:
  k-device:
    title: Device certificate
    purpose: tls
stores:
  st-data: # want T5015
    title: Database
    component: co-gateway
    encryption: aes-256-xts
`,
	Good: exampleSides + `
keys:
  k-data:
    title: Data key
    purpose: storage
stores:
  st-data:
    title: Database
    component: co-gateway
    encryption: aes-256-xts
    key: k-data
`,
	Run: func(p *check.Pass) {
		if len(p.File.Keys) == 0 {
			return // the question for keys speaks
		}
		for _, s := range p.File.Stores {
			if model.States(s.Encryption) == model.Yes && cipher.MatchString(s.Encryption) && s.Key.ID == "" {
				p.ReportAbsent(s, []string{"key"}, "store %q is encrypted and names no key", s.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T5016", Severity: diag.Warning,
	Title:   "key that nothing uses",
	Clauses: []string{"sota.key-life-cycle"},
	Why:     "a key without a use is not renewed and not watched, and still opens something; or the use is missing from the model",
	Fix:     "name the key where it is used (interface, store, boot, update policy), or destroy and remove it",
	Bad: `
keys:
  k-old: # want T5016
    title: Key of the first series
    purpose: tls
`,
	Good: exampleSides + `
keys:
  k-device:
    title: Device certificate
    purpose: tls
interfaces:
  if-hl7:
    title: HL7 results
    component: co-gateway
    medium: ethernet
    exposure: site
    keys: [k-device]
`,
	Run: func(p *check.Pass) {
		if flawedIn(p, p.File.Interfaces, "keys") || flawedIn(p, p.File.Stores, "key") || flawedIn(p, p.File.Components, "boot.key") ||
			p.File.UpdatePolicy != nil && flawed(p, p.File.UpdatePolicy, "key") {
			return
		}
		for _, k := range p.File.Keys {
			if !keyInUse(k) {
				p.Report(k, "", "no interface, store, boot chain or update uses key %q", k.ID)
			}
		}
	},
})

func keyInUse(k *model.Key) bool {
	for _, u := range model.Users[model.Entity](k) {
		switch u.(type) {
		case *model.Interface, *model.Store, *model.Component, *model.UpdatePolicy:
			return true
		}
	}
	return false
}

var _ = add(check.Rule{
	Code: "T5020", Severity: diag.Warning,
	Title:   "store protected by a key for connections",
	Clauses: []string{"sota.key-life-cycle", "62443-4-2.cr-4.3"},
	Why:     "one key, one purpose: when the certificate is renewed or withdrawn, the stored data would be lost or unprotected",
	Fix:     "use a key of purpose `storage` for the store",
	Bad: exampleSides + `
keys:
  k-device:
    title: Device certificate
    purpose: tls
stores:
  st-data:
    title: Database
    component: co-gateway
    encryption: aes-256-xts
    key: k-device # want T5020
`,
	Good: exampleSides + `
keys:
  k-data:
    title: Data key
    purpose: storage
stores:
  st-data:
    title: Database
    component: co-gateway
    encryption: aes-256-xts
    key: k-data
`,
	Run: func(p *check.Pass) {
		for _, s := range p.File.Stores {
			if k := s.Key.To; k != nil && (k.Purpose == "tls" || k.Purpose == "login" || k.Purpose == "wireless") {
				p.Report(s, "key", "store %q is protected by key %q, whose purpose is %s", s.ID, k.ID, k.Purpose).Relate(k, "purpose", "stated here")
			}
		}
	},
})
