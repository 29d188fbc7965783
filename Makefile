# `make run` and `make test` are the whole set-up on a fresh machine.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint format bench messages clean

run: $(VENV)/.run
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	    $(BIN)/annotator open sample_data; \
	else \
	    QT_QPA_PLATFORM=offscreen $(BIN)/annotator demo --out demo_output; \
	fi

test: $(VENV)/.test lint
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

lint: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --no-logo

format: $(VENV)/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.test
	scripts/system_libraries.sh bench
	$(BIN)/python -m bench

messages: $(VENV)/.test
	$(BIN)/python scripts/messages.py

clean:
	rm -rf $(VENV) .venvs demo_output build dist bench/work \
	    .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.run: pyproject.toml hatch_build.py $(wildcard annotator/locale/*/LC_MESSAGES/*.po)
	scripts/system_libraries.sh run
	[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[team]"
	@echo "Compiling kernels, once"
	$(BIN)/python -m annotator.app.compiling
	touch $@

$(VENV)/.test: $(VENV)/.run
	scripts/system_libraries.sh test
	$(BIN)/python -m pip install --quiet --group dev --group readers
	touch $@
