#!/usr/bin/env bash
# Measures how many order lines a second a server takes over HTTP, pushed by several connections at once.
#
#   benches/push.sh [LINES [PER_REQUEST [CONNECTIONS]]]     (2,000,000 lines, 5,000 a request, 8 connections unless given)
#
# Needs python3. TAKAR_BIN names another binary than the release build. Prints figures; it judges nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
lines="${1:-2000000}"
work="${BENCH_DIR:-.takar/bench}"
target="${CARGO_TARGET_DIR:-target}"
mkdir -p "$work"
takar="${TAKAR_BIN:-}"
if [ -z "$takar" ]; then
  cargo build --release --workspace --quiet
  takar="$target/release/takar"
fi
data="$work/data-push-$lines"
[ -f "$data/penjualan.csv" ] || "$takar" simulate --lines "$lines" --seed 7 --out "$data" >/dev/null
python3 benches/push.py "$takar" "$data/penjualan.csv" "$lines" "${2:-5000}" "${3:-8}"
