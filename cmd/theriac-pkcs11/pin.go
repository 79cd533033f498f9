//go:build cgo && unix

package main

import (
	"bytes"
	"io"
	"os"

	"theriac/internal/hsm"
)

const maxPINFile = 4096

// pinFor takes the PIN of the request, or else the one in the file that the URI
// names. Line ends behind it are those of an editor.
func pinFor(request *hsm.Request, uri *hsm.URI) (string, error) {
	if request.PIN != "" || uri.PINSource == "" {
		return request.PIN, nil
	}
	info, err := os.Stat(uri.PINSource)
	if err != nil {
		return "", hsm.Failf(hsm.PINSource, "read the file with the PIN: %v", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxPINFile {
		return "", hsm.Failf(hsm.PINSource, "the file with the PIN, %s, is no regular file of at most %d bytes", uri.PINSource, maxPINFile)
	}
	f, err := os.Open(uri.PINSource)
	if err != nil {
		return "", hsm.Failf(hsm.PINSource, "read the file with the PIN: %v", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxPINFile))
	if err != nil {
		return "", hsm.Failf(hsm.PINSource, "read the file with the PIN: %v", err)
	}
	pin := bytes.TrimRight(text, "\r\n")
	if len(pin) == 0 || bytes.ContainsAny(pin, "\r\n\x00") {
		return "", hsm.Failf(hsm.PINSource, "the file with the PIN, %s, does not hold one line", uri.PINSource)
	}
	return string(pin), nil
}
