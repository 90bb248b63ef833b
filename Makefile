# make start: set up, then open the workbench.   make test: everything it needs, then all tests.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

.PHONY: setup start test check types style imports translations bench docs starter lock clean

$(VENV)/.base:
	sh scripts/system.sh venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Forefend needs Python 3.11 or newer. Install python3.11, or run: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet uv
	@touch $@

# Installed from hashes; nothing is resolved on the user's machine.
$(VENV)/.start: requirements/start.txt pyproject.toml $(VENV)/.base
	$(BIN)/uv pip install --python $(BIN)/python --quiet --link-mode=copy --require-hashes -r requirements/start.txt
	$(BIN)/uv pip install --python $(BIN)/python --quiet --link-mode=copy --no-deps --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.start
	$(BIN)/uv pip install --python $(BIN)/python --quiet --link-mode=copy --require-hashes -r requirements/test.txt
	@touch $@

translations: $(VENV)/.start
	@$(BIN)/python -m forefend.locale.compile

setup: $(VENV)/.start translations
	@sh scripts/system.sh start

start: setup
	@$(BIN)/forefend start

style: $(VENV)/.test
	$(BIN)/ruff format --check src tests bench tools
	$(BIN)/ruff check src tests bench tools

types: $(VENV)/.test
	$(BIN)/mypy

imports: $(VENV)/.test
	$(BIN)/lint-imports

check: style types imports

test: $(VENV)/.test translations
	sh scripts/system.sh test
	sh scripts/browser.sh
	$(MAKE) check
	$(PYTEST) --cov-report=
	sh scripts/postgres.sh $(PYTEST) --cov-append --cov-report=term:skip-covered --cov-fail-under=$(COVERAGE) -m "not data_alone" tests/web

# All tests on SQLite; what touches the database once more on PostgreSQL, and the coverage of both together.
PYTEST := $(BIN)/pytest -n 2 --dist loadgroup --cov

COVERAGE ?= 90

bench: $(VENV)/.test translations
	$(BIN)/python bench/run.py

docs: $(VENV)/.test
	$(BIN)/python tools/reference.py

# The embedded tables, from a folder of publishers' files: make starter FROM=../shared/data
starter: $(VENV)/.start
	@test -n "$(FROM)" || { echo "Say which folder holds the publishers' files: make starter FROM=<folder>"; exit 1; }
	$(BIN)/python -m forefend.starter.build "$(FROM)"
	$(BIN)/python -m forefend.starter.credits NOTICE.md

# Choose versions anew; the files name packages and hashes, never a registry.
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet --upgrade
lock: $(VENV)/.base
	$(LOCK) --extra web --extra documents --extra ml --extra engine -o requirements/start.txt
	$(LOCK) --extra web --extra documents --extra ml --extra engine --group dev -c requirements/start.txt -o requirements/test.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
