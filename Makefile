# Telemetry Hub. `make help` says what there is.

MQTT_PORT ?= 1883
HTTP_PORT ?= 8080
PREFIX ?= /usr/local
DESTDIR ?=
SEEDS ?= 1..<20000
SECONDS ?= 60
ROUNDS ?= 500
MINUTES ?= 10
BINDIR = $(PREFIX)/bin
CONFDIR = /etc/telemetry-hub

export MQTT_PORT HTTP_PORT

# docs/decisions/0007 and 0011 say why.
SWIFT_RELEASE = swift build $(shell cat scripts/release-flags)
SWIFT_SOURCES = $(wildcard Package.swift Sources devices Tests Benchmarks)

.DEFAULT_GOAL := help
.PHONY: help run build test lint units clients simulate crash fuzz bench soak format install clean

help: ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  MQTT_PORT=$(MQTT_PORT) HTTP_PORT=$(HTTP_PORT)   where make run listens"
	@echo "  PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)   where make install puts things"

run: ## Run the hub and an agent for this machine; Ctrl-C ends both
	@scripts/run

build: ## Build the release programs
	@scripts/packages run
	@scripts/toolchain
	@echo "building the release programs (the first time takes several minutes)"
	@for product in telemetry-hub telemetry-agent fleet-simulator; do \
	  $(SWIFT_RELEASE) --product $$product || exit 1; done

test: ## Check formatting, build with warnings as errors, run every test
	@scripts/packages test
	@scripts/toolchain
	@$(MAKE) --no-print-directory lint
	@echo "building everything with its tests, warnings as errors (the first time takes five minutes and more)"
	@WARNINGS_AS_ERRORS=1 swift build --build-tests
	@echo "running the tests"
	@SWIFT_DETERMINISTIC_HASHING=1 WARNINGS_AS_ERRORS=1 swift test --skip-build
	@$(MAKE) --no-print-directory clients
	@$(MAKE) --no-print-directory units
	@echo "all tests passed"

lint:
	@echo "checking the formatting"
	@swift format lint --strict --recursive --parallel $(SWIFT_SOURCES)
	@scripts/check-conformance

clients:
	@echo "driving the hub with MQTT clients of others"
	@scripts/test-clients

units:
	@scripts/check-units

simulate: ## Run the broker in simulated worlds: SEEDS=1..<100000
	@scripts/packages test
	@scripts/toolchain
	@echo "building the simulation (the first time takes a minute or two)"
	@swift build -c release --product simulate
	@.build/release/simulate --seeds '$(SEEDS)'
	@.build/release/simulate --restarts --seeds '$(SEEDS)'

crash: ## Kill the hub under load and look for lost readings and messages: ROUNDS=500
	@scripts/packages test
	@scripts/toolchain
	@swift build --build-tests
	@CRASH_ROUNDS=$(ROUNDS) swift test --skip-build --filter CrashTests

fuzz: ## Fuzz the decoder, the broker, the readers of payloads and the store: SECONDS=60 each
	@scripts/packages test
	@scripts/toolchain
	@scripts/fuzz $(SECONDS)

bench: ## Compare with Debian's mosquitto, nats-server, victoria-metrics and influxdb on this machine
	@scripts/packages bench
	@scripts/toolchain
	@echo "building the release programs (the first time takes several minutes)"
	@$(SWIFT_RELEASE)
	@Benchmarks/compare; code=$$?; Benchmarks/compare-stores && exit $$code

soak: ## Hold 10,000 connections for MINUTES=10 and watch the hub's memory
	@scripts/packages bench
	@scripts/toolchain
	@echo "building the release programs (the first time takes several minutes)"
	@$(SWIFT_RELEASE)
	@Benchmarks/soak --minutes $(MINUTES)

format: ## Format every source file in place
	@swift format --in-place --recursive --parallel $(SWIFT_SOURCES)

install: ## Install programs, units and default configuration under DESTDIR
	@scripts/install "$(DESTDIR)" "$(BINDIR)" "$(PREFIX)/lib" "$(CONFDIR)"

clean: ## Remove what was built and what make run left
	@rm -rf .build run
