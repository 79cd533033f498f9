package csaf

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// visitTime is how long an address may take to answer.
const visitTime = 20 * time.Second

// Resolver is an Options.Resolve that visits addresses. One that answers with a
// status below 400 resolves (CSAF 2.0 section 6.3.6).
func Resolver(ctx context.Context) func(address string) error {
	client := &http.Client{Timeout: visitTime}
	return func(address string) error {
		u, err := url.Parse(address)
		switch {
		case err != nil:
			return errors.New("not an address")
		case u.Scheme != "https" && u.Scheme != "http":
			return fmt.Errorf("cannot visit an address of scheme %q", u.Scheme)
		}
		status, err := visit(ctx, client, http.MethodHead, address)
		if err == nil && status >= 400 { // some servers know no HEAD
			status, err = visit(ctx, client, http.MethodGet, address)
		}
		if err != nil {
			return err
		}
		if status >= 400 {
			return fmt.Errorf("answers with status %d", status)
		}
		return nil
	}
}

func visit(ctx context.Context, client *http.Client, method, address string) (status int, err error) {
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return 0, err
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, errors.New("does not answer")
	}
	response.Body.Close()
	return response.StatusCode, nil
}
