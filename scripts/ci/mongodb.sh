#!/usr/bin/env bash
# Prints the path of a MongoDB-protocol server for the tests (scripts/ci/ferretdb), which it builds the first time: some
# two minutes, given Go 1.24. With --installed it builds nothing, and fails where there is none yet.
set -euo pipefail
source="$(cd "$(dirname "$0")" && pwd)/ferretdb"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/passportx"
version="$(cat "$source"/main.go "$source"/go.mod "$source"/go.sum | sha256sum | cut -c 1-16)"
binary="$cache/ferretdb-$version"

if [ ! -x "$binary" ]; then
  [ "${1:-}" != --installed ] || exit 1
  command -v go >/dev/null || { echo "no Go here: the tests that need MongoDB will be left out" >&2; exit 1; }
  mkdir -p "$cache"
  built="$(mktemp "$cache/building-XXXXXX")"
  trap 'rm -f "$built"' EXIT
  # The toolchain that is here, and no C compiler: nothing is downloaded but modules, checked against go.sum.
  (cd "$source" && GOTOOLCHAIN=local CGO_ENABLED=0 go build -mod=readonly -trimpath -ldflags '-s -w' -o "$built" .) >&2
  chmod 755 "$built"
  mv "$built" "$binary"
fi
echo "$binary"
