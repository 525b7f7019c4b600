#!/usr/bin/env bash
# sbatch, squeue, scancel, scontrol and sacct, by the name it is called: a Slurm that only keeps books, in the folder FAKE_SLURM. Its tasks are files
# `tasks/ARRAY_INDEX` with STATE|status|reason|name; the test is the cluster that changes them. `answer-N` is what the Nth sbatch fails with; where it begins
# with `lost`, the array was taken.
set -euo pipefail
shopt -s nullglob
cd "$FAKE_SLURM"
command=${0##*/}
[ "${1:-}" = --version ] && exit 0
printf '%s\n' "$command $*" >>calls
if [ -e down ]; then
  cat down >&2
  exit 1
fi
case $command in
scontrol) cat config ;;
sacct) if [ -e sacct ]; then cat sacct; else exit 1; fi ;;
sbatch)
  for word in "$@"; do
    case $word in
    --array=*) range=${word#--array=0-} ;;
    --job-name=*) name=${word#--job-name=} ;;
    esac
  done
  folder=${*: -1}
  folder=${folder%/*}
  ls "$folder" >at-sbatch
  answer=
  calls=$(grep -c ^sbatch calls)
  if [ -e "answer-$calls" ]; then answer=$(<"answer-$calls"); fi
  if [ -z "$answer" ] || [[ $answer == lost* ]]; then
    array=(arrays/*)
    array=$((100 + ${#array[@]}))
    echo "$folder" >"arrays/$array"
    for ((i = 0; i <= ${range%%%*}; i++)); do echo "PENDING|0|None|$name" >"tasks/${array}_$i"; done
  fi
  if [ -n "$answer" ]; then
    echo "sbatch: error: $answer" >&2
    exit 1
  fi
  echo "$array;cluster"
  ;;
squeue)
  for word in "$@"; do case $word in --name=*) names=,${word#--name=}, ;; esac done
  for task in tasks/*_*; do
    IFS='|' read -r state status reason name 2>/dev/null <"$task" || continue
    id=${task##*/}
    [[ $* == *--states=all* || $state == PENDING || $state == RUNNING ]] || continue
    [[ $names == *",$name,"* ]] && echo "${id%_*}|${id#*_}|$state|$status|$reason|$name|"
  done
  true
  ;;
scancel)
  for array in "$@"; do
    for task in "tasks/${array}"_*; do
      case "$* $(cat "$task")" in
      *--state=PENDING*' PENDING|'*) sed -i 's/^PENDING|0/CANCELLED|0/' "$task" ;;
      *--state=RUNNING*--signal=TERM*--batch*' RUNNING|'*) sed -i 's/^RUNNING|0/FAILED|36608/' "$task" ;;
      esac
    done
  done
  ;;
esac
