package model

// Role is who may do what on the device: a user, a service technician, a
// machine, or everybody in an emergency.
type Role struct {
	Base
	Type           RoleType           `yaml:"type" theriac:"required" doc:"user, service, administrator, patient, emergency, node"`
	Permissions    []Ref[*Permission] `yaml:"permissions" doc:"what the role may do"`
	Authentication Authentication     `yaml:"authentication" doc:"how a holder proves it"`
	Shared         Answer             `yaml:"shared" doc:"true when several people use one account"`
	Default        DefaultCredential  `yaml:"default-credential" doc:"state of factory credentials: none, unique, forced-change, fixed"`
	AutoLogoff     Duration           `yaml:"auto-logoff" doc:"idle time after which the session ends or locks, for example 5 minutes"`
	Remote         Answer             `yaml:"remote" doc:"can be used from outside the room"`
	Justification  string             `yaml:"justification" doc:"why it is acceptable as it is, where a reviewer will ask"`
}

// Permission is a right that roles can be given.
type Permission struct {
	Base
	Allows   []Ref[*Asset] `yaml:"allows" doc:"assets that it lets a holder use or change"`
	NeededBy []Ref[*Role]  `yaml:"needed-by" doc:"roles whose tasks need it; any other role that has it has too much"`
	Critical Answer        `yaml:"critical" doc:"true when its abuse can harm a patient or the device's security"`
}

// Key is a cryptographic key, certificate or other machine credential.
type Key struct {
	Base
	Purpose       KeyPurpose      `yaml:"purpose" theriac:"required" doc:"what it is for: tls, code-signing, storage, boot, login, log, pairing"`
	Algorithm     string          `yaml:"algorithm" doc:"for example ecdsa-p256, ed25519, rsa, aes-256-gcm, hmac-sha-256"`
	Size          int             `yaml:"size" doc:"size in bits, where the algorithm leaves it open"`
	HeldIn        Ref[Endpoint]   `yaml:"held-in" doc:"component or store that keeps it"`
	Public        Answer          `yaml:"public" doc:"true when only the public part is kept, as of a trust anchor"`
	Hardware      Answer          `yaml:"hardware" doc:"true when the private part never leaves a TPM, secure element or HSM"`
	HardwareIn    Ref[*Component] `yaml:"hardware-in" doc:"the hardware component that holds it"`
	PerDevice     Answer          `yaml:"per-device" doc:"true when each unit has its own"`
	Provisioned   string          `yaml:"provisioned" doc:"who puts it there and when"`
	Validity      Duration        `yaml:"validity" doc:"how long a certificate or key is valid, for example 2 years"`
	Rotation      string          `yaml:"rotation" doc:"how it is renewed or replaced"`
	Revocation    string          `yaml:"revocation" doc:"how it is withdrawn"`
	Destruction   string          `yaml:"destruction" doc:"how it is destroyed"`
	Justification string          `yaml:"justification" doc:"why it is acceptable as it is, where a reviewer will ask"`
}

// RoleType sorts roles.
type RoleType string

func (RoleType) Values() Values {
	return Values{
		{"user", "clinical or laboratory user"}, {"service", "service staff"}, {"administrator", "operator's administrator"},
		{"patient", "the patient"}, {"emergency", "access in an emergency (break glass)"}, {"node", "another machine"},
	}
}

// DefaultCredential is the state of credentials when the device is shipped.
type DefaultCredential string

func (DefaultCredential) Values() Values {
	return Values{
		{"none", "no credential exists until the operator makes one"}, {"unique", "each unit has its own"},
		{"forced-change", "must be changed before first use"}, {"fixed", "the same on every unit and stays"},
	}
}

// KeyPurpose sorts keys.
type KeyPurpose string

func (KeyPurpose) Values() Values {
	return Values{
		{"tls", "authenticates or encrypts a connection"}, {"code-signing", "signs software or content"},
		{"boot", "verifies what starts"}, {"storage", "encrypts data at rest"}, {"login", "authenticates people"},
		{"log", "protects records"}, {"pairing", "binds two devices"}, {"wireless", "network admission"},
		{"signature", "signs documents or messages"},
	}
}
