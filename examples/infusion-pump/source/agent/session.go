package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"time"

	"github.com/eclipse/paho.golang/autopaho"
	"github.com/eclipse/paho.golang/paho"
	"golang.org/x/net/idna"
)

const (
	largestMessage = 512 // bytes of an MQTT packet that the pump takes
	keepAlive      = 60  // seconds
)

// broker is the address of the fleet broker, or of the gateway of the site that stands
// before it. The name comes from the signed site configuration.
func broker(name string) (*url.URL, error) {
	host, err := idna.Lookup.ToASCII(name)
	if err != nil {
		return nil, fmt.Errorf("name of the gateway: %w", err)
	}
	return &url.URL{Scheme: "mqtts", Host: net.JoinHostPort(host, "8883")}, nil
}

// trust allows certificates of the manufacturer's own authority alone, over TLS 1.3.
// The key of the pump stays in the secure element.
func trust(authority string, own tls.Certificate) (*tls.Config, error) {
	text, err := os.ReadFile(authority)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate", authority)
	}
	return &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: roots, Certificates: []tls.Certificate{own}}, nil
}

// serve keeps a connection to the broker and answers its requests until ctx ends.
func serve(ctx context.Context, server *url.URL, secrets *tls.Config, serial string, log *slog.Logger) error {
	requests := make(chan []byte, 1)
	take := func(received paho.PublishReceived) (bool, error) {
		select {
		case requests <- received.Packet.Payload:
		default: // one at a time; the broker asks again
		}
		return true, nil
	}
	limit := uint32(largestMessage)
	session, err := autopaho.NewConnection(ctx, autopaho.ClientConfig{
		ServerUrls: []*url.URL{server}, TlsCfg: secrets, KeepAlive: keepAlive,
		ConnectPacketBuilder: func(c *paho.Connect, _ *url.URL) (*paho.Connect, error) {
			c.Properties = &paho.ConnectProperties{MaximumPacketSize: &limit}
			return c, nil
		},
		OnConnectionUp: func(m *autopaho.ConnectionManager, _ *paho.Connack) {
			topic := paho.SubscribeOptions{Topic: "pump/" + serial + "/request", QoS: 1}
			if _, err := m.Subscribe(ctx, &paho.Subscribe{Subscriptions: []paho.SubscribeOptions{topic}}); err != nil {
				log.Warn("subscribe", "error", err)
			}
		},
		ClientConfig: paho.ClientConfig{ClientID: serial, OnPublishReceived: []func(paho.PublishReceived) (bool, error){take}},
	})
	if err != nil {
		return err
	}
	var answered Answered
	for {
		select {
		case <-ctx.Done():
			return nil
		case payload := <-requests:
			request, known := ReadRequest(payload)
			if !known || !answered.Admit(request, time.Now()) {
				continue
			}
			if err := answer(ctx, session, serial, request); err != nil {
				log.Warn("answer", "error", err)
			}
		}
	}
}

func answer(ctx context.Context, session *autopaho.ConnectionManager, serial string, request Request) error {
	if request == UpdateLookup {
		return lookUp()
	}
	state, err := deviceState()
	if err != nil {
		return err
	}
	payload, err := pack(Record(state))
	if err != nil {
		return err
	}
	_, err = session.Publish(ctx, &paho.Publish{Topic: "pump/" + serial + "/diagnosis", QoS: 1, Payload: payload})
	return err
}
