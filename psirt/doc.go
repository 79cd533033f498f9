// Package psirt says what is due in a case and when, and makes cases of reports
// that arrive by mail or from a web form.
//
// # Time
//
// A day is a calendar day in the time zone of the security file: 23, 24 or 25
// hours. A time limit in days does not count the day of awareness and ends with the
// last second of its last day. A limit in hours is elapsed time, to the second.
// Clock.Due is always the last second that is in time.
//
// Plans rest on this strict count, which vigilance guidance and Regulation (EEC,
// Euratom) No 1182/71 both allow. What Article 3 of that regulation would add
// (full hours, holidays, two working days) is told beside it as Clock.Extended. The
// rules of the regulation stand here from memory and are not verified against the
// primary text.
//
// # Unknown
//
// A duty to report that nobody has answered runs as if it applied (MDR Art. 87(7),
// IVDR Art. 82(7): when in doubt, report). Without a severity the strictest of the
// manufacturer's own limits counts.
//
// # Input
//
// Mails, mailboxes and forms are hostile: sizes, parts and depth are limited, nothing
// is written, attachments are listed with their digest, and what was not understood
// is named in Report.Unread.
//
// # Concurrency
//
// All functions are safe for concurrent use.
//
// # Sources
//
// MDR Art. 87 to 89, IVDR Art. 82 to 84, NIS 2 Art. 23(4), CRA Art. 14, GDPR Art. 33;
// ISO/IEC 29147, ISO/IEC 30111; RFC 5322, RFC 2045, RFC 3156, RFC 5545.
package psirt
