package rules

import (
	"fmt"
	"testing"

	"theriac/check"
	"theriac/model"
)

// TestWeakness names algorithms as people write them.
func TestWeakness(t *testing.T) {
	for text, want := range map[string]string{
		"md5": "md5", "HMAC-MD5": "md5", "SHA1": "sha-1", "sha-1": "sha-1", "SHA-256": "", "hmac-sha1": "", "hmac-sha-1": "", "sha-512": "",
		"des": "des", "3DES-CBC": "3des", "des-ede3-cbc": "des", "rc4": "rc4", "blowfish": "blowfish",
		"dsa": "dsa", "dsa-2048": "dsa", "ecdsa": "", "ec-dsa": "", "eddsa": "", "ecdsa-p256": "", "ecdsa-p192": "a 192-bit curve", "ecdsa with P-192": "a 192-bit curve",
		"aes-128-ecb": "ecb mode", "AES-256-GCM": "", "aes-256-xts (dm-crypt)": "",
		"rsa-1024": "rsa with 1024 bits", "RSA1024": "rsa with 1024 bits", "rsa-pss-2048": "", "rsa-4096-sha-256": "", "rsa": "",
		"dh-1024": "dh with 1024 bits", "ffdhe2048": "",
		"wep": "wep", "wpa": "wpa", "wpa2": "", "wpa3-enterprise": "", "tkip": "tkip",
		"sha-256; MD5 is not used": "", "aes-128-ccm (never ECB)": "", "": "", "description": "",
	} {
		got := ""
		for _, word := range algorithms(text) {
			if got == "" {
				got = weakness(word)
			}
		}
		if got != want {
			t.Errorf("weakness of %q = %q, want %q", text, got, want)
		}
	}
}

func TestRSA(t *testing.T) {
	for _, c := range []struct {
		algorithm string
		size      int
		bits      int
		rsa       bool
	}{
		{"rsa-3072", 0, 3072, true}, {"rsa", 2048, 2048, true}, {"RSA", 0, 0, true}, {"rsa2048", 4096, 2048, true},
		{"ecdsa-p256 or rsa from 3072 bits", 256, 3072, true}, {"ecdsa-p256", 256, 0, false}, {"rsa with sha-256", 0, 0, true}, {"rsa with sha-512", 4096, 4096, true}, {"rsa-pss-sha512-3072", 0, 3072, true},
	} {
		bits, ok := rsa(&model.Key{Algorithm: c.algorithm, Size: c.size})
		if bits != c.bits || ok != c.rsa {
			t.Errorf("%q, size %d: %d bits, %t; want %d, %t", c.algorithm, c.size, bits, ok, c.bits, c.rsa)
		}
	}
}

func TestCryptoRules(t *testing.T) {
	key := func(fields string) string { return "keys:\n  k-a:\n    title: K\n" + fields }
	held := func(fields string) string { return exampleSides + key(fields) }
	port := func(fields string) string {
		return exampleLink + "interfaces:\n  if-a:\n    title: I\n    component: co-gateway\n    medium: ethernet\n    exposure: site\n" + fields
	}
	store := func(fields string) string {
		return exampleLink + "stores:\n  st-a:\n    title: S\n    component: co-gateway\n" + fields
	}
	const tls = "    purpose: tls\n"
	for _, m := range []marked{
		{"size apart from the name", "T5001", key(tls + "    algorithm: rsa\n    size: 1024 # want T5001\n")},
		{"in the name and in the size", "T5001", key(tls + "    algorithm: rsa-1024 # want T5001\n    size: 1024\n")},
		{"interface", "T5001", port("    encryption: rc4 # want T5001\n")},
		{"interface that is off", "T5001", port("    state: disabled\n    encryption: rc4\n")},
		{"store", "T5001", store("    integrity: md5 of the file # want T5001\n")},
		{"flow", "T5001", exampleSides + "flows:\n  fl-a:\n    title: F\n    from: co-gateway\n    to: ac-ward\n    integrity: sha-1 digest # want T5001\n"},
		{"own list of allowed ones", "T5001", "policy:\n  cryptography:\n    allowed:\n      - sha-256\n      - des # want T5001\n"},
		{"wireless", "T5001", port("    encryption: wep # want T5001\n")},
		{"size stated apart", "T5002", key(tls + "    algorithm: rsa\n    size: 4096\n")},
		{"bare AES", "T5002", key("    purpose: storage\n    algorithm: aes # want T5002\n")},
		{"AES with size", "T5002", key("    purpose: storage\n    algorithm: aes-256-gcm\n")},
		{"curve names its size", "T5002", key(tls + "    algorithm: ed25519\n")},
		{"no validity", "T5003", key(tls + "    algorithm: rsa-2048 # want T5003\n")},
		{"ends before", "T5003", key(tls + "    algorithm: rsa-2048\n    validity: 4 years\n")},
		{"3072", "T5003", key(tls + "    algorithm: rsa-3072\n")},
		{"policy with bare number", "T5004", "policy:\n  cryptography:\n    min-tls: \"1.1\" # want T5004\n"},
		{"policy with name", "T5004", "policy:\n  cryptography:\n    min-tls: TLS 1.2\n"},
		{"protocol field", "T5004", port("    protocol: https (SSLv3) # want T5004\n")},
		{"old one is off", "T5004", port("    encryption: tls-1.2; TLS 1.0 and TLS 1.1 are off\n")},
		{"either version", "T5004", port("    encryption: tls-1.0 or tls-1.2 # want T5004\n")},
		{"policy gives the version", "T5005", "policy:\n  cryptography:\n    min-tls: \"1.2\"\n" + port("    encryption: tls\n")},
		{"version beside it", "T5005", port("    encryption: tls, version tls-1.3\n")},
		{"integrity by tls needs none", "T5005", port("    encryption: tls-1.3\n    integrity: tls\n")},
		{"held by somebody outside", "T5006", held(tls + "    algorithm: ed25519\n    held-in: ac-ward\n    per-device: false\n")},
		{"anchor with a reason", "T5006", held(tls + "    algorithm: ed25519\n    held-in: co-gateway\n    per-device: false\n    justification: Public anchor.\n")},
		{"storage key needs no validity", "T5007", key("    purpose: storage\n    provisioned: x\n    rotation: x\n    revocation: x\n    destruction: x\n")},
		{"not in hardware but named", "T5008", exampleZones + "components:\n  hw-a:\n    title: TPM\n    type: hardware\n" + key(tls+"    hardware: false # want T5008\n    hardware-in: hw-a\n")},
		{"not known", "T5008", key(tls)},
		{"pairing key", "T5009", held("    purpose: pairing\n    held-in: co-gateway\n    hardware: false\n")},
		{"removable store", "T5009", exampleSides + "stores:\n  st-a:\n    title: Stick\n    component: co-gateway\n    removable: true\n" + key("    purpose: storage\n    held-in: st-a\n    hardware: false\n")},
		{"store on the device", "T5009", exampleSides + "stores:\n  st-a:\n    title: Flash\n    component: co-gateway\n" + key("    purpose: storage\n    held-in: st-a\n    hardware: false # want T5009\n")},
		{"justified", "T5010", held(tls + "    held-in: co-gateway\n    per-device: false\n    justification: Public anchor.\n")},
		{"held outside", "T5010", held(tls + "    held-in: ac-ward\n    per-device: false\n")},
		{"support period instead of lifetime", "T5011", device("MDR", "I", "support-period: 5 years") + key(tls+"    validity: 6 years # want T5011\n")},
		{"as long as the device", "T5011", device("MDR", "I", "lifetime: 5 years") + key(tls+"    validity: 60 months\n")},
		{"neither known", "T5011", key(tls + "    validity: 60 years\n")},
		{"public half", "T5012", held("    purpose: code-signing\n    held-in: co-gateway\n    justification: Public half.\n")},
		{"code-signing key", "T5013", "components:\n  os-a:\n    title: OS\n    type: operating-system\n    boot:\n      key: k-a\n" + key("    purpose: code-signing\n")},
		{"no key at all is the question's matter", "T5014", port("    encryption: tls-1.3\n")},
		{"inside", "T5014", exampleSides + "interfaces:\n  if-a:\n    title: I\n    component: co-gateway\n    medium: internal\n    exposure: internal\n    encryption: aes-128-ccm\n" + key(tls)},
		{"inside the chip", "T5015", store("    encryption: inside the chip\n") + key(tls)},
		{"in clear", "T5015", store("    encryption: none\n") + key(tls)},
		{"used by a store", "T5016", store("    key: k-a\n") + key("    purpose: storage\n")},
		{"used by the update policy", "T5016", "update-policy:\n  key: k-a\n" + key("    purpose: code-signing\n")},
		{"TLS with CBC has its own check", "T5017", port("    encryption: tls-1.2 with aes-256-cbc\n    integrity: none\n")},
		{"signed content", "T5017", port("    encryption: aes-256-cbc\n    authentication: signed-content\n")},
		{"flow", "T5017", exampleSides + "flows:\n  fl-a:\n    title: F\n    from: co-gateway\n    to: ac-ward\n    encryption: aes-cbc # want T5017\n"},
		{"nothing at stake", "T5018", port("    integrity: crc-32\n")},
		{"store", "T5018", store("    holds: [as-dose]\n    integrity: crc32 # want T5018\n")},
		{"justified", "T5018", port("    integrity: crc-32\n    accepts: [as-dose]\n    justification: One board.\n")},
		{"no list", "T5019", key(tls + "    algorithm: ed25519\n")},
		{"beginning of the name", "T5019", "policy:\n  cryptography:\n    allowed: [aes-256]\n" + key("    purpose: storage\n    algorithm: AES-256-XTS\n")},
		{"shorter key of the same kind", "T5019", "policy:\n  cryptography:\n    allowed: [aes-256]\n" + key("    purpose: storage\n    algorithm: aes-128-gcm # want T5019\n")},
		{"broken is another finding", "T5019", "policy:\n  cryptography:\n    allowed: [aes-256]\n" + key("    purpose: storage\n    algorithm: des\n")},
		{"prose", "T5019", "policy:\n  cryptography:\n    allowed: [aes-256]\n" + key("    purpose: storage\n    algorithm: as the operator sets it\n")},
		{"signature over stored code", "T5020", store("    key: k-a\n") + key("    purpose: code-signing\n")},
	} {
		m.run(t)
	}
}

func TestKeyQuestions(t *testing.T) {
	key := func(n int, fields string) string {
		return fmt.Sprintf("  k-%d:\n    title: K\n    purpose: tls\n%s", n, fields)
	}
	for _, q := range []asked{
		{name: "empty", question: "keys.inventory", text: exampleSides, want: check.Unanswered, missing: "no key"},
		{name: "empty", question: "keys.lifecycle", text: exampleSides, want: check.Unanswered, missing: "no key", elsewhere: true},
		{name: "empty", question: "keys.hardware", text: exampleSides, want: check.Unanswered, missing: "no key", elsewhere: true},
		{name: "not known", question: "keys.hardware", text: "keys:\n" + key(1, ""), want: check.Unanswered, missing: "no key is held in hardware", elsewhere: true},
		{name: "all outside", question: "keys.hardware", text: exampleSides + "keys:\n" + key(1, "    held-in: ac-ward\n"), want: check.Unanswered, missing: "no key is held in hardware"},
		{name: "reason", question: "keys.hardware", text: "keys:\n" + key(1, "    hardware: false\n    justification: Public.\n") + key(2, "    hardware: false\n"), want: check.Satisfied, by: 1},
	} {
		q.run(t)
	}
	for _, name := range []string{"keys.inventory", "keys.lifecycle", "keys.hardware"} {
		asked{name: "good example", question: name, text: asking(t, name).Good, want: check.Satisfied}.run(t)
	}
}
