"""Theta with 80 % intervals: Takar's example against statsforecast, in turn, on the same simulated series."""

import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np
from statsforecast.models import Theta

LENGTH, HORIZON, RUNS, PART = 60, 12, 3, 2_000


def simulated(count: int) -> np.ndarray:
    """Levels that walk, with a season and noise, all above zero."""
    random = np.random.default_rng(2020)
    level = 100 * np.exp(np.cumsum(random.normal(0, 0.03, (count, LENGTH)), axis=1))
    season = 1 + random.uniform(0, 0.4, (count, 1)) * np.sin(
        2 * np.pi * (np.arange(LENGTH)[None, :] / 12 + random.uniform(0, 1, (count, 1)))
    )
    return level * season * np.exp(random.normal(0, 0.1, (count, LENGTH)))


def theirs(series: np.ndarray) -> float:
    model = Theta(season_length=12)
    started = time.perf_counter()
    for values in series:
        model.forecast(y=values, h=HORIZON, level=[80])
    return time.perf_counter() - started


def ours(program: str, path: str) -> float:
    command = [program, path, "--length", str(LENGTH), "--horizon", str(HORIZON)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)["seconds"]


def main() -> None:
    program, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    series = simulated(count)
    path = os.path.join(folder, "series.f64")
    series.astype("<f8").tofile(path)
    part = series if os.environ.get("ALL") == "1" else series[: min(PART, count)]
    theirs(series[:20])  # compiles what it needs
    own, other = [], []
    for run in range(RUNS):
        other.append(theirs(part) * count / len(part))
        own.append(ours(program, path))
        print(f"run {run + 1}: takar {own[-1]:.2f} s, statsforecast {other[-1]:.1f} s for {count} series "
              f"(from {len(part)})")
    print(f"statsforecast / takar = {statistics.median(other) / statistics.median(own):.1f}")


main()
