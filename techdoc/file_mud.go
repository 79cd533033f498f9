package techdoc

import "time"

var _ = addFile(FileDefinition{
	Name:  "mud.json",
	Title: "Manufacturer Usage Description (RFC 8520)",
	About: "what the device does on a network, for networks that ask the manufacturer",
	Order: 15,
	Make:  makeMUD,
})

// makeMUD describes the device; nil where it has no network, or where the security
// file states no domain at which the manufacturer could publish the description.
func makeMUD(b *Book) ([]byte, error) {
	address := b.Policy.MUDURL()
	if address == "" || !b.Policy.Networked() {
		return nil, nil
	}
	at := b.Time
	if day, err := time.Parse(time.DateOnly, b.Day.String()); at.IsZero() && err == nil {
		at = day
	}
	return b.Policy.MUD(at, address)
}
