# Muster in a handful of commands. Needs Python 3.11 or newer and make, nothing else.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo run test soak lint servers

export PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
# Two a core: half of the time a test waits for a server.
WORKERS ?= $(shell echo $$((2 * $$(nproc 2>/dev/null || echo 2))))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WANTED := pyproject.toml constraints.txt
# What touches the database through Django runs a second time, on PostgreSQL.
ON_POSTGRESQL := tests/inbox tests/triage

help:
	@echo 'make demo    try Muster: everything in one command, on port $(PORT), nothing leaves this machine'
	@echo 'make run     a small real installation, settings from the environment'
	@echo 'make test    lint and the whole test suite, with real servers'
	@echo 'make soak    the same tests with large numbers'
	@echo 'make lint    style, types and the way imports point'
	@echo 'PORT=9000 make demo uses another port'

# exec makes Muster a child of make, and its number tells Muster when make ends.
MUSTER := exec env MUSTER_MAKE_PID=$$PPID $(BIN)/python

demo: $(VENV)/.demo
	@$(MUSTER) -m triage.demo

run: $(VENV)/.demo
	@$(MUSTER) manage.py run

# Side by side, because one waits for the network while the other computes.
test: $(VENV)/.dev
	@$(MAKE) --no-print-directory -j2 lint servers
	$(BIN)/python -m pytest -n $(WORKERS)
	MUSTER_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n $(WORKERS) -m 'django_db and not browser' $(ON_POSTGRESQL)

soak: export MUSTER_SOAK := 1
soak: test

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

servers: $(VENV)/.dev
	@$(BIN)/python -m tests.servers.install

$(VENV)/.demo: $(VENV)/.made $(WANTED)
	@echo 'Installing what Muster needs (once)'
	@$(PIP) install -c constraints.txt -e '.[demo]'
	@touch $@

$(VENV)/.dev: $(VENV)/.made $(WANTED)
	@echo 'Installing what the tests need (once)'
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.demo

# Debian takes the modules of a working venv out of Python and into a package of their own.
$(VENV)/.made:
	@set -e; \
	if $(BIN)/python -m pip --version >/dev/null 2>&1; then touch $@; exit 0; fi; \
	python=; \
	for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    python=$$candidate; break; \
	  fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo 'Muster needs Python 3.11 or newer and found none. On Debian 12: apt-get install python3' >&2; \
	  exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	  package=$$("$$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing $$package (once)"; \
	    apt-get -q update >&2 || true; \
	    DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$$package" >&2; \
	  else \
	    echo "$$python has no venv module. This installs it: sudo apt-get install $$package" >&2; \
	    exit 1; \
	  fi; \
	fi; \
	echo "Making $(VENV) with $$python (once)"; \
	"$$python" -m venv --clear $(VENV); \
	touch $@
