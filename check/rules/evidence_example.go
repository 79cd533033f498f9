package rules

import "strings"

// Examples about signed evidence are archives in which a file called
// `name (signed by KEY)` stands for the statement that the demonstration key
// signs: its JSON holds what differs from a passed test of vf-lock on release
// 1.0.0. See signed_test.go.

// testLeadPEM is the public part of the demonstration key test-lead, indented as the
// value of `public:` in a list of keys. It is written down, since to make the key would
// cost more than all else that happens when the program starts.
const testLeadPEM = `
          -----BEGIN PUBLIC KEY-----
          MCowBQYDK2VwAyEACRb4T42nYnsKQVoJuH3ZxYSo2+E6onxtBYuGUOe6k6w=
          -----END PUBLIC KEY-----
`

// provenPart is a device with a roster, a release and a test of it.
var provenPart = `
-- theriac.yaml --
product:
  name: Example device
  regulation: MDR
  class: IIb
  demonstration: true
` + bench + `
policy:
  evidence:
    max-age: 1 year
    signers:
      - kinds: [test-result]
        roles: [Test lead]
releases:
  rel-1:
    title: Release 1
    version: 1.0.0
    date: 2026-06-01
    frozen: 2026-05-01
    artefacts:
      - path: ui-1.0.0.img
        digest: ` + digestOf123 + `
`

// proven is provenPart with its verification and its signer.
var proven = provenPart + provenSigners + provenTest

var provenSigners = `signers:
  tester:
    title: Example test lead
    type: person
    roles: [Test lead]
    keys:
      - public: |` + testLeadPEM

const provenTest = `verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    covers: [app-ui]
    method: security-feature-test
`

// marked is an example with a mark behind the first line that ends as given.
func markedAt(example, line, code string) string {
	return strings.Replace(example, line+"\n", line+" # want "+code+"\n", 1)
}

// digestOf123 is the SHA-256 of the text 123, a digest for examples.
const digestOf123 = "sha256:a665a45920422f9d417e4867efdc4fb8a04a1f3fff1fa07e998e86f7f7a27ae3"
