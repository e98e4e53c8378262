# Barriers: every figure and table of arXiv 2510.00304 from nothing. 'make help' says what there is.
#
# Content decides what runs, not time stamps: 'weave tangle' turns the chapters into a graph whose targets are
# store entries named by everything that they depend on, and this make runs those that are missing.

PROFILE  ?= quick
DATA     ?= auto
DATA_DIR ?= data
STORE    ?= .store
SEEDS    ?=
RUN      ?=
PYTHON   ?= python3
CHAPTERS ?= paper
FIGURES  ?= figures
SOURCES  ?=
ISA      ?= native
KEEP_SNAPSHOTS ?=
BUILD    := .build
BIN      := $(BUILD)/release

# Make cannot hold a blank in a target.
$(foreach folder,STORE FIGURES,$(if $(word 2,$($(folder))),$(error $(folder) must not contain blanks: '$($(folder))')))

.SUFFIXES:
.DEFAULT_GOAL := help
# As many stages at once as there are cores, unless -j on the command line says otherwise.
MAKEFLAGS += --no-builtin-rules -j$(shell nproc 2>/dev/null || echo 1)

settings = --chapters '$(CHAPTERS)' $(if $(SOURCES),--sources '$(SOURCES)') --profile '$(PROFILE)' --data '$(DATA)' \
  --data-dir '$(DATA_DIR)' --store '$(STORE)' --figures '$(FIGURES)' $(if $(SEEDS),--seeds '$(SEEDS)')
# One graph for each set of settings, so that makes with different ones do not meet.
GRAPH := .graph/$(firstword $(shell printf "%s" "$(settings) $(ISA)" | cksum))

# The report: where it goes, what it is framed with, and what the chapters quote of longer runs.
REPORT    ?= $(CHAPTERS)/build
TEMPLATES ?= paper/templates
TYPESET   ?= Scripts/typeset
RECORDS   ?= $(CHAPTERS)/records
# An unpacked artifact has no repository, but a file that says what it was made from.
COMMIT    := $(shell cat COMMIT 2>/dev/null || git describe --always --dirty --abbrev=12 2>/dev/null)
report    = --records '$(RECORDS)' --commit '$(COMMIT)'

.PHONY: help build setup test lint bench data status verify prune clean paper artifact FORCE

help:
	@Scripts/help $(CHAPTERS)

# The report needs more than the figures do.
$(BUILD)/report.stamp: Scripts/setup
	@Scripts/setup pandoc zstd
	@mkdir -p $(BUILD) && touch $@

setup: $(BUILD)/setup.stamp
build: $(BUILD)/build.stamp

# One thread a process: runs are parallel already. Said here, programs need not start twice to say it themselves.
export OPENBLAS_NUM_THREADS := 1

$(BUILD)/setup.stamp: Scripts/setup
	@Scripts/setup
	@mkdir -p $(BUILD) && touch $@

# The script looks at contents, and builds only what differs from what was built.
$(BUILD)/build.stamp: FORCE | $(BUILD)/setup.stamp
	@Scripts/build '$(BUILD)' '$(ISA)' $(SWIFT_FLAGS)

# A stage that meets a damaged entry sets it aside and leaves with 3; making the target once more then makes
# that entry first. $(1) stage, $(2) job file
remake = $(MAKE) --no-print-directory
define stage
$(RUN) $(BIN)/$(1) --store '$(STORE)' --job $(2)$(if $(filter prepare,$(1)), --data-dir '$(DATA_DIR)') \
  || { code=$$?; [ $$code -eq 3 ] && [ $(MAKELEVEL) -lt 3 ] && $(remake) $@ || exit $$code; }
endef

# When a run through many tasks is measured, its last snapshot alone is kept. $(1) the run's key
release = $(if $(KEEP_SNAPSHOTS),true,$(BIN)/weave release --store '$(STORE)' $(1))

# Goals that need no graph; every other goal is an artifact, a list of them or a store entry.
plain := help setup build test lint bench data status verify prune clean $(filter why-% expand-%,$(MAKECMDGOALS))
goals := $(filter-out $(plain),$(MAKECMDGOALS))
ifneq ($(goals),)
dry-run := $(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
# Keys hold what images look like, so that those that the goals rest on are prepared before anything else is planned.
missing-images = $(if $(dry-run),,$(call unprepared-of,$(goals)))
unprepared-of = $(sort $(foreach goal,$(patsubst record-%,%,$(1)),\
  $(if $(filter $(goal),$(artifacts)),$(unprepared-$(goal)),\
    $(if $(filter fig-% table-%,$(goal)),,$(unprepared)))))
include $(GRAPH)/graph.mk
$(GRAPH)/graph.mk: $(BUILD)/build.stamp FORCE
	@$(BIN)/weave tangle $(settings) --graph $(GRAPH) $(if $(dry-run),--dry-run)
endif

ifneq ($(if $(goals),$(missing-images)),)
.PHONY: $(goals) images
$(goals): images ;
images: $(missing-images)
	@$(MAKE) $(goals)
else
# The figures and tables first; the graph says how.
paper: figures tables | $(BUILD)/report.stamp
	@$(BIN)/weave paper $(settings) $(report) --templates '$(TEMPLATES)' --output '$(REPORT)'
	@$(TYPESET) '$(REPORT)'

artifact: paper
	@Scripts/artifact '$(REPORT)' '$(FIGURES)' '$(STORE)' '$(COMMIT)' $(artifacts)

record-%: %
	@$(BIN)/weave record --figures '$(FIGURES)' --records '$(RECORDS)' $*
endif

fig-% table-%: build
	@$(BIN)/weave artifact $(settings) $@

status: build
	@$(BIN)/weave status $(settings)

why-%: build
	@$(BIN)/weave why $(settings) $*

expand-%: build
	@$(BIN)/weave expand $(settings) $*

verify: build
	@$(BIN)/weave verify --store '$(STORE)'

prune: build
	@$(BIN)/weave prune $(settings) $(if $(KEEP_SNAPSHOTS),--keep-snapshots)

data: build
	@$(BIN)/prepare --download --data-dir '$(DATA_DIR)'

test: build
	@swift test --scratch-path $(BUILD)/tests $(TEST_FLAGS)

lint:
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests

bench: build
	@$(BIN)/bench --python '$(PYTHON)' $(BENCH_FLAGS)

clean:
	rm -rf $(BUILD) .graph
