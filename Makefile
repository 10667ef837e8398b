# Needs make and Python 3.11 or newer; everything else goes into $(VENV). `make help` names the targets.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := "$(BIN)/python" -m pip --quiet --disable-pip-version-check
FILES  := landcheck tests sample_parcels docs

# What make bench measures (sql, decide, whole, findings, memory, startup, reading, geodataframe, cluster; empty is all), the most parcels, and the peers' own place.
BENCH      ?=
BENCH_ROWS ?= 1000000
PEERS      := build/bench/env

# Where make judges keeps the validators that others wrote, and the reports they are given.
JUDGES     := build/judges

# How long make fuzz tries in all.
FUZZ_SECONDS ?= 600

# How many runs make kills kills.
KILLS ?= 200

# How many sessions make crowd has check how many parcels each.
SESSIONS        ?= 20
SESSION_PARCELS ?= 5000

# Which tests run on the lowest versions that are declared, and where these are installed.
TESTS      ?= tests
LOWEST     := build/lowest

# For what make wheelhouse gathers wheels: pip's name of the platform and uv's, and the Python there.
PLATFORM   ?= win_amd64
TRIPLE     := $(if $(filter win_amd64,$(PLATFORM)),x86_64-pc-windows-msvc,$(PLATFORM))
THERE      ?= 3.12
WHEELHOUSE := build/landcheck-$(PLATFORM)

.PHONY: help demo test test-lowest judges fuzz kills crowd first-minute lint bench samples docs pictures site qgis-plugin wheelhouse constraints clean
.DEFAULT_GOAL := help

help:
	@echo "make demo         install landcheck and check the sample parcels"
	@echo "make test         lint, type check and run every test"
	@echo "make test-lowest  run the tests on the lowest versions of all dependencies: TESTS='tests/whole tests/read'"
	@echo "make judges       fetch validators that others wrote and give them every report; an unlisted objection fails"
	@echo "make fuzz         spoilt layers, documents and texts for ten minutes: FUZZ_SECONDS=60, LANDCHECK_FUZZ_SEED=x"
	@echo "make kills        200 runs killed while they write every report: KILLS=20, LANDCHECK_KILLS_SEED=x"
	@echo "make first-minute a fresh environment, the page, a report of the sample: seconds told, each page recorded in build/"
	@echo "make crowd        20 sessions of the page check 5,000 parcels each at once: SESSIONS=5, SESSION_PARCELS=1000"
	@echo "make lint         ruff, mypy, the order of imports and the declared dependencies"
	@echo "make bench        measure speed, memory and start beside others: BENCH='sql decide whole findings memory startup reading geodataframe cluster', BENCH_ROWS=4000000"
	@echo "make samples      draw the files of sample_parcels/ again from its plan"
	@echo "make docs         renew the catalogue of rules in docs/ from the packs"
	@echo "make pictures     draw the pictures of reports in docs/ again: Chromium, LibreOffice, poppler"
	@echo "make site         build the documentation in both languages into build/site; a dead link fails"
	@echo "make qgis-plugin  the plugin as build/landcheck_qgis.zip, which QGIS installs"
	@echo "make wheelhouse   landcheck with all it needs as a folder for a machine without internet: PLATFORM=win_amd64"
	@echo "make constraints  renew the versions pinned in constraints.txt"
	@echo "make clean        remove the environment, caches and build results"
	@echo
	@echo "Another Python: make demo PYTHON=python3.12"

demo: $(VENV)/.run
	@"$(BIN)/landcheck" check sample_parcels/gbk/parcels.shp --parks sample_parcels/gbk/parks.shp \
	  --green sample_parcels/gbk/green.shp --buildings sample_parcels/gbk/buildings.shp \
	  --as-of 2026-06-30 --output-format table --exit-zero
	@echo
	@echo "What to look at / 接下来:"
	@echo "  what each parcel is meant to show / 每个地块说明什么:  sample_parcels/README.md"
	@echo "  the sum behind a verdict / 结论的计算过程:  $(BIN)/landcheck explain sample_parcels/gbk --parcel PD01-03"
	@echo "  the rules and their clauses / 规则与条文:  $(BIN)/landcheck rules list"

test: lint
	@"$(BIN)/pytest" -n auto

# Older libraries warn of each other; the bytes of tests/bytes are those of the pinned versions.
test-lowest: $(LOWEST)/.dev
	@"$(LOWEST)/bin/python" -m pytest -n auto -W ignore::DeprecationWarning -W ignore::FutureWarning --ignore tests/bytes $(TESTS)

judges: $(VENV)/.dev $(JUDGES)/.had
	@"$(BIN)/python" tests/judges/judge_all.py $(JUDGES)

fuzz: $(VENV)/.dev
	@LANDCHECK_FUZZ_SECONDS=$(FUZZ_SECONDS) LANDCHECK_FUZZ_SEED="$${LANDCHECK_FUZZ_SEED:-$$(date +%s)}" "$(BIN)/pytest" -n auto tests/fuzz

kills: $(VENV)/.dev
	@LANDCHECK_KILLS=$(KILLS) "$(BIN)/pytest" -n 0 -s -q tests/whole/test_kills.py

first-minute: $(VENV)/.dev
	@"$(BIN)/python" tests/web/first_minute.py build/first-minute

crowd: $(VENV)/.dev
	@LANDCHECK_CROWD=$(SESSIONS)x$(SESSION_PARCELS) "$(BIN)/pytest" -n 0 -s -q tests/web/test_crowd.py

lint: $(VENV)/.dev
	@"$(BIN)/ruff" check --quiet $(FILES)
	@"$(BIN)/ruff" format --check --quiet $(FILES) || { "$(BIN)/ruff" format --check $(FILES); exit 1; }
	@"$(BIN)/mypy" --no-error-summary
	@said=$$("$(BIN)/lint-imports" 2>&1) || { echo "$$said"; exit 1; }
	@said=$$("$(BIN)/deptry" landcheck 2>&1) || { echo "$$said"; exit 1; }

bench: $(PEERS)/.bench
	@env -u PYTHONDONTWRITEBYTECODE "$(PEERS)/bin/python" tests/bench/run.py $(BENCH) --rows $(BENCH_ROWS)

samples: $(VENV)/.dev
	@"$(BIN)/python" sample_parcels/make.py

docs: $(VENV)/.run
	@"$(BIN)/landcheck" rules docs --lang en -o docs/rules.md -o docs/rules.html
	@"$(BIN)/landcheck" rules docs --lang zh -o docs/rules.zh-CN.md -o docs/rules.zh-CN.html

pictures: $(VENV)/.dev
	@"$(BIN)/python" docs/site/pictures.py

site: $(VENV)/.dev
	@"$(BIN)/python" docs/site/build.py build/site

qgis-plugin: $(VENV)/.run
	@mkdir -p build
	@"$(BIN)/python" -c 'from landcheck.qgis.installing import write_zip; write_zip("build/landcheck_qgis.zip")'
	@echo build/landcheck_qgis.zip

# uv works out what that platform needs, which differs from this one's; pip fetches just that.
wheelhouse: $(VENV)/.run
	@rm -rf "$(WHEELHOUSE)" build/wheelhouse
	@mkdir -p "$(WHEELHOUSE)/wheels"
	@"$(PYTHON)" -m venv build/wheelhouse
	@build/wheelhouse/bin/python -m pip --quiet --disable-pip-version-check install uv
	@build/wheelhouse/bin/uv pip compile --quiet pyproject.toml --extra web --extra pdf --constraint constraints.txt \
	  --python-platform $(TRIPLE) --python-version $(THERE) --no-header -o build/wheelhouse/needed.txt
	@build/wheelhouse/bin/python -m pip --quiet --disable-pip-version-check download --no-deps --only-binary=:all: \
	  --platform $(PLATFORM) --python-version $(THERE) --implementation cp \
	  --requirement build/wheelhouse/needed.txt --dest "$(WHEELHOUSE)/wheels"
	@build/wheelhouse/bin/python -m pip --quiet --disable-pip-version-check wheel --no-deps --wheel-dir "$(WHEELHOUSE)/wheels" .
	@echo 'landcheck[web,pdf]' | build/wheelhouse/bin/uv pip compile --quiet - --no-index --find-links "$(WHEELHOUSE)/wheels" \
	  --python-platform $(TRIPLE) --python-version $(THERE) --only-binary :all: -o build/wheelhouse/met.txt
	@for name in install start; do sed 's/3\.12/$(THERE)/g' "tools/windows/$$name.cmd" > "$(WHEELHOUSE)/$$name.cmd"; done
	@cp LICENSE "$(WHEELHOUSE)"
	@echo "$(WHEELHOUSE)"

constraints:
	@rm -rf build/lock
	@"$(PYTHON)" -m venv build/lock
	@build/lock/bin/python -m pip --quiet install --upgrade "pip>=25.1"
	@build/lock/bin/python -m pip --quiet install --editable . --group dev --group bench
	@head -n 3 constraints.txt > build/constraints.txt
	@build/lock/bin/python -m pip freeze --exclude landcheck --exclude pip >> build/constraints.txt
	@mv build/constraints.txt constraints.txt

clean:
	@rm -rf "$(VENV)" build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find $(FILES) -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: an installation is good until the project file or a pinned version changes.
$(VENV)/.run: pyproject.toml constraints.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "landcheck needs Python 3.11 or newer, and $(PYTHON) is none: make demo PYTHON=python3.12" >&2; exit 1; }
	@test -x "$(BIN)/python" || "$(PYTHON)" -m venv "$(VENV)"
	@$(PIP) install --constraint constraints.txt --editable .
	@touch "$@"

# Groups of dependencies are known to pip since 25.1, which Python 3.11 does not bring.
$(VENV)/.dev: $(VENV)/.run
	@$(PIP) install --upgrade "pip>=25.1"
	@$(PIP) install --constraint constraints.txt --editable . --group dev
	@touch "$@"

$(LOWEST)/.dev: pyproject.toml
	@"$(PYTHON)" -m venv --clear "$(LOWEST)"
	@"$(LOWEST)/bin/python" -m pip --quiet --disable-pip-version-check install uv
	@VIRTUAL_ENV="$(LOWEST)" "$(LOWEST)/bin/uv" pip install --quiet --resolution lowest-direct --editable '.[pdf,postgis,dask,dwg,web]'
	@VIRTUAL_ENV="$(LOWEST)" "$(LOWEST)/bin/uv" pip install --quiet --group dev
	@touch "$@"

$(JUDGES)/.had: tests/judges/package.json tests/judges/requirements.txt | $(VENV)/.dev
	@rm -rf "$(JUDGES)"
	@"$(BIN)/python" tests/judges/fetch_judges.py $(JUDGES)
	@touch "$@"

# A peer that cannot be installed is told of in the table.
$(PEERS)/.bench: pyproject.toml constraints.txt tests/bench/install.py
	@test -x "$(PEERS)/bin/python" || "$(PYTHON)" -m venv "$(PEERS)"
	@"$(PEERS)/bin/python" -m pip --quiet --disable-pip-version-check install --constraint constraints.txt --editable '.[dask]'
	@"$(PEERS)/bin/python" tests/bench/install.py build/bench
	@touch "$@"
