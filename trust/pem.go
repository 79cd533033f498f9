package trust

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"

	"theriac/internal/lazyregexp"
)

// maxPEM bounds a text that holds a key or a certificate.
const maxPEM = 64 << 10

var pemFrame = lazyregexp.New(`^-----BEGIN ([A-Z0-9][A-Z0-9 ]{0,63})-----\s([A-Za-z0-9+/=\s]*)-----END ([A-Z0-9 ]+)-----$`)

// readPEM reads a text that is one PEM block without headers. encoding/pem skips
// what stands around a block and what it does not understand; nobody sees then
// which of two keys was taken. It also wants line breaks, which are blanks where
// the text stood in a folded scalar of YAML.
func readPEM(text []byte) (label string, der []byte, err error) {
	if len(text) > maxPEM {
		return "", nil, fmt.Errorf("%w: more than %d bytes", ErrKey, maxPEM)
	}
	parts := pemFrame.FindSubmatch(bytes.TrimSpace(text))
	if parts == nil {
		return "", nil, fmt.Errorf("%w: not one PEM block alone (-----BEGIN ...----- to -----END ...-----)", ErrKey)
	}
	if !bytes.Equal(parts[1], parts[3]) {
		return "", nil, fmt.Errorf("%w: the PEM block begins as %s and ends as %s", ErrKey, parts[1], parts[3])
	}
	der, err = base64.StdEncoding.Strict().DecodeString(withoutBlanks(parts[2]))
	if err != nil || len(der) == 0 {
		return "", nil, fmt.Errorf("%w: the PEM block of the %s is no valid base64", ErrKey, parts[1])
	}
	return string(parts[1]), der, nil
}

func withoutBlanks(text []byte) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, string(text))
}
