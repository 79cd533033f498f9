package techdoc

import (
	"slices"

	"theriac/change"
	"theriac/document"
)

// sameRelease reports whether two states differ at most in files that hold nothing but
// what comes when a release is out. A file that held more counts, whatever it holds now.
func sameRelease(frozen, now *change.Files) bool {
	before, after := digestsOf(frozen), digestsOf(now)
	for _, digests := range []map[string]string{before, after} {
		for name := range digests {
			if before[name] != after[name] && onlyAfterwards(frozen, name) && onlyAfterwards(now, name) {
				delete(before, name)
				delete(after, name)
			}
		}
	}
	return stateDigest(before) == stateDigest(after)
}

// onlyAfterwards reports whether a file holds nothing but what comes when a release is
// out, or is not there.
func onlyAfterwards(files *change.Files, name string) bool {
	return !slices.Contains(files.Names(), name) || change.Afterwards(name, files.Text(name))
}

// living reports whether documents tell of what comes when a release is out: decisions,
// cases and deployments in files of their own, or a record of findings.
func living(in Input) bool {
	if in.Pass != nil && !in.Pass.Triaged().Record.Empty() {
		return true
	}
	return in.Text != nil && slices.ContainsFunc(in.Text.Names(), func(name string) bool { return change.Afterwards(name, in.Text.Text(name)) })
}

// livingRecord marks a section that is made of what comes when a release is out (control
// of documents and of records: ISO 13485 4.2.4, 4.2.5); without blocks where nothing of
// that kind is there.
func (b *Book) livingRecord() []document.Block {
	if !living(b.Input) {
		return nil
	}
	return []document.Block{&document.Callout{Kind: document.Note, Title: b.Say("Record as of %s", b.Day), Blocks: []document.Block{
		b.Para("What stands here comes from decisions, cases and findings, which change while the release stays as it is. The approval of the release does not cover it.")}}}
}
