"""Times the evaluation of every manager: fresh processes, then a server, first asked and asked again.

    evaluation.py TAKAR HOME DATA

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
from urllib.parse import quote

takar, home, data = sys.argv[1:4]
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
