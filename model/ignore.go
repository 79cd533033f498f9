package model

import "theriac/syntax"

// IgnorePatterns reads the patterns under `ignore:` of the text of a root file,
// for programs that deal with the files of a folder one by one. What else the
// text says, and what is wrong with it, is for Load.
func IgnorePatterns(text []byte) []string {
	var head struct {
		Ignore []string `yaml:"ignore"`
	}
	node, _, _ := syntax.Parse(RootFile, text)
	var d syntax.Decoder
	d.Decode(node, &head)
	return head.Ignore
}

// Ignored reports whether a file, named by its slash path in a security file or
// library, is one of those that the patterns leave out.
func Ignored(patterns []string, name string) bool { return matches(patterns, name) }
