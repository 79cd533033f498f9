// Package strictjson reads JSON that was signed, or that comes from strangers,
// so that there is one way to read it: what two careful readers could understand
// differently is refused.
//
// encoding/json takes the last of two equal keys, matches keys without regard to
// letter case, ignores unknown ones, and replaces text that is not Unicode.
// Whoever signs such a text may mean something else than whoever reads it.
//
// # Format
//
// RFC 8259, one value, with these restrictions: no key twice in an object, no
// key that the type does not have, keys in the letter case of the type, valid
// UTF-8 without a byte order mark, no escaped half of a surrogate pair, null
// only where the type has a null of its own, at most 64 values inside each other.
//
// # Values
//
// The types are those of encoding/json, with its tags and the same results, but
// for arrays and the option "string", which are refused. Bytes are base64 of
// RFC 4648 section 4 with padding, without line breaks, unused bits zero. What
// is decoded into json.RawMessage, an interface or a json.Unmarshaler is checked
// for form, depth and repeated keys first.
//
// # Errors
//
// An *Error names the path of the value, the byte, and the reason. The target is
// zero then: half of a text is nothing. A type that cannot be decoded is a
// mistake of the program and panics.
//
// # Concurrency
//
// Decode may be called from several goroutines.
//
// # Sources
//
// RFC 8259 (JSON), RFC 7493 (I-JSON), RFC 4648 (base64).
package strictjson
