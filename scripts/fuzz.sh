#!/usr/bin/env bash
# Reads files that nobody would write, so many seconds a target, and fails where one breaks a promise (fuzz/README.md).
# Usage: scripts/fuzz.sh [SECONDS_PER_TARGET [TARGET…]]
set -euo pipefail
cd "$(dirname "$0")/.."
export seconds="${1:-600}"
targets=("${@:2}")
[ "${#targets[@]}" -gt 0 ] || targets=(text values workbook json blocks)

if ! command -v c++ >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "── memasang kompilator C++ untuk mesin fuzzing (installing a C++ compiler for the engine)"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends g++ >/dev/null
  else
    echo "Kompilator C++ diperlukan: apt-get install g++ (a C++ compiler is needed)" >&2
    exit 1
  fi
fi

# Flags of its own mean a folder of its own, or each build would undo the other.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/fuzz"
host="$(rustc -vV | sed -n 's/^host: //p')"
export binaries="$CARGO_TARGET_DIR/$host/release"
echo "── membangun sasaran fuzzing (building the targets; the first time takes ±7 minutes on two cores)"
# Counts which code ran. With a target named, the flags spare what only builds.
RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table" \
  cargo build --quiet --release --bins --manifest-path fuzz/Cargo.toml --target "$host"

work="$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)"
trap 'rm -rf "$work"' EXIT
export work

# One target. What it finds out is kept beside the binaries, for the next run to go on from.
fuzz() {
  local target="$1" found="$CARGO_TARGET_DIR/corpus/$1" folders=() longest=4096 patience=5 words=()
  [ "$target" != workbook ] || longest=32768
  # Megabytes, read several times by a binary that counts each step.
  [ "$target" != blocks ] || patience=20
  for folder in "fuzz/seeds/$target" "fuzz/corpus/$target"; do
    [ ! -d "$folder" ] || folders+=("$folder")
  done
  [ ! -f "fuzz/dictionaries/$target" ] || words=("-dict=fuzz/dictionaries/$target")
  mkdir -p "$found" "$work/$target" "$CARGO_TARGET_DIR/found"
  local state=0 began=$SECONDS
  (
    # A single giant allocation fails at once; many small ones are seen by the engine.
    ulimit -v 6291456
    # Pages that are kept need not be asked for again: twice as fast.
    export MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=1073741824
    TMPDIR="$work/$target" "$binaries/$target" -max_total_time="$seconds" -timeout="$patience" -rss_limit_mb=1024 \
      -max_len="$longest" -print_final_stats=1 -artifact_prefix="$CARGO_TARGET_DIR/found/$target-" "${words[@]}" \
      "$found" "${folders[@]}" >"$work/$target.log" 2>&1
  ) || state=$?
  local runs coverage
  runs="$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$target.log")"
  coverage="$(grep -oE 'cov: [0-9]+ ft: [0-9]+' "$work/$target.log" | tail -n 1 || true)"
  echo "$target: ${runs:-0} masukan (inputs), ${coverage:-cov: 0}, $((SECONDS - began)) s"
  if [ "$state" != 0 ]; then
    # Without what every run prints.
    grep -vE '^(INFO|#[0-9]+|stat::|[[:space:]]+NEW_FUNC)' "$work/$target.log" | tail -n 60 >&2
    echo "── $target gagal; baca lagi dengan (failed; read it again with): $binaries/$target $CARGO_TARGET_DIR/found/$target-…" >&2
    return 1
  fi
}
export -f fuzz

echo "── fuzzing, $seconds detik tiap sasaran (seconds a target)"
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -euo pipefail -c 'fuzz {}'
