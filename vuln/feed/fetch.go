package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"
)

func isURL(where string) bool {
	return strings.HasPrefix(where, "https://") || strings.HasPrefix(where, "http://")
}

// fetch copies what a URL serves into a temporary file, which the caller removes, and
// names it as the URL does. Redirects are followed five times, and never from https
// to http.
func fetch(ctx context.Context, where string, most int64) (file, name string, err error) {
	address, err := url.Parse(where)
	if err != nil || address.Host == "" {
		return "", "", errors.New("the URL cannot be read")
	}
	shown := address.Redacted()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, where, nil)
	if err != nil {
		return "", "", fmt.Errorf("%s: %w", shown, err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = time.Minute
	transport.DisableCompression = true // bytes as they are served
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: redirect, Timeout: 2 * time.Hour}
	response, err := client.Do(request)
	if err != nil {
		return "", "", err // names the URL, without a password
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", "", fmt.Errorf("%s: the server answers %s", shown, response.Status)
	}
	file, err = save(response, most)
	if err != nil {
		return "", "", fmt.Errorf("%s: %w", shown, err)
	}
	return file, path.Base(path.Clean("/" + address.Path)), nil
}

func redirect(request *http.Request, via []*http.Request) error {
	if len(via) > 5 {
		return errors.New("redirected more than five times")
	}
	if via[0].URL.Scheme == "https" && request.URL.Scheme != "https" {
		return errors.New("redirected from https to http")
	}
	return nil
}

// save writes a body to a temporary file; one that is cut short or too large leaves none.
func save(response *http.Response, most int64) (string, error) {
	f, err := os.CreateTemp("", "theriac-feed-*")
	if err != nil {
		return "", err
	}
	n, err := io.Copy(f, io.LimitReader(response.Body, most+1))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil && n > most {
		err = errLarge
	}
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
