package sbom

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// tagReader reads SPDX 2 as tags and values, line by line.
type tagReader struct {
	*reading
	in   *bufio.Reader
	line int
	next string // a line that was read too early
	held bool

	section  string // Package, File, Snippet, License; "" at first
	pkg      *spdxPackage
	at       int // where the package will stand
	tags     int // that were understood
	nameless int // lines before the first tag
}

func (r *reading) readTags(in *bufio.Reader) error {
	r.refLabel = "SPDXID"
	t := &tagReader{reading: r, in: in}
	for {
		text, ok := t.readLine()
		if !ok {
			break
		}
		if t.tagLine(text); t.tags == 0 && t.nameless > 1000 {
			return errNone
		}
	}
	t.close()
	if r.bom.Version == "" && len(r.bom.Components) == 0 {
		return errNone
	}
	r.bom.Format = "SPDX"
	r.known("2.1", "2.2", "2.2.1", "2.2.2", "2.3", "2.3.1")
	return nil
}

// readLine is the next line without its end. A line that is too long is left out.
func (t *tagReader) readLine() (text string, ok bool) {
	if t.held {
		t.held = false
		t.line++
		return t.next, true
	}
	var line []byte
	long := false
	for {
		part, err := t.in.ReadSlice('\n')
		if len(line)+len(part) > t.limits.Text+256 {
			long = true
		} else {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if len(part) == 0 && len(line) == 0 && !long && err == io.EOF {
			return "", false
		}
		break
	}
	t.line++
	if long {
		t.lost(t.line, "a line is longer than %d bytes; it is left out", t.limits.Text)
		return "", true
	}
	text = strings.TrimRight(string(line), "\r\n")
	if !utf8.ValidString(text) {
		t.problem(t.line, "a line is not UTF-8; what is not has been replaced")
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	return text, true
}

func (t *tagReader) unread(text string) {
	t.next, t.held = text, true
	t.line--
}

// tagLine reads a line with a tag, and the lines that its text goes on in.
func (t *tagReader) tagLine(text string) {
	line := t.line
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || trimmed[0] == '#' {
		return
	}
	tag, value, found := strings.Cut(trimmed, ":")
	if !found || !isTag(tag) {
		if t.nameless++; t.tags > 0 {
			t.lost(line, "%q is no tag with a value", trimmed)
		}
		return
	}
	value = strings.TrimSpace(value)
	if rest, ok := strings.CutPrefix(value, "<text>"); ok {
		value = t.text(rest)
	}
	if t.take(tag, value, line) {
		t.tags++
	} else if t.tags > 0 && t.first("tag\x00"+tag) {
		t.problem(line, "tag %q is not one that SPDX knows", tag)
	}
}

// isTag reports whether a word can be a tag: letters, and digits after the first.
func isTag(s string) bool {
	for i := range len(s) {
		c := s[i]
		if letter := c|0x20 >= 'a' && c|0x20 <= 'z'; !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// text reads up to </text>. A line that begins with the tag of another element shows
// that the end is missing.
func (t *tagReader) text(first string) string {
	start := t.line
	var all strings.Builder
	for line := first; ; {
		if before, _, found := strings.Cut(line, "</text>"); found {
			all.WriteString(before)
			break
		}
		all.WriteString(line)
		var ok bool
		if line, ok = t.readLine(); !ok {
			t.lost(start, "a text that begins here is not closed; the file ends in it")
			break
		}
		if startsElement(line) {
			t.unread(line)
			t.lost(start, "a text that begins here is not closed before line %d", t.line+1)
			break
		}
		if all.Len() > t.limits.Text {
			t.lost(start, "a text is longer than %d bytes; it is left out", t.limits.Text)
			t.skipText(line)
			return ""
		}
		all.WriteByte('\n')
	}
	return all.String()
}

func (t *tagReader) skipText(line string) {
	for ok := true; ok && !strings.Contains(line, "</text>"); line, ok = t.readLine() {
		if startsElement(line) {
			t.unread(line)
			return
		}
	}
}

func startsElement(line string) bool {
	switch tag, _, _ := strings.Cut(line, ":"); tag {
	case "PackageName", "FileName", "SPDXID", "Relationship":
		return true
	}
	return false
}

// take reads a tag; it is false for one that is unknown.
func (t *tagReader) take(tag, value string, line int) bool {
	bom := t.bom
	switch tag {
	case "SPDXVersion":
		bom.Version = strings.TrimPrefix(value, "SPDX-")
	case "DocumentName":
		bom.Name = value
	case "DocumentNamespace":
		bom.Serial = value
	case "Creator":
		t.creator(value)
	case "Created":
		bom.Created = value
	case "PackageName":
		t.begin(value, line)
	case "FileName", "SnippetSPDXID", "SnippetSPDXIdentifier", "LicenseID":
		t.close()
		t.section = tag
		if tag == "FileName" {
			t.files++
		} else {
			t.define(value, line, isOther)
		}
	case "SPDXID":
		t.identify(value, line)
	case "Relationship":
		words := strings.Fields(value)
		if len(words) != 3 {
			t.lost(line, "%q is no relationship", value)
			break
		}
		t.relate(words[0], words[1], words[2], line)
	default:
		return t.takePackage(tag, value, line) || ignoredTag(tag)
	}
	return true
}

// begin closes the package before, and makes room for the next.
func (t *tagReader) begin(name string, line int) {
	t.close()
	t.section = "PackageName"
	if index, room := t.open(); room {
		t.at = index
		t.pkg = &spdxPackage{Component: Component{Name: asserted(name), Line: line, Parent: -1}}
	}
}

// close keeps the package that was read.
func (t *tagReader) close() {
	if t.pkg != nil {
		t.keep(t.at, t.pkg.component())
		t.pkg = nil
	}
}

func (t *tagReader) identify(id string, line int) {
	switch {
	case t.pkg != nil && t.pkg.Ref == "":
		t.pkg.Ref = id
	case t.pkg != nil:
		t.problem(line, "package %q has a second SPDXID; the first one counts", t.pkg.Name)
	case t.section != "PackageName":
		t.define(id, line, isOther)
	}
}

// takePackage reads a tag of a package.
func (t *tagReader) takePackage(tag, value string, line int) bool {
	p := t.pkg
	if p == nil {
		p = &spdxPackage{} // beyond the limit, or where it does not belong
	}
	switch tag {
	case "PackageVersion":
		p.Version = value
	case "PackageSupplier":
		p.supplied(value)
	case "PackageOriginator":
		p.made(value)
	case "PackageDownloadLocation":
		p.download = value
	case "PackageHomePage":
		p.home = value
	case "PackageLicenseConcluded":
		p.concluded = value
	case "PackageLicenseDeclared":
		p.declared = value
	case "PackageCopyrightText":
		p.Copyright = value
	case "PackageSummary":
		p.summary = value
	case "PackageDescription":
		p.description = value
	case "PrimaryPackagePurpose":
		p.Type = purpose(value)
	case "PackageChecksum":
		if algorithm, sum, ok := strings.Cut(value, ":"); ok && len(p.Hashes) < mostEntries {
			p.Hashes = append(p.Hashes, Hash{hashName(algorithm), strings.TrimSpace(sum)})
		} else {
			t.lost(line, "%q is no checksum, or one too many", value)
		}
	case "ExternalRef":
		if words := strings.Fields(value); len(words) == 3 {
			t.refer(p, words[1], words[2], line)
		} else {
			t.lost(line, "%q is no external reference", value)
		}
	default:
		return false
	}
	if t.pkg == nil && t.section != "PackageName" {
		t.lost(line, "tag %q stands outside of a package", tag)
	}
	return true
}

// ignoredTag reports whether SPDX knows a tag that this package has no use for.
func ignoredTag(tag string) bool {
	switch tag {
	case "DataLicense", "CreatorComment", "DocumentComment", "LicenseListVersion", "ExternalDocumentRef",
		"PackageFileName", "FilesAnalyzed", "PackageVerificationCode", "PackageSourceInfo", "PackageLicenseInfoFromFiles",
		"PackageLicenseComments", "PackageComment", "ExternalRefComment", "PackageAttributionText",
		"BuiltDate", "ReleaseDate", "ValidUntilDate",
		"FileType", "FileChecksum", "LicenseConcluded", "LicenseInfoInFile", "LicenseComments", "FileCopyrightText",
		"FileComment", "FileNotice", "FileContributor", "FileAttributionText", "FileDependency",
		"ArtifactOfProjectName", "ArtifactOfProjectHomePage", "ArtifactOfProjectURI",
		"SnippetFromFileSPDXID", "SnippetByteRange", "SnippetLineRange", "SnippetLicenseConcluded", "LicenseInfoInSnippet",
		"SnippetLicenseComments", "SnippetCopyrightText", "SnippetComment", "SnippetName", "SnippetAttributionText",
		"ExtractedText", "LicenseName", "LicenseCrossReference", "LicenseComment",
		"RelationshipComment", "Annotator", "AnnotationDate", "AnnotationType", "AnnotationComment", "SPDXREF",
		"Reviewer", "ReviewDate", "ReviewComment":
		return true
	}
	return false
}
