package rules

import (
	"slices"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T5601", Severity: diag.Open,
	Title:     "keys are not described",
	Why:       "each protection by cryptography rests on keys; the inventory shows what they are, where they are and that units do not share them",
	Fix:       "describe keys, certificates and machine credentials under `keys:`",
	Bad:       exampleSides,
	Good:      exampleKey,
	Questions: []string{"keys.inventory"},
	Needs:     []string{"T5001", "T5002", "T5006", "T5014", "T5015"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return listed(p.File.Keys, "no key is described")
	},
})

var _ = add(check.Rule{
	Code: "T5602", Severity: diag.Open,
	Title:     "life cycle of keys cannot be shown",
	Why:       "how keys are made, renewed, withdrawn and destroyed is judged key by key",
	Fix:       "describe `keys:` with `provisioned`, `validity`, `rotation`, `revocation` and `destruction`",
	Bad:       exampleSides,
	Good:      exampleKey,
	Questions: []string{"keys.lifecycle"},
	Needs:     []string{"T5007"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return elsewhere(listed(p.File.Keys, "no key is described, so nothing shows how keys are renewed and destroyed"))
	},
})

var _ = add(check.Rule{
	Code: "T5603", Severity: diag.Open,
	Title:     "protection of keys by hardware cannot be shown",
	Why:       "device keys and signing keys that hardware does not give out cannot be copied; a reviewer asks for the chip or the reason",
	Fix:       "describe `keys:` with `hardware` and `hardware-in`, and give a `justification` where a key is held otherwise",
	Bad:       exampleSides,
	Good:      exampleKey,
	Questions: []string{"keys.hardware"},
	Needs:     []string{"T5006", "T5008", "T5009", "T5012"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		protected := where(p.File.Keys, func(k *model.Key) bool { return k.Hardware == model.Yes || k.Justification != "" })
		if len(protected) == 0 && len(p.File.Keys) > 0 {
			return unprotected(p.File.Keys)
		}
		return elsewhere(byList(protected, "no key is described, so nothing shows what hardware protects"))
	},
})

// unprotected answers where no key is in hardware. Keys of which that is not
// stated, or of which it is wrong, have findings of their own.
func unprotected(keys []*model.Key) check.Answer {
	a := check.Answer{
		Missing: []string{"no key is held in hardware, and none says why not"},
		At:      keys[0].Here(), Entity: keys[0].ID,
	}
	a.Elsewhere = slices.ContainsFunc(keys, func(k *model.Key) bool {
		return !k.Hardware.Known() && !outside(k) || bareOnDevice(k)
	})
	return a
}
