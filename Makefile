# Two commands for users (run, test), two for those who change the code (check, bench).
# A bare Debian needs: sudo apt install git make python3-venv

PYTHON ?= python3
ONLY ?=
WORKERS ?= 2
DAYS ?= 30
SEEDS ?= 1
FAULTS ?= usual
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install -c constraints.txt

# What the tests need beyond Python, as program:package of the distribution.
TEST_PARTS := chromium:chromium systemd-analyze:systemd mosquitto:mosquitto mosquitto_sub:mosquitto-clients
TEST_FONTS := fonts-dejavu-core

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check format bench soak clean test-parts

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: .venv/installed ## start the simulated kiosk: touchscreen on 8080, technician's panel on 8081
	@exec $(BIN)/kiosk sim

test: .venv/installed-for-tests test-parts ## run every test (installs what they need, or says what is missing)
	@$(BIN)/python -m pytest -n $(WORKERS) $(ONLY)

check: .venv/installed-for-tests ## format, lint, types and import rules; under a minute
	@$(BIN)/ruff format --check --quiet . || { echo "not formatted: run 'make format'"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@PYTHONPATH=. $(BIN)/lint-imports --no-logo

format: .venv/installed-for-tests ## put the code into the house's format
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix --select I .

bench: .venv/installed-for-tests ## measure against the frozen floors (ONLY=name for one line)
	@$(BIN)/python -m tests.benchmarks $(ONLY)

soak: .venv/installed ## simulated days, every promise judged (DAYS=30 SEEDS=1 FAULTS=none|usual|heavy)
	@$(BIN)/kiosk sim soak --days $(DAYS) --seeds $(SEEDS) --faults $(FAULTS) --jobs $(WORKERS)

clean: ## remove what make made; keeps var/, where the simulated parcels are
	@rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage*
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "make: '$(PYTHON)' is missing or older than Python 3.11; name another one: make PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "make: Python cannot make environments here: sudo apt install python3-venv"; exit 1; }
	@echo "Installing into .venv (once; later starts skip this) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(PIP) -e .
	@touch $@

.venv/installed-for-tests: .venv/installed
	@echo "Installing the test tools into .venv ..."
	@$(PIP) -e '.[test]'
	@touch $@

# Installs with apt only where nobody has to be asked; otherwise one line says what to install.
test-parts:
	@missing=; PATH="$$PATH:/usr/sbin"; for part in $(TEST_PARTS); do \
	  command -v "$${part%%:*}" >/dev/null || missing="$$missing $${part##*:}"; done; \
	[ -n "$$missing" ] || exit 0; missing="$$missing $(TEST_FONTS)"; \
	if [ "$$(id -u)" = 0 ]; then as=; elif sudo -n true 2>/dev/null; then as='sudo -n'; \
	else echo "make: the tests need more of the system: sudo apt install$$missing"; exit 1; fi; \
	echo "Installing with apt:$$missing"; \
	{ $$as apt-get -qq update && $$as env DEBIAN_FRONTEND=noninteractive \
	  apt-get -qq -y --no-install-recommends install $$missing; } >/dev/null \
	  || { echo "make: apt could not install:$$missing"; exit 1; }
