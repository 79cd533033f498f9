package rules

import (
	"theriac/check"
	"theriac/diag"
)

// The findings about reuse are made by package model while it reads; the
// declarations here say what they mean.

var _ = add(check.Rule{
	Code: "T0101", Severity: diag.Error,
	Title: "import leaves the workspace",
	Why:   "a security file that reads from anywhere cannot be archived, reviewed or built again elsewhere",
	Fix: "keep the library below the security file, or put an empty file theriac.workspace into the folder that holds both; " +
		"write the path relative and with forward slashes",
	Bad: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
imports:
  im-shared:
    path: ../family # want T0101
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
	Code: "T0102", Severity: diag.Error,
	Title: "imports form a circle",
	Why:   "a library that imports itself, directly or through others, has no order in which it could be read",
	Fix:   "remove one of the imports in the circle; move what both need into a third library",
	Bad: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
imports:
  im-radio:
    path: radio
-- radio/library.yaml --
imports:
  im-keys:
    path: ../keys
-- keys/library.yaml --
imports:
  im-radio-again:
    path: ../radio # want T0102
`,
	Good: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
imports:
  im-radio:
    path: radio
-- radio/library.yaml --
imports:
  im-keys:
    path: ../keys
-- keys/library.yaml --
zones:
  zn-factory:
    title: Key ceremony room
    trust: managed
`,
})

var _ = add(check.Rule{
	Code: "T0103", Severity: diag.Error,
	Title: "no library where an import points",
	Why:   "everything that the library holds would be missing from the security file",
	Fix:   "correct the path; the folder must exist and hold a file library.yaml",
	Bad: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
imports:
  im-shared:
    path: shred # want T0103
-- shared/library.yaml --
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
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
	Code: "T0104", Severity: diag.Error,
	Title: "symbolic link or special file in place of a file",
	Why:   "what a link leads to can change without a trace in the file's history, and can lie outside the folder that was reviewed",
	Fix:   "put the file itself here, or import a library",
	Bad: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
-- zones.yaml (symbolic link) --
theriac.yaml # want T0104
`,
	Good: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
-- zones.yaml --
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
`,
})

var _ = add(check.Rule{
	Code: "T0105", Severity: diag.Note,
	Title: "entity is overridden",
	Why:   "a reviewer who knows the library must see where this product departs from it, and why",
	Fix:   "nothing to do; remove `override` and the entry if the library's version is right after all",
	Bad: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
imports:
  im-shared:
    path: shared
zones:
  zn-radio:
    override: this model has no radio module of its own # want T0105
    trust: site
-- shared/library.yaml --
zones:
  zn-radio:
    title: Radio module
    trust: device
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
  zn-radio:
    title: Radio module
    trust: device
`,
})

var _ = add(check.Rule{
	Code: "T0106", Severity: diag.Error,
	Title: "override or variant that fits nothing",
	Why:   "a change to something that does not exist, or an entity of a variant that nobody declared, would drop out of sight",
	Fix:   "correct the id, declare the variant under `variants:`, or remove the line",
	Bad: `
variants:
  va-home:
    title: Home version
zones:
  zn-cloud:
    title: Cloud of the manufacturer
    trust: managed
    only-in: [va-hone] # want T0106
`,
	Good: `
variants:
  va-home:
    title: Home version
zones:
  zn-cloud:
    title: Cloud of the manufacturer
    trust: managed
    only-in: [va-home]
`,
})

var _ = add(check.Rule{
	Code: "T0107", Severity: diag.Warning,
	Title: "security file inside a security file",
	Why:   "the inner folder is a file of its own and is left out; somebody may believe that it was checked",
	Fix:   "check the inner folder by itself, or move it elsewhere",
	Bad: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
-- old/theriac.yaml --
product: # want T0107
  name: Example pump of last year
  regulation: MDR
  class: IIb
`,
	Good: `
-- theriac.yaml --
product:
  name: Example pump
  regulation: MDR
  class: IIb
-- old/zones.yaml --
zones:
  zn-pump:
    title: Inside of the pump
    trust: device
`,
})
