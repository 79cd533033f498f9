package model

import "testing"

func TestEncrypts(t *testing.T) {
	for text, want := range map[string]Answer{
		"": Unknown, "none": No, "unencrypted": No,
		"tls-1.3": Yes, "TLS 1.2": Yes, "tls-1.3 or tls-1.2": Yes, "aes-256-gcm container per export": Yes, "AES-128": Yes,
		"wpa3": Yes, "OpenPGP": Yes, "LE Secure Connections": Yes, "rc4": Yes, "IPsec tunnel": Yes, "DTLSv1.2": Yes,
		"rot13": Unknown, "yes": Unknown, "strong encryption": Unknown, "LE legacy pairing": Unknown, "proprietary": Unknown,
	} {
		if got := Encrypts(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
