# evalhost. `make` alone lists the rules.

SHELL := /bin/bash
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
SWIFT ?= swift
# The build checks that a room imports what Package.swift names for it, and nothing else.
SWIFT_FLAGS := --explicit-target-dependency-import-check error
# The sample code_compiles opens the library of the system's Python; without it, Debian 12's will be.
LIBPYTHON := $(or $(shell /usr/bin/python3 -c 'import sys; print("libpython%d.%d" % sys.version_info[:2])' 2>/dev/null),libpython3.11)
PACKAGES := libsimdjson-dev libpcre2-dev libsqlite3-dev zlib1g-dev sqlite3 build-essential git python3 python3-venv pkg-config gzip \
    libffi-dev libfuzzy-dev curl $(LIBPYTHON)
EVALHOST := .build/release/evalhost
# The process in which plugins run. It is C, so that it starts fast and brings nothing that a plugin's libraries could
# get mixed up with; SwiftPM would link Swift's into it.
WORKER := .build/release/evalhost-worker
WORKER_SOURCES := $(wildcard Sources/evalhost-worker/*.[ch] Sources/CEvalTransport/*.c Sources/CEvalTransport/include/*.h)
WORKER_FLAGS := -std=gnu99 -O2 -g -fPIC -fvisibility=hidden -Wall -Wextra -Wpedantic -Werror \
    -ISources/CEvalHost/include -ISources/CEvalTransport/include
# libffi is linked in: the worker needs no library but libc.
WORKER_LINK := -l:libffi.a -pie -pthread -static-libgcc -Wl,-z,relro,-z,now,--exclude-libs,ALL
PREFIX ?= /usr/local
SAMPLES := $(wildcard Plugins/*/ Examples/plugins/*/)
# What is ours there: not the SDK and what was built.
EXAMPLES := Examples/*/Package.swift Examples/*/Sources Examples/plugins/*/Package.swift Examples/plugins/*/Sources

.DEFAULT_GOAL := help
.PHONY: help setup build worker install man schema plugins demo test lint format check-header check-kit check-worker \
    check-plugins check-hostile check-conformance check-readme check-judges check-server check-guide check-rust check-model check-example check-install \
    check-client check-client-script check-endurance test-llm bench clean

help: ## List the rules.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## Install the Debian packages that are missing.
	@missing=$$(for package in $(PACKAGES); do \
	    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q '^install ok installed' || echo $$package; done); \
	if [ -n "$$missing" ]; then \
	    $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	fi
	@command -v $(SWIFT) >/dev/null || { echo "Install the Swift 6.3 toolchain: https://www.swift.org/install" >&2; exit 2; }

build: setup ## Build .build/release/evalhost and evalhost-worker.
	$(SWIFT) build -c release --static-swift-stdlib --product evalhost $(SWIFT_FLAGS)
	@# Afterwards: in a fresh checkout SwiftPM puts a link in the place of a folder that is there before it.
	@$(MAKE) --no-print-directory worker

worker: $(WORKER) ## Build .build/release/evalhost-worker.

$(WORKER): $(WORKER_SOURCES)
	@mkdir -p $(@D)
	$(CC) $(WORKER_FLAGS) $(filter %.c,$^) -o $@ $(WORKER_LINK)

install: build ## Install to PREFIX, /usr/local where it is not given.
	./install.sh $(EVALHOST) $(PREFIX)

man: ## Make the man page anew.
	@# In a folder of its own: the tool links Swift's libraries dynamically, and would replace the program that `build` made.
	$(SWIFT) package --scratch-path .build-man plugin generate-manual --date "$$(date +%F)"
	cp .build-man/plugins/GenerateManual/outputs/EvalHostCLI/evalhost.1 Documentation/man/evalhost.1

schema: build ## Make the suite's published schema anew.
	$(EVALHOST) check --schema > Documentation/evalhost.schema.json

plugins: build ## Build the sample plugins.
	@# A copy of the SDK that is older than ours is made anew.
	@for sdk in $$(ls -d $(addsuffix Vendor/EvalHostSDK,$(SAMPLES)) 2>/dev/null); do \
	    diff -rq Sources/CEvalHost $$sdk/CEvalHost >/dev/null && diff -rq Sources/ScorerKit $$sdk/ScorerKit >/dev/null \
	        || rm -rf "$$(dirname $$sdk)"; done
	@for folder in $(SAMPLES); do $(EVALHOST) plugin build "$$folder" || exit $$?; done

demo: plugins ## Evaluate the sample suite with the built-in scorers and the sample plugins.
	$(EVALHOST) --plugins ./Plugins

test: export EVALHOST_WORKER := $(CURDIR)/$(WORKER)
test: plugins check-header check-kit check-worker check-plugins check-hostile check-conformance check-readme check-judges check-server check-guide check-rust check-model check-example check-install check-client check-endurance ## Run every test.
	$(SWIFT) build --build-tests $(SWIFT_FLAGS)
	@# One after another: tests that start programs and wait for them hold the threads that others need.
	$(SWIFT) test --skip-build --skip EndToEndTests --skip EvalPredictorsTests --skip EvalServerTests --skip EvalTracingTests
	$(SWIFT) test --skip-build --filter EvalPredictorsTests
	$(SWIFT) test --skip-build --filter 'EvalServerTests|EvalTracingTests'
	EVALHOST_BINARY=$(CURDIR)/$(EVALHOST) $(SWIFT) test --skip-build --filter EndToEndTests

check-plugins: plugins ## Test the sample plugins with their own golden rows, those in C and C++ under sanitizers too.
	@for folder in $(SAMPLES); do \
	    $(EVALHOST) plugin test "$$folder" || exit $$?; \
	    [ -e "$$folder/Package.swift" ] || $(EVALHOST) plugin test --sanitize "$$folder" || exit $$?; done

check-hostile: build ## Run plugins that misbehave: as this user, as an ordinary one, and where the kernel has no Landlock.
	Tests/HostilePlugins/run.sh

check-conformance: plugins ## Check that every faulty plugin is told, and no sample and no template.
	Tests/FaultyPlugins/run.sh

check-readme: build ## Run every command of the README.
	Tests/readme.sh

check-judges: build ## Run every command of the judges' page, against a scripted endpoint that has tests of its own.
	python3 -m unittest -q Tests/ScriptedEndpoint/test_endpoint.py
	Tests/judges.sh

check-server: build ## Run every command of the server's page, and validate its OpenAPI document.
	Tests/server.sh
	Tests/openapi.sh

check-guide: build ## Follow the guide for authors of scorers, from an empty folder, with what `install` installs.
	Tests/writing-scorers.sh

check-rust: build ## Build and test the example in Rust, where there is Rust.
	Tests/rust.sh

check-model: build ## Let a small real model judge a few rows.
	Tests/LocalModel/run.sh 0

test-llm: build ## Let a small real model judge, also beside people's labels where they are in ../shared/data.
	Tests/LocalModel/run.sh 30

check-example: plugins ## Build and run the example of evalhost as a library.
	Tests/example.sh

check-install: plugins ## Install, move the prefix, and use it where the checkout is hidden.
	Tests/install.sh $(EVALHOST)

check-client: build ## Run the MLflow client's script against evalhost.
	Tests/MLflowClient/against-evalhost.sh $(EVALHOST)

check-endurance: build ## Kill the server while many clients write, and look for all that it said is kept.
	python3 Benchmarks/server/endurance.py $(EVALHOST) --clients 16 --seconds 20 --kills 3

check-client-script: ## Run the MLflow client's script against MLflow's own server.
	Tests/MLflowClient/run.sh

check-worker: ## Test the process that plugins run in, behind its sandbox and with sanitizers.
	Tests/EvalWorkerTests/run.sh

check-header: ## Compile the plugin header in every language mode, test the C samples, and hold it to its releases.
	Tests/CEvalHostTests/run.sh
	Tests/ABIBaseline/check.sh

check-kit: ## Build a plugin with all of ScorerKit, and drive it by a host in C.
	Tests/ScorerKitTests/run.sh

bench: build ## Measure what Benchmarks/README.md writes down.
	Benchmarks/run.sh

lint: ## Check the format.
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Plugins/*/Sources Tests Benchmarks $(EXAMPLES)

format: ## Format the sources.
	$(SWIFT) format format --in-place --recursive --parallel Package.swift Sources Plugins/*/Sources Tests Benchmarks $(EXAMPLES)

clean: ## Remove what was built.
	rm -rf .build .build-* {Plugins,Examples/plugins,Examples/rust}/*/*.so {Plugins,Examples/plugins}/*/{.build,Vendor} \
	    Examples/rust/*/target
