# make demo   sets up, builds and runs the main journeys on a network of its own
# make test   sets up and runs everything that decides whether a change may land
# make fuzz   feeds noise to every decoder of foreign bytes, for SECONDS each (30)
SHELL := /bin/bash
export CARGO_TARGET_DIR ?= $(HOME)/.cache/auto/target
AUTO := $(CARGO_TARGET_DIR)/debug/auto

.PHONY: demo test build setup check docs unit fuzz

demo: build
	$(AUTO) demo $(ARGS)

build: setup
	cargo build --locked --workspace

setup:
	@.ci/setup

test:
	@.ci/setup test
	@$(MAKE) --no-print-directory check docs unit

check:
	cargo fmt --all --check
	cargo build --locked --workspace && $(CARGO_TARGET_DIR)/debug/auto-xtask check
	cargo clippy --locked --workspace --all-targets -- -D warnings

docs:
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps -q

unit:
	cargo test --locked --workspace --no-fail-fast

fuzz: setup
	@.ci/fuzz $(SECONDS)
