# The one door. `make run` and `make test` work from a bare checkout with Python 3.11 or newer and nothing else.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 2
ARGS ?=

# Where it is set (in many images), every start would compile the whole program anew: half a second each.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check slow bench fix golden connector lock

help:  ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 12

run: $(VENV)/runtime.stamp  ## a server with the pretend world on this machine
	$(BIN)/payproof dev $(ARGS)

test: $(VENV)/dev.stamp  ## all tests, on SQLite and PostgreSQL; then those that kill; alone those that measure
	@$(BIN)/python -m tests.postgres
	@$(BIN)/python -m tests.browser.chromium
	$(PYTEST) -q -n $(WORKERS) --dist worksteal -m "not slow and not kill and not limit" $(ARGS)
	@$(PYTEST) -q -n $(WORKERS) --dist worksteal -m "kill and not slow" $(ARGS) || [ $$? -eq 5 ]
	@$(PYTEST) -q -m limit $(ARGS) || [ $$? -eq 5 ]

check: $(VENV)/dev.stamp  ## format, lint, types, import plan, generated files; no tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.house.generated --check

slow: $(VENV)/dev.stamp  ## the long runs: kills, simulation, fuzzing
	@$(BIN)/python -m tests.postgres
	$(PYTEST) -m slow $(ARGS)

bench: $(VENV)/dev.stamp  ## measure, into bench-results/
	$(BIN)/python -m bench $(ARGS)

fix: $(VENV)/dev.stamp  ## format, and mend what can be mended by rule
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: $(VENV)/dev.stamp  ## write generated pages and golden files anew; look at the difference before you commit it
	$(BIN)/python -m tests.house.generated
	PAYPROOF_GOLDEN=write $(PYTEST) -q -k golden $(ARGS)

connector: $(VENV)/dev.stamp  ## a new connector: make connector NAME=acme_payroll
	$(BIN)/payproof connector new $(NAME)

lock: build/uv/bin/uv  ## choose the newest versions that pyproject.toml allows, with hashes for every platform
	build/uv/bin/uv --no-config pip compile --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet \
		-o requirements.lock pyproject.toml
	build/uv/bin/uv --no-config pip compile --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet \
		-o requirements-dev.lock \
		--group dev --constraint requirements.lock pyproject.toml
	build/uv/bin/uv --no-config pip compile --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet \
		-o requirements-build.lock \
		--group build --constraint requirements-dev.lock

build/uv/bin/uv:
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip install --quiet uv

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "payproof needs Python 3.11 or newer: apt-get install -y python3 python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python has no venv module here: apt-get install -y python3-venv"; exit 1; }

$(VENV)/runtime.stamp: requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock -r requirements-build.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@
