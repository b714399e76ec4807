# Each target is a short script in bin/; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test prove bench lint format lock clean

help: ## This list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

demo: ## Start everything on this machine with data to try (port: BAOKAO_PORT, 8000)
	@bin/demo

test: ## Lint, import contract, types and all tests, browser tests included
	@bin/test

prove: ## The full grids and statistics that take too long for make test
	@bin/prove

bench: ## Measure, and print the table of docs/performance.md
	@bin/bench

lint: ## Lint, import contract and types only
	@bin/lint

format: ## Bring the code into the project's form
	@bin/format

lock: ## Write requirements/*.txt anew from requirements/*.in
	@bin/lock

clean: ## Remove the environment and the demonstration's and the tests' data
	@bin/clean
