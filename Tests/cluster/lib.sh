# What the tests of clusters have in common; a test is a script that 'run' gives CLUSTER, the cluster's folder, and WORK, a
# folder of its own. Anything that fails ends it, and its words stay in WORK/log.
# shellcheck shell=sh disable=SC2034
set -eu
: "${here:=$(cd "$(dirname "$0")/.." && pwd)}"
repository=$(cd "$here/../.." && pwd)
export SLURM_CONF="$CLUSTER/slurm.conf"
cd "$repository"
# Most tests keep off the node that some set down.
: "${SLURM_FLAGS=--exclude=node4}"
export SLURM_FLAGS
name=${WORK##*/}
log=$WORK/log
store=$WORK/store

# A test that fails ends what it began.
make=''
end() {
  code=$?
  [ "$code" -ne 0 ] || return 0
  [ -z "$make" ] || kill -TERM "$make" 2>/dev/null || true
  squeue --noheader --format='%i %k' | sed -n "s/ $name\$//p" | while read -r job; do scancel "$job"; done
  exit "$code"
}
trap end EXIT
trap 'exit 143' TERM INT HUP

fail() { echo "$name: $*" >&2; exit 1; }

# Works in a chapter whose long run takes so many epochs, in a store of the view 'own', 'locks' or 'late'.
begin() {
  epochs=$1 view=${2:-own} runs=${3:-12}
  mkdir -p "$WORK/paper" "$CLUSTER/shared/stores"
  "$here/chapter" "$epochs" "$runs" >"$WORK/paper/chapter.md"
  store=$CLUSTER/$view/stores/$name
  behind=$CLUSTER/shared/stores/$name
}

# make, with this test's settings.
mk() {
  make --no-print-directory CHAPTERS="$WORK/paper" STORE="$store" DATA_DIR="$CLUSTER/data" \
    FIGURES="$WORK/figures" GRAPH="$WORK/graph" "$@"
}

# The same on this machine alone, without Slurm: what everything is compared with.
reference() {
  calm=$CLUSTER/calm-$epochs
  (
    flock 9
    [ ! -e "$calm/done" ] || exit 0
    mkdir -p "$calm"
    make --no-print-directory CHAPTERS="$WORK/paper" STORE="$calm/store" DATA_DIR="$CLUSTER/data" \
      FIGURES="$calm/figures" GRAPH="$calm/graph" RUN= fig-t.1 >"$calm/log" 2>&1 || fail "no reference: see $calm/log"
    : >"$calm/done"
  ) 9>"$CLUSTER/calm-$epochs.lock"
}

# The epochs that the long run of one seed has to have to take so many seconds of a processor of this machine.
epochs_of() { awk -v seconds="$1" '{ print int($1 * seconds) }' "$CLUSTER/pace"; }

# Finds out how many epochs that run does in a second, by processor time, as others may be at work here.
measure_pace() {
  for epochs in 500 3500; do
    begin "$epochs"
    (
      reference
      times
    ) | awk 'NR == 2 { split($1, part, "[ms]"); print part[1] * 60 + part[2] }'
  done | awk '{ seconds[NR] = $1 } END { print 3000 / ((seconds[2] - seconds[1]) / 2) }' >"$CLUSTER/pace"
}

# What a store holds: the digest of every file of every result, which are the same wherever they were made.
contents() {
  (cd "$1" && find train measure judge plot -type f -path '*/????????????????????????????????????????????????????????????????/*' \
    ! -name manifest.json -exec sha256sum {} + | LC_ALL=C sort -k 2)
}

# The result is whole, nothing is left behind, and its bits are those of the reference. $1 folder of figures
check_result() {
  reference
  .build/release/weave verify --store "$behind" >"$WORK/verify" 2>&1 || fail "the store is damaged: $(cat "$WORK/verify")"
  left=$(find "$behind" -name '*.partial' -o -name '*.new' -o -name lease -o -name '.*.tmp')
  [ -z "$left" ] || fail "left behind: $left"
  [ ! -e "$behind/set-aside" ] || fail "something was set aside: $(ls "$behind/set-aside")"
  contents "$calm/store" >"$WORK/expected"
  contents "$behind" >"$WORK/found"
  [ -s "$WORK/expected" ] || fail "the reference is empty"
  cmp -s "$WORK/expected" "$WORK/found" || fail "other bits: see $WORK/expected and $WORK/found"
  cmp "$calm/figures/fig-t.1.csv" "${1:-$WORK/figures}/fig-t.1.csv" || fail "another figure"
}

# Waits until a condition holds, up to so many seconds. $1 seconds, then the condition
until_true() {
  limit=$(($1 * 5)) tries=0
  shift
  until "$@"; do
    [ "$tries" -lt "$limit" ] || fail "waited too long: $*"
    sleep 0.2
    tries=$((tries + 1))
  done
}

# The number of a job of this test that runs and whose name has some words. Jobs tell their test by a comment.
running() { squeue --noheader --state=RUNNING --format='%i %k %j' | grep " $name .*$1" | cut -d ' ' -f 1 | head -n 1; }
is_running() { [ -n "$(running "$1")" ]; }
has_checkpoint() { find "$behind/train" -name checkpoint 2>/dev/null | grep -q .; }
is_in_log() { grep -q "$1" "$log"; }
SLURM_FLAGS="$SLURM_FLAGS --comment=$name"
