package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
)

// The findings about form are made by packages syntax and model while they
// read; the declarations here say what they mean.

var _ = add(check.Rule{
	Code: "T0001", Severity: diag.Error,
	Title: "file is not plain UTF-8 text",
	Why:   "characters that nobody sees, or that another program reads differently, let a file say one thing to a reviewer and another to the compiler",
	Fix:   "save the file as UTF-8 without control characters; remove the character that the finding points at",
	Bad: `
# Two files were joined, and the byte order mark of the second stayed inside.
zones:
` + "\ufeff" + `  zn-pump: # want T0001
    title: Inside of the pump
    trust: device
`,
	Good: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
`,
})

var _ = add(check.Rule{
	Code: "T0002", Severity: diag.Error,
	Title: "not valid YAML",
	Why:   "what cannot be read cannot be checked; the rest of the file is not judged, because what is missing may stand in the part that is broken",
	Fix:   "mend the line; put text that contains a colon and a space into quotes or into a block (`|`)",
	Bad: `
zones:
  zn-pump:
    title: Pump: inside # want T0002
    trust: device
`,
	Good: `
zones:
  zn-pump:
    title: "Pump: inside"
    trust: device
`,
})

var _ = add(check.Rule{
	Code: "T0003", Severity: diag.Error,
	Title: "key is given twice",
	Why:   "only one of two values can count, and a reader cannot tell which",
	Fix:   "remove one of the two, or merge them",
	Bad: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
    trust: site # want T0003
`,
	Good: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
`,
})

var _ = add(check.Rule{
	Code: "T0004", Severity: diag.Error,
	Title: "unknown field",
	Why:   "a misspelt field would be ignored, and what it says would be missing without notice",
	Fix:   "correct the name as the finding proposes, or say it under `notes`",
	Bad: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
    describtion: Everything within the housing. # want T0004
`,
	Good: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
    notes: Everything within the housing.
`,
})

var _ = add(check.Rule{
	Code: "T0005", Severity: diag.Error,
	Title: "value has the wrong shape",
	Why:   "a single value, a list and a map mean different things; guessing which was meant could change what the file says",
	Fix:   "write a list as `[a, b]`, a map as `field: value` lines below the key, and text on the line of its key",
	Bad: `
assets:
  as-dose:
    title: Dose command
    type: function
    affects: therapy # want T0005
`,
	Good: `
assets:
  as-dose:
    title: Dose command
    type: function
    affects: [therapy]
`,
})

var _ = add(check.Rule{
	Code: "T0006", Severity: diag.Error,
	Title: "value is not one of those allowed",
	Why:   "rules and clauses hang on these words; an unknown word would silently fall out of all of them",
	Fix:   "choose one of the values that the finding lists, and say anything finer under `notes`",
	Bad: `
zones:
  zn-ward:
    title: Ward network
    trust: hospital # want T0006
`,
	Good: `
zones:
  zn-ward:
    title: Ward network
    trust: site
`,
})

var _ = add(check.Rule{
	Code: "T0007", Severity: diag.Error,
	Title: "required field is missing",
	Why:   "without this field no rule can say anything about the entry, and the documents would show a gap",
	Fix:   "add the field that the finding names",
	Bad: `
zones:
  zn-ward: # want T0007
    title: Ward network
`,
	Good: `
zones:
  zn-ward:
    title: Ward network
    trust: site
`,
})

var _ = add(check.Rule{
	Code: "T0008", Severity: diag.Error,
	Title: "malformed date, duration, number or answer",
	Why:   "dates and durations are compared and added; one that cannot be read cannot be checked",
	Fix:   "write dates as YYYY-MM-DD, durations as a number and a unit (`18 months`), answers as true or false, numbers in digits",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  lifetime: ten years # want T0008
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  lifetime: 10 years
`,
})

var _ = add(check.Rule{
	Code: "T0009", Severity: diag.Error,
	Title: "YAML feature outside the language",
	Why:   "anchors, aliases, merge keys, tags and further documents let text act at a place where a reader does not see it",
	Fix:   "write the value out, or give the thing an id and refer to it; put each document into a file of its own",
	Bad: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: &inside device # want T0009
`,
	Good: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
`,
})

var _ = add(check.Rule{
	Code: "T0010", Severity: diag.Error,
	Title: "limit of the language exceeded",
	Why:   "the limits (64 levels, 16 MB for a file, 20000 files) lie far above any security file; beyond them something else was put into the folder",
	Fix:   "flatten the structure, split the file, or list files that do not belong here under `ignore:`",
	Bad: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
    clauses: ` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + ` # want T0010
`,
	Good: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
    clauses: [mdcg.2.3]
`,
})

var _ = add(check.Rule{
	Code: "T0011", Severity: diag.Error,
	Title: "word cannot be an id",
	Why:   "ids stand in documents, file names and commands; they must survive there unchanged",
	Fix:   "start with a letter; use letters, digits, dot, hyphen and underscore; at most 64 characters",
	Bad: `
zones:
  1st-floor: # want T0011
    title: Network of the first floor
    trust: site
`,
	Good: `
zones:
  zn-first-floor:
    title: Network of the first floor
    trust: site
`,
})

var _ = add(check.Rule{
	Code: "T0012", Severity: diag.Error,
	Title: "id is used twice",
	Why:   "every reference goes by id; with two bearers it would be left to chance what a risk or a test is about",
	Fix:   "give one of the two another id",
	Bad: `
zones:
  gateway:
    title: Zone of the gateway
    trust: device
components:
  gateway: # want T0012
    title: Gateway
    type: hardware
`,
	Good: `
zones:
  zn-gateway:
    title: Zone of the gateway
    trust: device
components:
  co-gateway:
    title: Gateway
    type: hardware
`,
})

var _ = add(check.Rule{
	Code: "T0013", Severity: diag.Error,
	Title: "reference leads nowhere",
	Why:   "a chain from clause to risk to control to test holds only if each link does",
	Fix:   "correct the id, or declare what it names",
	Bad: `
components:
  co-gateway:
    title: Gateway
    type: hardware
    zone: zn-pumpe # want T0013
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
`,
	Good: `
components:
  co-gateway:
    title: Gateway
    type: hardware
    zone: zn-pump
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
`,
})

var _ = add(check.Rule{
	Code: "T0014", Severity: diag.Error,
	Title: "reference leads to something of another kind",
	Why:   "a field means one kind of thing; an id of another kind shows that one of the two was misunderstood",
	Fix:   "refer to an entity of the kind that the finding names",
	Bad: `
components:
  co-gateway:
    title: Gateway
    type: hardware
  co-modem:
    title: Modem
    type: hardware
    zone: co-gateway # want T0014
`,
	Good: `
components:
  co-gateway:
    title: Gateway
    type: hardware
  co-modem:
    title: Modem
    type: hardware
    part-of: co-gateway
`,
})

var _ = add(check.Rule{
	Code: "T0015", Severity: diag.Error,
	Title: "section that exists once is given in two files",
	Why:   "there is one product, one policy, one update policy; with two of them it would depend on the order of files which one counts",
	Fix:   "keep it in one file",
	Bad: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
logging:
  time-source: NTP server of the operator
-- work/logging.yaml --
logging: # want T0015
  time-source: real-time clock
`,
	Good: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
-- work/logging.yaml --
logging:
  time-source: NTP server of the operator
`,
})

var _ = add(check.Rule{
	Code: "T0016", Severity: diag.Error,
	Title: "product, imports or ignore missing or misplaced",
	Why:   "a reader must find in one place what the device is and where its parts come from",
	Fix:   "describe the product, and list imports, in theriac.yaml at the root of the security file",
	Bad: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
-- parts/imports.yaml --
imports:
  im-shared: # want T0016
    path: shared
`,
	Good: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
imports:
  im-shared:
    path: shared
-- shared/library.yaml --
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
`,
})

var _ = add(check.Rule{
	Code: "T0019", Severity: diag.Error,
	Title: "field without a value",
	Why:   "an empty line looks like an answer but is none; what is left out counts as unknown and is asked for",
	Fix:   "give the value, or remove the line",
	Bad: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
    notes: # want T0019
`,
	Good: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
`,
})

var _ = add(check.Rule{
	Code: "T0020", Severity: diag.Open,
	Title: "text that only holds a place",
	Why:   "TBD and the like say that something is still to be written; counted as an answer they would make every clause look satisfied",
	Fix:   "write the text, or remove the line until there is one",
	Bad: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
    notes: TBD # want T0020
  zn-ward:
    title: "todo: name of the ward network" # want T0020
    trust: site
`,
	Good: `
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
    notes: The sealed housing is opened at service only.
`,
})
