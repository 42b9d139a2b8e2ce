# Everything that can be done with this project. `make help` lists it; the first time builds what it needs.
PYTHON ?= python3
STAGE ?= local
PORT ?= 4566
DEV_PORT ?= 8000
export PORT PIP_DISABLE_PIP_VERSION_CHECK = 1

VENV := .venv
BIN := $(VENV)/bin
CLOUD := .local/cloud-venv
NODE := .local/node
SOURCES := orderproc infra local bench tests

.DEFAULT_GOAL := help
.PHONY: help run stop demo dev deploy destroy test check lint bench clean engines

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s%s\n", $$1, $$2}'

run: $(VENV)/.ready $(CLOUD)/.ready ## Start the local cloud, deploy into it, load the demo goods (PORT=4566); Ctrl-C stops it
	@exec $(BIN)/python -m local.run --port $(PORT)

stop: $(VENV)/.ready ## Stop a local cloud that was left running
	@$(BIN)/python -m local.stop

demo: $(VENV)/.ready $(CLOUD)/.ready ## Place three sample orders and watch them
	@$(BIN)/python -m local.demo --port $(PORT)

dev: $(VENV)/.ready $(CLOUD)/.ready ## Serve the API by `chalice local` with reload, against the local cloud (DEV_PORT=8000)
	@exec $(BIN)/python -m local.dev --port $(PORT) --api-port $(DEV_PORT)

deploy: $(VENV)/.ready ## Deploy STAGE=… to the AWS that credentials and AWS_ENDPOINT_URL name
	@$(BIN)/python -m infra.deploy $(STAGE)

destroy: $(VENV)/.ready ## Remove STAGE=… and everything in it
	@$(BIN)/python -m infra.destroy $(STAGE)

test: $(VENV)/.ready $(CLOUD)/.ready engines ## Run all tests
	@$(BIN)/python -m pytest

lint: $(VENV)/.ready ## Every gate but the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/cfn-lint infra/*.yaml

check: lint test ## Every gate: ruff, mypy strict, cfn-lint, the tests

bench: $(VENV)/.ready $(CLOUD)/.ready ## Measure costs and times against their budgets
	@$(BIN)/python -m bench

clean: ## Remove what was built; stops a local cloud first
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m local.stop --quiet; fi
	rm -rf .venv .local .build orderproc/vendor orderproc/.chalice/deployments orderproc/.chalice/deployed
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.ready: requirements-dev.txt orderproc/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: name one with make PYTHON=…")'
	@echo "Installing what development and deployment need into $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --progress-bar on -r requirements-dev.txt
	@touch $@

$(CLOUD)/.ready: local/requirements-cloud.txt
	@echo "Installing the local cloud into $(CLOUD) …"
	@$(PYTHON) -m venv $(CLOUD)
	@$(CLOUD)/bin/pip install -q --progress-bar on -r local/requirements-cloud.txt
	@touch $@

# The storage tests also run on AWS's own DynamoDB Local, where Java and npm are there to start it.
engines:
	@if command -v java >/dev/null && command -v npm >/dev/null; then $(MAKE) --no-print-directory $(NODE)/.ready; \
	else echo "No Java or no npm here: the storage tests run on MiniStack and the fakes only."; fi

$(NODE)/.ready: local/package.json
	@echo "Installing DynamoDB Local into $(NODE) …"
	@mkdir -p $(NODE) && cp local/package.json $(NODE)/
	@npm install --prefix $(NODE) --silent --no-audit --no-fund --ignore-scripts
	@touch $@
