package policy

// NftablesSegment is the packet filter for the router between the segment of the
// devices and the rest of the operator's network, for nft -f. It speaks of packets
// from and to the addresses in the sets devices_v4 and devices_v6 alone; all others
// are left to the other filters of the router.
func (p *Policy) NftablesSegment() []byte {
	w := p.nft("theriac_segment")
	w.head("Packet filter for a router between the devices and other networks: "+p.product(), "firewall-segment.nft")
	w.line("#\n# It speaks of the devices alone. Put their addresses, best the whole segment, into")
	w.line("# devices_v4 and devices_v6; while these are empty nothing is filtered:")
	w.line("#\n#	add element inet %s devices_v4 { 192.0.2.128/25 }", w.table)
	w.line("#\n# What is accepted here can still be dropped by another filter of the router.")
	w.begin()
	w.line("	# the devices")
	w.line("	set devices_v4 {\n		type ipv4_addr\n		flags interval\n	}")
	w.line("	set devices_v6 {\n		type ipv6_addr\n		flags interval\n	}\n")
	w.sets()
	w.line(`	chain forward {
		type filter hook forward priority filter; policy accept;
		ip saddr @devices_v4 goto from_devices
		ip6 saddr @devices_v6 goto from_devices
		ip daddr @devices_v4 goto to_devices
		ip6 daddr @devices_v6 goto to_devices
	}

	chain from_devices {
` + nftAnswers)
	w.services("out")
	w.line(`
		counter drop comment "dropped"
	}

	chain to_devices {
` + nftAnswers)
	w.services("in")
	w.line(`
		counter drop comment "dropped"
	}
}`)
	return w.b.Bytes()
}
