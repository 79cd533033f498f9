package check

import "strings"

// SameVersion tells whether two ways to write a version can mean the same one.
// What distributors add behind the number does not count, and neither does a
// number that is only given less exactly.
func SameVersion(stated, packaged string) bool {
	stated, packaged = withoutEpoch(stated), withoutEpoch(packaged)
	bareStated, barePackaged := bare(stated), bare(packaged)
	if strings.Contains(barePackaged, bareStated) || strings.Contains(bareStated, barePackaged) {
		// The shorter may still end in the middle of a number: 3.1 and 3.15.
		if numberIn(stated) == "" || numberIn(packaged) == "" || bareStated == barePackaged {
			return true
		}
	}
	a, b := numberIn(strings.ToLower(stated)), numberIn(strings.ToLower(packaged))
	return a == "" || b == "" || vaguer(a, b) || vaguer(b, a)
}

// withoutEpoch takes off what Debian and RPM put before a version: a number and a colon.
func withoutEpoch(version string) string {
	if n := digits(version); n > 0 && n < len(version) && version[n] == ':' {
		return version[n+1:]
	}
	return version
}

// bare is a version without case and marks.
func bare(version string) string {
	out := make([]byte, 0, len(version))
	for i := range len(version) {
		switch c := version[i]; {
		case isDigit(c) || 'a' <= c && c <= 'z':
			out = append(out, c)
		case 'A' <= c && c <= 'Z':
			out = append(out, c-'A'+'a')
		}
	}
	return string(out)
}

// numberIn is the first number of a release in a version, with the letter some projects
// add: 1.0.2k. It is "" where there is none.
func numberIn(version string) string {
	start := strings.IndexFunc(version, func(r rune) bool { return '0' <= r && r <= '9' })
	if start < 0 {
		return ""
	}
	version = version[start:]
	end := digits(version)
	for end+1 < len(version) && version[end] == '.' && isDigit(version[end+1]) {
		end += 1 + digits(version[end+1:])
	}
	if rest := version[end:]; rest != "" && 'a' <= rest[0] && rest[0] <= 'z' && (len(rest) == 1 || !isWord(rest[1])) {
		end++
	}
	return version[:end]
}

// digits counts the digits that a text begins with.
func digits(text string) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

// vaguer tells whether a number is another with less behind it.
func vaguer(short, long string) bool {
	rest, ok := strings.CutPrefix(long, short)
	return ok && (rest == "" || rest[0] < '0' || rest[0] > '9')
}
