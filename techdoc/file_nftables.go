package techdoc

var _ = addFile(FileDefinition{
	Name:  "firewall.nft",
	Title: "Packet filter of the device (nftables)",
	About: "what the device lets in and out, for the device itself",
	Order: 10,
	Make:  networkFile(func(b *Book) []byte { return b.Policy.Nftables() }),
})

var _ = addFile(FileDefinition{
	Name:  "firewall-segment.nft",
	Title: "Packet filter of the segment (nftables)",
	About: "what passes between the devices and other networks, for a router of the operator",
	Order: 11,
	Make:  networkFile(func(b *Book) []byte { return b.Policy.NftablesSegment() }),
})

// networkFile makes a file of the network policy; none of a device without network.
func networkFile(make func(b *Book) []byte) func(b *Book) ([]byte, error) {
	return func(b *Book) ([]byte, error) {
		if !b.Policy.Networked() {
			return nil, nil
		}
		return make(b), nil
	}
}
