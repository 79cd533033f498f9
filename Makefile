# Every target does its own set-up; Go, git and make are all that must be there.
GO    ?= go
DATE  ?=
FUZZ  ?= 10s
TOOLS := $(GO) tool -modfile=tools/go.mod

.PHONY: build demo test race lint fuzz bench generate check clean

build: ## the program, static, in the current folder
	CGO_ENABLED=0 $(GO) build -trimpath -o theriac ./cmd/theriac

demo: build ## check the infusion pump and say what to try next
	@./theriac check examples/infusion-pump
	@echo
	@echo "That was the security file of an infusion pump: examples/infusion-pump. Try next:"
	@echo "  ./theriac check examples/broken            more than 150 marked faults, each found at its line"
	@echo "  ./theriac threats derive examples/infusion-pump --grid    what the architecture makes possible, and its answers"
	@echo "  ./theriac threats paths examples/infusion-pump            the cheapest ways in, and what stands alone on them"
	@echo "  ./theriac trace rk-forged-order examples/infusion-pump    from threat to evidence and clause"
	@echo "  ./theriac draw architecture examples/infusion-pump -o pump.svg"
	@echo "  ./theriac explain mdr.annex-i.17.2         what a clause asks, and what answers it"
	@echo "  ./theriac explain T4005                    why a rule exists, with a bad and a good example"
	@echo "  ./theriac init my-device                   a first security file of your own device"

test: ## all tests
	$(GO) test -shuffle=on ./...

race: ## the tests under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -shuffle=on ./...

lint: ## format, vet, staticcheck, both build modes
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "not formatted: run gofmt -w"; exit 1; }
	$(GO) vet ./...
	$(TOOLS) staticcheck ./...
	$(GO) mod verify >/dev/null

fuzz: ## each fuzz target for FUZZ (default 10s)
	@for package in $$($(GO) list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    echo "$$package $$target"; \
	    $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZ) -fuzzminimizetime 10x $$package || exit 1; \
	  done; \
	done

bench: ## time and memory by size, and peers on the same task
	$(GO) run ./internal/tools/bench

generate: ## write generated pages, schema and golden files anew
	$(GO) test ./schema ./internal/reference -update

check: lint test fuzz ## what CI runs, but for the race detector

clean:
	rm -rf theriac .cache
