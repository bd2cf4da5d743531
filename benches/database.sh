#!/usr/bin/env bash
# Measures a first load and an incremental sync of a PostgreSQL table of order lines against the server's own
# `COPY (query) TO STDOUT`, in turn, on the same server.
#
#   benches/database.sh [LINES]      (5,000,000 lines unless given; RUNS=3 loads)
#
# Needs PostgreSQL's programs and psql. Starts a server of its own on a folder that goes away. Prints each run and the ratios; it
# judges nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
lines="${1:-5000000}"
work="${BENCH_DIR:-.takar/bench}"
target="${CARGO_TARGET_DIR:-target}"
mkdir -p "$work"
cargo build --release --workspace --quiet
takar="$PWD/$target/release/takar"
[ "${target#/}" = "$target" ] || takar="$target/release/takar"

data="$work/data-db-$lines"
[ -f "$data/penjualan.csv" ] || "$takar" simulate --lines "$lines" --seed 7 --out "$data" >/dev/null
programs="$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)"
folder="$(mktemp -d /tmp/takar-bench-XXXXXX)"
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
[ "$(id -u)" != 0 ] || chown postgres "$folder"
port=54329
stop() {
  as "$programs/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
as "$programs/initdb" -U owner --auth=trust -E UTF8 --no-sync -D "$folder/data" >/dev/null
as "$programs/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
  -o "-k $folder -h 127.0.0.1 -p $port -c fsync=off -c max_wal_size=8GB -c shared_buffers=1GB" start >/dev/null
sql() { psql -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U owner -d postgres "$@"; }

header="$(head -1 "$data/penjualan.csv" | tr -d '\r\357\273\277')"
mark=","; case "$header" in *";"*) mark=";" ;; esac
columns="$(echo "$header" | tr "$mark" '\n' | sed 's/.*/"&" text/' | paste -sd, -)"
sql -c "CREATE UNLOGGED TABLE raw ($columns)"
sql -c "\copy raw FROM '$data/penjualan.csv' WITH (FORMAT csv, HEADER, DELIMITER '$mark')"
# With a primary key, as tables of order lines have one: then the load keeps a journal of how far it is.
sql -c "CREATE TABLE sales AS SELECT row_number() OVER () AS entry, *,
  timestamp '2026-01-01' + row_number() OVER () * interval '1 second' AS changed FROM raw"
sql -c "DROP TABLE raw; ALTER TABLE sales ADD PRIMARY KEY (entry); CREATE INDEX ON sales (changed); ANALYZE sales"

seconds() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(seconds)" 'BEGIN { printf "%.2f", b - a }'; }
export TAKAR_LANG=en
for run in $(seq "${RUNS:-3}"); do
  begin="$(seconds)"
  sql -c "COPY (SELECT * FROM sales) TO STDOUT" >/dev/null
  copy="$(since "$begin")"
  rm -rf "$work/home-db"
  export TAKAR_HOME="$work/home-db"
  "$takar" sources add erp --url "postgres://owner@127.0.0.1:$port/postgres" --table sales --watermark changed >/dev/null
  begin="$(seconds)"
  "$takar" sync erp --format json >"$work/sync.json"
  load="$(since "$begin")"
  echo "run $run: COPY $copy s, first load $load s: $(awk -v a="$copy" -v b="$load" 'BEGIN { printf "%.2f", a / b }') of its speed"
done

# 1,000 lines anywhere in the table, then 1,000 of the last month: what changes in practice is recent.
changed() {
  sql -c "UPDATE sales SET netto = (netto::numeric + 1)::text, changed = (SELECT max(changed) FROM sales) + interval '2 hours'
    WHERE ctid IN (SELECT ctid FROM sales WHERE $2 ORDER BY random() LIMIT 1000)"
  begin="$(seconds)"
  "$takar" sync erp --format json >"$work/sync.json"
  echo "incremental sync of 1,000 changed lines $1: $(since "$begin") s"
}
changed "anywhere" "true"
changed "of the last month" "tanggal >= (SELECT left(max(tanggal), 7) FROM sales)"
