package techdoc

import (
	"slices"
	"strings"

	"theriac/document"
	"theriac/model"
	"theriac/risk"
)

const ifuName = "ifu-security"

var _ = add(Definition{
	Name: ifuName, Title: "Instructions for use, security part", Group: ForUsers, Order: 80,
	About: "What the IT staff, the service staff and the users of a hospital or laboratory must know to connect, set up, run and " +
		"give away the device securely.",
	Types: []model.DocumentType{"ifu", "security-guide"}, Languages: true,
	Make: func(b *Book) ([]*document.Section, error) {
		g := &guide{Book: b}
		for _, c := range ifuChapters {
			g.sections = append(g.sections, c.make(g))
		}
		return g.sections, nil
	},
})

// ifuChapter is a chapter of the instructions.
type ifuChapter struct {
	id, title string
	readers   string // of those who must read it: i for IT staff, s for service, u for users
	make      func(*guide) *document.Section
}

// ifuChapters are filled in by init, because their functions refer to the list.
var ifuChapters []ifuChapter

func init() {
	ifuChapters = []ifuChapter{
		{"about", "About this part", "isu", (*guide).about},
		{"environment", "What the surroundings must provide", "is", (*guide).environment},
		{"ports", "Ports and connections", "i", (*guide).ports},
		{"firewall", "Firewall and network segments", "i", (*guide).firewall},
		{"roles", "Roles and rights", "iu", (*guide).roles},
		{"setup", "Installation and secure settings", "is", (*guide).setup},
		{"backup", "Backup and restore", "is", (*guide).backup},
		{"logging", "Records of security events", "i", (*guide).logging},
		{"updates", "Updates", "is", (*guide).updates},
		{"alert", "Fail-safe operation and security alerts", "isu", (*guide).alert},
		{"risks", "Remaining risks and warnings", "isu", (*guide).risks},
		{"decommissioning", "Giving the device away or scrapping it", "is", (*guide).decommissioning},
		{"responsibilities", "Who is responsible for what", "i", (*guide).responsibilities},
		{"privacy", "Data protection", "i", (*guide).privacy},
		{"told", "Where required information is told", "i", (*guide).told},
	}
}

// guide is the instructions while they are made.
type guide struct {
	*Book
	sections []*document.Section // made so far
}

// chapter is an empty chapter with its title.
func (g *guide) chapter(id string, blocks ...document.Block) *document.Section {
	return g.Section(id, g.titleOf(id), blocks...)
}

func (g *guide) titleOf(id string) string {
	i := slices.IndexFunc(ifuChapters, func(c ifuChapter) bool { return c.id == id })
	return g.Say(ifuChapters[i].title)
}

// ref is a link to a section of the instructions under its title; the title alone
// where the manufacturer leaves the section out.
func (g *guide) ref(id, title string) document.Span {
	if g.omitted(id) {
		return document.Span{Text: title}
	}
	return document.Link(title, document.Address("doc:"+ifuName+"#"+id))
}

// omitted reports whether the manufacturer leaves out a section, or one that it is in:
// ids of parts begin with that of their chapter.
func (g *guide) omitted(id string) bool {
	return g.worded(func(w model.Wording) bool {
		return w.Omit == model.Yes && (id == w.Section || strings.HasPrefix(id, w.Section+"-"))
	})
}

// replaced reports whether the manufacturer says a section in own words alone, of which
// nobody knows what they tell.
func (g *guide) replaced(id string) bool {
	return g.worded(func(w model.Wording) bool { return id == w.Section && w.Text != "" && !putsGenerated(w.Text) })
}

// worded reports whether the manufacturer's wording of the instructions, in the language
// of this document, does something.
func (g *guide) worded(does func(model.Wording) bool) bool {
	p := g.File.Publication
	return p != nil && slices.ContainsFunc(p.Wording, func(w model.Wording) bool {
		return w.Document == ifuName && (w.Language == "" || strings.EqualFold(w.Language, g.Lang.Tag)) && does(w)
	})
}

// about says what this part is for, of what, and for whom.
func (g *guide) about() *document.Section {
	p := g.File.Product
	s := g.chapter("about",
		g.Para("This part of the instructions for use says how to connect, set up and run the device so that it stays secure. Keep it with the instructions for use."))
	t := &document.Terms{}
	g.fact(t, "Product", p, "name", p.Name)
	g.fact(t, "UDI-DI", p, "udi-di", p.UDIDI)
	g.release(t)
	g.fact(t, "Manufacturer", p, "manufacturer.name", p.Manufacturer.Name)
	g.fact(t, "Address", p, "manufacturer.address", p.Manufacturer.Address)
	g.duration(t, "Expected lifetime", p, "lifetime", p.Lifetime)
	g.duration(t, "Security support after the last unit was sold", p, "support-period", p.SupportPeriod)
	g.contact(t)
	s.Blocks = append(s.Blocks, t)
	s.Sections = append(s.Sections, g.platform(), g.readers(), g.signals())
	return s
}

// release adds the version of the software.
func (g *guide) release(t *document.Terms) {
	if r := g.Release; r != nil {
		g.fact(t, "Software release", r, "version", r.Version)
		return
	}
	t.Terms = append(t.Terms, document.Term{Name: document.T("%s", g.Say("Software release")), Blocks: []document.Block{g.unstated(document.Source{})}})
}

// contact adds the ways to reach the manufacturer's security team.
func (g *guide) contact(t *document.Terms) {
	v := g.File.VulnerabilityHandling
	if v == nil {
		t.Terms = append(t.Terms, document.Term{Name: document.T("%s", g.Say("Security contact")), Blocks: []document.Block{g.unstated(document.Source{})}})
		return
	}
	g.reach(t, "Security contact", v, "contact.email", v.Contact.Email, mailTo(v.Contact.Email))
	if v.Contact.URL != "" {
		g.reach(t, "Security page", v, "contact.url", v.Contact.URL, webPage(v.Contact.URL))
	}
	if v.Contact.Encryption != "" {
		g.fact(t, "For encrypted messages", v, "contact.encryption", g.tell(v, "contact.encryption", v.Contact.Encryption))
	}
}

// reach adds a name with an address that can be followed.
func (g *guide) reach(t *document.Terms, name string, e model.Entity, field, text string, to document.Address) {
	if strings.TrimSpace(text) == "" {
		g.fact(t, name, e, field, "")
		return
	}
	source := g.at(e, field)
	t.Terms = append(t.Terms, document.Term{Name: document.T("%s", g.Say(name)), Blocks: []document.Block{document.P(source, document.Link(text, to))}, Source: source})
}

// mailTo is the address for a link to a mail address; "" for what is none.
func mailTo(mail string) document.Address {
	if !strings.Contains(mail, "@") || strings.ContainsAny(mail, "?&,;:/") || !plainAddress(mail) {
		return ""
	}
	return document.Address("mailto:" + mail)
}

// webPage is the address for a link to a page; "" for what is none.
func webPage(url string) document.Address {
	if !strings.HasPrefix(url, "https://") || !plainAddress(url) {
		return ""
	}
	return document.Address(url)
}

// plainAddress reports whether an address holds nothing that could end or change it.
func plainAddress(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>\"'`\\(){}[]|^", r) })
}

// platform names the operating systems on which the device runs.
func (g *guide) platform() *document.Section {
	t := &document.Table{Columns: []document.Column{{Title: g.Say("Operating system"), Width: 3}, {Title: g.Say("Version"), Width: 2}}}
	for _, c := range g.File.Components {
		if c.Type == "operating-system" && model.OnDevice(c) {
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(g.Title(c)), g.Or(c.Version)}, Source: g.From(c, "version")})
		}
	}
	s := g.Section("about-platform", g.Say("Operating system of the device"))
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, g.Para("The device has no operating system of its own."))
		return s
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

// readers says who must read which chapters.
func (g *guide) readers() *document.Section {
	t := &document.Terms{}
	for _, reader := range []struct{ mark, who string }{{"i", "IT staff"}, {"s", "Service staff"}, {"u", "Users"}} {
		var links document.Text
		all := true
		for _, c := range ifuChapters {
			if !strings.Contains(c.readers, reader.mark) {
				all = false
				continue
			}
			if len(links) > 0 {
				links = append(links, document.Span{Text: "; "})
			}
			links = append(links, g.ref(c.id, g.Say(c.title)))
		}
		if all {
			links = document.T("%s", g.Say("all chapters"))
		}
		t.Terms = append(t.Terms, document.Term{Name: document.T("%s", g.Say(reader.who)), Blocks: []document.Block{&document.Paragraph{Text: links}}})
	}
	return g.Section("about-readers", g.Say("Who must read what"), t)
}

// signals explains the signal words.
func (g *guide) signals() *document.Section {
	s := g.Section("about-signals", g.Say("Signal words"),
		g.Para("Warnings name the hazard first, then what can follow, and then what you can do about it."))
	t := &document.Terms{}
	add := func(name, text string, args ...any) {
		t.Terms = append(t.Terms, document.Term{Name: document.Text{document.Bold(g.Say(name))}, Blocks: []document.Block{g.Para(text, args...)}})
	}
	n := risk.Of(g.File).Scales.Gravest()
	warning, caution := signalsFrom(n)
	if words := g.levels(warning, n); words != "" {
		add("Warning", "A risk that can lead to the gravest harm: on the manufacturer's scale of severity %s.", words)
	} else {
		add("Warning", "A risk to people. The manufacturer states no scale of severity that would tell severe harm from other harm.")
	}
	if words := g.levels(caution, warning-1); words != "" {
		add("Caution", "A risk that can lead to less severe harm: on that scale %s.", words)
	}
	if words := g.levels(1, caution-1); words != "" {
		add("Note", "A risk with harm below that (%s), a risk from which nobody comes to harm, or something else that you should know.", words)
	} else {
		add("Note", "A risk from which nobody comes to harm, or something else that you should know.")
	}
	s.Blocks = append(s.Blocks, t)
	return s
}
