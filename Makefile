# The only list of commands. `make help` shows it.
SHELL := /bin/bash
export UV_PROJECT_ENVIRONMENT ?= .venv
BOOTSTRAP := .uv
UV := $(shell command -v uv 2>/dev/null || echo $(BOOTSTRAP)/bin/uv)
RUN := $(UV) run --frozen --no-sync
PYTHON ?= python3.11
PORT ?= 8000
export PORT

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev train run chat test check lint format types validate stories \
	strings strings-check widget browser screenshots doctor clean bench

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(UV)  ## install everything that running needs
	@echo "Installing what Waymark needs ..."
	@$(UV) sync --frozen --no-dev

setup-dev: $(UV)  ## install everything that running and testing need
	@echo "Installing what Waymark and its tests need ..."
	@$(UV) sync --frozen

$(BOOTSTRAP)/bin/uv:
	@echo "Installing uv into $(BOOTSTRAP)/ ..."
	@command -v $(PYTHON) >/dev/null || { echo "Waymark needs Python 3.11: apt-get install python3.11 python3.11-venv"; exit 1; }
	@$(PYTHON) -m venv $(BOOTSTRAP) 2>/dev/null || $(PYTHON) -m venv --without-pip $(BOOTSTRAP)
	@test -x $(BOOTSTRAP)/bin/pip || { echo "Python's venv module is incomplete: apt-get install python3.11-venv"; rm -rf $(BOOTSTRAP); exit 1; }
	@$(BOOTSTRAP)/bin/pip install --quiet --disable-pip-version-check uv

train: setup  ## train the model if it is missing or stale
	@$(RUN) waymark train

run: setup  ## train if needed, then serve http://127.0.0.1:8000 (PORT changes it)
	@$(RUN) waymark train
	@$(RUN) waymark serve

chat: setup  ## talk in the terminal
	@$(RUN) waymark train
	@$(RUN) waymark chat

test: setup-dev browser  ## everything: lint, types, words, data, model, stories, unit, conversations, browser
	@scripts/test

check: setup-dev browser  ## the quick part of `make test`: lint, types, words, unit tests
	@scripts/test quick

lint: setup-dev  ## ruff
	@$(RUN) ruff check . && $(RUN) ruff format --check .

format: setup-dev  ## let ruff format and mend
	@$(RUN) ruff check --fix . ; $(RUN) ruff format .

types: setup-dev  ## mypy
	@$(RUN) mypy

validate: setup-dev  ## Rasa's own check of domain, stories and examples
	@$(RUN) waymark rasa data validate --fail-on-warnings

stories: train  ## Rasa's story tests
	@$(RUN) waymark rasa test core --model models/waymark.tar.gz --stories tests/stories --out results --fail-on-prediction-errors

strings: setup-dev  ## extract the English sources and update every catalogue
	@$(RUN) scripts/strings

strings-check: setup-dev
	@$(RUN) scripts/strings --check

widget: setup-dev  ## build web_widget/dist/widget.js (needs node and npm)
	@npm ci --ignore-scripts --no-fund --no-audit
	@$(RUN) python web_widget/build.py

browser: setup-dev  ## find browsers, servers and linters for the tests, or bring them from Debian's packages
	@scripts/browser

screenshots: train browser  ## pictures of the chat in every state, into results/screenshots/
	@$(RUN) python tests/web/screenshots.py

doctor: setup  ## check this installation
	@$(RUN) waymark doctor

bench: setup-dev train  ## measure understanding and speed (benchmarks/README.md)
	@$(RUN) waymark evaluate tests/nlu/heldout/*.jsonl
	@$(RUN) python -m benchmarks.turns

clean:  ## remove what was installed and made
	rm -rf .venv .uv .cache .rasa models results node_modules
