#!/usr/bin/env bash
# A real Slurm of one node (Debian packages slurm-wlm and munge) in a folder of its own, for tests; needs root.
#
#   slurm-node.sh FOLDER PORT     with PORT and PORT + 1 free
#
# Prints the SLURM_CONF to export, then answers lines of its standard input: `down` ends the controller, `crash` kills it, `up` starts it again. It ends when its
# input does, with everything it started: the test that holds the other end may be killed.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
port=$2
host=$(hostname -s)
mkdir -p "$folder/state" "$folder/spool" "$folder/munge"
chmod 755 "$folder" "$folder/munge"
(umask 077; head -c 1024 /dev/urandom >"$folder/munge/key")
cat >"$folder/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,sched_min_interval=10000,batch_sched_delay=0,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
MaxArraySize=40
KillWait=5
SlurmdTimeout=15
MessageTimeout=5
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$folder/slurm.conf"

controller= node= keys=
end() {
  trap - EXIT
  if [ -n "$controller" ] && [ -n "$node" ]; then
    timeout 10 scancel --quiet --signal=KILL --full --user=root || true
    timeout 10 scancel --quiet --user=root || true
    for _ in $(seq 50); do
      [ -z "$(timeout 5 squeue --noheader 2>/dev/null)" ] && break
      sleep 0.2
    done
  fi
  for process in $controller $node $keys; do kill "$process" 2>/dev/null || true; done
  wait
}
trap end EXIT
trap 'exit 1' INT TERM HUP

munged --foreground --force --socket="$folder/munge/socket" --key-file="$folder/munge/key" --pid-file="$folder/munge/pid" \
  --seed-file="$folder/munge/seed" --log-file="$folder/munge/log" 2>"$folder/munge/errors" </dev/null &
keys=$!
slurmctld -D </dev/null >/dev/null 2>&1 &
controller=$!
slurmd -D </dev/null >/dev/null 2>&1 &
node=$!
for _ in $(seq 100); do
  sinfo --noheader --format=%t 2>/dev/null | grep -qx idle && break
  sleep 0.1
done
sinfo --noheader --format=%t | grep -qx idle
echo "$SLURM_CONF"

while read -r order; do
  case $order in
    down) kill "$controller" && wait "$controller" || true ;;
    crash) kill -KILL "$controller" && wait "$controller" || true ;;
    up)
      slurmctld -D </dev/null >/dev/null 2>&1 &
      controller=$!
      ;;
  esac
  echo "$order"
done
