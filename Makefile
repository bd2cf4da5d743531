# Two commands for a newcomer: `make demo` and `make test`. Everything else serves them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

DEMO_HOME ?= .takar/demo
DEMO_DATA ?= .takar/demo-data
DEMO_LINES ?= 200000
DEMO_PERIOD ?=
TARGET := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)
TAKAR := $(TARGET)/debug/takar
# The same packages are chosen everywhere, so that nothing is built twice with other features.
CARGO_SET := --workspace

.PHONY: help demo test web build check e2e fmt clippy doc prove bench clean

help:
	@echo "make demo   membangun semuanya, membuat perusahaan tiruan, mengimpor, mengevaluasi, menyajikan halaman"
	@echo "            (build everything, simulate a company, import it, evaluate it, serve the page)"
	@echo "make test   menjalankan semua uji (run all tests)"
	@echo "make prove  membuktikan lebih lama: 200 kali dimatikan paksa, fuzzing (prove for hours: 200 kills, fuzzing)"
	@echo "make bench  mengukur kecepatan terhadap DuckDB (measure against DuckDB)"

# The page is built first: the binary embeds it.
web: web/dist/index.html

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js ≥ 20 diperlukan (Node.js ≥ 20 is needed)"; exit 1; }
	@echo "── memasang paket halaman (installing the page's packages)"
	cd web && npm ci --no-audit --no-fund --loglevel=error

web/dist/index.html: web/node_modules/.package-lock.json $(shell find web/src web/index.html web/vite.config.ts -type f 2>/dev/null)
	@echo "── membangun halaman (building the page)"
	cd web && npm run build --silent

build: web
	@command -v cargo >/dev/null || { echo "Rust ≥ 1.95 diperlukan (Rust ≥ 1.95 is needed)"; exit 1; }
	@echo "── membangun takar; yang pertama kali ±20 menit di dua inti (building takar; the first time takes ±20 minutes on two cores)"
	cargo build $(CARGO_SET)

demo: build
	@if [ ! -f $(DEMO_HOME)/.ready ]; then \
	  rm -rf $(DEMO_HOME) $(DEMO_DATA); \
	  echo "── membuat perusahaan tiruan (simulating a company)"; \
	  $(TAKAR) simulate --lines $(DEMO_LINES) --seed 7 --out $(DEMO_DATA); \
	  echo "── mengimpor (importing)"; \
	  export TAKAR_HOME=$(DEMO_HOME); \
	  $(TAKAR) import managers $(DEMO_DATA)/sales.csv >/dev/null; \
	  $(TAKAR) import accounts $(DEMO_DATA)/pelanggan.csv >/dev/null; \
	  $(TAKAR) import products $(DEMO_DATA)/barang.csv >/dev/null; \
	  $(TAKAR) import targets $(DEMO_DATA)/target.csv >/dev/null; \
	  $(TAKAR) import ownership $(DEMO_DATA)/kepemilikan.csv >/dev/null; \
	  $(TAKAR) import activities $(DEMO_DATA)/aktivitas.csv >/dev/null; \
	  $(TAKAR) import offers $(DEMO_DATA)/penawaran.csv >/dev/null; \
	  $(TAKAR) import feedback $(DEMO_DATA)/umpan_balik.csv >/dev/null; \
	  $(TAKAR) import costs $(DEMO_DATA)/biaya.csv >/dev/null; \
	  $(TAKAR) import stock $(DEMO_DATA)/ketersediaan.csv >/dev/null; \
	  $(TAKAR) import sales $(DEMO_DATA)/penjualan.csv; \
	  touch $(DEMO_HOME)/.ready; \
	fi
	@echo "── evaluasi (evaluation)"
	@TAKAR_HOME=$(DEMO_HOME) $(TAKAR) evaluate $(if $(DEMO_PERIOD),--period $(DEMO_PERIOD))
ifndef DETACH
	@TAKAR_HOME=$(DEMO_HOME) $(TAKAR) serve --port 8080
endif

test: build
	cargo test $(CARGO_SET)
	$(MAKE) --no-print-directory e2e

# The page in a real browser, on the real server.
e2e: build
	scripts/e2e.sh $(TAKAR)

fmt:
	cargo fmt --all --check

clippy:
	cargo clippy $(CARGO_SET) --all-targets -- -D warnings

doc:
	RUSTDOCFLAGS="-D warnings" cargo doc $(CARGO_SET) --no-deps

# Hours, not minutes: 200 kills at random moments, what became of chances that were told, ten minutes of fuzzing for each reader,
# effects measured that are known, managers compared in 70 companies whose truth is known, stock of 20. What it came to is in docs/proof.
prove: build
	TAKAR_KILLS=200 cargo test $(CARGO_SET) --test it kills:: -- --nocapture
	TAKAR_SEEDS=500 cargo test $(CARGO_SET) --lib targets::calibration -- --nocapture
	scripts/fuzz.sh 600
	TAKAR_SEEDS=500 cargo test $(CARGO_SET) --lib effect::tests::simulated -- --nocapture --test-threads 1
	TAKAR_SEEDS=500 cargo test $(CARGO_SET) --lib effect::whole_chain -- --nocapture
	TAKAR_FAIR_SEEDS=70 TAKAR_FAIR_LINES=1000000 cargo test $(CARGO_SET) --test fair_proof -- --nocapture
	TAKAR_STOCK_SEEDS=20 TAKAR_STOCK_LINES=200000 cargo test $(CARGO_SET) --test stock_proof -- --nocapture

bench:
	benches/duckdb.sh
	benches/evaluation.sh

clean:
	rm -rf web/dist web/node_modules .takar
	cargo clean
