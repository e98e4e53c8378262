# Barriers: every figure and table of two papers on loss of plasticity from nothing. 'make help' says what there is.
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
FROM     ?=
TO       ?=
SNAPSHOTS ?= none
PARTS    ?=
SIGN     ?=
SIGNERS  ?=
RUNS     ?=
BUDGET   ?=
DRAW     ?=
NODES    ?=
VERBOSE  ?=
TIMED    ?=
CORES    ?=
BUILD    := .build
comma    := ,
BIN      := $(BUILD)/release

# What make, the shell and the programs all have to understand: refused in one place, in one line. Names of targets are
# letters of few kinds; other folders may hold anything but what ends a quotation. $(1) name of a variable
quoted = '$(subst ','\'',$(value $(1)))'
given  = $(filter command environment override,$(firstword $(origin $(1))))
unlike = $(shell printf '%s\n' $(call quoted,$(1)) | LC_ALL=C grep -qzE $(2) || echo odd)
refuse = $(foreach name,$(1),$(if $(call given,$(name)),$(if $(value $(name)),$(if $(call unlike,$(name),$(2)),$(error \
  $(name) $(3); it is $(call quoted,$(name)))))))
# A misspelt setting would change nothing, without a word.
empty :=
known := PROFILE DATA DATA_DIR STORE SEEDS RUN THREADS PYTHON CHAPTERS FIGURES SOURCES ISA KEEP_SNAPSHOTS BUILD BIN GRAPH REPORT \
  TEMPLATES TYPESET RECORDS COMMIT SWIFT_FLAGS TEST_FLAGS BENCH_FLAGS VERBOSE FROM TO SNAPSHOTS PARTS SIGN SIGNERS RUNS BUDGET \
  DRAW NODES TIMED CORES SHELL MAKE MAKEFLAGS
typed := $(foreach pair,$(subst \$(empty) $(empty),_,$(MAKEOVERRIDES)),$(if $(findstring =,$(pair)),$(firstword \
  $(subst =, ,$(pair)))))
$(foreach name,$(filter-out $(known),$(typed)),$(error $(name) is no setting; there are $(wordlist 1,12,$(known))$(comma) \
  and 'make help' says more))

# What is on or off; empty, it is as if it were not set. $(1) name of a variable
switches := KEEP_SNAPSHOTS PARTS VERBOSE TIMED
on  = $(filter yes 1,$(value $(1)))
off = $(filter no 0,$(value $(1)))

# Nor would one that the goals have no use for.
idle = $(foreach name,$(1),$(if $(filter command,$(origin $(name))),$(if $(filter $(2),$(MAKECMDGOALS)),,$(error \
  $(name) is for 'make $(2)' alone))))
ifeq ($(filter-out 0,$(MAKELEVEL)),)
unused := $(call idle,TO SNAPSHOTS PARTS SIGN,publish)$(call idle,RUNS BUDGET DRAW,challenge)$(call idle,NODES,cluster-check)
unused += $(call idle,CORES,status status-%)
unused += $(if $(SIGNERS),$(if $(FROM),,$(error SIGNERS says who must have signed what FROM names$(comma) which is missing)))
endif

target := '^[A-Za-z0-9_./+@$(comma)=][A-Za-z0-9_./+@$(comma)=~-]*.$$'
folder := '^[^~"$$`\\'\''[:cntrl:]][^"$$`\\'\''[:cntrl:]]*.$$'
number := '^([1-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-6]).$$'
switch := '^(yes|no|1|0).$$'
word   := '^[A-Za-z0-9_.+-]*.$$'
refused := $(call refuse,STORE FIGURES REPORT GRAPH BUILD,$(target),may hold letters$(comma) digits and \
  _./+@$(comma)=- only$(comma) and no ~ in front)
refused += $(call refuse,DATA_DIR CHAPTERS RECORDS TEMPLATES SOURCES TYPESET PYTHON FROM TO SIGN SIGNERS,$(folder),may hold no quotes$(comma) \
  dollars or backslashes$(comma) nor begin with ~)
refused += $(call refuse,$(switches),$(switch),is yes or no$(comma) or 1 or 0)$(call refuse,CORES,'^[1-9][0-9]{0$(comma)5}.$$',is a number of cores)
refused += $(call refuse,PROFILE DATA SEEDS ISA SNAPSHOTS RUNS BUDGET DRAW NODES,$(word),may hold letters and digits only)
refused += $(call refuse,THREADS,$(number),must be a number between 1 and 256)

.SUFFIXES:
.DEFAULT_GOAL := help
# As many stages at once as there are cores, unless -j on the command line says otherwise; a make that this one calls
# shares its places. What the environment says of threads within a program is no number of programs.
places := $(if $(and $(filter-out 0,$(MAKELEVEL)),$(BARRIERS_PLACES)),,\
  -j$(shell env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc 2>/dev/null || echo 1))
export BARRIERS_PLACES := shared
MAKEFLAGS += --no-builtin-rules $(places)
# Where cd looks, and says so, is not for scripts.
unexport CDPATH

# What is drawn from published results has a store of its own, so that nothing of theirs is taken for what was made here,
# and each figure is at the best scale that they have, unless PROFILE says another one. 'records' are those of the
# repository.
ifneq ($(FROM),)
override STORE := $(STORE:%/pulled=%)/pulled
origin = --from '$(if $(filter records,$(FROM)),$(RECORDS)' --kept-only,$(FROM)') $(if $(call given,PROFILE),,--best) \
  $(if $(SIGNERS),--signers '$(SIGNERS)')
endif

settings = --chapters '$(CHAPTERS)' $(if $(SOURCES),--sources '$(SOURCES)') --profile '$(PROFILE)' --data '$(DATA)' \
  --data-dir '$(DATA_DIR)' --store '$(STORE)' --figures '$(FIGURES)' $(if $(SEEDS),--seeds '$(SEEDS)') $(origin)
# Where nobody may compute, as on login nodes, no steps of networks are timed, and estimates are poorer.
untimed = $(if $(call off,TIMED),--untimed)
# One graph for each set of settings, so that makes with different ones do not meet.
GRAPH := .graph/$(firstword $(shell printf "%s" "$(settings) $(ISA)" | cksum))

# The report: where it goes, what it is framed with, and what the chapters quote of longer runs.
REPORT    ?= $(CHAPTERS)/build
TEMPLATES ?= paper/templates
TYPESET   ?= Scripts/typeset
RECORDS   ?= $(CHAPTERS)/records
COMMIT    := $(shell Scripts/commit)
report    = --records '$(RECORDS)' --commit '$(COMMIT)'

.PHONY: help build setup test lint bench data status verify prune clean paper artifact publish challenge cluster-check FORCE

# Goals that need no graph; every other goal is an artifact, a list of them or a store entry.
plain := help setup build test lint bench data status verify prune clean publish cluster-check \
  $(filter why-% expand-% status-%,$(MAKECMDGOALS))
goals := $(filter-out $(plain),$(MAKECMDGOALS))

# One that is misspelt is told before anything is built. Paths are entries of the store, and the like.
strange := $(firstword $(foreach goal,$(filter-out figures tables paper artifact challenge fig-% table-% record-%,$(goals)),\
  $(if $(findstring /,$(goal)),,$(goal))))
$(if $(strange),$(error $(shell Scripts/nearest $(call quoted,CHAPTERS) $(call quoted,strange))))

# The figures beside a challenge say which runs it draws from.
ifneq ($(filter challenge,$(MAKECMDGOALS)),)
challenged := $(filter-out challenge,$(MAKECMDGOALS))
.PHONY: $(challenged)
$(challenged): challenge
	@:
challenge:
	@$(MAKE) --no-print-directory build
	@$(BIN)/weave challenge $(settings) $(if $(RUNS),--runs '$(RUNS)') $(if $(BUDGET),--budget '$(BUDGET)') \
	  $(if $(DRAW),--draw '$(DRAW)') --bin '$(BIN)' --isa '$(ISA)' $(challenged)
else

# Of several goals, those that change what others look at keep their place: 'make clean figures', 'make data figures'.
ifneq ($(and $(filter clean data prune verify test bench publish cluster-check,$(MAKECMDGOALS)),$(word 2,$(MAKECMDGOALS))),)
.PHONY: $(MAKECMDGOALS) one-by-one
$(MAKECMDGOALS): one-by-one ;
one-by-one:
	@$(foreach goal,$(MAKECMDGOALS),$(MAKE) --no-print-directory '$(goal)' &&) true
else

help:
	@Scripts/help '$(CHAPTERS)'

# The report needs more than the figures do.
$(BUILD)/report.stamp: Scripts/setup
	@Scripts/setup pandoc zstd
	@mkdir -p $(BUILD) && touch $@

setup: $(BUILD)/setup.stamp
build: $(BUILD)/build.stamp

# One thread a process: runs are parallel already. Said here, programs need not start twice to say it themselves, to
# whichever kind of OpenBLAS there is.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
# Threads of ours, of each stage: where none are asked for, stages share the cores that the places of this make stand for,
# but on other machines, of which each has what it asked for.
export BARRIERS_THREADS := $(or $(THREADS),$(if $(RUN),1))

# With -n, make would still make what it includes: then nothing is installed or built, and the programs that are there
# say what would run with the sources as they are.
flags   := $(filter-out --%,$(firstword -$(MAKEFLAGS)))
dry-run := $(findstring n,$(flags))$(findstring q,$(flags))
$(if $(findstring t,$(flags)),$(error make -t would leave empty results in the store))
ifeq ($(dry-run),)
$(BUILD)/setup.stamp: Scripts/setup
	@Scripts/setup
	@mkdir -p $(BUILD) && touch $@

# The script looks at contents, and builds only what differs from what was built.
$(BUILD)/build.stamp: FORCE | $(BUILD)/setup.stamp
	@Scripts/build '$(BUILD)' '$(ISA)' $(SWIFT_FLAGS)
else
$(BUILD)/setup.stamp:
	@Scripts/setup
$(BUILD)/build.stamp:
	@Scripts/build '$(BUILD)' '$(ISA)' $(SWIFT_FLAGS)
.PHONY: $(BUILD)/setup.stamp $(BUILD)/build.stamp
endif

# Hands on signals, and makes the target once more where something damaged was set aside. $(1) stage, $(2) job file
stage = Scripts/stage '$(STORE)' $(2) '$@' '$(MAKE)' '$(if $(RUN),elsewhere)' \
  $(RUN) $(BIN)/$(1) --store '$(STORE)' --job $(2)$(if $(filter prepare,$(1)), --data-dir '$(DATA_DIR)')

# When all that looks at a run is done, its last snapshot alone is kept. $(1) the run's key, and what looks at it
release = $(if $(call on,KEEP_SNAPSHOTS),true,$(BIN)/weave release --store '$(STORE)' $(1))

# What was made elsewhere is taken from there, once more where it has been lost. $(1) its key
pull = $(BIN)/weave pull $(settings) $(1)

# What a make does is shown as one line, which its stages share, and told at its end; with VERBOSE=1 every stage and
# every figure speaks for itself.
speaks = $(call on,VERBOSE)
# Goals that are told of at the end, together. $(1) the goal that was reached
concluded = $(sort $(filter figures tables paper artifact fig-% table-%,$(MAKECMDGOALS)))
conclude = $(if $(filter $(1),$(concluded)),$(BIN)/weave summary --graph '$(GRAPH)' --figures '$(FIGURES)' \
  --records '$(RECORDS)' --report '$(REPORT)' --progress '$(progress)' $(if $(speaks),--verbose) --goals '$(concluded)' $(1))
quiet = $(if $(speaks)$(filter $(1),$(MAKECMDGOALS)),,--quiet)
# What lies there as it was published is left alone. $(1) the figure, $(2) its plan
publish = $(if $(speaks)$(filter-out $(file <$(GRAPH)/unchanged),$(1)),$(BIN)/weave publish --store '$(STORE)' \
  --plan $(2) --figures '$(FIGURES)' --records '$(RECORDS)' $(if $(speaks),,--quiet))

ifneq ($(goals),)
# Where the stages of this make meet, and of those that it calls: named by its process, the parent of its shells.
progress := $(or $(if $(filter-out 0,$(MAKELEVEL)),$(BARRIERS_PROGRESS)),$(GRAPH)/progress/$(shell echo $$PPID))
export BARRIERS_PROGRESS := $(progress)
export BARRIERS_VERBOSE := $(speaks)
# Keys hold what images look like, so that those that the goals rest on are prepared before anything else is planned.
missing-images = $(if $(dry-run),,$(call unprepared-of,$(goals)))
unprepared-of = $(sort $(foreach goal,$(patsubst record-%,%,$(1)),\
  $(if $(filter $(goal),$(artifacts)),$(unprepared-$(goal)),\
    $(if $(filter fig-% table-%,$(goal)),,$(unprepared)))))
ifeq ($(dry-run),)
include $(GRAPH)/graph.mk
$(GRAPH)/graph.mk: $(BUILD)/build.stamp FORCE
	@$(BIN)/weave tangle $(settings) --graph $(GRAPH) --progress '$(progress)' --goals '$(goals)' \
	  $(if $(RUN),--elsewhere) $(if $(speaks),--verbose) $(untimed)
else
ifneq ($(wildcard $(BIN)/weave),)
include $(GRAPH)/graph.mk
$(GRAPH)/graph.mk: FORCE
	@$(BIN)/weave tangle $(settings) --graph $(GRAPH) --dry-run \
	  $(shell Scripts/build --check '$(BUILD)' '$(ISA)' $(SWIFT_FLAGS) || echo $(if $(SOURCES),,--sources Sources))
else
$(info # Nothing is built yet: 'make build' comes first, and then 'make -n' knows what else would run.)
$(sort figures tables $(filter-out paper artifact record-% fig-% table-%,$(goals))): build
endif
endif
endif

ifneq ($(if $(goals),$(missing-images)),)
.PHONY: $(goals) images
$(goals): images ;
images: $(missing-images)
	@$(MAKE) --no-print-directory $(goals)
else
# The figures and tables first; the graph says how.
paper: figures tables | $(BUILD)/report.stamp
	@$(BIN)/weave paper $(settings) $(report) --templates '$(TEMPLATES)' --output '$(REPORT)'
	@$(TYPESET) '$(REPORT)'
	@$(call conclude,paper)

artifact: paper
	@DATA_DIR='$(DATA_DIR)' BUILD='$(BUILD)' GRAPH='$(GRAPH)' Scripts/artifact '$(BIN)' '$(REPORT)' '$(FIGURES)' '$(STORE)' '$(COMMIT)' $(artifacts)
	@$(call conclude,artifact)

record-%: %
	@$(BIN)/weave record --store '$(STORE)' --figures '$(FIGURES)' --records '$(RECORDS)' --commit '$(COMMIT)' '$*'
endif

fig-% table-%: build
	@$(BIN)/weave artifact $(settings) '$@'

status: build
	@$(BIN)/weave status $(settings) $(untimed) $(if $(CORES),--cores '$(CORES)')

status-%: build
	@$(BIN)/weave status $(settings) $(untimed) $(if $(CORES),--cores '$(CORES)') '$*'

why-%: build
	@$(BIN)/weave why $(settings) '$*'

expand-%: build
	@$(BIN)/weave expand $(settings) '$*'

verify: build
	@$(BIN)/weave verify --store '$(STORE)'

prune: build
	@$(BIN)/weave prune $(settings) $(if $(call on,KEEP_SNAPSHOTS),--keep-snapshots)

# What the nodes are like that RUN reaches.
cluster-check: build
	@Scripts/cluster-check '$(BIN)' '$(STORE)' '$(ISA)' '$(or $(NODES),2)' \
	  "$$($(BIN)/weave needs $(settings) 2>/dev/null)" $(RUN)

publish: build
	@$(if $(TO),$(BIN)/weave share $(settings) --to '$(TO)' --commit '$(COMMIT)' --snapshots '$(SNAPSHOTS)' \
	  $(if $(call on,PARTS),--parts) $(if $(SIGN),--sign '$(SIGN)'),echo "name the folder to write: make publish TO=folder" >&2; exit 2)

data: build
	@$(BIN)/prepare --download --data-dir '$(DATA_DIR)'

test: build
	@Scripts/fresh '$(BUILD)/tests'
	@swift test --scratch-path $(BUILD)/tests -debug-info-format none $(TEST_FLAGS)

lint:
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests

bench: build
	@$(BIN)/bench --python '$(PYTHON)' --chapters '$(CHAPTERS)' --profile '$(PROFILE)' $(BENCH_FLAGS)

clean:
	rm -rf '$(BUILD)' .graph
endif
endif
