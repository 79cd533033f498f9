package main

import (
	"fmt"
	"io"
	"net"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/sys/unix"
)

// brokerSocket is where the message broker of the pump gives the device state and
// takes update look-ups. The kernel names the asking process to it.
const brokerSocket = "/run/vp4/broker/agent.sock"

// largestState is the most that is read of the device state, in bytes.
const largestState = 64 << 10

// decoding refuses what a device state never holds.
var decoding = cbor.DecOptions{
	DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden,
	MaxNestedLevels: 4, MaxArrayElements: 64, MaxMapPairs: 64,
}

// deviceState asks the broker of the pump for the device state.
func deviceState() (map[string][]int64, error) {
	answer, err := ask(Diagnosis)
	if err != nil {
		return nil, err
	}
	mode, err := decoding.DecMode()
	if err != nil {
		return nil, err
	}
	var state map[string][]int64
	return state, mode.Unmarshal(answer, &state)
}

// lookUp tells the update manager to look for an update; it decides about the rest.
func lookUp() error {
	_, err := ask(UpdateLookup)
	return err
}

func ask(request Request) ([]byte, error) {
	conn, err := net.DialTimeout("unix", brokerSocket, time.Second)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return nil, err
	}
	if _, err := conn.Write([]byte{byte(request)}); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(conn, largestState))
}

// pack makes of a diagnostic record what is sent: CBOR, compressed.
func pack(record map[string][]int64) ([]byte, error) {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		return nil, err
	}
	text, err := mode.Marshal(record)
	if err != nil {
		return nil, err
	}
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return encoder.EncodeAll(text, nil), encoder.Close()
}

// forgo gives up what the agent does not need after its start: new privileges, and
// core files that could hold the session keys.
func forgo() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no new privileges: %w", err)
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
