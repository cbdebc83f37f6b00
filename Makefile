# Type "make" for the list of commands.
PORT ?= 8000
PYTHON = .venv/bin/python
ARGS ?=
MINUTES ?= 30

.PHONY: help demo demo-reset manage test lint format bench soak screenshots messages lock install
.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

demo: ## Run the site with demonstration data at http://127.0.0.1:8000 (PORT=8001 for another port)
	@PORT=$(PORT) scripts/demo

demo-reset: ## Forget what was edited in the demo, and run it
	@PORT=$(PORT) scripts/demo --reset

manage: ## Run a management command on the demo's data (ARGS="export_attendees --help")
	@PORT=$(PORT) scripts/manage $(ARGS)

install: ## Make the developer's environment, .venv
	@scripts/install .venv requirements/base.txt requirements/dev.txt --if-it-fits requirements/solver.txt

test: install ## Run all tests, on SQLite, PostgreSQL and in a browser as far as they are there (ARGS=…)
	@$(PYTHON) scripts/test.py $(ARGS)

lint: install ## Check style, types, templates, translations and migrations
	@PYTHON=$(PYTHON) scripts/lint

format: install ## Rewrite Python and templates in the house style
	$(PYTHON) -m ruff check --fix --quiet .
	$(PYTHON) -m ruff format --quiet .
	git ls-files -z 'templates/*.html' | xargs -0 -r .venv/bin/djade --target-version 6.1

bench: install ## Measure queries, CPU and page weight (ARGS=…)
	@$(PYTHON) scripts/bench.py $(ARGS)

soak: install ## Load the production stack for a while and watch what grows (MINUTES=30)
	@$(PYTHON) scripts/soak.py --minutes $(MINUTES)

screenshots: install ## Take pictures of every page in both languages at both widths
	@$(PYTHON) scripts/screenshots.py $(ARGS)

messages: install ## Collect the interface's words into locale/ and compile them
	$(PYTHON) manage.py makemessages -l zh_Hans --no-obsolete --no-location --no-wrap --ignore '.venv*' --ignore 'var/*' --ignore 'tests/*' --ignore 'scripts/*'
	$(PYTHON) manage.py compilemessages -l zh_Hans --verbosity 0

lock: ## Pin requirements/*.in anew with uv, with hashes and without addresses
	@scripts/lock $(ARGS)
