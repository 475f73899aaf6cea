# Two commands: `make demo` and `make test`. Both set up what is missing first (see tools/setup.sh).

BIN := .venv/bin

.PHONY: demo test setup lint types rules tests bench clean

demo: setup
	@tools/demo.sh

test: setup lint types rules tests

setup:
	@tools/setup.sh

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

rules:
	$(BIN)/raicheck rulesets lint

tests:
	$(BIN)/pytest -n 2 --dist loadgroup

bench: setup
	$(BIN)/python benchmarks/speed.py --fuzz 5000

clean:
	rm -rf .venv out dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
