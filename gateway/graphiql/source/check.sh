#!/bin/sh
# Fails unless ../assets is, byte for byte, what these sources build.
set -eu
cd "$(dirname "$0")"

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT

npm ci
npm run build -- --outDir "$built"

if ! diff -r ../assets "$built"; then
    echo "gateway/graphiql/assets is not what its sources build: run 'npm ci && npm run build' in gateway/graphiql/source and commit the result" >&2
    exit 1
fi
echo "gateway/graphiql/assets is what its sources build"
