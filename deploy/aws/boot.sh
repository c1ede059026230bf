#!/bin/bash
# Makes a machine a node of the fleet, from the release that this file is part of. Ends well only when the balancer
# sends people here.
set -euo pipefail

: "${CARDSTORE_STACK:?}" "${CARDSTORE_NODE:?}" "${CARDSTORE_TARGET_GROUP:?}" "${AWS_DEFAULT_REGION:?}"
release=$(cd "$(dirname "$0")" && pwd)
root=${CARDSTORE_ROOT:-}
endpoint=${CARDSTORE_AWS_ENDPOINT:-}

"$release/settings.sh"

# For the timer that asks for settings again.
printf '%s=%s\n' CARDSTORE_STACK "$CARDSTORE_STACK" CARDSTORE_NODE "$CARDSTORE_NODE" \
  AWS_DEFAULT_REGION "$AWS_DEFAULT_REGION" >"$root/etc/cardstore/machine.env"

ln -sfn "releases/$(basename "$release")" "$root/opt/cardstore/current"
mkdir -p "$root/etc/systemd/system"
install -m 644 "$release"/systemd/* "$root/etc/systemd/system/"
systemctl daemon-reload
systemctl enable --now cardstore.service cardstore-settings.timer

# The node first, then the balancer's opinion of it: until that is good, no other machine may be replaced.
curl -sSf --retry 60 --retry-delay 1 --retry-all-errors --retry-max-time 120 --max-time 5 \
  --output /dev/null "http://127.0.0.1:${CARDSTORE_PORT:-8080}/healthz"
aws ${endpoint:+--endpoint-url "$endpoint"} elbv2 wait target-in-service \
  --target-group-arn "$CARDSTORE_TARGET_GROUP" --targets "Id=$CARDSTORE_NODE"
