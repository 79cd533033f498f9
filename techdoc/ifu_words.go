package techdoc

import "theriac/model"

// The words for values that users read; the notes in package model are for those
// who write a security file.
var (
	categoryWords = map[model.EnvironmentCategory]string{
		"network": "Network", "firewall": "Firewall rules", "physical-access": "Rooms and physical access",
		"protocol": "Protocols of connected systems", "hardware": "Equipment", "third-party-software": "Other software",
		"user-skills": "Training and skills", "organisation": "Organisation", "time": "Time service",
	}
	partyWords = map[model.Party]string{
		"manufacturer": "Manufacturer", "integrator": "Integrator (who connects the device on site)",
		"operator": "Operator (the hospital or laboratory)", "user": "User",
	}
	partyNames = map[model.Party]string{"manufacturer": "manufacturer", "integrator": "integrator", "operator": "operator", "user": "user"}
	roleWords  = map[model.RoleType]string{
		"user": "user", "service": "service", "administrator": "administrator", "patient": "patient", "emergency": "emergency", "node": "machine",
	}
	authenticationWords = map[model.Authentication]string{
		"none": "none", "password": "password", "pin": "PIN", "badge": "badge", "badge-and-pin": "badge and PIN", "biometric": "body feature",
		"multi-factor": "two or more factors", "token": "token", "api-key": "shared key", "pre-shared-key": "shared key",
		"certificate": "certificate", "mutual-tls": "certificates at both ends (mutual TLS)", "server-tls": "certificate of the server (TLS)",
		"signed-content": "signature of the content", "challenge-response": "challenge and response", "pairing": "pairing",
		"wpa2-enterprise": "WPA2-Enterprise (802.1X)", "wpa3-enterprise": "WPA3-Enterprise (802.1X)",
		"wpa2-personal": "WPA2 passphrase", "wpa3-personal": "WPA3 passphrase", "physical-presence": "presence at the device",
	}
	defaultWords = map[model.DefaultCredential]string{
		"none": "none on delivery", "unique": "different for each unit", "forced-change": "must be changed before first use",
		"fixed": "the same on every unit, cannot be changed",
	}
	directionWords = map[model.Direction]string{"in": "inbound", "out": "outbound", "both": "both"}
	stateWords     = map[model.State]string{
		"enabled": "usable", "disabled": "cannot be used", "optional": "off until you switch it on", "service-only": "in service mode only",
	}
	mediumWords = map[model.Medium]string{
		"ethernet": "Ethernet", "wifi": "Wi-Fi", "bluetooth": "Bluetooth", "cellular": "mobile network", "nfc": "near-field radio (NFC)",
		"rfid": "radio tags (RFID)", "radio": "radio", "usb": "USB", "removable-media": "memory stick, card or disc", "serial": "serial line",
		"debug": "debug contacts", "screen": "screen", "keyboard": "keys", "barcode": "barcode reader", "printer": "printer",
		"sensor": "sensor socket", "power": "power", "internal": "inside the device", "virtual": "software interface",
	}
	purposeWords = map[model.Purpose]string{
		"clinical": "clinical data", "user": "operation", "administration": "administration", "service": "service", "update": "updates",
		"logging": "export of records", "time": "time", "infrastructure": "network service", "debug": "factory access", "power": "power supply",
	}
	eventWords = map[model.SecurityEvent]string{
		"login": "successful login", "login-failure": "failed login and lock-out", "logout": "logout", "emergency-access": "emergency access",
		"account-change": "change of accounts, roles and credentials", "configuration-change": "change of settings",
		"therapy-change": "change of therapy, assay or result parameters", "data-access": "reading or export of personal data",
		"data-change": "change or deletion of data", "update": "update installed, refused or failed",
		"start-stop": "start, stop and check at start", "integrity-failure": "failed check of software or data",
		"service-access": "service or remote session", "media": "memory stick or other medium used", "time-change": "clock set",
		"log-access": "records read, exported, deleted or memory full",
		"network":    "refused connection, protocol error or suspected attack",
		"key-event":  "key or certificate made, renewed, expired or refused",
	}
	needWords = map[model.Need]string{"none": "none", "low": "low", "medium": "medium", "high": "high"}
	dataWords = map[model.PersonalData]string{"none": "none", "personal": "personal data", "health": "health data"}
)

// word is the word for a value in the language of the reader: the value itself
// where there is none, and a mark in words where nothing is stated.
func word[V ~string](g *guide, words map[V]string, value V) string {
	switch text, known := words[value]; {
	case value == "":
		return g.Say("not stated")
	case known:
		return g.Say(text)
	}
	return string(value)
}

// state says whether an interface can be used: not whether it is in use. One that is
// not stated can be.
func (g *guide) state(i *model.Interface) string {
	if i.State == "" {
		return g.Say(stateWords["enabled"])
	}
	return word(g, stateWords, i.State)
}
