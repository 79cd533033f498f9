package trust

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/digitorus/timestamp"
)

// Media types of RFC 3161 section 3.4.
const (
	stampQuery = "application/timestamp-query"
	stampReply = "application/timestamp-reply"
)

const stampTimeout = time.Minute

// StampRequest makes the request for a time stamp over a signature: its SHA-256, a
// random nonce, and the wish for the certificate.
func StampRequest(signature []byte) ([]byte, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	return timestamp.CreateRequest(bytes.NewReader(signature), &timestamp.RequestOptions{
		Hash: crypto.SHA256, Certificates: true, Nonce: nonce,
	})
}

// FetchStamp gets a time stamp over a signature from an authority. The token is
// checked against the request and its own certificate; whether the authority is
// trusted is left to Verify.
func FetchStamp(ctx context.Context, address string, signature []byte) ([]byte, error) {
	request, err := StampRequest(signature)
	if err != nil {
		return nil, fmt.Errorf("request a time stamp: %w", err)
	}
	reply, err := post(ctx, address, request)
	if err != nil {
		return nil, fmt.Errorf("get a time stamp of %s: %w", address, err)
	}
	token, err := readReply(request, reply, signature)
	if err != nil {
		return nil, fmt.Errorf("time stamp of %s: %w", address, err)
	}
	return token, nil
}

func post(ctx context.Context, address string, request []byte) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("not an http or https address")
	}
	ctx, cancel := context.WithTimeout(ctx, stampTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(request))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", stampQuery)
	// A request that is sent on may end anywhere, and as another method.
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return readAnswer(answer)
}

func readAnswer(answer *http.Response) ([]byte, error) {
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answers %s", answer.Status)
	}
	if kind, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type")); err != nil || kind != stampReply {
		return nil, fmt.Errorf("the server answers with %q, not with a time stamp", answer.Header.Get("Content-Type"))
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxStamp+1))
	if err != nil {
		return nil, err
	}
	return text, nil
}

// readReply takes the token out of a reply, if it is the answer to the request.
func readReply(request, reply, signature []byte) ([]byte, error) {
	if err := checkDER(reply); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStampMalformed, err)
	}
	asked, err := timestamp.ParseRequest(request)
	if err != nil {
		return nil, err
	}
	pkcs7Lock.Lock()
	answer, err := timestamp.ParseResponse(reply)
	pkcs7Lock.Unlock()
	if err != nil {
		return nil, fmt.Errorf("the authority gives none: %w", err)
	}
	s, err := ReadStamp(answer.RawToken)
	if err != nil {
		return nil, err
	}
	if s.nonce == nil || s.nonce.Cmp(asked.Nonce) != 0 {
		return nil, fmt.Errorf("%w: it answers another request", ErrStampOther)
	}
	if err := s.covers(signature); err != nil {
		return nil, err
	}
	if s.Signer == nil {
		return nil, fmt.Errorf("%w: the certificate of its signer is missing, although it was asked for", ErrStampMalformed)
	}
	if err := signed(s.content); err != nil {
		return nil, err
	}
	return answer.RawToken, nil
}
