# Two commands: `make demo` runs the main job, `make test` runs every check. Each sets up .venv first where it is missing
# or where the lock has changed. Needed beforehand: python3 (3.11 or newer) with its venv module, and make.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.stamp
WARM := .venv/.warm

# numpy's linear algebra starts as many threads as there are cores in every process; beside two test workers that only
# makes them wait for each other.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 NUMEXPR_NUM_THREADS=1

# What an installer says is shown only where it fails, and without the addresses that it asked.
HIDE_ADDRESSES := sed -E 's,[a-z]+://[^ ]+,<address>,g'

# Python keeps what it compiles of a library, but not where it is told to write nothing: every start would compile again.
define COMPILE_ONCE
import compileall, pathlib, re, sysconfig
libraries = pathlib.Path(sysconfig.get_path("purelib"))
for name in "$(AT_START)".split():
    compileall.compile_dir(libraries / name, quiet=2, workers=0, rx=re.compile("/tests?/"))
endef
export COMPILE_ONCE
AT_START := numba llvmlite numpy scipy pyarrow pandas pydantic click rich jinja2 matplotlib nashpy networkx

.PHONY: demo test install bench lock wheel clean

demo: $(STAMP)
	@$(BIN)/sim run vladivostok-2023
	@echo out/vladivostok-2023/report.html

test: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(ONE_THREAD) $(BIN)/pytest -n 2

install: $(STAMP) $(WARM)
	@:

# Compiled loops are kept beside the package (or, where that folder is read-only, in the user's own cache), apart for each
# kind of processor, and each file appears whole: machines that share a home may compile twice, never read half a file.
# The main job compiles the few that it needs, where they are not there yet, and does not wait for the rest.
$(WARM): $(STAMP) $(wildcard sim/*/*kernel*.py)
	@echo "Compiling the batch solvers (once, about a minute) ..."
	@$(BIN)/python -c "import numpy, sim; [sim.solve_many(numpy.eye(2 ** (n + 1)).ravel()[: n * 2 ** n].reshape(1, n, *[2] * n)) for n in (2, 3)]; sim.solve_many(numpy.zeros((1, 1, 2)), 'logit'); sim.sweep(sim.load('vladivostok-2023'), 64)"
	@touch $@

# The lock's own lines for uv go to a file of their own: pip checks their hashes, then uv installs the rest several times as
# fast as pip. Where uv has no wheel or fails (an index that only pip is set up for), pip installs the same lock.
$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "realpolitik needs Python 3.11 or newer, and '$(PYTHON)' is not there." \
	  "Install it, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "realpolitik needs Python 3.11 or newer;" \
	  "'$(PYTHON)' is $$($(PYTHON) -c 'import platform; print(platform.python_version())')." \
	  "Name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up .venv from requirements.lock (about 1.5 GB; once, a minute or so) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || said=$$($(PYTHON) -m venv --clear .venv 2>&1) || { echo "$$said" >&2; exit 1; }
	@awk '/^uv==/ {uv = 1} uv {print; if (!/\\$$/) exit}' requirements.lock > .venv/uv.lock
	@pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet"; \
	  { said=$$($$pip --require-hashes --requirement .venv/uv.lock 2>&1) && \
	    said=$$($(BIN)/uv pip sync --quiet --system-certs --python $(BIN)/python --require-hashes requirements.lock 2>&1); } || \
	  { echo "uv did not do it; pip takes over, which takes a few minutes ..."; \
	    said=$$($$pip --require-hashes --requirement requirements.lock 2>&1); } || \
	  { echo "$$said" | $(HIDE_ADDRESSES) >&2; exit 1; }; \
	  said=$$($$pip --no-deps --no-build-isolation --editable . 2>&1) || { echo "$$said" | $(HIDE_ADDRESSES) >&2; exit 1; }
	@$(BIN)/python -c "$$COMPILE_ONCE"
	@touch $@

# One table, ours beside the peers, on the screen and in benchmarks/results.md.
bench: install
	@$(BIN)/python -m benchmarks.run_all

# Keeps the versions that still fit; `make lock UPGRADE=--upgrade` takes the newest of everything.
lock: install
	$(BIN)/uv pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --all-extras --no-header \
	  $(UPGRADE) --output-file requirements.lock pyproject.toml > /dev/null

wheel: install
	$(BIN)/hatchling build -t wheel -d dist

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
