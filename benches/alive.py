"""Times the fit alone (the data in memory) of BG/NBD in lifetimes and in the example `alive`, on the same customers.

Customers follow the model with the parameters published for CDNOW, in weeks, at two grains: continuous times (no two
customers with a repeat order are alike) and whole days, as order books have them.
"""

import json
import os
import statistics
import subprocess
import sys
import time

import numpy
import pandas
from lifetimes import BetaGeoFitter
from scipy.special import betaln, gammaln

example, work, customers = sys.argv[1], sys.argv[2], int(sys.argv[3])
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
R, ALPHA, A, B = 0.2426, 4.4135, 0.7929, 2.4258
LONGEST = 78.0


def simulate(count, grain, seed=7):
    """(x, t_x, T) of `count` customers; times are multiples of `grain` weeks where it is above 0."""
    random = numpy.random.default_rng(seed)
    rate = random.gamma(R, 1 / ALPHA, count)
    dies = random.beta(A, B, count)
    age = random.uniform(LONGEST / 2, LONGEST, count)
    age = numpy.floor(age / grain) * grain if grain else age
    frequency, recency, now = numpy.zeros(count), numpy.zeros(count), numpy.zeros(count)
    active = numpy.arange(count)
    while active.size:
        now[active] += random.exponential(1.0, active.size) / numpy.maximum(rate[active], 1e-300)
        active = active[now[active] <= age[active]]
        seen = numpy.ceil(now[active] / grain) * grain if grain else now[active]
        # Two purchases on one day are one order.
        another_day = seen > recency[active]
        frequency[active] += another_day
        recency[active] = numpy.minimum(seen, age[active])
        active = active[random.random(active.size) > dies[active]]
    return frequency, recency, age


def log_likelihood(parameters, frequency, recency, age):
    """As published (Fader, Hardie & Lee 2005, eq. 6), in the unit of the data: lifetimes reports it on rescaled time."""
    r, alpha, a, b = parameters
    alive = betaln(a, b + frequency) - (r + frequency) * numpy.log(alpha + age)
    dead = betaln(a + 1, b + numpy.maximum(frequency, 1) - 1) - (r + frequency) * numpy.log(alpha + recency)
    dead = numpy.where(frequency > 0, dead, -numpy.inf)
    each = gammaln(r + frequency) - gammaln(r) + r * numpy.log(alpha) - betaln(a, b) + numpy.logaddexp(alive, dead)
    return each.sum()


def theirs(frequency, recency, age):
    fitter = BetaGeoFitter()
    start = time.perf_counter()
    fitter.fit(frequency, recency, age)
    seconds = time.perf_counter() - start
    return seconds, [fitter.params_[name] for name in ("r", "alpha", "a", "b")]


def ours(path):
    report = json.loads(subprocess.check_output([example, path, "--format", "json"]))
    fit = next(model for model in report["models"] if model["model"] == "BG/NBD")
    return fit["fit_seconds"], [fit[name]["value"] for name in ("r", "alpha", "a", "b")]


for name, grain in (("continuous times", 0.0), ("whole days", 1 / 7)):
    data = simulate(customers, grain)
    path = os.path.join(work, "alive-summary.csv")
    columns = dict(zip(("frequency", "recency", "T"), data))
    pandas.DataFrame(columns).to_csv(path, index=False)
    print(f"{customers} customers, {name}", flush=True)
    seconds = {"lifetimes": [], "takar": []}
    for _ in range(RUNS):
        for tool, fit in (("lifetimes", lambda: theirs(*data)), ("takar", lambda: ours(path))):
            taken, parameters = fit()
            seconds[tool].append(taken)
            shown = " ".join(f"{value:.4f}" for value in parameters)
            print(f"  {tool:<10} {taken:7.3f} s   r alpha a b = {shown}   LL {log_likelihood(parameters, *data):.3f}", flush=True)
    medians = {tool: statistics.median(runs) for tool, runs in seconds.items()}
    print(f"  median: lifetimes {medians['lifetimes']:.3f} s, takar {medians['takar']:.3f} s: {medians['lifetimes'] / medians['takar']:.1f} times", flush=True)
