// Theriac-pkcs11 signs with a key that never leaves its token: a hardware security
// module, a smart card, or SoftHSM. It is the only program of theriac that is
// linked with C and that loads foreign code, which is why it is a program of its own.
//
// It reads one request from standard input, writes one answer to standard output,
// and ends with 0 when it did what it was asked, with 1 when it did not, and with
// 2 when it was built without cgo. The protocol is internal/hsm; its specification
// is docs/formats/pkcs11-helper.md.
package main
