# make demo   play a week, one night and the morning after, on the small model that comes with the project
# make test   the whole test suite
# make check  lint, types and the import contract
# make pupil  train the small model again from nothing (about four hours on two cores)
# make pupil SIZE=8m  one of another size beside it, into build/: 2m, 8m, or 60m where a GPU is at hand
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
JOBS ?= 2

.PHONY: demo test check lint types imports pupil clean

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: $(VENV)/.installed
	$(BIN)/nightschool demo

test: $(VENV)/.installed
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --dist loadfile

check: lint types imports

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed
	$(BIN)/mypy

imports: $(VENV)/.installed
	$(BIN)/lint-imports

SIZE ?= 3m
PUPIL = $(if $(filter 3m,$(SIZE)),src/nightschool/pupil,build/pupil-$(SIZE))

pupil: $(VENV)/.installed
	$(BIN)/python pupil/train.py --size $(SIZE) --out $(PUPIL)
	$(BIN)/python pupil/evaluate.py --model $(PUPIL)

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
