package techdoc

var _ = addFile(FileDefinition{
	Name:  "firewall.iptables",
	Title: "Packet filter of the device, IPv4 (iptables)",
	About: "the same as firewall.nft for devices with iptables",
	Order: 12,
	Make:  networkFile(func(b *Book) []byte { return b.Policy.Iptables() }),
})

var _ = addFile(FileDefinition{
	Name:  "firewall.ip6tables",
	Title: "Packet filter of the device, IPv6 (ip6tables)",
	About: "the same as firewall.nft for devices with ip6tables",
	Order: 13,
	Make:  networkFile(func(b *Book) []byte { return b.Policy.IP6tables() }),
})
