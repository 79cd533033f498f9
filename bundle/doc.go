// Package bundle is the auditor's bundle: all that is known about one release of a
// product in one file, and the chain by which somebody who trusts nothing but a
// public key finds out, offline, whether it holds.
//
// # Format
//
// A tar archive of which every byte follows from its manifest and from the files
// that the manifest lists; see docs/formats/bundle.md. The same input gives the
// same bytes.
//
// # Values
//
// Digests are SHA-256, 64 hexadecimal digits in lower case. Paths are slash paths
// below the workspace of the security file. Days are YYYY-MM-DD.
//
// # Errors
//
// Open returns a *Refusal for a bundle that is not whole or not well formed: what
// it says is about the bundle. Other errors are about the run. Audit turns a
// refusal into a report.
//
// # Concurrency
//
// An Archive is read-only and safe for concurrent use.
//
// # Sources
//
// POSIX.1-2017 pax (ustar and pax interchange format), DSSE v1.0.2, in-toto
// attestation framework v1.0.
package bundle
