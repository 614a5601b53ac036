# make run     the demo district: desk, wall and player (ARGS="--lang en" passes arguments on)
# make test    set-up, lint, import rules, types, tests
# make prove   the long forms of the promises, by hand
PY := .venv/bin/python
JOBS ?= 2
ARGS ?=

.PHONY: help run test check lint imports types tests prove setup setup-test clean

help:
	@sed -n 's/^# //p' Makefile

setup:
	@.ci/setup.sh run

setup-test:
	@.ci/setup.sh test

run: setup
	$(PY) main.py demo $(ARGS)

test: setup-test
	@$(MAKE) --no-print-directory -k lint imports types tests

check: setup-test
	@$(MAKE) --no-print-directory -k lint imports types

lint:
	$(PY) -m ruff check .

imports:
	.venv/bin/lint-imports

types:
	$(PY) -m mypy

# What fails beside others, with every core busy, is run once more alone; what fails alone fails the run. Files go to a
# folder of this run's own: pytest clears away old folders of other runs, also those that are still in use.
tests:
	@root=$$(mktemp -d) && trap 'rm -rf "$$root"' EXIT && export PYTEST_DEBUG_TEMPROOT=$$root \
		&& { $(PY) -m pytest -q -n $(JOBS) --dist loadgroup $(ARGS) || { test $$? = 1 && echo "== once more, alone ==" \
		&& $(PY) -m pytest -q --last-failed --last-failed-no-failures none $(ARGS); }; }

prove: setup-test
	LIANDONG_PROVE=1 $(PY) -m pytest -v -s --timeout 7200 tests/resilience $(ARGS)

clean:
	rm -rf build dist out *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
