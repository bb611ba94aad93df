# The recipes are for any POSIX make and shell: `make` alone lists them. Each sets up .venv first where it needs it.

# make serve PORT=9000
PORT ?= 8000
# make serve HOST=0.0.0.0; not taken from the environment, where some shells put the machine's own name.
HOST = 127.0.0.1
# make setup PYTHON=/path/to/python3
PYTHON ?=
# make pytest ARGS="-k positions"
ARGS =

bin = .venv/bin
sources = $(wildcard server tests benchmarks scripts)

# What lies on PYTHONPATH would hide what is installed in .venv. And the tests start the program hundreds of times:
# where Python is told to keep nothing compiled, each of them would compile it again.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

.PHONY: help setup build serve test lint types check evidence pytest format docs card dist clean
.NOTPARALLEL:

help:
	@echo 'make serve    set up, build the dataset and serve it on http://$(HOST):$(PORT)'
	@echo 'make setup    make .venv; .venv/bin/aisi-kg runs then'
	@echo 'make build    build the dataset'
	@echo 'make test     all checks and tests: lint, types, check, pytest'
	@echo 'make format   bring Python, Turtle, TriG and SSSOM/TSV files into their style'
	@echo 'make docs     draw the diagrams of docs/data-model.md again'
	@echo 'make card     draw the picture that links to pages are shown with (needs Chromium)'
	@echo 'make dist     make the wheel and the source distribution in dist/'
	@echo 'make clean    remove what make made'

setup:
	@PYTHON='$(PYTHON)' sh scripts/set-up.sh

build: setup
	@$(bin)/aisi-kg build

serve: build
	@$(bin)/aisi-kg serve --host $(HOST) --port $(PORT)

test: lint types check pytest

lint: setup
	$(bin)/ruff check $(sources)
	$(bin)/ruff format --check $(sources)

types: setup
	$(bin)/mypy

check: setup
	$(bin)/aisi-kg check

# What the test of the mappings reads, once; from a package index and an npm registry.
evidence: setup
	@sh scripts/evidence.sh

# A file at a time to each process: the tests of a file share servers and datasets. The order is that of the folders,
# with the browser's, which take longest, at the beginning.
pytest: setup evidence
	$(bin)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

format: setup
	$(bin)/ruff check --fix $(sources)
	$(bin)/ruff format $(sources)
	$(bin)/aisi-kg format

docs: setup
	$(bin)/python -m aisi_kg.graph.diagram docs/data-model.md

card: setup
	$(bin)/python scripts/card.py

dist: setup
	$(bin)/python -m hatchling build

# .venv only if it bears the mark of set-up: one made by hand is its maker's.
clean:
	@if [ -e .venv/aisi-kg-set-up ]; then rm -rf .venv; fi
	rm -rf build dist server/aisi_kg/web/static/vendor .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find $(sources) -name __pycache__ -type d -prune -exec rm -rf {} +
