# Everything here works on a fresh machine with make and Python 3.11 or later: the first target that needs
# it makes .venv and installs the locked packages, each checked against its hash.
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
JOBS ?= auto
PYTEST := $(BIN)/python -m pytest -n $(JOBS)
# The cheap mode: one SQLite file, cheap password hashes.
FAST := FAST_TESTS=1 BCRYPT_ROUNDS=4
REV ?= head
# Bytecode is kept whatever the environment says: most tests start the command anew.
export PYTHONDONTWRITEBYTECODE =
LOCK := --quiet --universal --python-version 3.11 --all-extras --generate-hashes --no-header --no-emit-index-url --no-annotate --no-strip-extras

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' Makefile | awk -F ':.*## ' '{printf "make %-14s %s\n", $$1, $$2}'

demo: $(INSTALLED) ## build a throw-away database and look around in it
	$(BIN)/invo demo

test: $(INSTALLED) ## the tests in fast mode, on SQLite
	$(FAST) $(PYTEST) -m "not performance"

test-normal: $(INSTALLED) ## the same tests with the production settings
	$(PYTEST) -m "not performance"

contract: $(INSTALLED) ## only what scripts rely on, through the installed command
	$(FAST) $(PYTEST) -m "contract and not performance"

integration: $(INSTALLED) ## only the tests that need a database
	$(FAST) $(PYTEST) -m "integration and not performance"

unit: $(INSTALLED) ## only the pure functions
	$(FAST) $(PYTEST) -m "unit and not performance"

test-all: $(INSTALLED) ## every test, the long runs and races too
	$(PYTEST)

test-postgres: $(INSTALLED) ## the database tests on PostgreSQL: TEST_DB_URL, or a server started for them
	$(BIN)/python -m tests.harness.postgres -- $(PYTEST) -m "integration and not performance"

cov-html: $(INSTALLED) ## coverage of the fast tests, as htmlcov/index.html
	$(FAST) $(PYTEST) -m "not performance" --cov --cov-report=html

migrate: $(INSTALLED) ## bring the database to the newest revision
	$(BIN)/invo db upgrade

revision: $(INSTALLED) ## write a migration: make revision MSG="add credit notes"
	@test -n "$$MSG" || { echo 'usage: make revision MSG="add credit notes"' >&2; exit 2; }
	$(BIN)/invo db revision --autogenerate -m "$$MSG"

schema: $(INSTALLED) ## write down what the migrations make: make schema EDITED=20261123_0006 when an old one changed
	$(BIN)/python -m tests.db.recording $(if $(EDITED),--edited $(EDITED))

stamp: $(INSTALLED) ## record a revision without running it: make stamp REV=head
	$(BIN)/invo db stamp "$(REV)"

lint: $(INSTALLED) ## style, types, layers, start-up imports, secrets, dependencies
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py tests/test_startup.py tests/security/test_secret_scan.py tests/security/test_dependencies.py

bench: $(INSTALLED) ## the costs, as ratios against the raw limit measured in the same run
	$(BIN)/python -m benchmarks

docs: $(INSTALLED) ## write docs/commands.md anew from the commands
	$(BIN)/python -m tests.docs.reference

lock: ## pin the newest packages that pyproject.toml allows (needs uv)
	uv pip compile $(LOCK) --upgrade --group dev --output-file requirements-dev.txt pyproject.toml
	uv pip compile $(LOCK) --constraint requirements-dev.txt --output-file requirements.txt pyproject.toml

clean: ## remove what the targets made, the environment too
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis fasttests.db*
	find invo_cli migrations tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# --only-binary: building a package from source would fetch build tools that no hash covers.
$(INSTALLED): requirements-dev.txt pyproject.toml
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(MAKE_VENV)
	$(PIP) install --require-hashes --only-binary :all: -r requirements-dev.txt
	$(PIP) install --no-deps --no-index --no-build-isolation -e .
	@touch $@

MAKE_VENV = { \
	for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3; do \
		$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "$$python -m venv $(VENV)"; \
		exec $$python -m venv --clear $(VENV); \
	done; \
	echo 'invo needs Python 3.11 or later with its venv module (Debian and Ubuntu: apt install python3-venv).' >&2; \
	echo 'When it is installed under another name: make PYTHON=/path/to/python' >&2; \
	exit 1; }

.PHONY: help demo test test-normal contract integration unit test-all test-postgres cov-html
.PHONY: migrate revision schema stamp lint bench docs lock clean
