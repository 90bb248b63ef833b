#!/bin/sh
# axe-core for the accessibility tests, exactly as locked, without running package scripts.
set -eu
cd "$(dirname "$0")/../tests/browser"
[ -f package-lock.json ] || exit 0
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules ]; then
    npm ci --ignore-scripts --no-audit --no-fund --silent
    touch node_modules
fi
