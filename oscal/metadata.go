package oscal

// Metadata is about a document.
type Metadata struct {
	Title              string             `json:"title"` // Line
	LastModified       string             `json:"last-modified"`
	Version            string             `json:"version"` // Plain
	OSCALVersion       string             `json:"oscal-version"`
	Props              []Property         `json:"props,omitempty"`
	Roles              []Role             `json:"roles,omitempty"`
	Parties            []Party            `json:"parties,omitempty"`
	ResponsibleParties []ResponsibleParty `json:"responsible-parties,omitempty"`
	Remarks            string             `json:"remarks,omitempty"`
}

// Property is a name with its value. Without a name space it is one of OSCAL's own.
type Property struct {
	Name    string `json:"name"` // Token
	NS      string `json:"ns,omitempty"`
	Value   string `json:"value"` // Plain
	Remarks string `json:"remarks,omitempty"`
}

// Own is a property that OSCAL does not define.
func Own(name, value string) Property {
	return Property{Name: name, NS: Namespace, Value: Plain(value)}
}

// Link leads to a resource or thing of the document ("#" and its id), or elsewhere.
type Link struct {
	Href string `json:"href"`
	Rel  string `json:"rel,omitempty"`  // Token
	Text string `json:"text,omitempty"` // Line
}

// Role is what a party is to the document.
type Role struct {
	ID    string `json:"id"`    // Token
	Title string `json:"title"` // Line
}

// Party is a person or an organisation.
type Party struct {
	UUID        string       `json:"uuid"`
	Type        string       `json:"type"` // person, organization
	Name        string       `json:"name,omitempty"`
	ExternalIDs []ExternalID `json:"external-ids,omitempty"`
	Props       []Property   `json:"props,omitempty"`
	Addresses   []Address    `json:"addresses,omitempty"`
}

// ExternalID is an id that somebody else gave a party.
type ExternalID struct {
	Scheme string `json:"scheme"`
	ID     string `json:"id"`
}

// Address is a postal address.
type Address struct {
	Lines []string `json:"addr-lines,omitempty"`
}

// ResponsibleParty gives a role to parties.
type ResponsibleParty struct {
	RoleID     string   `json:"role-id"`
	PartyUUIDs []string `json:"party-uuids"`
}

// BackMatter holds what the document refers to.
type BackMatter struct {
	Resources []Resource `json:"resources,omitempty"`
}

// Resource is a file, or several that belong together.
type Resource struct {
	UUID        string     `json:"uuid"`
	Title       string     `json:"title,omitempty"`       // Line
	Description string     `json:"description,omitempty"` // Prose
	Props       []Property `json:"props,omitempty"`
	RLinks      []RLink    `json:"rlinks,omitempty"`
}

// RLink is where a file lies, with its digest.
type RLink struct {
	Href      string `json:"href"`
	MediaType string `json:"media-type,omitempty"`
	Hashes    []Hash `json:"hashes,omitempty"`
}

// Hash is a digest of a file.
type Hash struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"value"`
}

// SHA256 is a digest, given as 64 hexadecimal digits, as the list of hashes of a
// link.
func SHA256(hex string) []Hash { return []Hash{{Algorithm: "SHA-256", Value: hex}} }
