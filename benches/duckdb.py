"""Times whole processes: Takar's import and metrics against DuckDB's load and query of the same lines."""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import time

takar, work, data = sys.argv[1:4]
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
csv = os.path.join(data, "penjualan.csv")
parquet = os.path.join(data, "penjualan.parquet")
home = os.path.join(work, "home")

LOAD = f"""
import duckdb, os
if os.path.exists("{work}/duck.db"): os.remove("{work}/duck.db")
c = duckdb.connect("{work}/duck.db", config={{"threads": 2}})
c.execute("CREATE TABLE lines AS SELECT * FROM read_csv('{csv}')")
"""

QUERY = f"""
import duckdb
c = duckdb.connect(config={{"threads": 2}})
rows = c.execute('''
WITH l AS (SELECT *, date_trunc('month', tanggal) AS m FROM '{parquet}'),
sums AS (
  SELECT kode_sales, m, sum(netto) AS net_sales, sum(jumlah) AS units, sum(netto - hpp) AS gross_margin,
         count(DISTINCT CASE WHEN jumlah > 0 THEN no_faktur END) AS orders
  FROM l GROUP BY ALL),
active AS (
  SELECT kode_sales, m, count(*) AS active_accounts FROM (
    SELECT kode_sales, m, kode_pelanggan FROM l GROUP BY ALL HAVING sum(netto) > 0) GROUP BY ALL),
am AS (SELECT kode_pelanggan, m, sum(netto) AS c FROM l GROUP BY ALL),
pair AS (
  SELECT coalesce(a.kode_pelanggan, b.kode_pelanggan) AS kode_pelanggan, coalesce(a.m, b.m + INTERVAL 1 MONTH) AS m,
         coalesce(a.c, 0) AS c, coalesce(b.c, 0) AS b
  FROM am a FULL JOIN am b ON a.kode_pelanggan = b.kode_pelanggan AND a.m = b.m + INTERVAL 1 MONTH),
first_ever AS (SELECT kode_pelanggan, min(tanggal) AS f FROM l WHERE jumlah > 0 GROUP BY ALL),
first_in AS (
  SELECT kode_pelanggan, m, arg_min(kode_sales, (tanggal, kode_sales)) AS kode_sales FROM l WHERE jumlah > 0 GROUP BY ALL),
base AS (
  SELECT kode_pelanggan, m, arg_max(kode_sales, s) AS kode_sales FROM (
    SELECT kode_pelanggan, m + INTERVAL 1 MONTH AS m, kode_sales, sum(netto) AS s FROM l GROUP BY ALL) GROUP BY ALL),
fresh AS (
  SELECT fi.kode_sales, p.m, count(*) AS new_accounts
  FROM pair p JOIN first_ever fe USING (kode_pelanggan) JOIN first_in fi USING (kode_pelanggan, m)
  WHERE p.b <= 0 AND p.c > 0 AND date_trunc('month', fe.f) = p.m GROUP BY ALL),
kept AS (
  SELECT ba.kode_sales, p.m, count(*) AS retained_accounts
  FROM pair p JOIN base ba USING (kode_pelanggan, m) WHERE p.b > 0 AND p.c > 0 GROUP BY ALL)
SELECT * FROM sums LEFT JOIN active USING (kode_sales, m) LEFT JOIN fresh USING (kode_sales, m)
LEFT JOIN kept USING (kode_sales, m) ORDER BY kode_sales, m''').fetchall()
print(len(rows))
"""

METRICS = [takar, "--home", home, "metrics", "--by", "manager,month", "--kpi",
           "net_sales,units,gross_margin,orders,active_accounts,new_accounts,retained_accounts", "--format", "json"]


def timed(command):
    """Wall seconds and peak memory (MiB) of one process."""
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {command[:4]}")
    return time.perf_counter() - before, usage.ru_maxrss / 1024


def side_by_side(name, ours, theirs, prepare=lambda: None):
    runs = []
    for run in range(RUNS):
        prepare()
        runs.append((timed(ours), timed(theirs)))
        (mine, memory), (other, _) = runs[-1]
        print(f"{name} run {run + 1}: takar {mine:.2f} s ({memory:.0f} MiB), DuckDB {other:.2f} s", flush=True)
    mine = statistics.median(run[0][0] for run in runs)
    other = statistics.median(run[1][0] for run in runs)
    print(f"{name}: takar/DuckDB = {mine / other:.2f}, DuckDB/takar = {other / mine:.1f}", flush=True)


python = [sys.executable, "-c"]
if not os.path.exists(parquet):
    subprocess.run([*python, f"import duckdb; duckdb.sql(\"COPY (SELECT * FROM read_csv('{csv}')) TO '{parquet}'\")"], check=True)
side_by_side("import", [takar, "--home", home, "import", "sales", csv], [*python, LOAD],
             lambda: shutil.rmtree(home, ignore_errors=True))
side_by_side("metrics", METRICS, [*python, QUERY])
