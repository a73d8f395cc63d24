# Compagnon: one command each. Everything else they need, they set up themselves.
.PHONY: help run test fast bench cluster types format lock

PY = p=$$(sh .ci/python) && exec "$$p"

help: ## these lines
	@grep -E '^[a-z]+: .*## ' Makefile | sed -E 's/^([a-z]+): .*## /  make \1\t/' | expand -t 16

run: ## set up and start Compagnon with demo data on http://localhost:8000 (PORT=8010 moves it)
	@$(PY) .ci/serve.py

test: ## every check and test, on SQLite and on PostgreSQL + Redis, and in a browser (REQUIRE_ALL=1: nothing may be missing)
	@$(PY) .ci/check.py

fast: ## the Python tests of one room on SQLite (ROOM=bookings), or of all rooms
	@$(PY) .ci/check.py --fast $(ROOM)

bench: ## how fast it is, as ratios (ONLY=bookings for one room); also in bench/results.json
	@$(PY) .ci/bench.py $(ONLY)

cluster: ## PostgreSQL, Redis, two web processes and a worker on this machine, thrown away at the end
	@$(PY) .ci/cluster.py

types: ## write the OpenAPI file and the front end's types from the code
	@$(PY) .ci/schema.py --write

format: ## write Python and front end in the house format
	@$(PY) .ci/format.py

lock: ## renew requirements.txt, requirements-dev.txt and package-lock.json
	@$(PY) .ci/lock.py
