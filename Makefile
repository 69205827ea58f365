# The two commands of the README:
#   make run     everything that is missing, then the studio at http://localhost:8000
#   make test    everything that is missing, then all tests
# And for those who change it:
#   make check   format, types, layers, unit tests (about four minutes)
#   make format  what a formatter can mend
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PORT ?= 8000
VENV := .venv
PYTHON := $(VENV)/bin/python
UV = $(shell command -v uv || echo .tools/bin/uv)
UV_VERSION := 0.13.8
# A uv cache on another disk cannot be hard-linked; copying is then what uv does anyway, with a warning.
export UV_LINK_MODE ?= copy
# Node of the machine if it is 20 or newer, else the one that the Python environment brings.
NODE_BIN = $(shell scripts/node.sh)
FRONTEND_SOURCES := $(shell find frontend/src frontend/public -type f -not -path '*/native/*' 2>/dev/null)

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: install native frontend/build/index.html ## start the studio (PORT=8000)
	@exec $(PYTHON) -m backend.run --port $(PORT)

test: install-test native frontend/build/index.html ## all tests, as CI runs them
	@$(PYTHON) -m pytest tests $(PYTEST_ARGS)
	cd frontend && PATH="$(NODE_BIN):$$PATH" CI=true npm test -- --watchAll=false

check: lint ## format, types, layers, unit tests
	@$(PYTHON) -m pytest tests -m "not slow and not real_data" $(PYTEST_ARGS)

lint: install-test native frontend/node_modules/.package-lock.json ## format, types, layers
	@$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	git ls-files -co --exclude-standard 'firmware/*.c' 'firmware/*.h' | xargs $(VENV)/bin/clang-format --dry-run --Werror
	$(PYTHON) -m backend.openapi > build/openapi.json
	cd frontend && export PATH="$(NODE_BIN):$$PATH" && npm run --silent lint
	npx openapi-typescript ../build/openapi.json -o ../build/api.types.ts >/dev/null
	cmp src/lib/api.types.ts ../build/api.types.ts || { echo "The frontend's types are out of date: make types"; exit 1; }

format: install-test ## what a formatter can mend
	@$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix .
	git ls-files -co --exclude-standard 'firmware/*.c' 'firmware/*.h' | xargs $(VENV)/bin/clang-format -i

types: install ## regenerate the frontend's API types from the backend
	@mkdir -p build && $(PYTHON) -m backend.openapi > build/openapi.json
	cd frontend && PATH="$(NODE_BIN):$$PATH" npm run --silent types

native: install ## the C library for this machine and for the browser
	@$(PYTHON) -m mote.native build --host --wasm

install: build/.system-run build/.python
install-test: build/.system-test build/.python

build/.system-%: scripts/install.sh
	@mkdir -p build && scripts/install.sh $*
	touch $@

.tools/bin/uv:
	@python3 -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

build/.python: pyproject.toml uv.lock | build/.system-run
	@[ -x "$(UV)" ] || $(MAKE) --no-print-directory .tools/bin/uv
	$(UV) sync --quiet --frozen --inexact --extra training
	[ -n "$$(scripts/node.sh)" ] || $(UV) sync --quiet --frozen --inexact --extra training --group node
	touch $@

frontend/node_modules/.package-lock.json: frontend/package.json frontend/package-lock.json | build/.python
	@echo "Installing the frontend's packages"
	cd frontend && PATH="$(NODE_BIN):$$PATH" npm ci --silent --no-audit --no-fund
	touch node_modules/.package-lock.json

frontend/build/index.html: frontend/node_modules/.package-lock.json $(FRONTEND_SOURCES) frontend/tsconfig.json | native
	@echo "Building the frontend (about a minute)"
	cd frontend && PATH="$(NODE_BIN):$$PATH" npm run --silent build
	touch build/index.html

clean: ## remove what was built, keep the data
	@rm -rf build .venv .tools frontend/build frontend/node_modules frontend/public/native

.PHONY: help run test check lint format types native install install-test clean
