# Thin: each line calls scripts/ or swift. All of them build with the same flags, so that nothing is built twice.
# MARTLET_STRICT makes warnings in our own sources errors; `make run MARTLET_STRICT=` builds without it.
export MARTLET_STRICT ?= 1
ifeq ($(MARTLET_STRICT),)
unexport MARTLET_STRICT
endif

FLAGS = --explicit-target-dependency-import-check error

.PHONY: run demo test check fuzz faults manuals examples bench release install uninstall
.NOTPARALLEL:

run: ## builds the server and starts it on 127.0.0.1:2525
	@scripts/setup build
	swift build --product martlet $(FLAGS)
	@scripts/first-message
	@exec .build/debug/martlet serve

demo: ## sends a picture through a server of its own and shows the dialogue
	@scripts/setup check
	swift build --product martlet $(FLAGS)
	@scripts/demo .build/debug/martlet

test: ## every test, with the clients of others
	@scripts/setup test
	swift build --build-tests $(FLAGS)
	@# In two runs, for tests that start servers would keep the others waiting.
	scripts/run-tests 16 --skip '^SystemTests\.' $(FLAGS)
	scripts/run-tests 8 --filter '^SystemTests\.' $(FLAGS)

check: ## house rules, format, and a build without warnings
	@scripts/setup check
	python3 -m unittest discover --quiet --start-directory scripts/tests
	scripts/check-house
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
	swift build --build-tests $(FLAGS)

fuzz: ## the fuzzers, FUZZ_SECONDS each
	@scripts/setup build
	@scripts/fuzz

manuals: ## manual pages and shell completions, into .build/manuals
	@scripts/setup build
	swift build --product martlet $(FLAGS)
	@scripts/manuals .build/debug/martlet .build/manuals

faults: ## every fault test in full, which takes a while; the report is in docs/reliability.md
	@scripts/setup test
	swift build --build-tests $(FLAGS)
	MARTLET_FAULTS=1 MARTLET_KILLS=100 swift test --skip-build --no-parallel --filter 'FaultTests|DurabilityTests' $(FLAGS)

examples: ## builds the examples
	swift build --package-path Examples/SendMail
	swift build --package-path Examples/SignUp --build-tests

release: ## the programs for use: optimised, and with the Swift libraries in them; into .build/static/release
	@scripts/setup build
	swift build --scratch-path .build/static --configuration release --static-swift-stdlib --product martlet $(FLAGS)
	swift build --scratch-path .build/static --configuration release --static-swift-stdlib --product martlet-sendmail $(FLAGS)

install: ## installs what `make release` built: PREFIX=/usr/local, SYSCONFDIR=/etc, DESTDIR before every path
	@scripts/install install

uninstall: ## removes what `make install` installed, but for the configuration
	@scripts/install uninstall

bench: ## Martlet beside the servers of others, SCENARIO or all; docs/performance.md tells more
	@scripts/setup build
	@Benchmarks/fetch-peers "$${BENCH_FOLDER:-/var/tmp/martlet-bench}/peers"
	swift build --configuration release --product martlet $(FLAGS)
	swift build --configuration release --product client-benchmark $(FLAGS)
	swift build --configuration release --product mime-benchmark $(FLAGS)
	@Benchmarks/bench $(SCENARIO)
