# make demo    installs what the gateway needs into .venv and shows a morning's work
# make test    installs the test tools as well and runs every test
# make faults  kills the gateway, fails its disk and fills it up, for about an hour, and prints what was lost: nothing
# The rest:    make test-system | cover | fuzz | lint | format | docs | lock | clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
MAKEFLAGS += --no-print-directory

.PHONY: demo test faults test-system cover fuzz lint format docs lock clean

demo: .venv/runtime
	@rm -rf demo-home
	@$(BIN)/gateway demo --home demo-home

test: .venv/dev
	@$(BIN)/pytest -n auto

# Writes docs/reliability.json; `make docs` makes the table of docs/reliability.md from it.
faults: .venv/dev
	@$(BIN)/python -m tests.faults

# System parts that some tests want real: OpenSSH's server and strace. Nothing is started, no port is opened.
test-system:
	@./.ci/system-parts

# Spoils files for the readers: by seed, in this process and in the sandbox, then led by coverage, FUZZ_SECONDS for each form.
FUZZ_SECONDS ?= 600
fuzz: .venv/fuzz
	@$(BIN)/python -W ignore -m tests.fuzz --cases 10000
	@$(BIN)/python -W ignore -m tests.fuzz --cases 2000 --sandbox
	@for form in csv xlsx xml; do \
	    $(BIN)/python -W ignore -m tests.fuzz.guided $$form build/fuzz/$$form -max_total_time=$(FUZZ_SECONDS) -verbosity=0 \
	        -artifact_prefix=build/fuzz/ || exit 1; done

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: .venv/dev
	$(BIN)/ruff check --fix .

docs: .venv/dev
	$(BIN)/python docs/generate.py

# Branch coverage of the rooms in tests/rooms.toml; fails when a branch of one is taken by no test. make cover ROOMS="sealing ledger"
cover: .venv/dev
	@$(BIN)/python -m tests.cover $(ROOMS)

# Hash-pinned, for every platform and Python from 3.11; no download addresses in it.
lock: .venv/dev
	$(PIP) install uv
	$(BIN)/uv pip compile pyproject.toml --extra build --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-annotate --no-header --quiet --output-file requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --extra build --constraint requirements-dev.lock --universal --python-version 3.11 \
	    --generate-hashes --no-annotate --no-header --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra fuzz --constraint requirements-dev.lock --universal --python-version 3.11 \
	    --generate-hashes --no-annotate --no-header --quiet --output-file requirements-fuzz.lock

clean:
	rm -rf .venv build *.egg-info demo-home .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/runtime: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what the gateway needs into .venv (once) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	@echo "Installing the gateway and its test tools into .venv (once) …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch .venv/runtime $@

.venv/fuzz: requirements-fuzz.lock | .venv/dev
	@echo "Installing what fuzzing needs into .venv (once) …"
	@$(PIP) install --require-hashes -r requirements-fuzz.lock
	@touch $@
