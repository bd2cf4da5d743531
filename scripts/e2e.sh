#!/usr/bin/env bash
# The page in Debian's Chromium, on the real server with a simulated company.
# Usage: scripts/e2e.sh PATH/TO/takar [FILTER]     (FILTER: a part of the names of test files, such as facts)
set -euo pipefail
cd "$(dirname "$0")/.."
takar="$1"

if ! command -v "${CHROMIUM_PATH:-chromium}" >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "── memasang Chromium untuk uji (installing Chromium for the tests)"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
  else
    echo "Chromium diperlukan untuk uji halaman: apt-get install chromium (Chromium is needed for the page's tests)" >&2
    exit 1
  fi
fi

if ! command -v sqlite3 >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends sqlite3 >/dev/null
  else
    echo "sqlite3 diperlukan untuk uji sumber data: apt-get install sqlite3 (sqlite3 is needed for the test of sources)" >&2
    exit 1
  fi
fi

work="$(mktemp -d)"
server=""
stop() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT

export TAKAR_HOME="$work/home"
"$takar" simulate --lines 20000 --seed 11 --out "$work/data" >/dev/null
for kind in feedback:umpan_balik managers:sales accounts:pelanggan products:barang targets:target ownership:kepemilikan stock:ketersediaan costs:biaya sales:penjualan; do
  "$takar" import "${kind%%:*}" "$work/data/${kind##*:}.csv" >/dev/null
done
# Accounts that nobody has, so that giving them to managers can be tried.
printf 'tanggal;no_faktur;kode_pelanggan;nama_pelanggan;nama_barang;jumlah;harga_satuan;satuan\n%s\n%s\n' \
  '13/10/2025;LEPAS-1;LEPAS-1;Toko Belum Bertuan;Teh;10;12000;KTN' \
  '14/10/2025;LEPAS-2;LEPAS-2;Kios Belum Bertuan;Teh;3;12000;KTN' >"$work/lepas.csv"
"$takar" import sales "$work/lepas.csv" --source lepas >/dev/null

# Offers, as a table of facts that is no sales.
printf 'no_penawaran;tahap;nilai;tanggal_penawaran;tanggal_tutup;kode_pelanggan;nama_pelanggan;kode_sales;alasan\n%s\n%s\n%s\n%s\n' \
  'PNW-1;Menang;12500000;01/09/2025;20/09/2025;LEPAS-1;Toko Belum Bertuan;SLS-001;' \
  'PNW-2;Batal;8000000;03/09/2025;30/09/2025;LEPAS-2;Kios Belum Bertuan;SLS-001;harga' \
  'PNW-3;Negosiasi;30000000;13/10/2025;;LEPAS-1;Toko Belum Bertuan;SLS-002;' \
  'PNW-4;Menang;4250000;14/10/2025;28/10/2025;LEPAS-2;Kios Belum Bertuan;SLS-002;' >"$work/penawaran.csv"
"$takar" import offers "$work/penawaran.csv" >/dev/null

# A shop's database, to be added as a source.
export TAKAR_SHOP="$work/shop.db"
sqlite3 "$TAKAR_SHOP" "CREATE TABLE faktur (no_faktur text, tanggal date, kode_pelanggan text, nama_pelanggan text,
  kode_sales text, nama_barang text, jumlah real, netto numeric, diubah datetime);
  INSERT INTO faktur VALUES
  ('SHOP-1', '2025-10-06', 'SHOP-1', 'Toko Basis Data', 'SLS-001', 'Teh', 10, 125000, '2025-10-06 10:00:00'),
  ('SHOP-2', '2025-10-07', 'SHOP-1', 'Toko Basis Data', 'SLS-001', 'Kopi', 4, 80000.5, '2025-10-07 10:00:00'),
  ('SHOP-3', '2025-10-08', 'SHOP-1', 'Toko Basis Data', 'SLS-001', 'Kopi', 2, 40000, '2025-10-08 10:00:00');"

TAKAR_OUTBOX_SECRET=rahasia "$takar" serve --port 0 2>"$work/server.log" &
server=$!
for _ in $(seq 100); do
  TAKAR_URL="$(grep -o 'http://127.0.0.1:[0-9]*' "$work/server.log" || true)"
  [ -z "$TAKAR_URL" ] || break
  sleep 0.1
done
[ -n "$TAKAR_URL" ] || { cat "$work/server.log" >&2; exit 1; }
export TAKAR_URL
cd web
npm run --silent check
npm run --silent e2e -- ${2:+"$2"}
