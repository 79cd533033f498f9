# Every target does its own set-up; Go, git and make are all that must be there.
GO    ?= go
DATE  ?=
FUZZ  ?= 10s
RACE  ?= ./...
TOOLS := $(GO) tool -modfile=tools/go.mod

.PHONY: build demo examples test axe checker race lint fuzz bench generate check clean

# Evidence ages: the demonstration takes place soon after the release of the example.
DAY   := 2026-10-05
PUMP   := examples/infusion-pump
BUNDLE := .cache/pump-1.4.0.theriac
DOCUMENTS := .cache/pump-1.4.0-documents

build: ## the program, static, in the current folder; with a C compiler also its helper for PKCS\#11
	CGO_ENABLED=0 $(GO) build -trimpath -o theriac ./cmd/theriac
	@if [ "$$($(GO) env CGO_ENABLED)" = 1 ]; then \
	  echo "$(GO) build -trimpath -o theriac-pkcs11 ./cmd/theriac-pkcs11"; \
	  $(GO) build -trimpath -o theriac-pkcs11 ./cmd/theriac-pkcs11; \
	else \
	  echo "theriac-pkcs11, which signs with keys in hardware, needs a C compiler and was not built"; \
	fi

demo: build ## check a release of the infusion pump, write its documents, show a piece of evidence, bundle all for the auditor
	@mkdir -p .cache
	./theriac check --release 1.4.0 --date $(DAY) $(PUMP)
	@echo
	@id=$$(./theriac evidence list $(PUMP) --date $(DAY) | grep penetration-test | grep -oE '\b[0-9a-f]{12}\b' | head -n 1); \
	echo "./theriac evidence show $$id $(PUMP) --date $(DAY)"; ./theriac evidence show $$id $(PUMP) --date $(DAY)
	@echo
	./theriac build $(PUMP) -o $(DOCUMENTS) --release 1.4.0 --date $(DAY)
	@echo
	./theriac bundle --release 1.4.0 -o $(BUNDLE) $(PUMP)
	@echo
	./theriac audit $(BUNDLE) --trust $(PUMP)/keys/root.pub --date $(DAY) -o $(BUNDLE).txt
	@sed '/^Not looked at/,$$d' $(BUNDLE).txt
	@echo "All of the audit: $(BUNDLE).txt"
	@echo
	@echo "That was release 1.4.0 of an infusion pump: $(PUMP). Try next:"
	@echo "  ./theriac check examples/broken            more than 300 marked faults, each found at its place"
	@echo "  ./theriac threats derive examples/infusion-pump --grid    what the architecture makes possible, and its answers"
	@echo "  ./theriac threats paths examples/infusion-pump            the cheapest ways in, and what stands alone on them"
	@echo "  ./theriac trace rk-forged-order examples/infusion-pump    from threat to evidence and clause"
	@echo "  ./theriac draw architecture examples/infusion-pump -o pump.svg"
	@echo "  ./theriac explain mdr.annex-i.17.2         what a clause asks, and what answers it"
	@echo "  ./theriac explain T4005                    why a rule exists, with a bad and a good example"
	@echo "  ./theriac init my-device                   a first security file of your own device"

examples: ## bring what is signed about the examples up to date with their text, after a change of it
	$(GO) run ./internal/tools/demo examples/infusion-pump examples/pcr-analyser

test: $(if $(CI),axe checker) ## all tests
	$(if $(CI),THERIAC_CSAF_CHECKER=$(CURDIR)/$(CHECKER)) $(GO) test -shuffle=on ./...

CHECKER := .cache/csaf_checker
checker: ## csaf_checker of gocsaf, which a test lets judge what advisory publish lays out
	@mkdir -p .cache
	$(GO) build -modfile=tools/csaf/go.mod -o $(CHECKER) github.com/gocsaf/csaf/v3/cmd/csaf_checker

AXE := .cache/axe/axe.min.js
axe: $(AXE) ## what tests of accessibility need, beside Chromium
$(AXE):
	@mkdir -p $(@D)
	cd $(@D) && npm pack --silent axe-core@4.14.1 >/dev/null && tar -xzf axe-core-4.14.1.tgz --strip-components=1 package/axe.min.js
	echo "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c  $@" | sha256sum --check --quiet || { rm -f $@; exit 1; }

race: ## the tests but the longest under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -short -shuffle=on $(RACE)

lint: ## format, vet, staticcheck, both build modes
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "not formatted: run gofmt -w"; exit 1; }
	$(GO) vet ./...
	$(TOOLS) staticcheck ./...
	$(GO) mod verify >/dev/null

fuzz: ## each fuzz target for FUZZ (default 10s; 1000x counts inputs, in two packages side by side)
	@dirs=$$($(GO) list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.Dir}}{{end}}' ./...) || exit 1; \
	packages=$$(for dir in $$dirs; do grep -qs '^func Fuzz' $$dir/*_test.go && echo fuzz/.$${dir#$(CURDIR)}; done); \
	test -n "$$packages" && $(MAKE) --no-print-directory $(if $(filter %x,$(FUZZ)),-j2 -Otarget,-j1) $$packages

# One package; what it says comes as one, also where another one runs beside it. Two that compile at a
# time would compile the same things, so one waits, where there is flock.
fuzz/%:
	@mkdir -p .cache/fuzz
	@program=$(CURDIR)/.cache/fuzz/$(subst /,-,$*).test; trap 'rm -f "$$program"' EXIT; \
	alone=$$(command -v flock >/dev/null && echo "flock .cache/fuzz/lock"); \
	$$alone $(GO) test -c -fuzz . -ldflags=-w -o $$program $* && cd $* && targets=$$($$program -test.list '^Fuzz' | grep '^Fuzz') || exit 1; \
	for target in $$targets; do \
	  echo "$* $$target"; \
	  $$program -test.run '^$$' -test.fuzz "^$$target$$" -test.fuzztime $(FUZZ) -test.fuzzminimizetime 10x \
	    -test.fuzzcachedir $(CURDIR)/.cache/fuzz/corpus/$*/$$target || exit 1; \
	done

bench: ## time and memory by size, and peers on the same task
	$(GO) run ./internal/tools/bench

generate: ## write generated pages, schema and golden files anew
	$(GO) test ./schema ./internal/reference -update

check: lint test fuzz ## what CI runs, but for the race detector

clean:
	rm -rf theriac theriac-pkcs11 .cache
