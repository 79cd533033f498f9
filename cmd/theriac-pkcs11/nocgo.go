//go:build !cgo || !unix

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "theriac-pkcs11: this program was built without cgo, so it cannot load PKCS#11 modules: build it on a Unix system with a C compiler, by CGO_ENABLED=1 go build ./cmd/theriac-pkcs11")
	os.Exit(2)
}
