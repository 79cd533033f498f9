package trust

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
)

// Seen remembers signatures that fitted, so that an editor does not verify all anew for
// each key that is pressed. It is safe for concurrent use; nil remembers nothing.
type Seen struct {
	mu  sync.Mutex
	fit map[[sha256.Size]byte]bool
}

// maxSeen bounds what is remembered, in signatures.
const maxSeen = 1 << 17

// verify is PublicKey.Verify. One that did not fit is not remembered.
func (s *Seen) verify(key *PublicKey, message, signature []byte) error {
	if s == nil {
		return key.Verify(message, signature)
	}
	mark := markOf(key, message, signature)
	s.mu.Lock()
	known := s.fit[mark]
	s.mu.Unlock()
	if known {
		return nil
	}
	if err := key.Verify(message, signature); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fit == nil || len(s.fit) >= maxSeen {
		s.fit = map[[sha256.Size]byte]bool{}
	}
	s.fit[mark] = true
	return nil
}

// markOf is the SHA-256 over key, signature and message, each of the first two with its
// length.
func markOf(key *PublicKey, message, signature []byte) (mark [sha256.Size]byte) {
	sum := sha256.New()
	for _, part := range [][]byte{key.der, signature} {
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		sum.Write(part)
	}
	sum.Write(message)
	sum.Sum(mark[:0])
	return mark
}
