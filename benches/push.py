"""Pushes order lines to a running server over several connections and tells how many a second came to count.

    push.py TAKAR DATA.csv LINES PER_REQUEST CONNECTIONS

Starts a server on a home that goes away. The bodies are made beforehand, so that only the server is measured (the client shares its
cores all the same). Every line is answered for: at the end the server's own count is held against what was sent.
"""

import csv
import http.client
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

takar, data, lines, per_request, connections = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])

with open(data, encoding="utf-8-sig", newline="") as file:
    head = file.readline()
    mark = ";" if ";" in head else ","
    names = next(csv.reader([head], delimiter=mark))
    rows = csv.DictReader(file, fieldnames=names, delimiter=mark)
    bodies, batch, count = queue.Queue(), [], 0
    decimal_comma = None
    for row in rows:
        if count == lines:
            break
        day = row.get("tanggal", "")
        if re.fullmatch(r"\d\d/\d\d/\d{4}", day):
            row["tanggal"] = f"{day[6:]}-{day[3:5]}-{day[:2]}"
        for name, value in row.items():
            # A program writes decimals with a point.
            if re.fullmatch(r"-?[\d.]+,\d+", value or ""):
                row[name] = value.replace(".", "").replace(",", ".")
        batch.append(row)
        count += 1
        if len(batch) == per_request:
            bodies.put(json.dumps(batch).encode())
            batch = []
    if batch:
        bodies.put(json.dumps(batch).encode())
requests = bodies.qsize()

home = tempfile.mkdtemp(prefix="takar-push-")
server = subprocess.Popen(
    [takar, "--home", home, "serve", "--port", "0", "--lang", "en"], stderr=subprocess.PIPE, text=True
)
address = re.search(r"http://([\d.:]+)", server.stderr.readline()).group(1)
latencies, imports, set_aside = [], set(), 0
lock = threading.Lock()


def push() -> None:
    global set_aside
    connection = http.client.HTTPConnection(address, timeout=600)
    while True:
        try:
            body = bodies.get_nowait()
        except queue.Empty:
            return
        begun = time.monotonic()
        connection.request("POST", "/api/facts/sales", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {text[:400]!r}")
        told = json.loads(text)
        with lock:
            latencies.append(time.monotonic() - begun)
            imports.add(told["import"])
            set_aside += len(told["set_aside"])


begun = time.monotonic()
threads = [threading.Thread(target=push) for _ in range(connections)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
seconds = time.monotonic() - begun
connection = http.client.HTTPConnection(address, timeout=600)
connection.request("GET", "/api/status")
there = json.loads(connection.getresponse().read())["lines"]
server.terminate()
shutil.rmtree(home)
latencies.sort()
print(
    f"{count:,} lines in {requests} requests of {per_request:,} over {connections} connections: {seconds:.1f} s, "
    f"{count / seconds:,.0f} lines/s, {len(imports)} commits, "
    f"answer after {latencies[len(latencies) // 2]:.2f} s (median), {latencies[int(len(latencies) * 0.95)]:.2f} s (95 %)"
)
assert there + set_aside == count, f"sent {count}, there are {there}, set aside {set_aside}"
