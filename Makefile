# make run    the newsroom, on SQLite
# make demo   the same newsroom beside a simulated press
# make test   format, lint, types and all tests, on SQLite and PostgreSQL
#
# make manners    a simulated month of polling 50 sources, every request judged by its server (P27)
# make hostile    every case of tests/data/hostile beside 20 healthy sources (H32)
# make fuzz       coverage-guided fuzzing of feeds and pages; for MINUTES=2
#
# Each brings its own environment from the pinned, hashed lock files. PYTHON chooses the interpreter (3.11 or later).

PYTHON ?= python3
BIN := .venv/bin
ATHERIS := 3.0.0
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export UV_LINK_MODE ?= copy
# Tests start many processes: each would compile all of Monitor anew where this is set.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo test manners hostile fuzz check format env env-dev lock clean help

help:
	@sed -n 's/^# make/make/p' Makefile

run: env
	@exec $(BIN)/monitor run

demo: env
	@exec $(BIN)/monitor demo $(if $(SPEED),--speed $(SPEED))

test: env-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n 3 --dist loadgroup $(ARGS)

manners: env-dev
	@$(BIN)/python -m benchmarks.manners $(ARGS)

hostile: env-dev
	@$(BIN)/python -m benchmarks.hostile $(ARGS)

# atheris is large and for this alone: it lives in an environment of its own, on top of what ships.
fuzz: .fuzz/stamp
	@.fuzz/bin/python -m benchmarks.fuzz --minutes $(or $(MINUTES),2) $(ARGS)

.fuzz/stamp: requirements.lock requirements-build.lock | .uv/bin/uv
	@echo "Setting up .fuzz from requirements.lock, and atheris"
	@[ -x .fuzz/bin/python ] || .uv/bin/uv venv -q --no-config -p "$$(command -v $(PYTHON))" .fuzz
	@.uv/bin/uv pip sync -q --no-config -p .fuzz/bin/python --require-hashes --build-constraints requirements-build.lock requirements.lock
	@.uv/bin/uv pip install -q --no-config -p .fuzz/bin/python 'atheris==$(ATHERIS)'
	@touch .fuzz/stamp

format: env-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# --- environments --------------------------------------------------------------------------------------------------

# A development environment holds all that a run needs, so either stamp will do for a run.
env:
	@if [ ! -e .venv/dev-stamp ] || [ requirements-dev.lock -nt .venv/dev-stamp ] || [ pyproject.toml -nt .venv/dev-stamp ]; then \
		$(MAKE) --no-print-directory .venv/run-stamp; fi

env-dev: .venv/dev-stamp

.venv/run-stamp: requirements.lock requirements-build.lock pyproject.toml
	@$(MAKE) --no-print-directory sync LOCK=requirements.lock STAMP=run-stamp

.venv/dev-stamp: requirements-dev.lock requirements-build.lock pyproject.toml
	@$(MAKE) --no-print-directory sync LOCK=requirements-dev.lock STAMP=dev-stamp

.PHONY: sync
sync: prerequisites .uv/bin/uv
	@echo "Setting up .venv from $(LOCK)"
	@[ -x .venv/bin/python ] || .uv/bin/uv venv -q --no-config -p "$$(command -v $(PYTHON))" .venv
	@.uv/bin/uv pip sync -q --no-config --compile-bytecode -p .venv/bin/python --require-hashes --build-constraints requirements-build.lock $(LOCK)
	@.uv/bin/uv pip install -q --no-config -p .venv/bin/python --no-deps --build-constraints requirements-build.lock -e .
	@rm -f .venv/run-stamp .venv/dev-stamp && touch .venv/$(STAMP)

.PHONY: prerequisites
prerequisites:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Monitor needs Python 3.11 or later. On Debian: sudo apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Monitor needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V). Name another: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "Python's venv module is missing. On Debian: sudo apt-get install python3-venv" >&2; exit 1; }

.uv/bin/uv: requirements-uv.lock | prerequisites
	@echo "Setting up uv in .uv"
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch .uv/bin/uv

# --- for maintainers -----------------------------------------------------------------------------------------------

COMPILE := .uv/bin/uv pip compile --no-config --quiet --generate-hashes --no-emit-index-url --no-header --universal -p 3.11

# The package of the weights asks for PyTorch; what is locked here is installed as it stands, without asking further.
OVERRIDE := .uv/override.txt

lock: .uv/bin/uv
	echo "sentence-transformers ; python_version < '3'" > $(OVERRIDE)
	$(COMPILE) --override $(OVERRIDE) pyproject.toml --group vectors -o requirements.lock
	$(COMPILE) --override $(OVERRIDE) pyproject.toml --group vectors --group dev -c requirements.lock -o requirements-dev.lock
	printf 'hatchling\neditables\nsetuptools\nwheel\n' | $(COMPILE) - -c requirements-dev.lock -o requirements-build.lock
	printf 'uv\n' | $(COMPILE) - -o requirements-uv.lock

clean:
	rm -rf .venv .uv .fuzz dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
