package techdoc

import (
	"fmt"

	"theriac/psirt"
)

var _ = addFile(FileDefinition{
	Name:  "security.txt",
	Title: "security.txt (RFC 9116)",
	About: "where finders of vulnerabilities report, for the manufacturer's web server",
	Order: 35,
	Make:  makeSecurityTxt,
})

// makeSecurityTxt writes the fields that the security file states in a form that
// RFC 9116 allows; nil where it states no contact.
func makeSecurityTxt(b *Book) ([]byte, error) {
	fields := psirt.SecurityTxtOf(b.File, b.Day)
	if len(fields.Contacts) == 0 {
		return nil, nil
	}
	return fmt.Appendf(nil, "# For /.well-known/security.txt. Made from the security file on %s.\n%s", b.Day, fields.Text()), nil
}
