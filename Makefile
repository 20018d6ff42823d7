# make trial    Seatrial's checks against the sandbox      make trial ARGS="-m prod-smoke"
# make test     the tests of Seatrial itself
# make sweep    what each fault of the sandbox really violates and blinds      make sweep ARGS="--write checklist.toml"
# make install  prepares both; the others call it when needed
# Written for GNU make 3.81 and later (macOS has 3.81).

PYTHON ?=
ARGS ?=
JOBS ?= 3
VENV := .venv
BIN := $(VENV)/bin
UV_COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --system-certs \
	--custom-compile-command 'make requirements'
# See make/seatrial_arguments.py.
EARLY = $(BIN)/python make/seatrial_arguments.py

# Modules compiled once are not compiled again: a second run starts at once.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install trial test sweep lint format requirements manifest runbook matrix mutants refusals benchmark clis browser readers functions clean

install: $(VENV)/.development

trial: $(VENV)/.runtime
	@$(BIN)/pytest $(ARGS)

test: $(VENV)/.development
	@$(BIN)/pytest selftests --numprocesses $(JOBS) --maxschedchunk 4 $(ARGS)

sweep: $(VENV)/.development
	@$(BIN)/python -m selftests.sweep $(ARGS)

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/zizmor --offline --no-progress --quiet --pedantic .github action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml .github/actions/*/action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml

format: $(VENV)/.development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The newest versions that pyproject.toml allows, with the hash of every published file.
requirements: $(VENV)/.development
	$(UV_COMPILE) --output-file requirements.txt
	$(UV_COMPILE) --group dev --output-file requirements-dev.txt

manifest: $(VENV)/.runtime
	$(BIN)/python -m reports.manifest $(ARGS)

runbook: $(VENV)/.runtime
	$(BIN)/python -m reports.runbook $(ARGS)
	$(BIN)/python -m reports.environment_page $(ARGS)

# docs/faults.html: every case with every fault      make matrix ARGS="--json matrix.json"
matrix: $(VENV)/.development
	@$(BIN)/python -m selftests.matrix_page $(ARGS)

# Is every mistake in a check noticed?               make mutants ARGS="rls_enabled"
# refusals: and is each reason not to judge needed?
mutants: $(VENV)/.development
	@$(BIN)/python -m selftests.mutation $(ARGS)

refusals: $(VENV)/.development
	@$(BIN)/python -m selftests.refusals $(ARGS)

benchmark: $(VENV)/.development
	$(BIN)/python -m benchmarks $(ARGS)

# The command lines that runbooks speak of, for the check of the runbook's commands. Needs Node.
# Not `npm ci`, which wants the programs of every platform in the lock; what is in it is compared all the same.
clis: clis/node_modules/.package-lock.json

clis/node_modules/.package-lock.json: clis/package-lock.json
	@if command -v npm >/dev/null; then cd clis && npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel error; \
	else echo "make: no npm here: the tests with the real command lines are left out" >&2; fi

# What drives a browser in the self-tests of the report page. Needs Node 20 and a Chromium; without them those tests are left out.
browser: browser/node_modules/.package-lock.json

browser/node_modules/.package-lock.json: browser/package-lock.json
	@if command -v npm >/dev/null; then cd browser && npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel error; \
	else echo "make: no npm here: the tests of the report page in a browser are left out" >&2; fi

# The programs that read what a run leaves, for the self-tests: Allure, CTRF, SARIF, JUnit. Needs Node.
readers: readers/node_modules/.package-lock.json

readers/node_modules/.package-lock.json: readers/package-lock.json
	@if command -v npm >/dev/null; then cd readers && npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel error; \
	else echo "make: no npm here: the tests with the real readers are left out" >&2; fi

# The libraries of Ocean's Edge Function, from npm, as its deno.lock says: for the self-tests that run it.
functions: .cache/deno/fetched

.cache/deno/fetched: sandbox/ocean/supabase/functions/handle-stripe-webhook/deno.lock $(VENV)/.development
	@DENO_DIR=$(CURDIR)/.cache/deno DENO_NO_PACKAGE_JSON=1 $(BIN)/deno cache --quiet \
	  sandbox/ocean/supabase/functions/handle-stripe-webhook/index.ts && touch $@ \
	|| echo "make: npm cannot be reached: the tests with the real Edge Function are left out" >&2

clean:
	rm -rf $(VENV) clis/node_modules browser/node_modules readers/node_modules .cache selftests/.cache .ruff_cache reports/out benchmarks/out
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# requirements-dev.txt holds all that requirements.txt holds, hence both stamps.
$(VENV)/.development: requirements-dev.txt make/seatrial_arguments.py $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(EARLY)
	@touch $(VENV)/.runtime $@

$(VENV)/.runtime: requirements.txt make/seatrial_arguments.py $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(EARLY)
	@touch $@

# The first Python that is new enough; PYTHON=... names another.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  "$$python" -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "make: $$python cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }; \
	  echo "Making $(VENV) with $$($$python --version)"; \
	  exec "$$python" -m venv --clear $(VENV); \
	done; \
	echo "make: Seatrial needs Python 3.11 or newer. Install it, or name it: make install PYTHON=/path/to/python3" >&2; exit 1
