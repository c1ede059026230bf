#!/bin/bash
# Builds a release and packs it into target/deploy/<sha256>.tar.gz: the node, its site, its units and its scripts.
# Prints the file's name. With --built PROGRAMS SITE it packs what those two folders hold.
set -euo pipefail
umask 022
cd "$(dirname "$0")/.."
out=${CARDSTORE_PACKAGES:-target/deploy}

if [[ ${1:-} = --built ]]; then
  programs=${2:?"the folder with the node"} site=${3:?"the folder with the site"}
else
  # Installs what is missing, builds the node that is measured, and says last where it is.
  programs=$(cargo xtask ship | tee /dev/stderr | tail -n 1) site=target/site
fi

mkdir -p "$out"
folder=$(mktemp -d "$out/.packing.XXXXXX")
trap 'rm -rf "$folder"' EXIT
# Leptos looks for the names of the hashed files beside the program.
install -D -t "$folder/release" "$programs/cardstore" deploy/start.sh deploy/aws/boot.sh deploy/aws/settings.sh
install -m 644 -t "$folder/release" "$programs/hash.txt"
install -m 644 -D -t "$folder/release/systemd" deploy/systemd/*
cp -r "$site" "$folder/release/site"

# The same files make the same archive, wherever and whenever they are packed.
tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u+rw,go=rX --directory "$folder/release" . |
  gzip --no-name >"$folder/release.tar.gz"
sha256=$(sha256sum "$folder/release.tar.gz" | cut -d ' ' -f 1)
mv "$folder/release.tar.gz" "$out/$sha256.tar.gz"
echo "$out/$sha256.tar.gz"
