#!/bin/sh
# Starts the node with every credential that systemd handed over as the setting of its name.
set -eu
for file in "$CREDENTIALS_DIRECTORY"/cardstore_*; do
    setting=${file##*/cardstore_}
    export "$setting=$(cat "$file")"
done
exec "$(dirname "$0")/cardstore"
