package csaf

// addressTests need a network (CSAF 2.0 sections 6.3.6 and 6.3.7).
var addressTests = []Test{
	{"6.3.6", "addresses of others answer", Informative, func(d *advisory, r *reporter) { deadAddress(d, r, false) }},
	{"6.3.7", "addresses of the document answer", Informative, func(d *advisory, r *reporter) { deadAddress(d, r, true) }},
}

// maxAddresses is how many addresses of a document are tried.
const maxAddresses = 500

// deadAddress tries the addresses of a document: those of itself, or the others.
func deadAddress(d *advisory, r *reporter, self bool) {
	if d.options.Resolve == nil {
		r.skip("it needs a network")
		return
	}
	tried := map[string]error{}
	d.root.walk(func(n *node) {
		if !isAddress(n) || (n.up.text("category") == "self") != self {
			return
		}
		err, known := tried[n.value]
		if !known {
			if len(tried) == maxAddresses {
				r.skip("only the first %d addresses were tried", maxAddresses)
				return
			}
			err = d.options.Resolve(n.value)
			tried[n.value] = err
		}
		if err != nil {
			r.at(n, "%v", err)
		}
	})
}

// isAddress reports whether a value is an address that may be visited.
func isAddress(n *node) bool {
	if n.kind != text || n.up == nil {
		return false
	}
	if n.up.kind == list {
		return n.up.key == "urls" || n.up.key == "sbom_urls"
	}
	return n.key == "url" || n.key == "namespace"
}
