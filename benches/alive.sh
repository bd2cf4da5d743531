#!/usr/bin/env bash
# Measures the BG/NBD fit against the Python package lifetimes on the same simulated customers, one core each, in turn.
#
#   benches/alive.sh [CUSTOMERS]      (1,000,000 customers unless given)
#
# Needs Python 3 with venv; lifetimes comes from PyPI. Prints each run and the ratio of the medians; it judges nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
customers="${1:-1000000}"
work="${BENCH_DIR:-.takar/bench}"
target="${CARGO_TARGET_DIR:-target}"
mkdir -p "$work"

cargo build --release -p takar-stats --example alive
if [ ! -x "$work/venv-alive/bin/python" ]; then
  python3 -m venv "$work/venv-alive"
  "$work/venv-alive/bin/pip" install --quiet "lifetimes==0.11.3"
fi
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 RAYON_NUM_THREADS=1
"$work/venv-alive/bin/python" benches/alive.py "$target/release/examples/alive" "$work" "$customers"
