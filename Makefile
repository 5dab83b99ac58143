# Everything one does with Liaison. `make help` lists it.
# A fresh clone needs Python 3.11 or newer, make and a network for the first run.

PYTHON := $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& command -v $$each && break; done)
RUN := .venv/bin/python
TOOLS := .venv/bin
UV := $(RUN) -m uv --no-config --system-certs
AS_ROOT := $(filter 0,$(shell id -u;))
# There may be no PATH at all (env -i).
PATH ?= /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH PORT SERVE DEMO_RATE

.DEFAULT_GOAL := help
.PHONY: help demo run test bench chaos check setup setup-dev python browser lock clean

help: ## List the verbs
	@echo "make VERB, where VERB is one of"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1	\2/p' $(MAKEFILE_LIST) | expand -t 14

demo: setup ## Load the demo data, send a mission's call, show the table, serve (SERVE=0 PORT=)
	@$(RUN) -m crm.embedded demo

run: setup ## Serve with your own data; the first visit makes the administrator (PORT=)
	@$(RUN) -m crm.embedded run

test: python browser setup-dev ## Run every test, those in a browser too
	@$(RUN) -m pytest -n 2

bench: setup ## Measure how fast mail leaves, beside others; a table and var/bench.json (N= ONLY=)
	@$(RUN) -m bench $(if $(N),--recipients $(N)) $(if $(ONLY),--only $(ONLY))

chaos: setup ## Kill workers while a campaign is sent, count in the sink's record (N= KILLS= ONLY=)
	@$(RUN) -m chaos $(if $(N),--recipients $(N)) $(if $(KILLS),--kills $(KILLS)) \
		$(if $(ONLY),--only $(ONLY))

# For tools that load the settings but touch no server.
NOWHERE := DATABASE_URL=postgres://nowhere/none REDIS_URL=redis://nowhere/0 EMAIL_URL=smtp://nowhere
check: setup-dev ## Format, lint, types, imports, templates, migrations, translations, deployment
	@$(TOOLS)/ruff format --check .
	@$(TOOLS)/ruff check .
	@$(NOWHERE) $(TOOLS)/mypy
	@$(TOOLS)/lint-imports
	@$(TOOLS)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	@$(RUN) manage.py makemigrations --check --dry-run
	@$(RUN) manage.py translations --check
	@DEBUG=0 SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		ADDRESS_KEY=check ALLOWED_HOSTS=liaison.example BASE_URL=https://liaison.example \
		$(NOWHERE) $(RUN) manage.py check --deploy --fail-level WARNING
	@$(TOOLS)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	@$(TOOLS)/compose-lint docker-compose.yml
	@$(TOOLS)/hadolint Dockerfile

MESSAGES := $(patsubst %.po,%.mo,$(wildcard crm/locale/*/LC_MESSAGES/*.po))
setup: .venv/.ready $(MESSAGES) ## Make the environment in .venv
setup-dev: setup .venv/.ready-dev

%.mo: %.po | .venv/.ready
	@$(TOOLS)/pybabel --quiet compile --input-file $< --output-file $@

lock: setup-dev ## Resolve the dependencies anew
	@$(UV) pip compile $(LOCK) pyproject.toml --output-file requirements.txt
	@$(UV) pip compile $(LOCK) pyproject.toml --group dev --constraint requirements.txt \
		--output-file requirements-dev.txt
	@$(UV) pip compile $(LOCK) bench/peers/requirements.in \
		--output-file bench/peers/requirements.txt
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

clean: ## Remove the environment and all local data
	@test ! -e var/run/embedded.lock || flock --nonblock var/run/embedded.lock true \
		|| { echo "Liaison runs in this checkout: stop it first."; exit 1; }
	@for link in var/outside var/test/outside; do \
		test ! -L $$link || rm -rf "$$(readlink $$link)"; done
	@rm -rf var .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/.ready: .venv/bin/uv requirements.txt
	@$(UV) pip install --quiet --require-hashes --requirement requirements.txt
	@touch $@

.venv/.ready-dev: .venv/.ready requirements-dev.txt
	@$(UV) pip install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@

# pip fetches uv, in the version and with the hashes that requirements-dev.txt names.
.venv/bin/uv: | python
	@echo "Setting up .venv with $(PYTHON)."
	@test -z "$(VENV)" || { $(call apt,$(VENV)); }
	@$(PYTHON) -m venv --clear .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.txt > .venv/uv.txt
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt

python:
	@test -n "$(PYTHON)" || { echo "Liaison needs Python 3.11 or newer;" \
		"$$(python3 --version 2>/dev/null || echo none) is here." \
		"Install one so that python3 or python3.11 starts it."; exit 1; }

browser:
	@command -v chromium >/dev/null || { $(call apt,$(strip chromium $(VENV))); }

# Debian's Python lacks what makes an environment until this is installed.
VENV = $(if $(PYTHON),$(shell $(PYTHON) -c 'import ensurepip' 2>/dev/null || echo python3-venv))

# $(call apt,PACKAGES): root installs them, others are told what an administrator must run.
apt = $(if $(AS_ROOT),apt-get update --quiet=2 \
	&& apt-get install --yes --quiet=2 --no-install-recommends $(1) >/dev/null,\
	echo "Missing: $(1). An administrator must run: apt-get install $(1)"; exit 1)
