package vuln

import (
	"strings"
	"unicode"
)

// Repository is the form of a repository's address in which two spellings of it are
// equal: host and path in lower case, without scheme, user, port, .git and the
// slashes around them. It is "" where the text is no address.
func Repository(address string) string {
	s := strings.ToLower(strings.TrimSpace(address))
	s, _, _ = strings.Cut(s, "#")
	s, _, _ = strings.Cut(s, "?")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "scm:git:"), "git+")
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		// user@host:path, as ssh writes it
		if host, path, ok := strings.Cut(s, ":"); ok && !strings.Contains(host, "/") {
			s = host + "/" + strings.TrimLeft(path, "/")
		}
	} else if s = rest; scheme == "file" {
		return ""
	}
	host, path, _ := strings.Cut(s, "/")
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	host, _, _ = strings.Cut(host, ":")
	path, _, _ = strings.Cut(path, "@") // a revision, as package managers append it
	path = strings.TrimSuffix(strings.Trim(path, "/"), ".git")
	clean := path != "" && strings.Trim(path, "/") == path && !strings.HasSuffix(path, ".git") && !strings.Contains(path, "://") && !strings.ContainsFunc(path, unicode.IsSpace)
	if !clean || !isHost(host) {
		return ""
	}
	return host + "/" + path
}

// isHost reports whether a text can be the name of a host on the Internet.
func isHost(s string) bool {
	first, rest, dotted := strings.Cut(s, ".")
	return dotted && first != "" && rest != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' && r != '-'
	})
}
