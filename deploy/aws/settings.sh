#!/bin/bash
# Fetches a node's settings and secrets and lays them where its unit reads them. With --restart, as the timer calls it,
# a node whose settings have changed (RDS gives the database a new password every week) is drained and started anew.
set -euo pipefail
umask 077

: "${CARDSTORE_STACK:?}" "${CARDSTORE_NODE:?}" "${AWS_DEFAULT_REGION:?}"
folder=${CARDSTORE_ROOT:-}/etc/cardstore
endpoint=${CARDSTORE_AWS_ENDPOINT:-}

aws() { command aws ${endpoint:+--endpoint-url "$endpoint"} --output text "$@"; }

# Each parameter below a path as one line: its name, a tab, its value.
parameters() {
  aws ssm get-parameters-by-path --path "/cardstore/$CARDSTORE_STACK/$1/" --query 'Parameters[].[Name,Value]' |
    sed $'s,^[^\t]*/,,'
}

secret() { aws secretsmanager get-secret-value --secret-id "$1" --version-stage AWSCURRENT --query SecretString; }

# The version of a secret at a stage, or nothing when there is none. Any other trouble ends the script: a secret that
# is only out of reach for a moment must not be forgotten.
secret_at_stage() {
  local said
  if said=$(aws secretsmanager get-secret-value --secret-id "$1" --version-stage "$2" --query SecretString 2>&1); then
    echo "$said"
  elif [[ $said != *ResourceNotFoundException* ]]; then
    echo "$said" >&2
    return 1
  fi
}

declare -A setting part
# By way of a variable, so that a failure ends the script.
found=$(parameters settings)
while IFS=$'\t' read -r name value; do setting[$name]=$value; done <<<"$found"
found=$(parameters parts)
while IFS=$'\t' read -r name value; do part[$name]=$value; done <<<"$found"

missing=()
for name in CARDSTORE_PUBLIC_URL S3_BUCKET; do
  [[ ${setting[$name]:-} ]] || missing+=("settings/$name")
done
for name in SESSION_SECRET REDIS_HOST REDIS_TOKEN DATABASE_HOST DATABASE_SECRET; do
  [[ ${part[$name]:-} ]] || missing+=("parts/$name")
done
if ((${#missing[@]})); then
  echo "missing below /cardstore/$CARDSTORE_STACK in the parameter store: ${missing[*]}" >&2
  exit 1
fi

setting[CARDSTORE_NODE]=$CARDSTORE_NODE
setting[AWS_REGION]=$AWS_DEFAULT_REGION
mkdir -p "$folder"
fresh=$(mktemp -d "$folder/.fresh.XXXXXX")
trap 'rm -rf "$fresh"' EXIT
mkdir "$fresh/secrets"

# Quoted for systemd, which reads a backslash and a quote inside quotes.
for name in "${!setting[@]}"; do
  value=${setting[$name]//\\/\\\\}
  printf '%s="%s"\n' "$name" "${value//\"/\\\"}"
done | sort >"$fresh/settings.env"

secret "${part[SESSION_SECRET]}" >"$fresh/secrets/CARDSTORE_SESSION_SECRET"

# While the secret changes, every node accepts the next one before any node uses it, and the last one afterwards.
other=$(secret_at_stage "${part[SESSION_SECRET]}" AWSPENDING)
[[ $other ]] || other=$(secret_at_stage "${part[SESSION_SECRET]}" AWSPREVIOUS)
if [[ $other ]]; then
  echo "$other" >"$fresh/secrets/CARDSTORE_SESSION_SECRET_PREVIOUS"
fi

token=$(secret "${part[REDIS_TOKEN]}")
printf 'rediss://:%s@%s:6379' "$token" "${part[REDIS_HOST]}" >"$fresh/secrets/REDIS_URL"

if [[ ${part[DATABASE_HOST]} = none ]]; then
  secret "${part[DATABASE_SECRET]}" >"$fresh/secrets/DATABASE_URL"
else
  # Passwords that RDS makes hold letters that mean something in a URL.
  login=$(secret "${part[DATABASE_SECRET]}" | python3 -c '
import json, sys, urllib.parse
login = json.load(sys.stdin)
print(":".join(urllib.parse.quote(login[key], safe="") for key in ("username", "password")))')
  printf 'postgres://%s@%s/cardstore?sslmode=require' "$login" "${part[DATABASE_HOST]}" >"$fresh/secrets/DATABASE_URL"
fi

if [[ ${part[MAIL_SECRET]:-none} != none ]]; then
  secret "${part[MAIL_SECRET]}" >"$fresh/secrets/SMTP_URL"
fi

mkdir -p "$folder/secrets"
if diff -qr "$fresh/secrets" "$folder/secrets" >/dev/null && cmp -s "$fresh/settings.env" "$folder/settings.env"; then
  exit 0
fi
rm -rf "$folder/secrets"
mv "$fresh/secrets" "$fresh/settings.env" "$folder/"
if [[ ${1:-} = --restart ]]; then
  echo "settings have changed: restarting the node"
  systemctl restart cardstore.service
fi
