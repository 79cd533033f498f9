package threat

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"theriac/expr"
	"theriac/model"
)

// fact answers a yes/no question about an element.
type fact func(s *subject) expr.Truth

// property gives the values that an element has; none when it states none.
type property struct {
	values []string // that conditions may name; nil allows all
	of     func(s *subject) []string
	// unsaid reports whether the element may have further values, since the file
	// does not say; nil where it always says.
	unsaid func(s *subject) bool
}

// questions is what conditions can ask of a kind of element.
type questions struct {
	facts      map[string]fact
	properties map[string]property
}

// asked holds the questions by kind of element, in the singular.
var asked = sync.OnceValue(func() map[string]questions {
	return map[string]questions{
		"interface": with(everywhere, bearing, questions{
			map[string]fact{
				"used":           iface((*model.Interface).Used),
				"open":           iface((*model.Interface).Open),
				"external":       iface(func(i *model.Interface) bool { return i.Used() && i.Exposure.External() }),
				"remote":         iface(func(i *model.Interface) bool { return i.Used() && i.Exposure.Remote() }),
				"wireless":       iface(func(i *model.Interface) bool { return i.Medium.Wireless() }),
				"network":        iface(func(i *model.Interface) bool { return i.Medium.Network() }),
				"human":          iface(func(i *model.Interface) bool { return i.Medium.Person() }),
				"analogue":       iface(func(i *model.Interface) bool { return i.Medium.Analogue() }),
				"listening":      iface((*model.Interface).Listening),
				"admission":      iface((*model.Interface).Admission),
				"flows":          func(s *subject) expr.Truth { return expr.Of(len(s.flows()) > 0) },
				"accepts.any":    iface(func(i *model.Interface) bool { return len(i.Accepts) > 0 }),
				"shows.any":      iface(func(i *model.Interface) bool { return len(i.Shows) > 0 }),
				"accepts.care":   func(s *subject) expr.Truth { return some(s.accepts(), care) },
				"shows.personal": func(s *subject) expr.Truth { return some(s.shows(), personal) },
			},
			map[string]property{
				"medium":    media(overOwn),
				"purpose":   purposes(overOwn),
				"exposure":  exposures(overOwn),
				"protocol":  protocols(overOwn),
				"direction": enum[model.Direction](func(s *subject) []string { return one(s.e.(*model.Interface).Direction) }),
				"transport": enum[model.Transport](func(s *subject) []string { return one(s.e.(*model.Interface).Transport) }),
				"state":     enum[model.State](func(s *subject) []string { return one(s.e.(*model.Interface).State) }),
				"host":      enum[model.ComponentType](hostType),
				"peer":      {values: endpointTypes, of: func(s *subject) []string { return endpoints(s.e.(*model.Interface).Peers...) }},
				"role":      enum[model.RoleType](func(s *subject) []string { return roles(s.e.(*model.Interface).Roles) }),
				"accepts":   about((*subject).accepts),
				"shows":     about((*subject).shows),
			},
		}),
		"component": with(everywhere, bearing, questions{
			map[string]fact{
				"safety":     component(func(c *model.Component) model.Answer { return c.Safety }),
				"privileged": component(func(c *model.Component) model.Answer { return c.Privileged }),
				"part":       func(s *subject) expr.Truth { return expr.Of(s.e.(*model.Component).PartOf.ID != "") },
				"whole":      used[*model.Component]("part-of"),
				"stores":     used[*model.Store]("component"),
				"keys":       used[*model.Key]("held-in", "hardware-in"),
				"parses.any": func(s *subject) expr.Truth { return expr.Of(len(s.e.(*model.Component).Parses) > 0) },
				"reachable":  reached(func(i *model.Interface) bool { return i.Used() && i.Exposure.External() }),
				"remote":     reached(func(i *model.Interface) bool { return i.Used() && i.Exposure.Remote() }),
			},
			map[string]property{
				"type":     enum[model.ComponentType](func(s *subject) []string { return one(s.e.(*model.Component).Type) }),
				"parses":   {of: func(s *subject) []string { return lower(s.e.(*model.Component).Parses) }},
				"medium":   media(overReached),
				"purpose":  purposes(overReached),
				"protocol": protocols(overReached),
			},
		}),
		"store": with(everywhere, bearing, questions{
			map[string]fact{
				"removable": func(s *subject) expr.Truth { return truth(s.e.(*model.Store).Removable) },
			},
			map[string]property{"host": enum[model.ComponentType](hostType)},
		}),
		"flow": with(everywhere, bearing, questions{
			map[string]fact{
				"crosses":  func(s *subject) expr.Truth { return crosses(s.e.(*model.Flow)) },
				"local":    func(s *subject) expr.Truth { return expr.Of(s.e.(*model.Flow).Local()) },
				"inside":   func(s *subject) expr.Truth { return expr.Of(s.e.(*model.Flow).Inside()) },
				"external": reached(func(i *model.Interface) bool { return i.Exposure.External() }),
				"remote":   reached(func(i *model.Interface) bool { return i.Exposure.Remote() }),
				"wireless": reached(func(i *model.Interface) bool { return i.Medium.Wireless() }),
				"network":  reached(func(i *model.Interface) bool { return i.Medium.Network() }),
			},
			map[string]property{
				"from":     {values: endpointTypes, of: func(s *subject) []string { return endpoints(s.e.(*model.Flow).From) }},
				"to":       {values: endpointTypes, of: func(s *subject) []string { return endpoints(s.e.(*model.Flow).To) }},
				"medium":   media(overReached),
				"purpose":  purposes(overReached),
				"exposure": exposures(overReached),
				"protocol": protocols(overReached),
			},
		}),
		"actor": with(everywhere, bearing, questions{
			map[string]fact{
				"speaks": func(s *subject) expr.Truth { return expr.Of(len(s.flows())+len(s.interfaces()) > 0) },
				"analogue": func(s *subject) expr.Truth {
					message := func(i *model.Interface) bool { return !i.Medium.Analogue() }
					return expr.Of(len(s.interfaces()) > 0 && !slices.ContainsFunc(s.interfaces(), message))
				},
				"remote": reached(func(i *model.Interface) bool { return i.Exposure.Remote() }),
			},
			map[string]property{
				"type":     enum[model.ActorType](func(s *subject) []string { return one(s.e.(*model.Actor).Type) }),
				"role":     enum[model.RoleType](func(s *subject) []string { return roles([]model.Ref[*model.Role]{s.e.(*model.Actor).Role}) }),
				"medium":   media(overReached),
				"purpose":  purposes(overReached),
				"protocol": protocols(overReached),
			},
		}),
		"role": with(everywhere, bearing, questions{
			map[string]fact{
				"remote":   func(s *subject) expr.Truth { return truth(s.e.(*model.Role).Remote) },
				"shared":   func(s *subject) expr.Truth { return truth(s.e.(*model.Role).Shared) },
				"critical": critical,
			},
			map[string]property{
				"type":           enum[model.RoleType](func(s *subject) []string { return one(s.e.(*model.Role).Type) }),
				"authentication": enum[model.Authentication](func(s *subject) []string { return one(s.e.(*model.Role).Authentication) }),
				"medium":         media(overReached),
				"purpose":        purposes(overReached),
			},
		}),
		"key": with(everywhere, questions{
			map[string]fact{
				"public":     func(s *subject) expr.Truth { return truth(s.e.(*model.Key).Public) },
				"hardware":   func(s *subject) expr.Truth { return truth(s.e.(*model.Key).Hardware) },
				"per-device": func(s *subject) expr.Truth { return truth(s.e.(*model.Key).PerDevice) },
				"expires":    func(s *subject) expr.Truth { return expr.Of(!s.e.(*model.Key).Validity.IsZero()) },
			},
			map[string]property{
				"purpose":   enum[model.KeyPurpose](func(s *subject) []string { return one(s.e.(*model.Key).Purpose) }),
				"algorithm": {of: func(s *subject) []string { return lower([]string{s.e.(*model.Key).Algorithm}) }},
			},
		}),
		"zone":     with(everywhere, questions{}),
		"boundary": with(everywhere, questions{map[string]fact{"crossed": func(s *subject) expr.Truth { return expr.Of(s.view.crossed(s.e.(*model.Boundary))) }}, nil}),
	}
})

// everywhere is what can be asked of all elements. Facts about the product are
// those that it states.
var everywhere = func() questions {
	q := questions{map[string]fact{
		"always":    func(*subject) expr.Truth { return expr.True },
		"on-device": func(s *subject) expr.Truth { return expr.Of(slices.Contains(s.trust(), "device")) },
	}, map[string]property{"trust": enum[model.Trust]((*subject).trust)}}
	for _, f := range model.FactNames() {
		q.facts["product."+f] = func(s *subject) expr.Truth {
			if s.view.file.Product == nil {
				return expr.Undecided
			}
			return truth(s.view.file.Product.Facts.Answer(f))
		}
	}
	return q
}()

// bearing is what can be asked of elements that hold, carry or give out assets.
var bearing = questions{map[string]fact{
	"care":                  func(s *subject) expr.Truth { return some(s.assets(), care) },
	"personal":              func(s *subject) expr.Truth { return some(s.assets(), personal) },
	"credentials":           func(s *subject) expr.Truth { return some(s.assets(), credential) },
	"needs.confidentiality": func(s *subject) expr.Truth { return need(s.assets(), confidentiality) },
	"needs.integrity": func(s *subject) expr.Truth {
		return need(s.assets(), func(a *model.Asset) model.Need { return a.Integrity })
	},
	"needs.availability": func(s *subject) expr.Truth {
		return need(s.assets(), func(a *model.Asset) model.Need { return a.Availability })
	},
}, map[string]property{
	"content": about((*subject).assets),
	"effect":  enum[model.Effect](func(s *subject) []string { return effects(s.assets()) }),
}}

// with joins lists of questions.
func with(lists ...questions) questions {
	all := questions{map[string]fact{}, map[string]property{}}
	for _, q := range lists {
		maps.Copy(all.facts, q.facts)
		maps.Copy(all.properties, q.properties)
	}
	return all
}

// VocabularyOf is what conditions may ask of a kind of element, in the singular;
// nil when the kind is none.
func VocabularyOf(kind string) *expr.Vocabulary {
	q, known := asked()[kind]
	if !known {
		return nil
	}
	v := &expr.Vocabulary{Facts: slices.Sorted(maps.Keys(q.facts)), Properties: map[string][]string{}}
	for name, p := range q.properties {
		v.Properties[name] = p.values
	}
	return v
}

// Fact implements expr.Facts.
func (s *subject) Fact(name string) expr.Truth { return asked()[s.kind()].facts[name](s) }

// Is implements expr.Facts.
func (s *subject) Is(name string, values []string) expr.Truth {
	p := asked()[s.kind()].properties[name]
	has := p.of(s)
	switch {
	case slices.ContainsFunc(values, func(v string) bool { return slices.Contains(has, v) }):
		return expr.True
	case p.unsaid != nil && p.unsaid(s):
		return expr.Undecided
	}
	return expr.False
}

// Say implements expr.Facts.
func (s *subject) Say(name string, values []string) string {
	has := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return s.Is(name, []string{v}) != expr.True })
	if len(has) == 0 {
		return name + " is not " + strings.Join(values, " or ")
	}
	return name + " is " + strings.Join(has, " and ")
}

func iface(holds func(*model.Interface) bool) fact {
	return func(s *subject) expr.Truth { return expr.Of(holds(s.e.(*model.Interface))) }
}

func component(answer func(*model.Component) model.Answer) fact {
	return func(s *subject) expr.Truth { return truth(answer(s.e.(*model.Component))) }
}

// used asks whether entities of type T refer to the element by a field.
func used[T model.Entity](fields ...string) fact {
	return func(s *subject) expr.Truth { return expr.Of(len(model.Users[T](s.e, fields...)) > 0) }
}

// reached asks whether something holds of an interface that the element has, or
// over which it speaks.
func reached(holds func(*model.Interface) bool) fact {
	return func(s *subject) expr.Truth { return expr.Of(slices.ContainsFunc(s.interfaces(), holds)) }
}

// critical asks whether the role has a permission whose abuse can do harm.
func critical(s *subject) expr.Truth {
	result := expr.False
	for p := range model.Targets(s.e.(*model.Role).Permissions) {
		switch truth(p.Critical) {
		case expr.True:
			return expr.True
		case expr.Undecided:
			result = expr.Undecided
		}
	}
	return result
}

// crosses asks whether a flow goes from zone to zone; undecided where a zone is
// not known.
func crosses(f *model.Flow) expr.Truth {
	from, to := f.Zones()
	if from == nil || to == nil {
		return expr.Undecided
	}
	return expr.Of(from != to)
}

func truth(a model.Answer) expr.Truth {
	switch a {
	case model.Yes:
		return expr.True
	case model.No:
		return expr.False
	}
	return expr.Undecided
}

func care(a *model.Asset) expr.Truth       { return expr.Of(a.Care()) }
func credential(a *model.Asset) expr.Truth { return expr.Of(a.Type == "credential") }

func personal(a *model.Asset) expr.Truth {
	switch a.PersonalData {
	case "":
		if a.Type == "data" {
			return expr.Undecided
		}
		return expr.False
	case "none":
		return expr.False
	}
	return expr.True
}

// confidentiality is the need of an asset; a function that states none has none.
func confidentiality(a *model.Asset) model.Need {
	if a.Type == "function" && a.Confidentiality == "" {
		return "none"
	}
	return a.Confidentiality
}

// some is true when something holds of one of the assets.
func some(assets []*model.Asset, holds func(*model.Asset) expr.Truth) expr.Truth {
	result := expr.False
	for _, a := range assets {
		switch holds(a) {
		case expr.True:
			return expr.True
		case expr.Undecided:
			result = expr.Undecided
		}
	}
	return result
}

// need asks whether one of the assets needs a protection. An element of which
// nobody says what it bears leaves the question undecided.
func need(assets []*model.Asset, of func(*model.Asset) model.Need) expr.Truth {
	if len(assets) == 0 {
		return expr.Undecided
	}
	return some(assets, func(a *model.Asset) expr.Truth {
		if of(a) == "" {
			return expr.Undecided
		}
		return expr.Of(of(a) != "none")
	})
}

// namesOf lists the values of an enumeration.
func namesOf[T interface{ Values() model.Values }]() []string {
	var zero T
	var names []string
	for _, v := range zero.Values() {
		names = append(names, v.Name)
	}
	return names
}

func one[T ~string](value T) []string {
	if value == "" {
		return nil
	}
	return []string{string(value)}
}

func lower(values []string) []string {
	low := make([]string, len(values))
	for i, v := range values {
		low[i] = strings.ToLower(v)
	}
	return low
}

// endpointTypes are the sorts of endpoints: types of actors and components, and
// stores.
var endpointTypes = slices.Concat(namesOf[model.ActorType](), namesOf[model.ComponentType](), []string{"store"})

func endpoints(refs ...model.Ref[model.Endpoint]) []string {
	var types []string
	for e := range model.Targets(refs) {
		switch e := e.(type) {
		case *model.Actor:
			types = append(types, string(e.Type))
		case *model.Component:
			types = append(types, string(e.Type))
		case *model.Store:
			types = append(types, "store")
		}
	}
	return types
}

func roles(refs []model.Ref[*model.Role]) []string {
	var types []string
	for r := range model.Targets(refs) {
		types = append(types, string(r.Type))
	}
	return types
}

func hostType(s *subject) []string {
	if host := model.HostOf(s.e); host != nil {
		return one(host.Type)
	}
	return nil
}

// enum is a property with the values of an enumeration.
func enum[T interface{ Values() model.Values }](of func(s *subject) []string) property {
	return property{values: namesOf[T](), of: of}
}

// about is what the data among some assets are about.
func about(assets func(*subject) []*model.Asset) property {
	return property{
		values: namesOf[model.Content](),
		of:     func(s *subject) []string { return contents(assets(s)) },
		unsaid: func(s *subject) bool {
			return slices.ContainsFunc(assets(s), func(a *model.Asset) bool { return a.Type == "data" && a.Content == "" })
		},
	}
}

func contents(assets []*model.Asset) []string {
	var all []string
	for _, a := range assets {
		all = append(all, string(a.Content))
	}
	return all
}

func effects(assets []*model.Asset) []string {
	var all []string
	for _, a := range assets {
		for _, e := range a.Affects {
			all = append(all, string(e))
		}
	}
	return all
}

// over gives the interfaces that a property looks at.
type over func(s *subject) []*model.Interface

func overOwn(s *subject) []*model.Interface { return []*model.Interface{s.e.(*model.Interface)} }

func overReached(s *subject) []*model.Interface { return s.interfaces() }

func media(over over) property {
	return enum[model.Medium](each(over, func(i *model.Interface) []string { return one(i.Medium) }))
}

func purposes(over over) property {
	return enum[model.Purpose](each(over, func(i *model.Interface) []string { return one(i.Purpose) }))
}

func exposures(over over) property {
	return enum[model.Exposure](each(over, func(i *model.Interface) []string { return one(i.Exposure) }))
}

func protocols(over over) property {
	return property{values: familyNames(), of: func(s *subject) []string {
		return each(over, func(i *model.Interface) []string { return s.view.families(i.Protocol) })(s)
	}}
}

// each gathers the values of several interfaces.
func each(over over, of func(*model.Interface) []string) func(s *subject) []string {
	return func(s *subject) []string {
		var all []string
		for _, i := range over(s) {
			all = append(all, of(i)...)
		}
		return all
	}
}
