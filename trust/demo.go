package trust

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// demoPrefix names a demonstration key among signers.
const demoPrefix = "demo:"

// DemoNames are the names of the demonstration keys. Everybody has these keys:
// each follows from its name. They are there to try the tool and for the examples,
// and check refuses them for a product that is not marked as a demonstration.
var DemoNames = []string{
	"root", "build-system", "test-lead", "product-security", "software-quality", "security-laboratory",
	"human-factors", "radio-laboratory", "risk-manager", "regulatory-affairs", "development", "stranger", "retired",
}

// Demo is the demonstration key with a name.
func Demo(name string) (*PrivateKey, error) {
	if !slices.Contains(DemoNames, name) {
		return nil, fmt.Errorf("%w: demonstration keys are %s", ErrNoKey, strings.Join(DemoNames, ", "))
	}
	seed := sha256.Sum256([]byte("theriac demonstration key: " + name))
	return newPrivate(ed25519.NewKeyFromSeed(seed[:]))
}

// demoSigner is Demo without the pitfall of a nil key in an interface.
func demoSigner(name string) (Signer, error) {
	key, err := Demo(name)
	if err != nil {
		return nil, err
	}
	return key, nil
}

// demoKeys are the names of the demonstration keys by key id.
var demoKeys = sync.OnceValue(func() map[string]string {
	ids := map[string]string{}
	for _, name := range DemoNames {
		key, err := Demo(name)
		if err != nil {
			panic(err) // the names are ours
		}
		ids[key.Public().ID()] = name
	}
	return ids
})

// DemoName is the name of a demonstration key; "" for any other key.
func DemoName(k *PublicKey) string { return demoKeys()[k.ID()] }
