module infusion-works.example/vp4/agent

go 1.26.0

toolchain go1.26.4

require (
	github.com/eclipse/paho.golang v0.23.0
	github.com/fxamacker/cbor/v2 v2.9.2
	github.com/klauspost/compress v1.18.6
	golang.org/x/net v0.55.0
	golang.org/x/sys v0.45.0
)

require (
	github.com/gorilla/websocket v1.5.3 // indirect
	github.com/x448/float16 v0.8.4 // indirect
	golang.org/x/text v0.37.0 // indirect
)
