//go:build cgo && unix

package main

// #include <unistd.h>
import "C"

import (
	"fmt"
	"io"
	"os"

	"theriac/internal/hsm"
)

func main() {
	os.Exit(run())
}

func run() int {
	out, err := onlyAnswers()
	if err != nil {
		fmt.Fprintln(os.Stderr, "theriac-pkcs11:", err)
		return 1
	}
	answer := reply(os.Stdin)
	text, err := hsm.Marshal(answer)
	if err == nil {
		_, err = out.Write(text)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "theriac-pkcs11: write the answer:", err)
		return 1
	}
	if answer.Error != nil {
		return 1
	}
	return 0
}

// onlyAnswers returns standard output and leaves standard error in its place, so
// that what a module prints does not get into the answer.
func onlyAnswers() (*os.File, error) {
	fd := C.dup(1)
	if fd < 0 || C.dup2(2, 1) < 0 {
		return nil, fmt.Errorf("standard output or standard error is closed")
	}
	return os.NewFile(uintptr(fd), "answer"), nil
}

// reply reads one request and answers it.
func reply(in io.Reader) *hsm.Answer {
	answer := &hsm.Answer{Version: hsm.Version}
	text, err := io.ReadAll(io.LimitReader(in, hsm.MaxRequest+1))
	if err != nil {
		answer.Error = hsm.Failf(hsm.BadRequest, "read the request: %v", err)
		return answer
	}
	request, uri, err := hsm.ParseRequest(text)
	if err != nil {
		answer.Error = hsm.Failf(hsm.BadRequest, "%v", err)
		return answer
	}
	if err := do(request, uri, answer); err != nil {
		answer.Error = failure(err)
	}
	return answer
}

func do(request *hsm.Request, uri *hsm.URI, answer *hsm.Answer) error {
	pin, err := pinFor(request, uri)
	if err != nil {
		return err
	}
	m, err := load(uri.ModulePath)
	if err != nil {
		return err
	}
	defer m.close()
	if request.Operation == hsm.List {
		answer.Tokens, err = m.list(uri, pin)
		return err
	}
	t, err := m.open(uri)
	if err != nil {
		return err
	}
	answer.Token = &t.info
	if request.Operation == hsm.Public {
		answer.Key, err = t.public(uri, pin)
		return err
	}
	answer.Signature, err = t.sign(uri, pin, request.Message)
	return err
}
