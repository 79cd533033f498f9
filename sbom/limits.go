package sbom

// mostEntries bounds the licences, the hashes, the links and such of one component.
const mostEntries = 10_000

// Limits bound what is read of a bill of materials. What is zero means the
// default in brackets.
type Limits struct {
	Bytes        int64 // of the file (2 GiB)
	Components   int   // components and services (2 million)
	Dependencies int   // pairs of components (10 million)
	Text         int   // bytes of one text (64 KiB); longer ones are left out
	Depth        int   // of elements in each other (256)
	Problems     int   // that are listed (100); more are counted
}

func (l Limits) orDefault() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 2 << 30
	}
	if l.Components <= 0 {
		l.Components = 2_000_000
	}
	if l.Dependencies <= 0 {
		l.Dependencies = 10_000_000
	}
	if l.Text <= 0 {
		l.Text = 64 << 10
	}
	if l.Depth <= 0 {
		l.Depth = 256
	}
	if l.Problems <= 0 {
		l.Problems = 100
	}
	return l
}
