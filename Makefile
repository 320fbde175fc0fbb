# Everything runs in its own environment; nothing else needs to be installed but Python 3.11+.
VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin

.PHONY: help demo test lint unit coverage docs verify clean

help:            ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(VENV)/demo: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(VENV)/demo      ## install, write a small data set and run the tour on it
	$(BIN)/retcalc demo

test: lint unit         ## install, check format, lint, types, layers and docs, run every test

lint: $(VENV)/dev       ## format, lint, types, layers, generated pages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

unit: $(VENV)/dev       ## the tests alone
	$(BIN)/python -m pytest

coverage: $(VENV)/dev   ## the tests, refused below the floor of lines and branches
	$(BIN)/python -m coverage run --branch --source src/retcalc -m pytest
	$(BIN)/python -m coverage report --fail-under 98 --skip-covered

CHECKS = sweep defects truth metamorphic determinism crash injection hostile mutation fuzz

verify: $(VENV)/dev     ## the reliability goals at full size; takes hours, see docs/reliability.md
	$(BIN)/pip install --quiet --disable-pip-version-check cosmic-ray coverage atheris
	@failed=; for check in $(CHECKS); do \
	    echo "== $$check"; $(BIN)/python verify/$$check.py || failed="$$failed $$check"; \
	done; test -z "$$failed" || { echo "failed:$$failed"; exit 1; }

docs: $(VENV)/dev       ## write the generated pages
	$(BIN)/python docs/generate.py

clean:                  ## remove the environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
