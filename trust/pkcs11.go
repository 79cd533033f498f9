package trust

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"theriac/internal/hsm"
)

const (
	helperName    = "theriac-pkcs11"
	helperEnv     = "THERIAC_PKCS11"
	helperTimeout = time.Minute
	helperTalk    = 4096 // of what it says on standard error
)

// tokenSigner signs with a key in a token, through the helper program.
type tokenSigner struct {
	helper  helper
	uri     *hsm.URI
	token   *hsm.Token
	public  *PublicKey
	ask     Passphrase
	pin     string
	refused error // of a PIN: it is not tried again, since each try counts
}

// openPKCS11 finds a key by its PKCS #11 URI. Where the token shows its public key
// to everybody, the PIN is asked for by the first signature.
func openPKCS11(ctx context.Context, ref string, p Passphrase) (Signer, error) {
	uri, err := hsm.ParseURI(ref)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoKey, err)
	}
	path, err := findHelper()
	if err != nil {
		return nil, err
	}
	s := &tokenSigner{helper: helper{path, helperTimeout}, uri: uri, ask: p}
	if err := s.open(ctx); err != nil {
		return nil, fmt.Errorf("open key in token: %w", err)
	}
	return s, nil
}

func (s *tokenSigner) open(ctx context.Context) error {
	answer, err := s.call(ctx, hsm.Public, nil)
	if hsm.Is(err, hsm.PINNeeded) && answer.Token != nil {
		s.token = answer.Token
		if err := s.enter(); err != nil {
			return err
		}
		answer, err = s.call(ctx, hsm.Public, nil)
	}
	if err != nil {
		return err
	}
	if answer.Key == nil || answer.Token == nil {
		return errors.New("theriac-pkcs11 answered without a key")
	}
	s.token = answer.Token
	s.public, err = ParsePublic([]byte(answer.Key.Public))
	return err
}

// Sign lets the token sign, and verifies what it made: a token may hold a public
// key that is not that of the private key of the same name.
func (s *tokenSigner) Sign(ctx context.Context, message []byte) ([]byte, error) {
	if len(message) > hsm.MaxMessage {
		return nil, fmt.Errorf("sign in token: the text has %d bytes, and a token signs at most %d", len(message), hsm.MaxMessage)
	}
	if err := s.enter(); err != nil {
		return nil, fmt.Errorf("sign in token: %w", err)
	}
	answer, err := s.call(ctx, hsm.Sign, message)
	if err != nil {
		return nil, fmt.Errorf("sign in token: %w", err)
	}
	if err := s.public.Verify(message, answer.Signature); err != nil {
		return nil, fmt.Errorf("sign in token %q: the public key that it shows is not that of the private key: %w", s.token.Label, err)
	}
	return answer.Signature, nil
}

func (s *tokenSigner) KeyID() (string, error) { return s.public.ID(), nil }
func (s *tokenSigner) Public() *PublicKey     { return s.public }

// enter asks for the PIN where one is to be typed here.
func (s *tokenSigner) enter() error {
	if s.refused != nil {
		return s.refused
	}
	if s.pin != "" || s.uri.PINSource != "" || s.token.Login != hsm.LoginPIN {
		return nil
	}
	prompt := fmt.Sprintf("PIN of the token %q", s.token.Label)
	switch s.token.PINState {
	case hsm.PINFinal:
		prompt += " (last try before it locks itself)"
	case hsm.PINLow:
		prompt += " (the last one was wrong)"
	}
	pin, err := s.ask.ask(prompt)
	if err != nil {
		return err
	}
	s.pin = string(pin)
	clear(pin)
	if s.pin == "" {
		return fmt.Errorf("%w: the PIN of the token %q is empty", ErrPassphrase, s.token.Label)
	}
	return nil
}

func (s *tokenSigner) call(ctx context.Context, operation string, message []byte) (*hsm.Answer, error) {
	if s.refused != nil {
		return nil, s.refused
	}
	answer, err := s.helper.call(ctx, &hsm.Request{
		Version: hsm.Version, Operation: operation, URI: s.uri.String(), PIN: s.pin, Message: message,
	})
	if f, ok := errors.AsType[*hsm.Failure](err); ok {
		err = &tokenError{f}
	}
	if hsm.Is(err, hsm.WrongPIN) || hsm.Is(err, hsm.LockedPIN) {
		s.refused = err
	}
	return answer, err
}

// tokenError says what the helper says, and is the error of this package for it.
type tokenError struct{ *hsm.Failure }

func (e *tokenError) Unwrap() []error { return []error{e.Failure, e.kind()} }

func (e *tokenError) kind() error {
	switch e.Code {
	case hsm.NoToken, hsm.NoKey:
		return ErrNoKey
	case hsm.AmbiguousToken, hsm.AmbiguousKey:
		return ErrAmbiguous
	case hsm.WrongPIN, hsm.LockedPIN, hsm.PINNeeded, hsm.PINSource:
		return ErrPassphrase
	case hsm.Unsupported:
		return ErrAlgorithm
	}
	return nil
}

// findHelper finds the helper program: where the environment says, beside this
// program, or on PATH.
func findHelper() (string, error) {
	if path := os.Getenv(helperEnv); path != "" {
		if !filepath.IsAbs(path) {
			return "", fmt.Errorf("the environment variable %s holds %q, which is not absolute", helperEnv, path)
		}
		return path, nil
	}
	if self, err := os.Executable(); err == nil {
		beside, err := exec.LookPath(filepath.Join(filepath.Dir(self), helperName))
		if err == nil {
			return beside, nil
		}
	}
	path, err := exec.LookPath(helperName)
	if err != nil {
		return "", fmt.Errorf("keys in tokens need the program %s, which is neither beside this one nor on PATH (%w): build it by CGO_ENABLED=1 go build ./cmd/%s, or name it in the environment variable %s", helperName, err, helperName, helperEnv)
	}
	return path, nil
}

// helper runs the helper program, once for each request.
type helper struct {
	path    string
	timeout time.Duration
}

func (h helper) call(ctx context.Context, request *hsm.Request) (*hsm.Answer, error) {
	text, err := hsm.Marshal(request)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	out, talk := &limited{max: hsm.MaxAnswer + 1}, &limited{max: helperTalk}
	cmd := exec.CommandContext(ctx, h.path)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(text), out, talk
	cmd.Env = withoutSecrets(os.Environ())
	cmd.WaitDelay = time.Second
	err = cmd.Run()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%s did not answer: %w", helperName, ctx.Err())
	}
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && (!ended || out.kept.Len() == 0) {
		return nil, fmt.Errorf("%s: %w: %s", helperName, err, bytes.TrimSpace(talk.kept.Bytes()))
	}
	answer, failure := hsm.ParseAnswer(out.kept.Bytes())
	if failure == nil && err != nil {
		return nil, fmt.Errorf("%s answered, and then: %w", helperName, err)
	}
	return answer, failure
}

// limited keeps the first bytes of what is written to it. It does not embed the
// buffer, whose ReadFrom would go around the limit.
type limited struct {
	kept bytes.Buffer
	max  int
}

func (l *limited) Write(p []byte) (int, error) {
	l.kept.Write(p[:min(len(p), l.max-l.kept.Len())])
	return len(p), nil
}

// withoutSecrets leaves a passphrase out of an environment: the helper, and the
// module of a maker that it loads, are given the PIN alone.
func withoutSecrets(env []string) []string {
	return slices.DeleteFunc(env, func(v string) bool { return strings.HasPrefix(v, "THERIAC_PASSPHRASE=") })
}
