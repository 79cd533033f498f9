package collect

// maxCases bounds the checks of one report.
const maxCases = 1_000_000

// maxDepth bounds how deep elements or values may lie in one another. The
// deepest reports of real tools stay below 30.
const maxDepth = 128

// sized refuses an input that is empty or larger than MaxInput.
func sized(in *Source) error {
	switch {
	case len(in.Data) == 0:
		return malformed(0, "the file is empty")
	case len(in.Data) > MaxInput:
		return malformed(0, "the file has %d bytes, more than %d", len(in.Data), MaxInput)
	}
	return nil
}

// counted refuses a report with more checks than maxCases.
func counted(n int) error {
	if n > maxCases {
		return malformed(0, "more than %d checks", maxCases)
	}
	return nil
}
