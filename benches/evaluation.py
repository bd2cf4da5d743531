"""Times the evaluation of every manager: fresh processes, then a server, first asked and asked again; one question beside DuckDB.

    evaluation.py TAKAR HOME

A fresh process finds its files in the memory of the system but has none of its own. Of the server each page is asked first of a server that has
just begun, then once more for the same, then for other managers, whose answers nobody has asked for yet.
"""

import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import time
from decimal import Decimal
from urllib.parse import quote

takar, home = sys.argv[1:3]
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
OTHERS = 9


def timed(*arguments):
    """Seconds by the clock, of the processor, and the most memory (MiB) of one process."""
    before = time.perf_counter()
    process = subprocess.Popen([takar, "--home", home, "--lang", "en", *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {arguments}")
    return time.perf_counter() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


class Server:
    def __enter__(self):
        command = [takar, "--home", home, "serve", "--port", "0", "--lang", "en"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        address = re.search(r"http://([\d.:]+)", self.process.stderr.readline()).group(1)
        self.connection = http.client.HTTPConnection(address, timeout=600)
        self.ask("GET", "/api/session")
        return self

    def ask(self, method, path, body=None):
        """Seconds until the whole answer was there, and the answer."""
        before = time.perf_counter()
        headers = {"Accept-Language": "en"} | ({"Content-Type": "application/json"} if body else {})
        self.connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        seconds = time.perf_counter() - before
        if answer.status != 200:
            sys.exit(f"{answer.status} {path}: {text[:300]!r}")
        return seconds, text

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) / 1024

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def median(values):
    return statistics.median(values)


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def told(seconds):
    return f"{seconds * 1000:,.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


with Server() as server:
    status = json.loads(server.ask("GET", "/api/status")[1])
    managers = [one["id"] for one in json.loads(server.ask("GET", "/api/evaluation")[1])["managers"] if one["id"]]
some = managers[:: max(1, len(managers) // (OTHERS + 1))]
print(f"{len(managers):,} managers, {status['lines']:,} lines, {status['extent']['from']} to {status['extent']['to']}; medians of {RUNS}\n")

row("fresh process", "by the clock", "processor", "most memory")
row("---", "--:", "--:", "--:")
whole = []
commands = {
    "evaluate": ["evaluate", "--format", "json"],
    "scorecard": ["scorecard", "--format", "json"],
    "fair": ["fair", "--format", "json"],
    "process": ["process", "--format", "json"],
    "diagnose --manager": ["diagnose", "--manager", some[1], "--format", "json"],
}
for name, command in commands.items():
    runs = [timed(*command) for _ in range(RUNS)]
    clock, processor, memory = (median([run[place] for run in runs]) for place in range(3))
    if name != "diagnose --manager":
        whole.append((clock, processor, memory))
    row(f"`takar {name}`", told(clock), told(processor), f"{memory:,.0f} MiB")
row("the first four together", told(sum(one[0] for one in whole)), told(sum(one[1] for one in whole)), f"{max(one[2] for one in whole):,.0f} MiB")
print()

everything = ["/api/evaluation", "/api/scorecard", "/api/fair", "/api/process"]
runs, memory = [], 0.0
for _ in range(RUNS):
    with Server() as server:
        runs.append([server.ask("GET", path)[0] for path in everything])
        memory = max(memory, server.memory())
each = ", ".join(f"{path} {told(median([run[place] for run in runs]))}" for place, path in enumerate(everything))
print(f"all of it asked of a server that has just begun: {told(median([sum(run) for run in runs]))} ({each}), most memory {memory:,.0f} MiB\n")

one = "?manager={}"
pages = {
    "/scorecard": [("GET", "/api/scorecard", None)],
    "/scorecard/M": [("GET", "/api/scorecard" + one, None)],
    "/fair": [("GET", "/api/fair", None)],
    "/process": [("GET", "/api/process", None), ("GET", "/api/rubric", None)],
    "/managers": [("GET", "/api/evaluation", None)],
    "/managers/M": [
        ("GET", "/api/evaluation" + one, None),
        ("GET", "/api/process" + one, None),
        ("GET", "/api/fair" + one, None),
        ("GET", "/api/diagnose" + one, None),
    ],
    "/targets": [
        ("POST", "/api/targets/grid", {"kpi": "net_sales", "level": "manager", "period": "", "typed": []}),
        ("GET", "/api/targets/drafts?kpi=net_sales", None),
        ("GET", "/api/targets/suggest?kpi=net_sales&level=manager&period=2026&ambition=0.7", None),
    ],
}
row("page", "question", "first of a fresh server", "again", "for other managers")
row("---", "---", "--:", "--:", "--:")
for page, questions in pages.items():
    first, again, others = ([[] for _ in questions] for _ in range(3))
    for _ in range(RUNS):
        with Server() as server:
            for place, (method, path, body) in enumerate(questions):
                first[place].append(server.ask(method, path.format(quote(some[0])), body)[0])
            for place, (method, path, body) in enumerate(questions):
                again[place].append(server.ask(method, path.format(quote(some[0])), body)[0])
                if "{}" in path:
                    others[place] += [server.ask(method, path.format(quote(of)), body)[0] for of in some[1 : OTHERS + 1]]
    for place, (method, path, _) in enumerate(questions):
        question = path.split("?")[0]
        other = told(median(others[place])) if others[place] else ""
        row(f"`{page}`", f"`{question}`", told(median(first[place])), told(median(again[place])), other)

# The same question of the same lines, which DuckDB reads from the Parquet files of the lake; nothing was ever corrected here, so that every file counts.
# Takar answers from panels that it made while it imported.
DUCKDB = f"""
import duckdb, json
c = duckdb.connect(config={{"threads": 2}})
c.execute("SET enable_progress_bar = false")
rows = c.execute('''
WITH l AS (SELECT account_id, manager_id, invoice_no, quantity, net, cost, date, date_trunc('month', date) AS m FROM '{home}/lake/sales/**/*.parquet'),
sums AS (
  SELECT manager_id, m, sum(net) AS net_sales, sum(quantity) AS units, sum(net - cost) AS gross_margin,
         count(DISTINCT CASE WHEN quantity > 0 THEN invoice_no END) AS orders
  FROM l GROUP BY ALL),
active AS (
  SELECT manager_id, m, count(*) AS active_accounts FROM (
    SELECT manager_id, m, account_id FROM l GROUP BY ALL HAVING sum(net) > 0) GROUP BY ALL),
am AS (SELECT account_id, m, sum(net) AS c FROM l GROUP BY ALL),
pair AS (
  SELECT coalesce(a.account_id, b.account_id) AS account_id, coalesce(a.m, b.m + INTERVAL 1 MONTH) AS m,
         coalesce(a.c, 0) AS c, coalesce(b.c, 0) AS b
  FROM am a FULL JOIN am b ON a.account_id = b.account_id AND a.m = b.m + INTERVAL 1 MONTH),
first_ever AS (SELECT account_id, min(date) AS f FROM l WHERE quantity > 0 GROUP BY ALL),
first_in AS (SELECT account_id, m, arg_min(manager_id, (date, manager_id)) AS manager_id FROM l WHERE quantity > 0 GROUP BY ALL),
base AS (
  SELECT account_id, m, arg_max(manager_id, s) AS manager_id FROM (
    SELECT account_id, m + INTERVAL 1 MONTH AS m, manager_id, sum(net) AS s FROM l GROUP BY ALL) GROUP BY ALL),
fresh AS (
  SELECT fi.manager_id, p.m, count(*) AS new_accounts
  FROM pair p JOIN first_ever fe USING (account_id) JOIN first_in fi USING (account_id, m)
  WHERE p.b <= 0 AND p.c > 0 AND date_trunc('month', fe.f) = p.m GROUP BY ALL),
kept AS (
  SELECT ba.manager_id, p.m, count(*) AS retained_accounts
  FROM pair p JOIN base ba USING (account_id, m) WHERE p.b > 0 AND p.c > 0 GROUP BY ALL)
SELECT net_sales, orders, active_accounts, retained_accounts FROM sums LEFT JOIN active USING (manager_id, m) LEFT JOIN fresh USING (manager_id, m)
LEFT JOIN kept USING (manager_id, m) ORDER BY manager_id, m''').fetchall()
print(json.dumps([len(rows), str(sum(row[0] for row in rows).normalize()), *(sum(row[place] or 0 for row in rows) for place in (1, 2, 3))]))
"""
KPIS = "net_sales,units,gross_margin,orders,active_accounts,new_accounts,retained_accounts"


def clocked(command):
    before = time.perf_counter()
    text = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return time.perf_counter() - before, text


own, other = [], []
for _ in range(RUNS):
    seconds, text = clocked([takar, "--home", home, "metrics", "--by", "manager,month", "--kpi", KPIS, "--format", "json"])
    own.append(seconds)
    seconds, theirs = clocked([sys.executable, "-c", DUCKDB])
    other.append(seconds)
rows = json.loads(text, parse_float=Decimal)["rows"]
known = [len(rows), str(Decimal(sum(Decimal(row["net_sales"]) for row in rows)).normalize())]
known += [sum(row[kpi] or 0 for row in rows) for kpi in ("orders", "active_accounts", "retained_accounts")]
same = known == json.loads(theirs)
print(
    f"\nseven KPIs of {len(rows):,} manager months, two fresh processes in turn: Takar from its panel {told(median(own))}, DuckDB from the lines "
    f"{told(median(other))}, {median(other) / median(own):.1f} times as long; {'the same sums' if same else f'SUMS DIFFER: {known} {theirs}'}"
)
