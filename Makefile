# Every target does its own set-up, once, in .venv: `make test` is enough on a machine with Python, git and make.
# Another Python: make PYTHON=python3.13 test

PYTHON ?= python3
PORT ?= 8000
ARGS ?=

export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help

python := .venv/bin/python
ready := .venv/.installed

# An interpreter that is gone (Python was upgraded) or a tree that was moved or copied: set up again.
prefix := $(shell $(python) -c 'import sys; print(sys.prefix)' 2>/dev/null)
ifneq ($(prefix),$(shell cat $(ready) 2>/dev/null))
$(ready): again
endif

.PHONY: help setup serve test check site done static types certify coverage links verify mutation fuzz bench digits lighthouse lock clean again

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(ready) ## create .venv with the locked packages; every other target does this by itself

serve: $(ready) ## show the site at http://127.0.0.1:8000 and rebuild as you type (PORT=8001 for another port)
	$(python) -m mkdocs serve --dev-addr 127.0.0.1:$(PORT)

test: $(ready) ## run the tests (ARGS="-k adam" for some of them)
	$(python) -m pytest $(ARGS)

check: $(ready) ## recompute every part and compare it with the key, without building the site
	$(python) -m solvers check

site: $(ready) ## build the site into site/
	$(python) -m mkdocs build --strict

verify: $(ready) ## read the built site back: its numbers against the keys and solvers
	$(python) -m solvers verify site

mutation: $(ready) ## change one thing at a time and see whether it is noticed (ARGS="keys --paper <paper>" for some)
	$(python) tests/mutation.py $(ARGS)

done: static types test check certify site verify ## everything that a change must pass, from format to the built site
	@echo 'done: format, lint, types, tests, check, certify and the strict build all pass'

static: $(ready) ## format and lint
	$(python) -m ruff format --check -q .
	$(python) -m ruff check -q .

types: $(ready) ## check the types of the package
	$(python) -m mypy

certify: $(ready) ## prove every digit in interval arithmetic; the figures go to build/certify.json
	$(python) -m solvers certify --write

coverage: $(ready) ## run the tests and count the branches of the package that they take; fewer than 95 % fail
	$(python) -m coverage erase
	$(python) -m coverage run -m pytest $(ARGS)
	@sleep 2 # what the tests fork from ends after them, and writes its data then
	$(python) -m coverage combine --quiet
	mkdir -p build
	$(python) -m coverage json --quiet --fail-under=0
	$(python) -m coverage report

links: $(ready) ## ask whether the addresses outside still answer
	$(python) tests/links.py --external

fuzz: $(ready) ## damage pages and keys, and demand an error that names the place (ARGS="--cases 100000 --seed 5")
	$(python) tests/fuzz.py $(ARGS)

bench: $(ready) ## measure how long the site takes to build
	$(python) tests/bench.py

digits: $(ready) ## recompute everything with the locked, the oldest and the newest packages (ARGS="python3.11 python3.13")
	$(python) tests/digits.py $(ARGS)

lighthouse: ## measure the longest page of site/ with Lighthouse (needs Node; ARGS="--runs 5")
	$(PYTHON) tests/lighthouse.py $(ARGS)

lock: build/uv/bin/uv ## write requirements.lock from pyproject.toml (UPGRADE=1 for the newest versions)
	build/uv/bin/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command 'make lock' -q $(if $(UPGRADE),--upgrade) -o requirements.lock
	for name in compare lint; do \
	  build/uv/bin/uv pip compile .github/requirements/$$name.in --universal --python-version 3.13 --generate-hashes \
	    --custom-compile-command 'make lock' -q $(if $(UPGRADE),--upgrade) -o .github/requirements/$$name.txt || exit 1; \
	done

clean: ## delete what was built (the set-up stays: delete .venv to redo it)
	rm -rf site build .cache .coverage .mypy_cache .pytest_cache .hypothesis .ruff_cache
	find solvers tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Written last, so that a set-up that was interrupted starts over.
$(ready): requirements.lock pyproject.toml
	@$(old_python)
	@rm -f $@
	$(PYTHON) -m venv --clear .venv
	@echo 'installing the locked packages into .venv: a minute or two, only this once'
	$(python) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(python) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(python) -c 'import sys; print(sys.prefix)' > $@

build/uv/bin/uv:
	@$(old_python)
	$(PYTHON) -m venv --clear build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

old_python = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "$(PYTHON) is missing or older than Python 3.11: make PYTHON=/path/to/a/newer/python3" >&2; exit 1; }
