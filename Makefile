# Here is a fresh clone; set it up, serve it, test it. `make help` lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# torch is not in the lock: which build of it fits differs from machine to machine.
NOT_LOCKED := torch==|triton==|nvidia-|cuda-
TORCH := $(shell sed -n 's/^ *"\(torch==[^"]*\)",*/\1/p' pyproject.toml)

.PHONY: serve test fuzz eval-gate lint types lock clean help
.DEFAULT_GOAL := help

serve: $(READY) ## index the seeds if there is no index, and serve on 127.0.0.1:8000
	@exec $(BIN)/unionqa serve

test: lint types ## everything: lint, types, tests, the browser test and the evaluation gate
	$(BIN)/python -m pytest
	$(BIN)/python -m eval gate

fuzz: $(READY) ## 500 requests to each operation, held against /openapi.json
	FUZZ_EXAMPLES=500 $(BIN)/python -m pytest -q tests/api/test_contract.py

eval-gate: $(READY) ## ask the project's own questions; fail where a figure fell
	$(BIN)/python -m eval gate

lint: $(READY) ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## types
	$(BIN)/mypy

# The stamp is older than these two exactly where something must be installed.
$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"; exit 1; }
	@# an attempt without python3-venv leaves a folder with python and no pip in it
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV) || \
	  { echo "python3 -m venv failed; on Debian: apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet "$(TORCH)"
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

lock: $(READY) ## resolve the dependencies anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --extra eval --extra otel --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml \
	  | awk '/^[a-z]/ { kept = !/^($(NOT_LOCKED))/ } kept' > requirements.lock.new
	@mv requirements.lock.new requirements.lock

clean: ## remove the environment and what tools left (the data folder stays)
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)
