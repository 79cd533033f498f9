package model

// Zone is a part of the system or of its surroundings in which the same
// degree of trust holds.
type Zone struct {
	Base
	Trust Trust `yaml:"trust" theriac:"required" doc:"how far what is inside can be trusted: device, managed, site, public"`
}

// Boundary is a trust boundary between two zones. A flow that crosses from one
// zone into another crosses the boundary between them.
type Boundary struct {
	Base
	Between    []Ref[*Zone]    `yaml:"between" theriac:"required" doc:"the two zones"`
	EnforcedBy []Ref[*Control] `yaml:"enforced-by" doc:"controls that stand at the boundary"`
}

// Component is a part of the system: hardware, firmware, software or a remote
// part such as a cloud service. A SOUP item is a component of type soup.
type Component struct {
	Base
	Type         ComponentType   `yaml:"type" theriac:"required" doc:"hardware, firmware, operating-system, application, service, soup, cloud, mobile"`
	Zone         Ref[*Zone]      `yaml:"zone" doc:"zone it lives in; a part inherits the zone of its whole"`
	PartOf       Ref[*Component] `yaml:"part-of" doc:"component that contains it"`
	Manufacturer string          `yaml:"manufacturer" doc:"who makes it, where that is not the device's manufacturer (IEC 62304 8.1.2)"`
	Version      string          `yaml:"version" doc:"unique designator (IEC 62304 8.1.2)"`
	PURL         string          `yaml:"purl" doc:"package URL, for example pkg:deb/debian/openssl@3.0.15"`
	CPE          string          `yaml:"cpe" doc:"CPE 2.3 name, where advisories know the component by no package URL"`
	Repository   string          `yaml:"repository" doc:"address of the source repository, for code that was copied into the product"`
	Commit       string          `yaml:"commit" doc:"revision of the repository that was taken, with its own changes left aside"`
	Packages     []string        `yaml:"packages" doc:"components of the bill of materials that this entry stands for, as package URLs without version; * matches any characters"`
	SupportUntil Date            `yaml:"support-until" doc:"end of support by its maker"`
	Owner        string          `yaml:"owner" doc:"role that watches it for vulnerabilities"`
	Safety       Answer          `yaml:"safety" doc:"true when it takes part in therapy, measurement, results or alarms"`
	Privileged   Answer          `yaml:"privileged" doc:"true when it runs with administrative rights"`
	Parses       []string        `yaml:"parses" doc:"formats it parses from outside, for example hl7-v2, json, x509"`
	Boot         Boot            `yaml:"boot" doc:"how its start is protected; for hardware, firmware and operating systems"`
	Hosts        []string        `yaml:"hosts" doc:"host names or addresses at which a remote part is reached, where they are the same for every operator"`
	Listens      []string        `yaml:"listens" doc:"transport/port pairs seen open on it, for example tcp/2575"`
}

// Boot says how the code that starts is authenticated.
type Boot struct {
	Verified Answer     `yaml:"verified" doc:"each stage checks the signature of the next"`
	Key      Ref[*Key]  `yaml:"key" doc:"key that verifies the first stage"`
	Debug    DebugState `yaml:"debug" doc:"state of JTAG/SWD/UART in the shipped device: disabled, locked, open"`
}

// Store is a place where data rests.
type Store struct {
	Base
	Component  Ref[*Component] `yaml:"component" theriac:"required" doc:"component that holds it"`
	Holds      []Ref[*Asset]   `yaml:"holds" doc:"assets kept in it"`
	Removable  Answer          `yaml:"removable" doc:"can be taken out of the device"`
	Encryption string          `yaml:"encryption" doc:"how its content is encrypted, for example aes-256-xts, or none"`
	Integrity  string          `yaml:"integrity" doc:"how change is detected, for example dm-verity or hmac-sha-256, or none"`
	Key        Ref[*Key]       `yaml:"key" doc:"key that protects it"`
	Retention  string          `yaml:"retention" doc:"how long data stay"`
	Erasure    string          `yaml:"erasure" doc:"how data are destroyed at decommissioning or repair"`
	Backup     string          `yaml:"backup" doc:"how it is backed up and restored, or why not"`
}

// Actor is a person or system outside the device that deals with it.
type Actor struct {
	Base
	Type  ActorType  `yaml:"type" theriac:"required" doc:"person or system"`
	Zone  Ref[*Zone] `yaml:"zone" doc:"where it is"`
	Role  Ref[*Role] `yaml:"role" doc:"role that it takes on the device"`
	Hosts []string   `yaml:"hosts" doc:"host names or addresses at which it is reached, where they are the same for every operator"`
}

// Interface is a place where the device can be reached: network port, radio,
// USB socket, screen, debug header ...
type Interface struct {
	Base
	Component Ref[*Component] `yaml:"component" theriac:"required" doc:"component that offers it"`
	Medium    Medium          `yaml:"medium" theriac:"required" doc:"ethernet, wifi, bluetooth, cellular, usb, serial, removable-media, debug, screen, sensor, internal ..."`
	Purpose   Purpose         `yaml:"purpose" doc:"clinical, service, update, administration, user, debug, time"`
	Protocol  string          `yaml:"protocol" doc:"application protocol with version, for example hl7-v2.5.1/mllp"`
	Transport Transport       `yaml:"transport" doc:"tcp or udp, for network interfaces"`
	Port      int             `yaml:"port" doc:"port number on which the listening side listens (1-65535)"`
	Direction Direction       `yaml:"direction" doc:"in: the peer connects; out: the device connects; both"`
	Exposure  Exposure        `yaml:"exposure" theriac:"required" doc:"who can reach it: internal, physical, local (radio range), site (hospital network), internet"`
	State     State           `yaml:"state" doc:"in the shipped device: enabled, disabled, optional, service-only (default enabled)"`
	Peers     []Ref[Endpoint] `yaml:"peers" doc:"actors or components at the other end"`

	Encryption     string          `yaml:"encryption" doc:"protection of confidentiality in transit, for example tls-1.3, or none"`
	Integrity      string          `yaml:"integrity" doc:"protection against change in transit; tls gives it; or none"`
	Authentication Authentication  `yaml:"authentication" doc:"how the peer proves who it is: none, password, pin, mutual-tls, token, badge, physical-presence ..."`
	Keys           []Ref[*Key]     `yaml:"keys" doc:"keys and certificates used"`
	Roles          []Ref[*Role]    `yaml:"roles" doc:"roles that may use it"`
	Accepts        []Ref[*Asset]   `yaml:"accepts" doc:"assets that a peer can change or command through it"`
	Shows          []Ref[*Asset]   `yaml:"shows" doc:"assets that it shows or gives out"`
	Controls       []Ref[*Control] `yaml:"controls" doc:"controls that guard it"`
	Justification  string          `yaml:"justification" doc:"why it is acceptable as it is, where a reviewer will ask"`
}

// Flow is data moving between two endpoints.
type Flow struct {
	Base
	From    Ref[Endpoint]     `yaml:"from" theriac:"required" doc:"component, store or actor that sends"`
	To      Ref[Endpoint]     `yaml:"to" theriac:"required" doc:"component, store or actor that receives"`
	Over    []Ref[*Interface] `yaml:"over" doc:"interfaces that it uses, outermost first"`
	Carries []Ref[*Asset]     `yaml:"carries" doc:"assets that move"`

	Encryption     string         `yaml:"encryption" doc:"protection beyond that of the interface, for example signed-and-encrypted file"`
	Integrity      string         `yaml:"integrity" doc:"protection beyond that of the interface, for example ed25519 signature"`
	Authentication Authentication `yaml:"authentication" doc:"authentication beyond that of the interface"`
	Justification  string         `yaml:"justification" doc:"why it is acceptable as it is, where a reviewer will ask"`
}

// Asset is what deserves protection: data, a function or a credential.
type Asset struct {
	Base
	Type            AssetType    `yaml:"type" theriac:"required" doc:"data, function or credential"`
	Content         Content      `yaml:"content" doc:"what the data are about, from which threats are derived: order, result, drug-library, calibration, model ..."`
	Confidentiality Need         `yaml:"confidentiality" doc:"need for confidentiality: none, low, medium, high"`
	Integrity       Need         `yaml:"integrity" doc:"need for integrity and authenticity: none, low, medium, high"`
	Availability    Need         `yaml:"availability" doc:"need for availability: none, low, medium, high"`
	PersonalData    PersonalData `yaml:"personal-data" doc:"none, personal, health"`
	Affects         []Effect     `yaml:"affects" doc:"what its loss touches: therapy, result, alarm, availability-of-care, privacy, security"`
	Harms           []Ref[*Harm] `yaml:"harms" doc:"harm that follows if it is lost, changed or disclosed"`
}

// Endpoint is what a flow can start or end at.
type Endpoint interface {
	Entity
	endpoint()
}

func (*Component) endpoint() {}
func (*Store) endpoint()     {}
func (*Actor) endpoint()     {}

// Element is a part of the architecture that a threat can aim at.
type Element interface {
	Entity
	element()
}

func (*Component) element() {}
func (*Store) element()     {}
func (*Actor) element()     {}
func (*Interface) element() {}
func (*Flow) element()      {}
func (*Zone) element()      {}
func (*Boundary) element()  {}
func (*Role) element()      {}
func (*Key) element()       {}

// Trust orders zones, from the inside of the device outward.
type Trust string

func (Trust) Values() Values {
	return Values{
		{"device", "inside the device, under the manufacturer's control"},
		{"managed", "outside the device but run by or for the manufacturer, for example its cloud"},
		{"site", "the operator's network and rooms"},
		{"public", "the internet, the public, anybody"},
	}
}

// ComponentType sorts components.
type ComponentType string

func (ComponentType) Values() Values {
	return Values{
		{"hardware", "board, chip, module"}, {"firmware", "boot loader, microcontroller code"},
		{"operating-system", "kernel and base system"}, {"application", "program of the manufacturer"},
		{"service", "background program of the manufacturer"},
		{"soup", "software of unknown provenance (IEC 62304 3.29)"},
		{"cloud", "off-device service"}, {"mobile", "app on a phone or tablet"},
		{"device", "another device or accessory that belongs to the system"},
	}
}

// DebugState is the state of debug access in the shipped device.
type DebugState string

func (DebugState) Values() Values {
	return Values{{"disabled", "fused off or not fitted"}, {"locked", "opens only with a per-device secret"}, {"open", "usable by anybody with access"}}
}

// ActorType tells people from systems.
type ActorType string

func (ActorType) Values() Values {
	return Values{{"person", "a human"}, {"system", "another system"}}
}

// Medium is the physical nature of an interface.
type Medium string

func (Medium) Values() Values {
	return Values{
		{"ethernet", "wired network"}, {"wifi", "IEEE 802.11"}, {"bluetooth", "Bluetooth, classic or low energy"},
		{"cellular", "mobile network"}, {"nfc", "near-field communication"}, {"rfid", "radio tags"}, {"radio", "any other radio"},
		{"usb", "USB as a bus"}, {"removable-media", "memory stick, card, disc"}, {"serial", "RS-232, RS-485, CAN and similar"},
		{"debug", "JTAG, SWD, UART console"}, {"screen", "display and touch"}, {"keyboard", "keys and keypads"},
		{"barcode", "barcode or matrix-code reader"}, {"printer", "printed output"}, {"sensor", "sensor or actuator input"},
		{"power", "power and charging contacts"}, {"internal", "between parts inside the device"}, {"virtual", "software interface of a cloud or mobile part"},
	}
}

// Network reports whether packets travel over the medium.
func (m Medium) Network() bool {
	switch m {
	case "ethernet", "wifi", "cellular", "virtual":
		return true
	}
	return false
}

// Wireless reports whether the medium is a radio.
func (m Medium) Wireless() bool {
	switch m {
	case "wifi", "bluetooth", "cellular", "nfc", "rfid", "radio":
		return true
	}
	return false
}

// Human reports whether people, not machines, are at the other end.
func (m Medium) Human() bool {
	return m == "screen" || m == "keyboard" || m == "barcode" || m == "printer"
}

// Purpose says what an interface is for.
type Purpose string

func (Purpose) Values() Values {
	return Values{
		{"clinical", "therapy, results, orders, monitoring"}, {"user", "operation by people at the device"},
		{"administration", "configuration by the operator"}, {"service", "maintenance by service staff"},
		{"update", "software or library updates"}, {"logging", "export of logs and alarms"},
		{"time", "time synchronisation"}, {"infrastructure", "address, name and network services"},
		{"debug", "development and factory access"}, {"power", "charging"},
	}
}

// Transport is the transport protocol of a network interface.
type Transport string

func (Transport) Values() Values {
	return Values{{"tcp", "TCP"}, {"udp", "UDP"}}
}

// Direction says who opens the connection.
type Direction string

func (Direction) Values() Values {
	return Values{{"in", "the peer connects to the device"}, {"out", "the device connects to the peer"}, {"both", "either side"}}
}

// Exposure says who can reach an interface without first breaking something.
type Exposure string

func (Exposure) Values() Values {
	return Values{
		{"internal", "only parts inside the device"}, {"physical", "whoever can touch the device or open it"},
		{"local", "whoever is in radio range"}, {"site", "whoever is on the operator's network"},
		{"internet", "anybody"},
	}
}

// External reports whether somebody outside the device can reach it.
func (e Exposure) External() bool { return e != "internal" && e != "" }

// Remote reports whether it can be reached without touching the device.
func (e Exposure) Remote() bool { return e == "local" || e == "site" || e == "internet" }

// State is the state of an interface in the shipped device.
type State string

func (State) Values() Values {
	return Values{
		{"enabled", "usable"}, {"disabled", "switched off or not fitted"},
		{"optional", "switched off, and the operator may switch it on"}, {"service-only", "opens only in service mode"},
	}
}

// Authentication is how a peer or user proves an identity.
type Authentication string

func (Authentication) Values() Values {
	return Values{
		{"none", "nobody is asked"}, {"password", "password of a person"}, {"pin", "short numeric secret"},
		{"badge", "card or tag alone"}, {"badge-and-pin", "card with a second factor"}, {"biometric", "body feature"},
		{"multi-factor", "two or more factors of different kinds"}, {"token", "bearer or signed token"},
		{"api-key", "static shared secret of a machine"}, {"pre-shared-key", "symmetric key known to both ends"},
		{"certificate", "signature with a certified key"}, {"mutual-tls", "both ends show certificates"},
		{"server-tls", "only the server shows a certificate"}, {"signed-content", "content itself is signed and checked"},
		{"challenge-response", "secret proven without sending it"}, {"pairing", "confirmed pairing of two devices"},
		{"wpa2-enterprise", "802.1X with WPA2"}, {"wpa3-enterprise", "802.1X with WPA3"}, {"wpa2-personal", "shared passphrase"}, {"wpa3-personal", "SAE passphrase"},
		{"physical-presence", "being at the device is the proof"},
	}
}

// AssetType sorts assets.
type AssetType string

func (AssetType) Values() Values {
	return Values{{"data", "information"}, {"function", "something the device does"}, {"credential", "a secret that gives access"}}
}

// Content says what data are about.
type Content string

func (Content) Values() Values {
	return Values{
		{"command", "commands that change therapy or a run"}, {"order", "orders, worklists, prescriptions"},
		{"result", "results of measurement or diagnosis"}, {"measurement", "raw values of sensors, curves, images before evaluation"},
		{"image", "medical images"}, {"alarm", "alarms and warnings"}, {"status", "state of the device as it reports it"},
		{"patient", "identity and record of the patient"}, {"drug-library", "drugs, concentrations, dose limits"},
		{"assay-library", "assay protocols, methods, cut-offs"}, {"calibration", "calibration and correction values"},
		{"quality-control", "results of quality control"}, {"consumable", "lots, expiry and identity of reagents and disposables"},
		{"model", "parameters of a machine-learning model"}, {"configuration", "settings of the device or its security"},
		{"software", "programs and firmware"}, {"update", "update packages"}, {"log", "records of events"},
		{"backup", "backups and exported archives"}, {"time", "date and time"}, {"address", "network addresses and names"},
		{"diagnostics", "data for service and support"}, {"document", "instructions and other documents"},
	}
}

// Need is the degree to which a property must be protected.
type Need string

func (Need) Values() Values {
	return Values{{"none", "not at all"}, {"low", "loss is a nuisance"}, {"medium", "loss matters"}, {"high", "loss can harm people"}}
}

// PersonalData says whether an asset is personal data.
type PersonalData string

func (PersonalData) Values() Values {
	return Values{{"none", "no person can be told"}, {"personal", "GDPR Art. 4(1)"}, {"health", "special category, GDPR Art. 9"}}
}

// Effect is what the loss of an asset touches.
type Effect string

func (Effect) Values() Values {
	return Values{
		{"therapy", "treatment that the patient receives"}, {"result", "a measured or computed result"},
		{"alarm", "an alarm or warning"}, {"availability-of-care", "care is delayed or stopped"},
		{"privacy", "people's data"}, {"security", "the security of the device itself"},
	}
}
