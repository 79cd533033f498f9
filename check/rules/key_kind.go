package rules

import (
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T5021", Severity: diag.Warning,
	Title:   "signing key outside hardware",
	Clauses: []string{"sota.hardware-keys", "81001-5-1.5.8.4", "62443-4-1.sm-8"},
	Why: "whoever copies the key from a build computer signs software that all devices install; the state of the art keeps it in a " +
		"module that does not give it out",
	Fix: "keep the key in a signing module or token and name that under `hardware-in:`, or say under `justification:` what protects it instead",
	Bad: `
zones:
  z-build:
    title: Build service
    trust: managed
components:
  co-build:
    title: Build service
    type: cloud
    zone: z-build
keys:
  k-update:
    title: Update key
    purpose: code-signing
    held-in: co-build
    hardware: false # want T5021
`,
	Good: `
zones:
  z-build:
    title: Build service
    trust: managed
components:
  hw-hsm:
    title: Signing module
    type: hardware
    zone: z-build
keys:
  k-update:
    title: Update key
    purpose: code-signing
    held-in: hw-hsm
    hardware: true
    hardware-in: hw-hsm
`,
	Run: func(p *check.Pass) {
		for _, k := range p.File.Keys {
			signs := k.Purpose == "code-signing" || k.Purpose == "boot"
			// One that is held on the device is another finding.
			if signs && k.Hardware == model.No && !heldOnDevice(k) {
				p.Report(k, "hardware", "key %q signs software and is not protected by hardware", k.ID).Justify(k.Justification)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T5022", Severity: diag.Error,
	Title:   "key kept in the store that it protects",
	Clauses: []string{"sota.key-life-cycle", "sota.storage-encryption", "62443-4-2.cr-4.1"},
	Why:     "whoever takes the store takes the key along; and what the key is needed to open cannot hold it",
	Fix: "keep the key in another place, best in hardware, and name it under `held-in:`; where the store holds only a wrapped copy, name " +
		"the place of the key that wraps it",
	Bad: exampleSides + `
stores:
  st-data:
    title: Database
    component: co-gateway
    encryption: aes-256-xts
    key: k-data
keys:
  k-data:
    title: Data key
    purpose: storage
    held-in: st-data # want T5022
    hardware: false
`,
	Good: exampleZones + `
components:
  co-gateway:
    title: Communication board
    type: application
    zone: z-device
  hw-se:
    title: Secure element
    type: hardware
    zone: z-device
stores:
  st-data:
    title: Database
    component: co-gateway
    encryption: aes-256-xts
    key: k-data
keys:
  k-data:
    title: Data key
    purpose: storage
    held-in: hw-se
    hardware: true
    hardware-in: hw-se
`,
	Run: func(p *check.Pass) {
		for _, k := range p.File.Keys {
			s, ok := k.HeldIn.To.(*model.Store)
			// A chip's own memory is encrypted by the chip.
			if k.HeldIn.OK() && ok && s.Key.To == k && k.Hardware != model.Yes {
				p.Report(k, "held-in", "key %q is kept in store %q, which it protects", k.ID, s.ID).
					Relate(s, "key", "protected by the key")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T5023", Severity: diag.Error,
	Title:   "TLS with keys that are not for connections",
	Clauses: []string{"sota.key-life-cycle", "62443-4-2.cr-1.9"},
	Why:     "one key, one purpose: a key that encrypts stored data or signs software must not be used by a program that speaks to the network; or the true key is missing from the inventory",
	Fix:     "name the certificate or key of purpose `tls` with which the connection is protected",
	Bad: exampleSides + `
interfaces:
  if-hl7:
    title: HL7 results
    component: co-gateway
    medium: ethernet
    exposure: site
    encryption: tls-1.3
    keys: [k-data] # want T5023
keys:
  k-data:
    title: Data key
    purpose: storage
`,
	Good: exampleSides + `
interfaces:
  if-library:
    title: Drug library
    component: co-gateway
    medium: ethernet
    exposure: site
    encryption: tls-1.3
    keys: [k-device, k-library]
keys:
  k-device:
    title: Device certificate
    purpose: tls
  k-library:
    title: Key that signs drug libraries
    purpose: code-signing
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			if !i.Used() || len(model.Transports(i.Encryption)) == 0 || len(i.Keys) == 0 {
				continue
			}
			wrong := func(k *model.Key) bool {
				return slices.Contains([]model.KeyPurpose{"storage", "boot", "code-signing", "log"}, k.Purpose)
			}
			if slices.ContainsFunc(i.Keys, func(r model.Ref[*model.Key]) bool { return !r.OK() || !wrong(r.To) }) {
				continue
			}
			k := i.Keys[0].To
			p.Report(i, "keys", "interface %q speaks TLS, and key %q is for something else: %s", i.ID, k.ID, k.Purpose).
				Relate(k, "purpose", "stated here")
		}
	},
})

var _ = add(check.Rule{
	Code: "T5024", Severity: diag.Error,
	Title:   "algorithm of a key does not suit its purpose",
	Clauses: []string{"sota.algorithms", "62443-4-2.cr-4.3"},
	Why: "a signature algorithm cannot encrypt stored data, a certificate cannot hold a symmetric key, and a symmetric key in every " +
		"device that verifies updates could sign them as well; algorithm or purpose is wrong",
	Fix: "correct `algorithm:` or `purpose:` of the key",
	Bad: `
keys:
  k-data:
    title: Data key
    purpose: storage
    algorithm: ecdsa-p256 # want T5024
  k-device:
    title: Device certificate
    purpose: tls
    algorithm: hmac-sha-256 # want T5024
  k-update:
    title: Update key
    purpose: code-signing
    algorithm: aes-128-cmac # want T5024
`,
	Good: `
keys:
  k-data:
    title: Data key
    purpose: storage
    algorithm: aes-256-xts
  k-device:
    title: Device certificate
    purpose: tls
    algorithm: ecdsa-p256
  k-update:
    title: Update key
    purpose: code-signing
    algorithm: ed25519
`,
	Run: func(p *check.Pass) {
		for _, k := range p.File.Keys {
			if a := unsuited(k); a != "" {
				p.Report(k, "algorithm", "key %q is for %s, and %s cannot serve that", k.ID, k.Purpose, a).
					Relate(k, "purpose", "its purpose")
			}
		}
	},
})

// unsuited names the algorithm of a key that cannot serve its purpose, or "".
// One named beside it that can, or that is not known, decides for the key.
func unsuited(k *model.Key) string {
	var wrong func(family string) bool
	switch k.Purpose {
	case "storage":
		wrong = func(family string) bool { return family == signature }
	case "code-signing":
		wrong = func(family string) bool { return family == symmetric }
	case "tls":
		if sharedKey(k) {
			return ""
		}
		wrong = func(family string) bool { return family == symmetric }
	default:
		return ""
	}
	found := ""
	for _, word := range algorithms(k.Algorithm) {
		family := families[word[0]]
		switch {
		case family == "":
		case !wrong(family):
			return ""
		case found == "":
			found = strings.Join(word, "-")
		}
	}
	return found
}

const (
	signature = "signature"
	symmetric = "symmetric"
	public    = "public"
)

// families sorts algorithms by what their keys are good for. RSA and keys on
// curves without a scheme both sign and agree on keys.
var families = map[string]string{
	"ecdsa": signature, "ed25519": signature, "ed448": signature, "eddsa": signature, "dsa": signature, "mldsa": signature, "slhdsa": signature, "lms": signature, "xmss": signature,
	"hmac": symmetric, "cmac": symmetric, "gmac": symmetric, "aes": symmetric, "chacha20": symmetric, "sm4": symmetric,
	"rsa": public, "ec": public, "ecdh": public, "ecies": public, "x25519": public, "x448": public, "mlkem": public, "sm2": public, "ml": public,
	"p256": public, "p384": public, "p521": public, "secp256r1": public, "secp384r1": public, "secp521r1": public, "prime256v1": public,
}

// sharedKey reports whether the key is one that both ends of a connection know,
// as TLS allows (RFC 8446 section 2.2).
func sharedKey(k *model.Key) bool {
	if strings.Contains(strings.ToLower(k.Algorithm+k.Title), "psk") || strings.Contains(strings.ToLower(k.Algorithm+k.Title), "shared") {
		return true
	}
	return slices.ContainsFunc(model.Users[*model.Interface](k, "keys"), func(i *model.Interface) bool { return i.Authentication == "pre-shared-key" })
}
