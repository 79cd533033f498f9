package model

// Signer is a person or machine whose signature counts, for a while and in some
// roles. The title is the name that is printed with the signature.
type Signer struct {
	Base
	Type         SignerType  `yaml:"type" theriac:"required" doc:"person, machine, root, time-stamp-authority"`
	Organisation string      `yaml:"organisation" doc:"employer, where it is not the manufacturer"`
	Team         string      `yaml:"team" doc:"department or team, from which independence follows"`
	Roles        []string    `yaml:"roles" doc:"roles in which the signer signs, as the policy names them"`
	Keys         []SignerKey `yaml:"keys" theriac:"required" doc:"keys of the signer, with those of the past"`
}

// SignerKey is a public key with the time in which its signatures count. Both
// days belong to that time.
type SignerKey struct {
	Public  string     `yaml:"public" theriac:"required" doc:"public key (ECDSA P-256 or Ed25519) or certificate, as PEM"`
	From    Date       `yaml:"from" doc:"first day on which it signs"`
	Until   Date       `yaml:"until" doc:"last day on which it signs"`
	Revoked Date       `yaml:"revoked" doc:"day on which it was withdrawn"`
	Reason  Revocation `yaml:"reason" doc:"why it was withdrawn: compromised, superseded, retired"`
}

// SignerType sorts signers.
type SignerType string

func (SignerType) Values() Values {
	return Values{
		{"person", "a person, who signs evidence and approvals"},
		{"machine", "a build or test system, which signs evidence"},
		{"root", "root of trust, which approves the roster"},
		{"time-stamp-authority", "signs time stamps (RFC 3161)"},
	}
}

// Revocation is why a key was withdrawn. The reasons follow those of RFC 5280
// section 5.3.1.
type Revocation string

func (Revocation) Values() Values {
	return Values{
		{"compromised", "others may have used it: no signature counts without a time stamp from before"},
		{"superseded", "replaced by another key: what it signed before stands"},
		{"retired", "its holder left or changed duties: what it signed before stands"},
	}
}

// EvidenceKind sorts evidence by what produced it.
type EvidenceKind string

func (EvidenceKind) Values() Values {
	return Values{
		{"test-result", "outcome of tests, by machine or by hand"},
		{"static-analysis", "findings of tools that read the code"},
		{"dynamic-analysis", "findings of tools that watch or attack the running program"},
		{"fuzzing", "malformed and random input"},
		{"vulnerability-scan", "known vulnerabilities of components or of a running system"},
		{"penetration-test", "attack by skilled people"},
		{"code-review", "people read the code"},
		{"sbom", "list of software components"},
		{"configuration-scan", "settings against a baseline"},
		{"device-attestation", "what a running device states about itself, signed in its hardware"},
		{"process-record", "training or process record"},
		{"manual-inspection", "somebody looked at the thing or the document"},
		{"supplier-statement", "statement of a supplier about what it delivers"},
	}
}
