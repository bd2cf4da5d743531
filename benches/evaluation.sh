#!/usr/bin/env bash
# Measures how long it takes to evaluate every manager of a large company, as a fresh process and as the server that the page asks.
#
#   benches/evaluation.sh [MANAGERS] [ACCOUNTS] [LINES]      (500, 100,000 and 20,000,000 unless given; 36 months)
#
# Needs Python 3 with venv; DuckDB comes from PyPI. About 5 GB of disk while it imports, 2 GB after. Prints medians and the most memory that was
# held; it judges nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
managers="${1:-500}"
accounts="${2:-100000}"
lines="${3:-20000000}"
work="${BENCH_DIR:-.takar/bench}/evaluation-$managers-$accounts-$lines"
target="${CARGO_TARGET_DIR:-target}"
takar="${TAKAR:-$target/release/takar}"
venv="${BENCH_DIR:-.takar/bench}/venv"
mkdir -p "$work"

[ -n "${TAKAR:-}" ] || cargo build --release --workspace
if [ ! -x "$venv/bin/python" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet duckdb
fi
if [ ! -f "$work/ready" ]; then
  rm -rf "$work/data" "$work/home"
  "$takar" simulate --managers "$managers" --accounts "$accounts" --months 36 --lines "$lines" --seed 7 --lean --out "$work/data"
  kinds="accounts:pelanggan products:barang managers:sales ownership:kepemilikan targets:target activities:aktivitas offers:penawaran
    feedback:umpan_balik sales:penjualan"
  for kind in $kinds; do
    "$takar" --home "$work/home" import "${kind%%:*}" "$work/data/${kind##*:}.csv" --ppn excluded > /dev/null
  done
  # The panels of both rules of credit, as a server has them after an import.
  "$takar" --home "$work/home" metrics --by manager > /dev/null
  "$takar" --home "$work/home" --credit then metrics --by manager > /dev/null || true
  rm -rf "$work/data"
  touch "$work/ready"
fi
"$venv/bin/python" benches/evaluation.py "$takar" "$work/home"
