package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

// cryptoText is a place where cryptography is named in free text.
type cryptoText struct {
	of          model.Entity
	field, text string
}

// cryptoTexts lists all places where algorithms are named, in source order by
// kind. What is off is not used.
func cryptoTexts(f *model.File) []cryptoText {
	var all []cryptoText
	put := func(e model.Entity, field, text string) {
		if text != "" {
			all = append(all, cryptoText{e, field, text})
		}
	}
	for _, k := range f.Keys {
		put(k, "algorithm", k.Algorithm)
	}
	for _, i := range f.Interfaces {
		if i.Used() {
			put(i, "encryption", i.Encryption)
			put(i, "integrity", i.Integrity)
			put(i, "protocol", i.Protocol)
		}
	}
	for _, l := range f.Flows {
		put(l, "encryption", l.Encryption)
		put(l, "integrity", l.Integrity)
	}
	for _, s := range f.Stores {
		put(s, "encryption", s.Encryption)
		put(s, "integrity", s.Integrity)
	}
	if f.Policy != nil {
		for n, text := range f.Policy.Crypto.Allowed {
			put(f.Policy, fmt.Sprintf("cryptography.allowed.%d", n), text)
		}
	}
	return all
}

var algorithmWord = lazyregexp.New(`[a-z0-9]+(?:[-_/][a-z0-9]+)*`)

// algorithms cuts a text into words that may name an algorithm, each in parts:
// "AES-128-ECB" is aes, 128, ecb. Statements that deny something are left out.
func algorithms(text string) [][]string {
	var words [][]string
	for _, s := range model.Assertions(strings.ToLower(text)) {
		for _, w := range algorithmWord.FindAllString(s, -1) {
			words = append(words, strings.FieldsFunc(w, func(r rune) bool { return strings.ContainsRune("-_/", r) }))
		}
	}
	return words
}

// broken are words that name a broken algorithm, curve or mode wherever they
// stand.
var broken = map[string]string{
	"md2": "md2", "md4": "md4", "md5": "md5",
	"des": "des", "3des": "3des", "tdes": "3des", "tdea": "3des", "ede3": "3des", "desx": "des",
	"rc2": "rc2", "rc4": "rc4", "arc4": "rc4", "arcfour": "rc4", "blowfish": "blowfish",
	"ecb": "ecb mode", "p160": "a 160-bit curve", "p192": "a 192-bit curve",
	"secp160r1": "a 160-bit curve", "secp192r1": "a 192-bit curve", "secp192k1": "a 192-bit curve", "prime192v1": "a 192-bit curve",
	"wep": "wep", "tkip": "tkip", "wpa": "wpa", "wpa1": "wpa",
}

// weakness names what is broken in an algorithm, or "".
func weakness(parts []string) string {
	for n, part := range parts {
		before, after := neighbour(parts, n-1), neighbour(parts, n+1)
		switch {
		case broken[part] != "":
			return broken[part]
		case part == "sha1" && !slices.Contains(parts, "hmac"), part == "sha" && after == "1" && !slices.Contains(parts, "hmac"):
			return "sha-1"
		case part == "dsa" && before != "ec" && before != "ed":
			return "dsa"
		case part == "p" && (after == "160" || after == "192"):
			return "a " + after + "-bit curve"
		}
	}
	if name, bits := modulus(parts); bits > 0 && bits < 2048 {
		return fmt.Sprintf("%s with %d bits", name, bits)
	}
	return ""
}

func neighbour(parts []string, n int) string {
	if n < 0 || n >= len(parts) {
		return ""
	}
	return parts[n]
}

var modular = lazyregexp.New(`^(rsa|dh|dhe|ffdhe|modp)([0-9]{3,5})?$`)

// modulus is the size in bits that an RSA or Diffie-Hellman name carries, or 0.
func modulus(parts []string) (name string, bits int) {
	m := modular.FindStringSubmatch(parts[0])
	if m == nil {
		return "", 0
	}
	for _, text := range append([]string{m[2]}, parts[1:]...) {
		if n, err := strconv.Atoi(text); err == nil && n >= 512 && n <= 16384 {
			return m[1], n
		}
	}
	return m[1], 0
}

var _ = add(check.Rule{
	Code: "T5001", Severity: diag.Error,
	Title:   "broken or outdated cryptography",
	Clauses: []string{"sota.algorithms", "62443-4-2.cr-4.3"},
	Why: "MD5 and SHA-1 collide, DES, RC4 and RSA below 2048 bits can be broken, ECB shows patterns, DSA, Blowfish, WEP and TKIP are withdrawn; " +
		"protection that rests on them is protection in name only",
	Fix: "use an algorithm of recognised practice: AES-GCM, SHA-256, ECDSA with P-256 or more, Ed25519, RSA from 3072 bits; say in words when an old one is off",
	Bad: `
keys:
  k-update:
    title: Update key
    purpose: code-signing
    algorithm: rsa-1024 # want T5001
  k-data:
    title: Data key
    purpose: storage
    algorithm: aes-128-ecb # want T5001
`,
	Good: `
keys:
  k-update:
    title: Update key
    purpose: code-signing
    algorithm: rsa-4096
  k-data:
    title: Data key
    purpose: storage
    algorithm: aes-256-gcm
`,
	Run: func(p *check.Pass) {
		for _, t := range cryptoTexts(p.File) {
			for _, word := range algorithms(t.text) {
				if w := weakness(word); w != "" {
					p.Report(t.of, t.field, "%s uses %s", model.Label(t.of), w)
					break
				}
			}
		}
		for _, k := range p.File.Keys {
			// A size in the name itself was judged above.
			if shortRSA(k) {
				p.Report(k, "size", "%s uses rsa with %d bits", model.Label(k), k.Size)
			}
		}
	},
})

// shortRSA reports whether the key is RSA with a size stated beside the name that
// is too short.
func shortRSA(k *model.Key) bool {
	bits, ok := rsaIn(k.Algorithm)
	return ok && bits == 0 && k.Size > 0 && k.Size < 2048
}

var (
	rsaWord = lazyregexp.New(`(?i)\brsa`)
	number  = lazyregexp.New(`[0-9]{3,5}`)
	// hashName is a name whose number is no size of a key.
	hashName = lazyregexp.New(`(?i)sha3?[-_ ]?[0-9]+([-_/](224|256))?`)
)

// rsa is the size of an RSA key, 0 when it is not stated. The text wins over
// `size`, which may speak of another algorithm named beside it.
func rsa(k *model.Key) (bits int, ok bool) {
	bits, ok = rsaIn(k.Algorithm)
	if ok && bits == 0 {
		bits = k.Size
	}
	return bits, ok
}

// rsaIn finds RSA in a text, with its size if that stands behind it.
func rsaIn(text string) (bits int, ok bool) {
	at := rsaWord.FindStringIndex(text)
	if at == nil {
		return 0, false
	}
	for _, digits := range number.FindAllString(hashName.ReplaceAllString(text[at[1]:], ""), -1) {
		if n, err := strconv.Atoi(digits); err == nil && n >= 512 && n <= 16384 {
			return n, true
		}
	}
	return 0, true
}

var _ = add(check.Rule{
	Code: "T5002", Severity: diag.Open,
	Title:   "size of a key is not stated",
	Clauses: []string{"sota.algorithms", "62443-4-2.cr-4.3"},
	Why:     "RSA and AES come in sizes from broken to ample; without the size nobody can tell which this is",
	Fix:     "write it into `algorithm:` (rsa-3072, aes-256-gcm) or state `size:` in bits",
	Bad: `
keys:
  k-update:
    title: Update key
    purpose: code-signing
    algorithm: rsa # want T5002
`,
	Good: `
keys:
  k-update:
    title: Update key
    purpose: code-signing
    algorithm: rsa
    size: 3072
`,
	Run: func(p *check.Pass) {
		for _, k := range p.File.Keys {
			bits, isRSA := rsa(k)
			if flawed(p, k, "size") {
				continue
			}
			if isRSA && bits == 0 || k.Size == 0 && bareAES.MatchString(k.Algorithm) && !number.MatchString(k.Algorithm) {
				p.Report(k, "algorithm", "the size of key %q (%s) is not stated", k.ID, k.Algorithm)
			}
		}
	},
})

var bareAES = lazyregexp.New(`(?i)\baes\b`)

// end112 is the last day on which recognised catalogues accept 112-bit security,
// that is RSA with 2048 bits (NIST SP 800-57 part 1).
const end112 = "2030-12-31"

var _ = add(check.Rule{
	Code: "T5003", Severity: diag.Note,
	Title:   "RSA with 2048 bits beyond 2030",
	Clauses: []string{"sota.algorithms"},
	Why:     "RSA with 2048 bits gives about 112 bits of security, which recognised catalogues of algorithms accept until 2030 at the latest",
	Fix:     "use at least 3072 bits or an elliptic curve, or let the key end by 2030 and plan the change",
	Bad: `
keys:
  k-update:
    title: Update key
    purpose: code-signing
    algorithm: rsa-2048 # want T5003
    validity: 10 years
`,
	Good: `
keys:
  k-update:
    title: Update key
    purpose: code-signing
    algorithm: rsa-2048
    validity: 2 years
`,
	Run: func(p *check.Pass) {
		for _, k := range p.File.Keys {
			bits, ok := rsa(k)
			short := !k.Validity.IsZero() && p.Today.Add(k.Validity).String() <= end112
			if ok && bits >= 2048 && bits < 3000 && !short {
				p.Report(k, "algorithm", "key %q is rsa with %d bits and may be used beyond 2030", k.ID, bits)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T5017", Severity: diag.Warning,
	Title:   "encryption in CBC mode without a check of integrity",
	Clauses: []string{"sota.algorithms", "62443-4-2.cr-3.1"},
	Why:     "CBC keeps a secret but not from changes: bits can be flipped in transit or at rest, and padding errors can reveal the content",
	Fix:     "use a mode with authentication (GCM, CCM), or name the keyed check under `integrity:`",
	Bad: exampleSides + `
stores:
  st-data:
    title: Database
    component: co-gateway
    encryption: aes-256-cbc # want T5017
`,
	Good: exampleSides + `
stores:
  st-data:
    title: Database
    component: co-gateway
    encryption: aes-256-cbc
    integrity: hmac-sha-256 over the ciphertext
`,
	Run: func(p *check.Pass) {
		report := func(e model.Entity, encryption string, intact model.Answer) {
			if intact == model.Yes || len(model.Transports(encryption)) > 0 {
				return
			}
			for _, word := range algorithms(encryption) {
				if slices.Contains(word, "cbc") {
					p.Report(e, "encryption", "%s is encrypted in CBC mode without a check of integrity", model.Label(e))
					return
				}
			}
		}
		for _, i := range p.File.Interfaces {
			if i.Used() {
				report(i, i.Encryption, i.Intact())
			}
		}
		for _, f := range p.File.Flows {
			report(f, f.Encryption, f.Intact())
		}
		for _, s := range p.File.Stores {
			report(s, s.Encryption, model.States(s.Integrity))
		}
	},
})

var (
	checksum = lazyregexp.New(`(?i)\b(crc([- ]?[0-9]+)?|checksum|parity|fletcher|adler)\b`)
	keyed    = lazyregexp.New(`(?i)(hmac|cmac|gmac|\bmac\b|sign|ecdsa|ed25519|rsa|tls|gcm|ccm|keyed|hash chain|verity)`)
)

var _ = add(check.Rule{
	Code: "T5018", Severity: diag.Warning,
	Title:   "checksum counted as protection against change",
	Clauses: []string{"62443-4-2.cr-3.1", "sota.algorithms"},
	Why:     "a checksum without a key finds faults of the line; whoever changes data on purpose computes the checksum anew",
	Fix:     "use a keyed check (HMAC, CMAC) or a signature, write `none`, or give a `justification` where no attacker can reach",
	Bad: exampleLink + `
interfaces:
  if-serial:
    title: Serial line
    component: co-gateway
    medium: serial
    exposure: physical
    integrity: crc-16 # want T5018
    accepts: [as-dose]
`,
	Good: exampleLink + `
interfaces:
  if-serial:
    title: Serial line
    component: co-gateway
    medium: serial
    exposure: physical
    integrity: aes-128-cmac, with a crc-16 of the frame
    accepts: [as-dose]
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			if _, _, ok := firstOf("accepts", i.Accepts, matters); ok && i.Used() && i.Exposure.External() && unkeyed(i.Integrity) {
				p.Report(i, "integrity", "integrity of interface %q rests on a checksum without a key", i.ID).Justify(i.Justification)
			}
		}
		for _, s := range p.File.Stores {
			if _, _, ok := firstOf("holds", s.Holds, matters); ok && unkeyed(s.Integrity) {
				p.Report(s, "integrity", "integrity of store %q rests on a checksum without a key", s.ID)
			}
		}
		for _, f := range p.File.Flows {
			if exposed(f) && unkeyed(f.Integrity) {
				p.Report(f, "integrity", "integrity of flow %q rests on a checksum without a key", f.ID).Justify(f.Reason())
			}
		}
	},
})

func unkeyed(integrity string) bool {
	// A hash that is broken as well has its finding (T5001).
	broken := slices.ContainsFunc(algorithms(integrity), func(word []string) bool { return weakness(word) != "" })
	return checksum.MatchString(integrity) && !keyed.MatchString(integrity) && !broken
}

var _ = add(check.Rule{
	Code: "T5019", Severity: diag.Warning,
	Title:   "algorithm outside the manufacturer's own list",
	Clauses: []string{"sota.algorithms"},
	Why:     "the policy lists what may be used; the key uses something else, so policy or key is wrong",
	Fix:     "change the algorithm, or add it to `policy.cryptography.allowed` after a review",
	Bad: `
policy:
  cryptography:
    allowed: [aes-256-gcm, ecdsa-p256]
keys:
  k-sign:
    title: Update key
    purpose: code-signing
    algorithm: ed25519 # want T5019
`,
	Good: `
policy:
  cryptography:
    allowed: [aes-256-gcm, ecdsa]
keys:
  k-sign:
    title: Update key
    purpose: code-signing
    algorithm: ecdsa-p256
`,
	Run: func(p *check.Pass) {
		if p.File.Policy == nil || len(p.File.Policy.Crypto.Allowed) == 0 {
			return
		}
		allowed := map[string]bool{}
		for _, text := range p.File.Policy.Crypto.Allowed {
			for _, word := range algorithms(text) {
				allowed[strings.Join(word, "-")] = true
			}
		}
		for _, k := range p.File.Keys {
			// Prose beside a name is not compared.
			if words := algorithms(k.Algorithm); len(words) == 1 && weakness(words[0]) == "" && !shortRSA(k) && !listedAlgorithm(allowed, words[0]) {
				p.Report(k, "algorithm", "key %q uses %s, which the policy does not list", k.ID, k.Algorithm).
					Relate(p.File.Policy, "cryptography.allowed", "the list")
			}
		}
	},
})

// listedAlgorithm reports whether the name or its beginning is listed: "aes-256"
// allows aes-256-gcm.
func listedAlgorithm(allowed map[string]bool, parts []string) bool {
	for n := range parts {
		if allowed[strings.Join(parts[:n+1], "-")] {
			return true
		}
	}
	return false
}
