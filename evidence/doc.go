// Package evidence is what was seen of a release: statements that somebody
// signed about its artefacts, kept with the raw input they were made from, and
// the judgement of what each of them is worth.
//
// A requirement is met when verifications of it have evidence that counts; what
// people write in the security file never counts by itself.
//
// # Format
//
// A piece of evidence is an in-toto statement v1 in a DSSE envelope, in a file
// of its own below evidence/ in the folder of the security file; its raw inputs
// stand beside it under their SHA-256. See docs/formats/evidence.md.
//
// # Values
//
// Times are UTC in RFC 3339 to the second. Digests are SHA-256, 64 hexadecimal
// digits in lower case; digests of entities are those of the model, 32 digits.
//
// # Errors
//
// What is wrong with a piece is a Reason with a State, never an error: errors
// are about the run. States are kept apart and never folded into pass or fail.
//
// # Concurrency
//
// A Store and a Judgement are read-only after they were made, and safe for
// concurrent use.
//
// # Sources
//
// in-toto attestation framework v1.0 (statement, resource descriptor), DSSE
// v1.0.2, RFC 3339.
package evidence
