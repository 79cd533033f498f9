package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"time"

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
	if len(signed) == 0 && p.Statement != nil {
		p.Statement.forget()
	}
	return p
}

// forget drops what no judgement needs of a statement that nobody known signed, so
// that strangers cannot fill the memory.
func (s *Statement) forget() { s.Basis, s.Network, s.Details, s.Coverage = nil, nil, Details{}, nil }

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
		value, err := roster.Verify(e, holder.Key)
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
	at, err := roster.Stamped(stamp, signature)
	if err != nil {
		return time.Time{}, fmt.Sprintf("its time stamp does not count: %s", err)
	}
	return at, ""
}

func short(keyID string) string { return keyID[:min(len(keyID), 12)] }

// Hashes remembers the digests of inputs between two readings, so that an editor
// does not hash gigabytes for each key that is pressed, and the signatures that
// fitted. It is safe for concurrent use; nil remembers nothing.
type Hashes struct {
	mu    sync.Mutex
	files map[string]hashed
	seen  trust.Seen
}

// Signatures are those that fitted, for the roster of the next reading.
func (h *Hashes) Signatures() *trust.Seen {
	if h == nil {
		return nil
	}
	return &h.seen
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
	if !ok || was.taken.Sub(now.ModTime()) <= grain || !sameFile(was.info, now) {
		return ""
	}
	return was.digest
}

// sameFile tells whether a file is where it was and has not changed since. Where a
// file system does not say which file it is, nothing is the same.
func sameFile(was, now fs.FileInfo) bool {
	return os.SameFile(was, now) && was.Size() == now.Size() && was.ModTime().Equal(now.ModTime())
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
	h.files[name] = hashed{info, time.Now(), digest}
}
