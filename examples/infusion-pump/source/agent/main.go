// Command agent is the remote service agent of the pump: it tells the fleet service of
// the manufacturer how a pump is, and looks for an update when asked. It runs where the
// administrator has switched it on (rq-remote-consent), in a sandbox of its own.
//
// The pump is invented; the program is complete but for the access to the secure
// element, in place of which a key file stands.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	gateway := flag.String("gateway", "fleet.infusion-works.example", "name of the broker or of the gateway of the site")
	authority := flag.String("authority", "/etc/vp4/trust/fleet.pem", "certificates of the manufacturer's authority")
	own := flag.String("own", "/run/vp4/agent/device", "certificate and key of the pump, without .crt and .key")
	serial := flag.String("serial", "", "serial number of the pump")
	flag.Parse()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := run(*gateway, *authority, *own, *serial, log); err != nil {
		log.Error("agent ends", "error", err)
		os.Exit(1)
	}
}

func run(gateway, authority, own, serial string, log *slog.Logger) error {
	if err := forgo(); err != nil {
		return err
	}
	certificate, err := tls.LoadX509KeyPair(own+".crt", own+".key")
	if err != nil {
		return err
	}
	secrets, err := trust(authority, certificate)
	if err != nil {
		return err
	}
	server, err := broker(gateway)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return serve(ctx, server, secrets, serial, log)
}
