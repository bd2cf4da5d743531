#!/usr/bin/env bash
# Measures Theta forecasts with 80 % intervals against the Python package statsforecast on the same simulated series, one
# core each, in turn.
#
#   benches/forecast.sh [SERIES]      (100,000 monthly series of 60 months unless given)
#
# Needs Python 3 with venv; statsforecast comes from PyPI. statsforecast is timed on a part of the series (its time grows in
# proportion) unless ALL=1. Prints each run and the ratio of the medians; it judges nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
series="${1:-100000}"
work="${BENCH_DIR:-.takar/bench}"
target="${CARGO_TARGET_DIR:-target}"
mkdir -p "$work"

cargo build --release -p takar-stats --example forecast_speed
if [ ! -x "$work/venv-forecast/bin/python" ]; then
  python3 -m venv "$work/venv-forecast"
  "$work/venv-forecast/bin/pip" install --quiet "statsforecast==2.0.3"
fi
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1 RAYON_NUM_THREADS=1
"$work/venv-forecast/bin/python" benches/forecast.py "$target/release/examples/forecast_speed" "$work" "$series"
