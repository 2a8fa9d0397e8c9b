#!/usr/bin/env bash
# Joins the given servers to a cluster; does nothing where they are one.
set -euo pipefail
first=${1%%:*}
if ! redis-cli -h "$first" cluster info | grep -q '^cluster_slots_assigned:16384'; then
    redis-cli --cluster create "$@" --cluster-yes
fi
for _ in {1..60}; do
    redis-cli -h "$first" cluster info | grep -q '^cluster_state:ok' && exit 0
    sleep 0.5
done
echo 'the cluster did not become whole' >&2
exit 1
