# `make help` lists what there is. Settings are TINTYPE_… variables and are passed on; ARGS are further arguments.
.POSIX:
.SUFFIXES:
.PHONY: help run demo test conformance faults lint bench client wheel screenshots clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' Makefile

run: ## Install what is missing, build the client when it changed, and serve on port 8000
	@scripts/prepare default web && exec .venv/bin/tintype serve $(ARGS)

demo: ## A living product with people and photos, in a data folder of its own (PHOTOS=DIR, ARGS=…)
	@scripts/prepare default web && exec .venv/bin/tintype demo $${PHOTOS:+--photos "$$PHOTOS"} $(ARGS)

test: ## Every check: ruff, mypy, import contracts, the client's checks and tests, pytest with coverage
	@scripts/prepare test web && exec .venv/bin/python scripts/checks.py test

conformance: ## Every adapter against its real engine, started without Docker: one line an engine
	@scripts/prepare test go && exec .venv/bin/python scripts/checks.py conformance

faults: ## Every engine cut in every way while people use it, half an hour: what docs/operations/faults.md tells (ARGS=…)
	@scripts/prepare test go && exec .venv/bin/python -m tests.faults.cuts $(ARGS)

lint: ## The checks without the tests
	@scripts/prepare test && exec .venv/bin/python scripts/checks.py lint

bench: ## Every bench, with its figure
	@scripts/prepare test web && exec .venv/bin/python scripts/checks.py bench

client: ## Build the web client only
	@scripts/prepare web

wheel: ## A wheel with the built client, in dist/: `pip install` it where there is no checkout
	@scripts/prepare default web wheel

screenshots: ## Every page and dialog at three widths, light and dark, in shots/ (ARGS=names of some)
	@scripts/prepare test web && exec .venv/bin/python -m scripts.screenshots shots $(ARGS)

clean: ## Remove what was installed and built; the data folder stays
	rm -rf dist .venv .node .go web/node_modules src/tintype/web build src/*.egg-info .mypy_cache .ruff_cache .pytest_cache
