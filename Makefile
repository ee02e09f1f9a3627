# Every target sets up what it needs first; the second time that takes no time.
# The logic of the set-up is in packaging/setup.sh.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# What each recipe runs in: the virtual environment, and on a machine without Qt's system
# libraries (and nobody allowed to install them) the copies that setup.sh unpacked.
ENV := . ./.venv/env.sh;
HEADLESS := $(ENV) QT_QPA_PLATFORM=offscreen

WORKERS ?= 2
SOAK ?= 10000
ARGS ?=

.PHONY: help setup run test check format bench soak clean

help:            ## this list
	@sed -n 's/^\([a-z]*\): .*## /  make \1\t/p' Makefile | expand -t 16

setup:           ## .venv with everything installed
	@sh packaging/setup.sh

run: setup       ## the window on the sample database; without a display the same tour headless
	@$(ENV) sh packaging/run.sh $(ARGS)

check: setup     ## ruff, mypy and the import contracts
	@$(ENV) ruff check .
	@$(ENV) ruff format --check .
	@$(ENV) mypy
	@$(ENV) PYTHONPATH=. lint-imports --no-logo

format: setup    ## let ruff lay out and mend what it can
	@$(ENV) ruff check --fix . && ruff format .

# One pytest for everything, the checks included (tests/architecture), so that its summary is the
# whole answer. Tests marked `serial` share one group, which one worker runs one after the other.
test: setup      ## checks and every test, headless (ARGS="-k stop" narrows it)
	@$(HEADLESS) pytest -q -n $(WORKERS) --dist loadgroup --ignore=tests/benchmarks $(ARGS)

bench: setup     ## measurements, one after the other
	@$(HEADLESS) pytest -q -p no:randomly -s tests/benchmarks $(ARGS)

soak: setup      ## the thousands-of-rounds form of the races and cycles
	@$(HEADLESS) WORKBENCH_SOAK=$(SOAK) pytest -q -p no:randomly -o timeout=7200 -m soak tests $(ARGS)

clean:           ## remove what make made; sources and your data stay
	@rm -rf .venv build dist workbench.egg-info .pytest_cache .mypy_cache .ruff_cache \
	        .import_linter_cache .hypothesis
	@find workbench tests resources -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
