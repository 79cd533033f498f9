package oscal

// ComponentDefinition says which components there are and how they meet controls.
type ComponentDefinition struct {
	UUID       string      `json:"uuid"`
	Metadata   Metadata    `json:"metadata"`
	Components []Component `json:"components,omitempty"`
	BackMatter *BackMatter `json:"back-matter,omitempty"`
}

// Component is a product or a part of it.
type Component struct {
	UUID                   string                  `json:"uuid"`
	Type                   string                  `json:"type"`        // software, hardware, service, system ...
	Title                  string                  `json:"title"`       // Line
	Description            string                  `json:"description"` // Prose
	Props                  []Property              `json:"props,omitempty"`
	Links                  []Link                  `json:"links,omitempty"`
	Status                 *ComponentStatus        `json:"status,omitempty"` // of assessment results alone
	Protocols              []Protocol              `json:"protocols,omitempty"`
	ControlImplementations []ControlImplementation `json:"control-implementations,omitempty"` // of component definitions alone
}

// ComponentStatus is whether a component is in use.
type ComponentStatus struct {
	State   string `json:"state"` // under-development, operational, disposition, other
	Remarks string `json:"remarks,omitempty"`
}

// Protocol is a service of a component on the network.
type Protocol struct {
	UUID       string      `json:"uuid,omitempty"`
	Name       string      `json:"name,omitempty"`
	Title      string      `json:"title,omitempty"`
	PortRanges []PortRange `json:"port-ranges,omitempty"`
}

// PortRange is the ports on which a service listens.
type PortRange struct {
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Transport string `json:"transport"` // TCP, UDP
}

// ControlImplementation is how a component meets the controls of one source.
type ControlImplementation struct {
	UUID         string                   `json:"uuid"`
	Source       string                   `json:"source"`      // URI
	Description  string                   `json:"description"` // Prose
	Props        []Property               `json:"props,omitempty"`
	Requirements []ImplementedRequirement `json:"implemented-requirements"`
}

// ImplementedRequirement is how one control is met.
type ImplementedRequirement struct {
	UUID        string      `json:"uuid"`
	ControlID   string      `json:"control-id"`  // Token
	Description string      `json:"description"` // Prose
	Props       []Property  `json:"props,omitempty"`
	Links       []Link      `json:"links,omitempty"`
	Statements  []Statement `json:"statements,omitempty"`
	Remarks     string      `json:"remarks,omitempty"`
}

// Statement is how one thing helps to meet a control.
type Statement struct {
	StatementID string     `json:"statement-id"` // Token
	UUID        string     `json:"uuid"`
	Description string     `json:"description"` // Prose
	Props       []Property `json:"props,omitempty"`
	Links       []Link     `json:"links,omitempty"`
}
