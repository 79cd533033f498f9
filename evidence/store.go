package evidence

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"theriac/trust"
)

// Where evidence is kept, as slash paths below the folder of the security file.
const (
	Folder      = "evidence"
	InputFolder = Folder + "/inputs"

	statementExt = ".json"
	// StampExt is behind the name of a statement in that of its time stamp.
	StampExt = ".tsr"
)

// PathOf is where a statement is kept: by release, kind, and the id of its payload.
func PathOf(s *Statement, payload []byte) string {
	return path.Join(FolderOf(s.Release), string(s.Kind)+"-"+IDOf(payload)+statementExt)
}

// FolderOf is where the statements about a version are kept.
func FolderOf(version string) string { return path.Join(Folder, folderOf(version)) }

// folderOf makes the name of a folder of a version, which may be any text.
func folderOf(version string) string {
	name := strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("._+-", r)) {
			return r
		}
		return '-'
	}, version)
	if name = strings.TrimLeft(name, "."); name == "" || name == path.Base(InputFolder) {
		return "release-" + name
	}
	return name
}

// Limits for a store.
const (
	maxPieces    = 100000
	maxStatement = 16 << 20
	maxStamp     = 1 << 20
)

// Store is what lies below the evidence folder, read and verified as far as that
// is possible without knowing what it is about.
type Store struct {
	Pieces []*Piece // by path
	Stray  []string // files that are neither a statement nor an input nor a time stamp
	Unused []string // inputs that no statement names
	Stamps []string // time stamps without a statement
	Bytes  int64    // of inputs that were hashed
}

// Piece is one statement of the store with its signatures.
type Piece struct {
	Path      string     // slash path below the folder of the security file
	ID        string     // first 12 digits of the SHA-256 of the payload; of the file where there is no payload
	Statement *Statement // nil where it cannot be read
	Signed    []Signed   // signatures that fit
	Reasons   []Reason   // why it does not count, whatever it is for
}

// Signed is a signature that fits the text, by a key of the roster.
type Signed struct {
	By      *trust.Holder
	Stamped time.Time // zero without a time stamp that counts
}

// Find returns the piece whose id begins with a prefix of at least four digits;
// nil when there is none, or more than one.
func (s *Store) Find(prefix string) *Piece {
	var found *Piece
	for _, p := range s.Pieces {
		if len(prefix) >= 4 && strings.HasPrefix(p.ID, prefix) || p.Path == prefix {
			if found != nil {
				return nil
			}
			found = p
		}
	}
	return found
}

// Read reads the store in a file system whose root is the folder of the security
// file. A folder without evidence is an empty store. Hashes may be nil.
func Read(ctx context.Context, fsys fs.FS, roster *trust.Roster, hashes *Hashes) (*Store, error) {
	r := &reader{ctx: ctx, fsys: fsys, roster: roster, hashes: hashes, stamps: map[string]bool{}, inputs: map[string]*inputFile{}}
	if err := r.list(); err != nil || len(r.statements)+len(r.inputs)+len(r.stray) == 0 {
		return &Store{}, err
	}
	pieces, err := r.pieces()
	if err != nil {
		return nil, err
	}
	if err := r.hash(); err != nil {
		return nil, err
	}
	s := &Store{Pieces: pieces, Stray: r.stray}
	for _, p := range pieces {
		r.compare(p)
	}
	s.Unused, s.Bytes = r.unused()
	for _, name := range r.orphans() {
		s.Stamps = append(s.Stamps, name)
	}
	return s, nil
}

type reader struct {
	ctx        context.Context
	fsys       fs.FS
	roster     *trust.Roster
	hashes     *Hashes
	statements []string
	stamps     map[string]bool // whether a statement has claimed it
	inputs     map[string]*inputFile
	stray      []string
}

// inputFile is a file of the input folder.
type inputFile struct {
	info   fs.FileInfo
	digest string // as it was found to be
	used   bool
}

// list finds the files of the store. Links are not followed.
func (r *reader) list() error {
	err := fs.WalkDir(r.fsys, Folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if name == Folder && errors.Is(err, fs.ErrNotExist) {
				return fs.SkipAll
			}
			return err
		case r.ctx.Err() != nil:
			return r.ctx.Err()
		case d.IsDir():
			return nil
		}
		return r.file(name, d)
	})
	slices.Sort(r.statements)
	return err
}

func (r *reader) file(name string, d fs.DirEntry) error {
	dir, base := path.Split(name)
	switch {
	case strings.HasPrefix(base, "."):
	case !d.Type().IsRegular():
		r.stray = append(r.stray, name)
	case dir == InputFolder+"/" && IsDigest(base):
		info, err := d.Info()
		if err != nil {
			return err
		}
		r.inputs[base] = &inputFile{info: info}
	case strings.HasSuffix(base, statementExt) && dir != InputFolder+"/":
		if r.statements = append(r.statements, name); len(r.statements) > maxPieces {
			return fmt.Errorf("%s holds more than %d statements", Folder, maxPieces)
		}
	case strings.HasSuffix(base, statementExt+StampExt):
		r.stamps[name] = false
	default:
		r.stray = append(r.stray, name)
	}
	return nil
}

// pieces reads the statements, several at a time.
func (r *reader) pieces() ([]*Piece, error) {
	all := make([]*Piece, len(r.statements))
	group, ctx := errgroup.WithContext(r.ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	const batch = 32
	for from := 0; from < len(all); from += batch {
		to := min(from+batch, len(all))
		group.Go(func() error {
			for i := from; i < to; i++ {
				if err := ctx.Err(); err != nil {
					return err
				}
				var err error
				if all[i], err = r.piece(r.statements[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, name := range r.statements {
		if _, there := r.stamps[name+StampExt]; there {
			r.stamps[name+StampExt] = true
		}
	}
	return all, nil
}

func (r *reader) piece(name string) (*Piece, error) {
	text, err := ReadLimited(r.fsys, name, maxStatement)
	if err != nil {
		return nil, err
	}
	var stamp []byte
	if _, there := r.stamps[name+StampExt]; there {
		if stamp, err = ReadLimited(r.fsys, name+StampExt, maxStamp); err != nil {
			return nil, err
		}
	}
	return ReadPiece(name, text, stamp, r.roster), nil
}

// ReadLimited reads a file, and one byte more than the limit of one that is
// longer, which then is too long for its reader.
func ReadLimited(fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	buf := make([]byte, 0, min(info.Size(), limit)+1)
	for {
		n, err := f.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case err == io.EOF || int64(len(buf)) > limit:
			return buf, nil
		case err != nil:
			return nil, err
		case len(buf) == cap(buf):
			buf = slices.Grow(buf, 4096)
		}
	}
}

// ReadPiece reads one envelope with its time stamp, if it has one, and verifies
// its signatures.
func ReadPiece(name string, text, stamp []byte, roster *trust.Roster) *Piece {
	p := &Piece{Path: name}
	e, err := trust.OpenEnvelope(text)
	if err != nil {
		p.ID = IDOf(text)
		p.Reasons = append(p.Reasons, malformed("", "the file is no signed statement: %s", err))
		return p
	}
	p.ID = IDOf(e.Payload)
	if e.PayloadType != PayloadType {
		p.Reasons = append(p.Reasons, malformed("", "the envelope holds %q, not an in-toto statement", e.PayloadType))
		return p
	}
	var faults []Reason
	p.Statement, faults = Decode(e.Payload)
	p.Reasons = append(p.Reasons, faults...)
	signed, reasons := Verify(e, stamp, roster)
	p.Signed, p.Reasons = signed, append(p.Reasons, reasons...)
	return p
}

// IDOf is the id of a signed text: the first 12 digits of its SHA-256.
func IDOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:6])
}

// Verify finds the holders of the roster whose signatures fit the text of an
// envelope, and says of the others what is wrong with them. Nothing is wrong with
// a stranger's signature beside one that fits.
func Verify(e *trust.Envelope, stamp []byte, roster *trust.Roster) (signed []Signed, reasons []Reason) {
	var strangers []Reason
	for i, s := range e.Signatures {
		field := fmt.Sprintf("signatures[%d]", i)
		holder := roster.Find(s.KeyID)
		if holder == nil {
			strangers = append(strangers, Reason{State: Untrusted, Field: field, Message: fmt.Sprintf("it is signed with key %s, which is of no signer of the roster", short(s.KeyID))})
			continue
		}
		value, err := e.Verify(holder.Key)
		if err != nil {
			reasons = append(reasons, Reason{State: Malformed, Field: field, Entity: holder.Signer,
				Message: fmt.Sprintf("the signature of %s does not fit the text: one of the two was altered since it was signed", holder.Signer.ID)})
			continue
		}
		at, why := stampedAt(stamp, value, roster)
		if why != "" && i == 0 {
			reasons = append(reasons, Reason{State: Untrusted, Field: "time stamp", Message: why})
		}
		signed = append(signed, Signed{By: holder, Stamped: at})
	}
	if len(signed) == 0 {
		reasons = append(reasons, strangers...)
	}
	return signed, reasons
}

// stampedAt is the time that a time stamp proves for a signature. A stamp is of
// the first signature.
func stampedAt(stamp, signature []byte, roster *trust.Roster) (time.Time, string) {
	if stamp == nil {
		return time.Time{}, ""
	}
	s, err := trust.ReadStamp(stamp)
	if err != nil {
		return time.Time{}, fmt.Sprintf("its time stamp cannot be read: %s", err)
	}
	at, err := s.Verify(signature, roster.Authorities)
	if err != nil {
		return time.Time{}, fmt.Sprintf("its time stamp does not count: %s", err)
	}
	return at, ""
}

func short(keyID string) string { return keyID[:min(len(keyID), 12)] }

// hash finds the digests of all inputs that statements name, several at a time;
// the largest first, so that no core waits long at the end.
func (r *reader) hash() error {
	var names []string
	for name, in := range r.inputs {
		if in.digest = r.known(name, in); in.digest == "" {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(r.inputs[b].info.Size(), r.inputs[a].info.Size()), cmp.Compare(a, b))
	})
	work := make(chan string)
	group, ctx := errgroup.WithContext(r.ctx)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			buf := make([]byte, 256<<10)
			for name := range work {
				in := r.inputs[name]
				digest, err := hashFile(ctx, r.fsys, InputFolder+"/"+name, buf)
				if err != nil {
					return err
				}
				in.digest = digest
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(work)
		for _, name := range names {
			select {
			case work <- name:
			case <-ctx.Done():
				return nil
			}
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return err
	}
	for name, in := range r.inputs {
		r.hashes.keep(name, in.info, in.digest)
	}
	return nil
}

// Digester is a file system that has hashed its files already: an archive that was
// compared with its manifest.
type Digester interface {
	fs.FS
	// Digest is the SHA-256 of the content of a file, "" where there is none.
	Digest(name string) string
}

// known is the digest of an input where somebody has hashed it already.
func (r *reader) known(name string, in *inputFile) string {
	if d, ok := r.fsys.(Digester); ok {
		return d.Digest(InputFolder + "/" + name)
	}
	return r.hashes.known(name, in.info)
}

func hashFile(ctx context.Context, fsys fs.FS, name string, buf []byte) (string, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	for {
		n, err := f.Read(buf)
		sum.Write(buf[:n])
		switch {
		case err == io.EOF:
			return hex.EncodeToString(sum.Sum(nil)), nil
		case err != nil:
			return "", err
		case ctx.Err() != nil:
			return "", ctx.Err()
		}
	}
}

// compare looks at the inputs that a statement names.
func (r *reader) compare(p *Piece) {
	if p.Statement == nil {
		return
	}
	for i, in := range p.Statement.Inputs {
		field := fmt.Sprintf("predicate.inputs[%d]", i)
		file := r.inputs[in.SHA256]
		switch {
		case file == nil:
			p.Reasons = append(p.Reasons, malformed(field, "its input %s is gone: there is no %s/%s", in.Name, InputFolder, short(in.SHA256)+"…"))
			continue
		case file.digest != in.SHA256:
			p.Reasons = append(p.Reasons, malformed(field, "its input %s was altered: %s/%s has another SHA-256", in.Name, InputFolder, short(in.SHA256)+"…"))
		case file.info.Size() != in.Size:
			p.Reasons = append(p.Reasons, malformed(field+".size", "its input %s has %d bytes, not %d", in.Name, file.info.Size(), in.Size))
		}
		file.used = true
	}
}

func (r *reader) unused() (names []string, bytes int64) {
	for name, in := range r.inputs {
		bytes += in.info.Size()
		if !in.used {
			names = append(names, InputFolder+"/"+name)
		}
	}
	slices.Sort(names)
	return names, bytes
}

func (r *reader) orphans() (names []string) {
	for name, claimed := range r.stamps {
		if !claimed {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Hashes remembers the digests of inputs between two readings, so that an editor
// does not hash gigabytes for each key that is pressed. It is safe for concurrent
// use; nil remembers nothing.
type Hashes struct {
	mu    sync.Mutex
	files map[string]hashed
}

type hashed struct {
	info   fs.FileInfo
	taken  time.Time
	digest string
}

// grain is how far apart two changes of a file may lie and still get the same
// time: the coarsest file system in use, FAT, counts in steps of two seconds.
const grain = 2 * time.Second

func (h *Hashes) known(name string, now fs.FileInfo) string {
	if h == nil {
		return ""
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	was, ok := h.files[name]
	if !ok || was.info.Size() != now.Size() || !was.info.ModTime().Equal(now.ModTime()) || was.taken.Sub(now.ModTime()) <= grain {
		return ""
	}
	return was.digest
}

func (h *Hashes) keep(name string, info fs.FileInfo, digest string) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.files == nil {
		h.files = map[string]hashed{}
	}
	if was, ok := h.files[name]; ok && was.digest == digest && was.info.ModTime().Equal(info.ModTime()) {
		return // it was taken from here: how old that is has not changed
	}
	h.files[name] = hashed{info, time.Now(), digest}
}
