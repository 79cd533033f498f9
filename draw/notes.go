package draw

import "fmt"

// notes say what is not drawn, or not by itself.
func (b *builder) notes(soup, idle int) {
	g := b.g
	say := func(format string, args ...any) { g.notes = append(g.notes, fmt.Sprintf(format, args...)) }
	if soup > 0 && b.detail == full {
		say("SOUP without flows or interfaces of its own is named in the box that contains it (%d).", soup)
	} else if soup > 0 {
		say("%s not drawn: counted in the box that contains them.", plural(soup, "SOUP item is", "SOUP items are"))
	}
	if idle > 0 {
		say("%s named in the text of the box that contains them.", plural(idle, "element without flows of its own is", "elements without flows of their own are"))
	}
	if b.apart > 0 {
		say("%s in another zone than the component that contains them; the boxes do not say so.", plural(b.apart, "part is", "parts are"))
	}
	if b.beside > 0 {
		say("%s beside the component that contains them; the boxes do not say so.", plural(b.beside, "part is drawn", "parts are drawn"))
	}
	if b.folds > 0 {
		say("%s drawn as the box that contains them.", plural(b.folds, "part or store is", "parts and stores are"))
	}
	switch {
	case b.detail == overview:
		say("Elements of a zone are drawn together; interfaces are not drawn. Draw a part of the file with a focus to see it in full.")
	case b.detail == crowds:
		say("Elements of a zone are drawn together by type. Draw a part of the file with a focus to see it in full.")
	}
	if b.tallied > 0 {
		say("Where a wire stands for more than %d flows, its label says how many.", mostNumbers)
	}
	if b.within > 0 {
		say("%s inside a box and only in the list.", plural(b.within, "flow is", "flows are"))
	}
	if b.file.Incomplete() {
		say("Part of the security file could not be read: the picture may lack elements.")
	}
	if b.unsure > 0 {
		say("%s not drawn: an end is not known.", plural(b.unsure, "flow is", "flows are"))
	}
}
