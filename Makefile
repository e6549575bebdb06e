# The two commands that matter: `make demo` and `make test`. See CONTRIBUTING.md.
PYTHON ?= $(shell python3 config/services/interpreter.py || echo python3)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.PHONY: help demo test check bench faults explore lock messages format venv venv-dev

help:
	@echo "make demo | test | check | bench | faults | explore | lock | messages | format"

demo: venv
	@exec $(BIN)/python -m config.services.demo

test: venv-dev
	@exec $(BIN)/python -m pytest $(if $(TESTS),,-n auto --dist loadfile) $(TESTS)

check: venv-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(MANAGE) check --fail-level WARNING
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(MANAGE) messages --check

bench: venv-dev
	@exec $(BIN)/python -m benchmarks

faults: venv-dev
	@exec $(BIN)/python -m pytest -m fault tests/faults

explore: venv-dev
	@exec $(BIN)/python -m pytest -m thorough tests/api

format: venv-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: venv-dev
	$(MANAGE) messages

lock: venv-dev
	$(BIN)/uv pip compile --universal --generate-hashes --python-version 3.11 -q requirements.in -o requirements.txt
	$(BIN)/uv pip compile --universal --generate-hashes --python-version 3.11 -q -c requirements.txt requirements-dev.in -o requirements-dev.txt

venv:
	@$(PYTHON) config/services/bootstrap.py requirements.txt

venv-dev:
	@$(PYTHON) config/services/bootstrap.py requirements-dev.txt
