# `make` lists the targets. Every target sets up what it needs in .venv by itself.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Images of containers often set this. Then each process that a test starts compiles our modules anew, which is about a
# fifth of the work of a short `privnum check`. Empty means that Python keeps what it has compiled.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install conformance example examples image test lint format types unit suites specificity mutants fuzz bench bench-peers documents site screenshots test-postgres clean

help:
	@echo "make install       set up .venv"
	@echo "make conformance   check the embedded server by every rule; reports in build/conformance"
	@echo "make example       check examples/platform, and compare with its known gaps"
	@echo "make examples      the example programs in FastAPI, Node and Java, tested with privnum"
	@echo "make image         build the image of the Dockerfile (needs Docker)"
	@echo "make test          lint, types, unit tests and the suites (what CI runs)"
	@echo "make test-postgres nodes of one state in PostgreSQL, killed and cut off (needs PostgreSQL and nginx)"
	@echo "make specificity   every variation, every other choice in three or more combinations: no documented rule may fail"
	@echo "make mutants       seeded bugs and wrong data: each must be noticed"
	@echo "make fuzz          made-up bytes, messages, targets and customers; prints what came of them"
	@echo "make bench         speed, as ratios (needs wrk); make bench-peers: other mock servers beside it"
	@echo "make documents     write what privnum openapi writes, and lint it (needs npm)"
	@echo "make site          the documentation as a site, in build/site/html"
	@echo "make screenshots   pictures of the inspector into build/screenshots, those of the README into docs/pictures (needs Chromium)"
	@echo "make lint | format | types | unit | suites   the parts of make test"

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@$(BIN)/python -c 'import privnum'
	@touch $@

conformance: $(STAMP)
	$(BIN)/privnum check --jobs auto

example: $(STAMP)
	$(BIN)/python -m examples.check

examples: $(STAMP)
	$(BIN)/python -m examples.integrators

image:
	docker build --tag privnum .

# What runs in one process goes side by side, before the unit tests take all processors.
test: $(STAMP)
	$(MAKE) -j2 lint types suites
	$(MAKE) unit

lint: $(STAMP)
	$(BIN)/ruff check contracts docs examples mockserver suites src tests
	$(BIN)/ruff format --check contracts docs examples mockserver suites src tests

format: $(STAMP)
	$(BIN)/ruff check --fix contracts docs examples mockserver suites src tests
	$(BIN)/ruff format contracts docs examples mockserver suites src tests

types: $(STAMP)
	$(BIN)/mypy

# Three processes, as many tests wait for another process or a timeout; worksteal keeps the tests of a file together.
unit: $(STAMP)
	$(BIN)/python -m pytest -n 3 --dist worksteal -q tests --ignore=tests/postgres

test-postgres: $(STAMP)
	$(BIN)/python -m pytest -q -rs tests/postgres

suites: $(STAMP)
	$(BIN)/python -m pytest -q --pyargs privnum.suites

specificity: $(STAMP)
	$(BIN)/python -m privnum.suites.selftest.false_alarms

mutants: $(STAMP)
	$(BIN)/python -m privnum.suites.mutation

fuzz: $(STAMP)
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[fuzz]'
	$(BIN)/python -m tests.fuzz

bench: $(STAMP)
	$(BIN)/python -m tests.bench

bench-peers: $(STAMP)
	npm install --prefix build/peers --no-audit --no-fund --silent @stoplight/prism-cli@5.16.0 mountebank@2.9.1 @mockoon/cli@9.9.0 wiremock@3.13.2
	$(BIN)/python -m tests.bench peers

documents: $(STAMP)
	npm install --prefix build/linter --no-audit --no-fund --silent @redocly/cli@2.77.0
	mkdir -p build/documents
	$(BIN)/privnum openapi --output build/documents/openapi.json
	$(BIN)/privnum openapi --driver --output build/documents/driver.json
	$(BIN)/privnum openapi --arazzo --output build/documents/flows.arazzo.json
	build/linter/node_modules/.bin/redocly lint --format=summary build/documents/*.json

site: $(STAMP)
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[site]'
	$(BIN)/python docs/site/pages.py build/site
	cd build/site && $(CURDIR)/$(BIN)/zensical build --strict

screenshots: $(STAMP)
	$(BIN)/python -m tests.inspector.screenshots build/screenshots
	$(BIN)/python -m tests.docs.pictures docs/pictures

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
