#!/usr/bin/env bash
# Measures how long it takes to find, weigh and rank all opportunities of a large company, in a fresh process; or to work out its stock.
#
#   benches/opportunities.sh [ACCOUNTS] [MANAGERS] [LINES]      (100,000, 500 and 10,000,000 unless given; 36 months)
#   BENCH_COMMAND=stock benches/opportunities.sh
#
# Needs Python 3. About 3 GB of disk while it imports, 1 GB after. Prints seconds and the most memory that was held; it judges nothing. The limit is
# 30 s on two cores and 4 GiB. TAKAR names a binary that is there already, of any profile.
set -euo pipefail
cd "$(dirname "$0")/.."
accounts="${1:-100000}"
managers="${2:-500}"
lines="${3:-10000000}"
work="${BENCH_DIR:-.takar/bench}/opportunities-$accounts-$managers-$lines"
target="${CARGO_TARGET_DIR:-target}"
takar="${TAKAR:-$target/release/takar}"
mkdir -p "$work"

[ -n "${TAKAR:-}" ] || cargo build --release --workspace
if [ ! -f "$work/ready" ]; then
  rm -rf "$work/data" "$work/home"
  "$takar" simulate --managers "$managers" --accounts "$accounts" --months 36 --lines "$lines" --seed 7 --lean --out "$work/data"
  # The simulated company trades a thousand goods at most: five variants of each make five thousand.
  python3 - "$work/data/penjualan.csv" <<'PY'
import csv, os, sys, zlib
path = sys.argv[1]
with open(path, newline="") as old, open(path + ".new", "w", newline="") as new:
    rows, out = csv.reader(old), csv.writer(new, lineterminator="\n")
    head = next(rows)
    out.writerow(head)
    product, account = head.index("kode_barang"), head.index("kode_pelanggan")
    variants = int(os.environ.get("VARIANTS", "5"))
    for row in rows:
        # An account keeps to one variant, so that there is something that goes together.
        variant = zlib.crc32(row[account].encode()) % variants
        if variant:
            row[product] += f"-{variant}"
        out.writerow(row)
os.replace(path + ".new", path)
PY
  for kind in accounts:pelanggan managers:sales ownership:kepemilikan activities:aktivitas offers:penawaran stock:ketersediaan sales:penjualan; do
    "$takar" --home "$work/home" import "${kind%%:*}" "$work/data/${kind##*:}.csv" --ppn excluded > /dev/null
  done
  "$takar" --home "$work/home" metrics --by manager > /dev/null
  rm -rf "$work/data"
  touch "$work/ready"
fi
python3 - "$takar" "$work/home" <<'PY'
import json, os, subprocess, sys, time
takar, home = sys.argv[1:3]
command = os.environ.get("BENCH_COMMAND", "opportunities")
for run in range(int(os.environ.get("BENCH_RUNS", "3"))):
    begin = time.perf_counter()
    process = subprocess.Popen([takar, "--home", home, "--lang", "en", command, "--format", "json"], stdout=subprocess.PIPE)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    if status:
        sys.exit("failed")
    found = json.loads(text)
    kinds = ", ".join(f"{kind['id']} {kind['count']}" for kind in found["kinds" if "kinds" in found else "states"])
    print(f"{seconds:.1f} s, {usage.ru_utime + usage.ru_stime:.1f} s of processor, {usage.ru_maxrss / 1024:.0f} MiB, {found['total']} rows: {kinds}")
PY
