package trace

import "theriac/model"

// Says is what a field of an entity says when it names something, read from the
// entity: "is lowered by". It is "names" for a field off the chain.
func Says(e model.Entity, field string) string {
	kind := model.Of(e).Kind()
	for _, r := range Relations {
		if kind != nil && r.Kind == kind.Name && r.Field == field {
			return r.Says
		}
	}
	return "names"
}
