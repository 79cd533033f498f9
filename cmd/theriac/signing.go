package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"theriac/evidence"
	"theriac/trust"
)

// passphraseEnv holds the passphrase of a key file, or the PIN of a token, where
// there is nobody to ask.
const passphraseEnv = "THERIAC_PASSPHRASE"

// signFlags are the flags of commands that sign.
type signFlags struct {
	key        string
	passphrase string
	authority  string
}

func (s *signFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.key, "sign", "", "`key` to sign with: a key file, ssh-agent:FINGERPRINT, a pkcs11: URI, or demo:NAME in a demonstration (required)")
	f.StringVar(&s.passphrase, "passphrase-file", "", "`file` with the passphrase or PIN; without it "+passphraseEnv+" or a question on the terminal")
	f.StringVar(&s.authority, "time-stamp", "", "`URL` of a time-stamp authority (RFC 3161) that stamps the signature")
}

// open finds the key.
func (s *signFlags) open(cmd *cobra.Command) (trust.Signer, error) {
	if s.key == "" {
		return nil, fmt.Errorf("who signs it? Give the key with --sign; `theriac keys new` makes one")
	}
	return trust.OpenSigner(cmd.Context(), s.key, func(prompt string) ([]byte, error) { return s.secret(cmd, prompt) })
}

// secret is the passphrase or PIN: from the file, the environment, or the user.
func (s *signFlags) secret(cmd *cobra.Command, prompt string) ([]byte, error) {
	if s.passphrase != "" {
		return readSecret(s.passphrase)
	}
	if given, ok := os.LookupEnv(passphraseEnv); ok {
		return []byte(given), nil
	}
	return askSecret(cmd.InOrStdin(), cmd.ErrOrStderr(), prompt)
}

// readSecret reads the first line of a small file.
func readSecret(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 4096))
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), err
}

// askSecret asks the user, who must sit at a terminal.
func askSecret(in io.Reader, talk io.Writer, prompt string) ([]byte, error) {
	terminal, ok := in.(*os.File)
	if !ok || !term.IsTerminal(terminal.Fd()) {
		return nil, fmt.Errorf("the %s is needed and there is no terminal to ask at; use --passphrase-file or %s", prompt, passphraseEnv)
	}
	fmt.Fprintf(talk, "%s: ", prompt)
	answer, err := term.ReadPassword(terminal.Fd())
	fmt.Fprintln(talk)
	return answer, err
}

// signed is a signed statement with its time stamp, if it has one.
type signed struct{ envelope, stamp []byte }

// seal signs a statement, and has it stamped where that is asked for.
func (s *signFlags) seal(ctx context.Context, payload []byte, key trust.Signer) (signed, error) {
	envelope, err := trust.Seal(ctx, evidence.PayloadType, payload, key)
	if err != nil || s.authority == "" {
		return signed{envelope: envelope}, err
	}
	opened, err := trust.OpenEnvelope(envelope)
	if err != nil {
		return signed{}, err
	}
	stamp, err := trust.FetchStamp(ctx, s.authority, opened.Signatures[0].Value)
	return signed{envelope, stamp}, err
}

// keepSigned writes a statement with its time stamp into the folder of the
// security file, the statement last. One that is there stays as it is.
func keepSigned(root *os.Root, name string, done signed) error {
	if err := signedBefore(root, name); err != nil {
		return err
	}
	if err := makeFolder(root, path.Dir(name)); err != nil {
		return err
	}
	if done.stamp != nil { // one without its statement is of a signature that was lost
		if err := replaceIn(root, filepath.FromSlash(name+evidence.StampExt), done.stamp, newMode); err != nil {
			return err
		}
	}
	err := createIn(root, filepath.FromSlash(name), done.envelope, newMode)
	if errors.Is(err, fs.ErrExist) {
		err = signedBefore(root, name)
	}
	return err
}

// signedBefore complains about a statement that is there.
func signedBefore(root *os.Root, name string) error {
	if _, err := root.Lstat(filepath.FromSlash(name)); err == nil {
		return fmt.Errorf("%s is there already: the same was signed before", name)
	}
	return nil
}

// makeFolder makes a folder below the root and those above it.
func makeFolder(root *os.Root, name string) error {
	err := root.MkdirAll(filepath.FromSlash(name), 0o755)
	switch {
	case errors.Is(err, fs.ErrExist), errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("make the folder %s: a file is in the way", filepath.Join(root.Name(), filepath.FromSlash(name)))
	case err != nil:
		return cannotWrite(root, name, err)
	}
	return nil
}

// moment is the time at which something is signed, in whole seconds of UTC: that
// of SOURCE_DATE_EPOCH, else that of the clock.
func moment(epoch string, now time.Time) (time.Time, error) {
	if epoch == "" {
		return now.UTC().Truncate(time.Second), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil || seconds < 0 || seconds > 1<<40 {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH: expected seconds since 1970, found %q", epoch)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// errNoSigner says that a key belongs to nobody on the roster.
var errNoSigner = errors.New("the key is of no signer of the roster")

// holderOf finds who a key belongs to.
func holderOf(roster *trust.Roster, key trust.Signer) (*trust.Holder, error) {
	h := roster.Find(key.Public().ID())
	if name := trust.DemoName(key.Public()); h == nil && name != "" {
		return nil, fmt.Errorf("%w: demonstration keys, such as %s, count only where a signer has them and the product has `demonstration: true`", errNoSigner, name)
	}
	if h == nil {
		return nil, fmt.Errorf("%w (%s…); enter it under `signers:`, which `theriac keys new` does", errNoSigner, key.Public().ID()[:12])
	}
	return h, nil
}

// confirmed asks before something is signed. Where nobody can be asked, only
// --yes signs.
func confirmed(cmd *cobra.Command, yes bool, what string) error {
	if yes {
		return nil
	}
	terminal, ok := cmd.InOrStdin().(*os.File)
	if !ok || !term.IsTerminal(terminal.Fd()) {
		return fmt.Errorf("nobody can be asked whether to %s; look at what is shown, and use --yes", what)
	}
	fmt.Fprintf(plainText{cmd.ErrOrStderr()}, "%s? Type yes: ", what)
	var answer string
	if _, err := fmt.Fscanln(terminal, &answer); err != nil || answer != "yes" {
		return errors.New("nothing was signed")
	}
	return nil
}
