package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"theriac/evidence"
	"theriac/model"
)

// Examples of the format documents are what the commands write.

var fenced = regexp.MustCompile("(?s)```([a-z]*)\n(.*?)```")

// blocksOf are the examples of a format document, by language and order.
func blocksOf(t *testing.T, name string) (page string, blocks map[string][]string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/formats/" + name)
	if err != nil {
		t.Fatal(err)
	}
	blocks = map[string][]string{}
	for _, b := range fenced.FindAllStringSubmatch(string(text), -1) {
		blocks[b[1]] = append(blocks[b[1]], b[2])
	}
	return string(text), blocks
}

// TestEvidenceDocument makes the evidence of the specification anew.
func TestEvidenceDocument(t *testing.T) {
	_, blocks := blocksOf(t, "evidence.md")
	plain, values := blocks[""], blocks["json"]
	if len(plain) != 3 || len(values) != 2 || len(blocks["yaml"]) != 1 || len(blocks["xml"]) != 1 {
		t.Fatalf("examples: %d plain, %d of JSON", len(plain), len(values))
	}
	dir := exampleOfEvidence(t, blocks)
	input, path, envelope, statement := line(plain[0]), line(plain[1]), values[0], values[1]
	agree(t, "the raw input", fileIn(t, dir, input), blocks["xml"][0])
	agree(t, "the envelope", fileIn(t, dir, path), envelope)
	_, shown, _ := command(t, "evidence", "show", path, dir, "--format", "json")
	agree(t, "the statement", shown, statement)
	if status, out, talk := command(t, "check", dir, "--release", "1.4.0", "--date", "2026-06-19", "--only", "T7401,T7402,T7405,T7410"); status != exitClean {
		t.Errorf("the example does not count: %s%s", out, talk)
	}

	// The bytes of a basis are hashed as the page says.
	sequence, digest, _ := strings.Cut(strings.TrimSuffix(plain[2], "\n"), "\n")
	sum := sha256.Sum256([]byte(sequence))
	if got := hex.EncodeToString(sum[:])[:32]; got != digest || !strings.Contains(statement, digest) {
		t.Errorf("the bytes of the basis give %s, the page says %s", got, digest)
	}
}

// exampleOfEvidence is the security file of the specification with its evidence.
func exampleOfEvidence(t *testing.T, blocks map[string][]string) string {
	t.Helper()
	dir := place(t, blocks["yaml"][0])
	report := filepath.Join(t.TempDir(), "report.xml")
	write(t, report, blocks["xml"][0])
	t.Setenv("SOURCE_DATE_EPOCH", "1781776800")
	if status, out, talk := command(t, "evidence", "add", dir, "--from", report, "--sign", "demo:build-system"); status != exitClean {
		t.Fatalf("%s%s", out, talk)
	}
	return dir
}

// TestApprovalDocument makes the approval of the specification anew.
func TestApprovalDocument(t *testing.T) {
	_, of := blocksOf(t, "evidence.md")
	page, blocks := blocksOf(t, "approval.md")
	plain, values := blocks[""], blocks["json"]
	if len(plain) != 2 || len(values) != 2 {
		t.Fatalf("examples: %d plain, %d of JSON", len(plain), len(values))
	}
	dir := exampleOfEvidence(t, of)
	args := []string{"approve", "1.4.0", dir, "--as", "Regulatory affairs", "--meaning", "released", "--sign", "demo:regulatory-affairs"}
	given := strings.NewReplacer("approve 1.4.0 pump", "approve 1.4.0 "+dir, `"`, "").Replace(line(plain[0]))
	if given != "theriac "+strings.Join(args, " ") {
		t.Errorf("the page gives the command %s", given)
	}
	if status, _, talk := command(t, append(args, "--yes", "--comment", "Verification report of 18 June 2026.")...); status != exitClean {
		t.Fatal(talk)
	}
	text := fileIn(t, dir, line(plain[1]))
	agree(t, "the envelope", text, values[0])
	var envelope struct{ Payload []byte }
	var statement struct {
		Subject   []evidence.WireSubject
		Predicate struct {
			Of, ID  string
			Content []struct{ Path, Value string }
		}
	}
	decode(t, text, &envelope)
	var shown bytes.Buffer
	if err := json.Indent(&shown, envelope.Payload, "", "  "); err != nil {
		t.Fatal(err)
	}
	agree(t, "the statement", shown.String()+"\n", values[1])

	// The digest of the content is computed as the page says.
	decode(t, string(envelope.Payload), &statement)
	buf := model.AppendText(nil, "theriac approval 1")
	buf = model.AppendText(model.AppendText(buf, statement.Predicate.Of), statement.Predicate.ID)
	for _, l := range statement.Predicate.Content {
		buf = model.AppendText(model.AppendText(buf, l.Path), l.Value)
	}
	sum := sha256.Sum256(buf)
	if hex.EncodeToString(sum[:]) != statement.Subject[0].SHA256() {
		t.Error("the digest of the content is not that of the subject")
	}
	if begins := regexp.MustCompile("begins with\\s+`([^`]+)`").FindStringSubmatch(page); begins == nil || !strings.HasPrefix(string(buf), begins[1]) {
		t.Errorf("the page says that the bytes begin with %q; they are %q", begins, buf)
	}
}

// TestJSONDocuments: the examples hold no field that the commands do not write,
// in the layout that they write, and each field is explained.
func TestJSONDocuments(t *testing.T) {
	for name, value := range map[string]any{
		"release-json.md": &releaseJSON{}, "keys-json.md": &[]keyJSON{}, "approvals-json.md": &[]needJSON{}, "evidence-json.md": &evidenceJSON{},
	} {
		page, blocks := blocksOf(t, name)
		if len(blocks["json"]) != 1 {
			t.Errorf("%s: %d examples", name, len(blocks["json"]))
			continue
		}
		decode(t, blocks["json"][0], value)
		var again bytes.Buffer
		if err := writeJSON(&again, value); err != nil {
			t.Fatal(err)
		}
		agree(t, name, blocks["json"][0], again.String())
		prose := fenced.ReplaceAllString(page, "")
		fields := fieldsOf(reflect.TypeOf(value), map[string]bool{})
		if len(fields) < 5 {
			t.Errorf("%s: only %d fields are known", name, len(fields))
		}
		for field := range fields {
			if !regexp.MustCompile("`([a-z]+\\.)?" + field + "`").MatchString(prose) {
				t.Errorf("%s does not explain the field %s", name, field)
			}
		}
	}
}

// TestPredicateDocument: each field of a statement is in its specification.
func TestPredicateDocument(t *testing.T) {
	page, _ := blocksOf(t, "evidence.md")
	prose := fenced.ReplaceAllString(page, "")
	fields := fieldsOf(reflect.TypeFor[evidence.Predicate](), map[string]bool{})
	if len(fields) < 80 {
		t.Errorf("only %d fields are known", len(fields))
	}
	for field := range fields {
		if !strings.Contains(prose, "`"+field+"`") {
			t.Errorf("the field %s is not explained", field)
		}
	}
	for _, s := range evidence.States() {
		if !strings.Contains(prose, "| `"+string(s)+"` |") {
			t.Errorf("the state %s is not explained", s)
		}
	}
}

// fieldsOf are the names of the JSON fields of a type and of all below it.
func fieldsOf(of reflect.Type, into map[string]bool) map[string]bool {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice:
		return fieldsOf(of.Elem(), into)
	case reflect.Struct:
		for f := range of.Fields() {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
				into[name] = true
				fieldsOf(f.Type, into)
			}
		}
	}
	return into
}

func decode(t *testing.T, text string, v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	if reflect.TypeOf(v).Elem().Name() != "" || reflect.TypeOf(v).Elem().Kind() == reflect.Slice {
		d.DisallowUnknownFields() // of types of ours
	}
	if err := d.Decode(v); err != nil {
		t.Fatal(err)
	}
}

func fileIn(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func line(block string) string { return strings.TrimSuffix(block, "\n") }

func agree(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: the page and the command differ\n%s\n%s", what, got, want)
	}
}
