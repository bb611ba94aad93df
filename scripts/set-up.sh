#!/bin/sh
# Makes .venv, with the package and its tools at the versions of constraints.txt, and fetches what the pages load. A
# second run is over at once.
#
# PYTHON=FILE in the environment names the interpreter; otherwise the first suitable one on the PATH is taken.
set -eu
cd "$(dirname "$0")/.."

if [ -n "${PYTHON:-}" ]; then
	set -- "$PYTHON"
else
	set -- python3 python3.13 python3.12 python3.11 python
fi
place=$(pwd -P)
stamp=.venv/aisi-kg-set-up

# With PYTHONPATH set, pip would take what lies there for installed.
unset PYTHONPATH PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0

fail() {
	echo "$1" >&2
	exit 1
}

# What the environment depends on: the requirements, this script, the version, and the place, since an environment
# that was moved or copied still starts the programs of the old place.
key="$(cat pyproject.toml constraints.txt scripts/set-up.sh server/aisi_kg/__init__.py | cksum) $place"

if [ -e .venv ] && [ ! -e "$stamp" ]; then
	fail "$place/.venv exists and was not made by this script; move it away and run make setup again."
fi
if [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null; then
	[ "$(cat "$stamp")" != "$key" ] || exec sh scripts/front-end.sh
	# Only the requirements changed: pip brings the environment up to date. After a move it is made anew.
	case "$(cat "$stamp")" in
	*" $place") reuse=yes ;;
	*) reuse=no ;;
	esac
else
	reuse=no
fi

if [ $reuse = no ]; then
	python=
	seen=
	for candidate; do
		version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
		if ! "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
			seen="$seen, $candidate is $version"
		elif ! "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
			bare="${bare:-$candidate}"
			bare_version="${bare_version:-$version}"
		else
			python=$candidate
			break
		fi
	done
	if [ -z "$python" ] && [ -n "${bare:-}" ]; then
		fail "$bare is Python $bare_version but lacks the modules venv and ensurepip; install them (on Debian and \
Ubuntu: apt install python$bare_version-venv) and run make setup again."
	elif [ -z "$python" ]; then
		fail "Python 3.11 or later is needed and was not found (looked for: $*$seen); install it, or name \
it with make setup PYTHON=/path/to/python3."
	fi
	echo "Setting up .venv with $python, which is Python $version. The first time takes a few minutes."
	rm -rf .venv
	mkdir .venv
	# Written before the environment, so that what an interrupted run leaves behind is known as ours.
	echo unfinished >"$stamp"
	"$python" -m venv .venv
else
	echo "Bringing .venv up to date with pyproject.toml and constraints.txt."
	echo "unfinished $place" >"$stamp"
fi

# The tools that build come first and are used as they are, so that their versions are pinned too, and owlready2's
# optional C module, which a machine without a compiler could not have, is left out everywhere.
if ! .venv/bin/python -m pip install --constraint constraints.txt hatchling setuptools ||
	! .venv/bin/python -m pip install --constraint constraints.txt --no-build-isolation --editable '.[dev]'; then
	fail "The packages could not be installed (pip says why above); check that a package index can be reached, \
then run make setup again."
fi
.venv/bin/python -m pip check
echo "$key" >"$stamp"
exec sh scripts/front-end.sh
