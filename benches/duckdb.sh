#!/usr/bin/env bash
# Measures Takar against DuckDB on the same simulated lines, both on two threads, side by side in one run.
#
#   benches/duckdb.sh [LINES]      (10,000,000 lines unless given)
#
# Needs Python 3 with venv; DuckDB comes from PyPI. Prints each run and the ratio of the medians; it judges nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
lines="${1:-10000000}"
work="${BENCH_DIR:-.takar/bench}"
target="${CARGO_TARGET_DIR:-target}"
mkdir -p "$work"

cargo build --release --workspace
takar="$target/release/takar"
if [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet duckdb
fi
if [ ! -f "$work/data-$lines/truth.json" ]; then
  "$takar" simulate --lines "$lines" --seed 7 --out "$work/data-$lines"
fi
"$work/venv/bin/python" benches/duckdb.py "$takar" "$work" "$work/data-$lines"
