package trace

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"
)

// tags searches the source code for tags.
func (s *sources) tags(ctx context.Context, wanted map[string][]*Resolution) error {
	files, complete, err := s.list(ctx)
	if err != nil {
		return err
	}
	found := make([][]tagged, len(files))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, at := range files {
		group.Go(func() error {
			if text, ok := s.read(at); ok {
				found[i] = findTags(text, func(tag string) bool { return wanted[tag] != nil })
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	places := map[string][]CodePlace{}
	for i, list := range found {
		for _, t := range list {
			places[t.tag] = append(places[t.tag], CodePlace{s.shown(files[i]), t.line})
		}
	}
	for tag, refs := range wanted {
		for _, r := range refs {
			r.Status = tagStatus(len(places[tag]), complete)
			r.Places = places[tag][:min(maxPlaces, len(places[tag]))]
		}
	}
	return nil
}

func tagStatus(places int, complete bool) CodeStatus {
	switch {
	case places == 1:
		return CodeFound
	case places > 1:
		return CodeAmbiguous
	case !complete:
		return CodeUnsearched
	}
	return CodeNoTag
}

// errEnough ends a walk that has reached a limit.
var errEnough = errors.New("enough")

// list names the files to search, from the workspace and in order, each once,
// and tells whether those are all. Hidden files and folders are left out, links
// are not followed, and a security file that lies within the source code does
// not belong to it.
func (s *sources) list(ctx context.Context) (files []string, complete bool, err error) {
	seen, total := map[string]bool{}, int64(0)
	for _, folder := range s.folders {
		err = fs.WalkDir(s.workspace.FS(), folder, func(at string, d fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				return nil // what cannot be read cannot hold a tag that people see
			case at != folder && (strings.HasPrefix(path.Base(at), ".") || d.IsDir() && at == s.home):
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			case !d.Type().IsRegular() || seen[at]:
				return nil
			}
			info, err := d.Info()
			if err != nil || info.Size() > maxSource {
				return nil
			}
			if total += info.Size(); len(files) == maxSources || total > maxSourceBytes {
				return errEnough
			}
			seen[at], files = true, append(files, at)
			return nil
		})
		if errors.Is(err, errEnough) {
			return files, false, nil
		} else if err != nil {
			return nil, false, err
		}
	}
	return files, true, nil
}

// tagged is a tag in a text.
type tagged struct {
	tag  string
	line int
}

// findTags lists the tags of a text that are wanted, in its order.
func findTags(text []byte, wanted func(string) bool) []tagged {
	var found []tagged
	line, counted := 1, 0
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(TagPrefix))
		if i < 0 {
			return found
		}
		start := at + i
		at = start + len(TagPrefix)
		end := at
		for end < len(text) && end-at < maxCodeRef && tagByte(text[end]) {
			end++
		}
		tag := strings.TrimRight(string(text[at:end]), ".") // the end of a sentence
		if !wanted(tag) || start > 0 && (wordByte(text[start-1]) || text[start-1] == '-' || text[start-1] == '.') {
			continue
		}
		line += bytes.Count(text[counted:start], []byte("\n"))
		counted = start
		found = append(found, tagged{tag, line})
	}
}

func tagByte(c byte) bool { return wordByte(c) || c == '.' || c == '-' }

// wordByte reports whether a byte belongs to a word of a program. Bytes of
// characters beyond ASCII do.
func wordByte(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
