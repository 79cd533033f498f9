package techdoc

var _ = addFile(FileDefinition{
	Name:  "firewall.csv",
	Title: "List for firewalls (CSV)",
	About: "each connection of the device with its peer, for firewalls of any make",
	Order: 14,
	Make:  networkFile(func(b *Book) []byte { return b.Policy.FirewallCSV() }),
})
