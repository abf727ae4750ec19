# Recipes live in deploy/local; this file only names them.
# Settings are given as `make up VETTED_PORT=8081 VETTED_DATA=/srv/vetted`.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
SERVICES := .:auth-service:catalog-service:chat-service
export VETTED_PORT VETTED_DATA VETTED_DEMO VETTED_HOST
# An empty value would hide the one in .env.
$(foreach name,VETTED_PORT VETTED_DATA VETTED_DEMO VETTED_HOST,$(if $($(name)),,$(eval unexport $(name))))

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: up
up: ## Install what is missing and start everything (DETACH=1: in the background)
	@deploy/local/setup
	@exec $(PYTHON) -m deploy.local up $(if $(filter-out 0,$(DETACH)),--detach)

.PHONY: down
down: ## Stop what `make up` started
	@if [ -x $(PYTHON) ]; then exec $(PYTHON) -m deploy.local down; fi

.PHONY: logs
logs: ## Follow the log of `make up DETACH=1`
	@exec $(PYTHON) -m deploy.local logs

.PHONY: backup
backup: ## Copy the data into a new folder while it runs (TO=/srv/backups/monday)
	@test -n "$(TO)" || { echo "say where: make backup TO=/srv/backups/monday"; exit 1; }
	@exec $(PYTHON) -m deploy.local backup "$(TO)"

.PHONY: test
test: ## Run every check: lint, types, all tests, end to end
	@exec deploy/local/test

.PHONY: lint
lint: ## Run only the checks of style, types and files
	@exec deploy/local/test lint

.PHONY: check
check: ## Run what daily work needs: lint, types, the rules and the units on SQLite
	@exec deploy/local/test check

.PHONY: test-compose
test-compose: ## Build and try the containers of docker-compose.yml
	@deploy/local/setup test
	@exec $(PYTHON) -m tests.compose

.PHONY: test-search
test-search: ## Try searches on a real OpenSearch cluster (OPENSEARCH_URL=http://host:9200) and record its answers
	@test -n "$(OPENSEARCH_URL)" || { echo "say where: make test-search OPENSEARCH_URL=http://127.0.0.1:9200"; exit 1; }
	@deploy/local/setup test
	@OPENSEARCH_URL="$(OPENSEARCH_URL)" exec .venv/bin/pytest tests/catalog_service/test_search_contract.py

.PHONY: bench
bench: ## Measure speed for half an hour (figures, not verdicts; SHORT=1: under a minute)
	@deploy/local/setup bench
	@PYTHONPATH=$(SERVICES) exec $(PYTHON) -m tests.bench

.PHONY: faults
faults: ## Break parts of a running copy and watch it (figures, not verdicts)
	@deploy/local/setup test
	@PYTHONPATH=$(SERVICES) exec $(PYTHON) -m tests.faults

.PHONY: screenshots
screenshots: ## Take the README's pictures of the four pages from a running copy
	@deploy/local/setup test
	@exec $(PYTHON) -m tests.e2e.screenshots "http://127.0.0.1:$${VETTED_PORT:-8080}"

.PHONY: lock
lock: ## Resolve all requirements anew and write the lock files
	@deploy/local/setup test
	@exec deploy/local/lock-requirements

.PHONY: clean
clean: ## Delete caches and .venv (CONFIRM=1: the data folder, too)
	@if [ "$(CONFIRM)" = 1 ]; then $(PYTHON) -m deploy.local erase; fi
	@find . -name __pycache__ -not -path './node_modules/*' -prune -exec rm -rf {} +
	@rm -rf frontend/node_modules frontend/.next frontend/out
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@if [ "$(CONFIRM)" != 1 ]; then echo "The data folder is kept; make clean CONFIRM=1 deletes it."; fi
