package trust

import (
	"errors"
	"slices"
	"testing"
)

// TestSeen: what fitted once fits again, and nothing else does because of it.
func TestSeen(t *testing.T) {
	message := []byte("a statement")
	for _, name := range []string{"software-quality", "build-system"} {
		key, err := Demo(name)
		if err != nil {
			t.Fatal(err)
		}
		other, err := Demo("stranger")
		if err != nil {
			t.Fatal(err)
		}
		signature, err := key.Sign(t.Context(), message)
		if err != nil {
			t.Fatal(err)
		}
		flipped := slices.Clone(signature)
		flipped[len(flipped)-1] ^= 1
		var seen Seen
		for _, s := range []*Seen{&seen, &seen, nil} {
			if err := s.verify(key.Public(), message, signature); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			for what, err := range map[string]error{
				"other message":    s.verify(key.Public(), []byte("a statemenT"), signature),
				"longer message":   s.verify(key.Public(), append(slices.Clone(message), 0), signature),
				"other signature":  s.verify(key.Public(), message, flipped),
				"other key":        s.verify(other.Public(), message, signature),
				"split elsewhere":  s.verify(key.Public(), slices.Concat(signature[len(signature)-1:], message), signature[:len(signature)-1]),
				"without anything": s.verify(key.Public(), nil, nil),
			} {
				if !errors.Is(err, ErrSignature) {
					t.Errorf("%s: %s: %v", name, what, err)
				}
			}
		}
		if len(seen.fit) != 1 {
			t.Errorf("%s: %d are remembered", name, len(seen.fit))
		}
	}
}

// TestSeenBounded: a stream of signatures does not fill the memory.
func TestSeenBounded(t *testing.T) {
	key, err := Demo("software-quality")
	if err != nil {
		t.Fatal(err)
	}
	seen := Seen{fit: map[[32]byte]bool{}}
	for i := range maxSeen {
		seen.fit[[32]byte{byte(i), byte(i >> 8), byte(i >> 16)}] = true
	}
	signature, err := key.Sign(t.Context(), []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if err := seen.verify(key.Public(), []byte("x"), signature); err != nil || len(seen.fit) != 1 {
		t.Errorf("%v, %d are remembered", err, len(seen.fit))
	}
}
