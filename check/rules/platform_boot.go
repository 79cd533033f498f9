package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3006", Severity: diag.Warning,
	Title:   "start of the device is not verified",
	Clauses: []string{"sota.verified-boot", "62443-4-2.edr-hdr-ndr-3.14"},
	Why:     "whoever can write to the boot medium once owns the device for good; the state of the art lets each stage check the next",
	Fix:     "verify the signature of each stage from a root in hardware, and name the key under `boot.key`",
	Bad: `
components:
  os-base:
    title: Operating system
    type: operating-system
    boot:
      verified: false # want T3006
      debug: locked
`,
	Good: exampleBoot,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Components {
			if c.Boot.Verified == model.No {
				p.Report(c, "boot.verified", "component %q starts code that nobody has verified", c.ID)
			}
		}
	},
})

const exampleBoot = `
components:
  os-base:
    title: Operating system
    type: operating-system
    boot:
      verified: true
      key: k-boot
      debug: locked
keys:
  k-boot:
    title: Root key of the boot chain
    purpose: boot
`

var _ = add(check.Rule{
	Code: "T3007", Severity: diag.Open,
	Title:   "protection of the start is not stated",
	Clauses: []string{"sota.verified-boot", "sota.roots-of-trust"},
	Why:     "a reviewer asks of each firmware and operating system what checks it before it runs, with which key, and whether a debugger can go around that",
	Fix:     "state under `boot:` whether the start is `verified`, with which `key`, and the state of `debug`",
	Bad: `
components:
  fw-motor: # want T3007
    title: Motor controller
    type: firmware
  os-base:
    title: Operating system
    type: operating-system
    boot:
      verified: true # want T3007
      debug: locked
`,
	Good: exampleBoot,
	Run: func(p *check.Pass) {
		if p.File.Product.Facts.IsSoftware == model.Yes {
			return // the platform belongs to somebody else
		}
		for _, c := range p.File.Components {
			if !starts(c) || !mayBeOnDevice(c) || bootOfWhole(c) {
				continue
			}
			l := lacks(p, c)
			l.in = "boot."
			l.unless(c.Boot.Verified.Known(), "verified")
			l.unless(c.Boot.Key.ID != "" || c.Boot.Verified != model.Yes, "key")
			l.unless(c.Boot.Debug != "", "debug")
			if l.any() {
				p.Report(c, bootField(c), "boot of component %q does not state %s", c.ID, l)
			}
		}
	},
})

// starts reports whether the component is code that starts by itself: firmware,
// an operating system, or hardware that says something of its boot.
func starts(c *model.Component) bool {
	switch c.Type {
	case "firmware", "operating-system":
		return true
	}
	return model.Of(c).Has("boot")
}

// mayBeOnDevice reports whether the component is inside the device, or in a
// place that is not known.
func mayBeOnDevice(c *model.Component) bool { return c.InZone() == nil || model.OnDevice(c) }

// bootOfWhole reports whether something that contains the component speaks of
// its start for it.
func bootOfWhole(c *model.Component) bool {
	for w := range c.Whole() {
		if model.Of(w).Has("boot") {
			return w != c
		}
	}
	return false
}

func bootField(c *model.Component) string {
	if model.Of(c).Has("boot") {
		return "boot"
	}
	return ""
}

var _ = add(check.Rule{
	Code: "T3008", Severity: diag.Error,
	Title:   "debug access is open in the shipped device",
	Clauses: []string{"sota.secure-debug", "62443-4-2.edr-hdr-ndr-2.13", "mdr.annex-i.18.8"},
	Why:     "an open debugger reads keys and data and replaces code, whatever the other controls do",
	Fix:     "disable debug access in production, or lock it with a secret of the single unit",
	Bad: `
components:
  hw-board:
    title: Main board
    type: hardware
    boot:
      verified: true
      key: k-boot
      debug: open # want T3008
keys:
  k-boot:
    title: Root key of the boot chain
    purpose: boot
`,
	Good: exampleBoot,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Components {
			if c.Boot.Debug == "open" {
				p.Report(c, "boot.debug", "debug access of component %q is open in the shipped device", c.ID)
			}
		}
	},
})
