# SPDX-License-Identifier: Apache-2.0
#
# midd: an on-premises agent. `make demo` shows it, `make check` tests it;
# both install what is missing first.
#
#   make            build everything into build/
#   make demo       a stand-in instance, an agent and a job, end to end  [KEEP=1]
#   make check      unit, scenario, corpus and short fuzz tests          [SAN=1]
#   make crash      kill -9 at every step of a run, cut at every byte, each page hurt (slow)
#   make scale-ssh  1,000 SSH hosts at once, and a gigabyte from one
#   make soak       a million jobs under random faults (slow)            [JOBS= MINUTES= SEED=]
#   make fuzz       each fuzz target for FUZZ_SECONDS (60)
#   make corpus     facts against recorded hosts and devices                         [CORPUS=DIR]
#   make bench      figures beside peers              [ONLY="rest latency"]
#   make bench-snmp what a device costs over SNMP   [FARM=farm.c]
#   make bench-ssh  what a host costs over SSH, beside others   [RIG=DIR HOSTS="200 1000"]
#   make company    the company in namespaces, long: kills, faults, a tarpit (root)
#   make bench-discovery  what a scan costs, beside others (root)   [CASES="tcp dropped lossy icmp" ROUNDS=3 OTHERS=REGEX]
#   make bench-pipeline  a whole discovery of many hosts (root)      [HOSTS=500]
#   make bench-service  the installed service beside others under a real systemd (root)
#   make bench-deps the peers that make bench would like
#   make HOST=windows   the same for Windows (doc/windows.md; packaging/deps/windows.sh first)
#   make msi        build/windows/midd-VERSION.msi, of that (wixl)
#   make release    packages to give away: deb and rpm; HOST=windows: the MSI, unless a library in it is older than Linux' own
#   make check-windows  runs that by wine against a lab, a sshd and a snmpd here; says so when it can't
#   make lint       both compilers' warnings, floors, cppcheck, man pages
#   make install    [DESTDIR=] [PREFIX=/usr]
#   make deb        Debian packages, into build/deb; checked by lintian
#   make rpm        RPM packages, into build/rpm
#   make sbom       build/midd.cdx.json: what the programs are made of (CycloneDX)
#   make STATIC=1   programs that load nothing, the probes in midd-worker: for the image (packaging/deps/static.sh first)
#   make container  the image's root in build/rootfs, of those, and a run of it: read-only, as nobody (root)
#   make reproducible   builds twice in two folders and compares every byte
#   make nspawn     installs, enrols, reboots, upgrades, purges them under a real systemd (root)
#
# Floors (doc/design.md) are kept by -I: a folder sees only what its FLOOR names.

VERSION := 0.1.0
HOST    ?= linux
B       ?= build$(if $(filter-out linux,$(HOST)),/$(HOST))$(if $(STATIC),/static)$(if $(SAN),/san)
include packaging/host/$(HOST).mk
ifeq ($(origin CC),default)
CC      := $(HOST_CC)
endif
PREFIX  ?= /usr
CORPUS  ?= ../shared/corpus
FUZZ_SECONDS ?= 60
V       ?=
Q       := $(if $(V),,@)
say      = $(if $(V),,@printf '  %-5s %s\n' $(1) $(patsubst $(B)/%,%,$@))

# --- what is compiled how ---------------------------------------------------

WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	   -Wvla -Wwrite-strings -Wformat=2
# No path of the build machine in what is built: same sources, same bytes.
HARDEN  := -fstack-protector-strong -fvisibility=hidden -ffile-prefix-map=$(CURDIR)=.
ifdef SAN
HARDEN  += -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	   -fno-omit-frame-pointer -O1
else ifdef FUZZ
HARDEN  += -fsanitize=fuzzer-no-link,address,undefined \
	   -fno-sanitize-recover=undefined -fno-omit-frame-pointer -O1
else
HARDEN  += -O2 -D_FORTIFY_SOURCE=3
endif
CFLAGS  ?= -g
BASE_CFLAGS = -std=gnu11 -D_GNU_SOURCE -DMIDD_VERSION='"$(VERSION)"' \
	   $(WARN) $(HOST_CFLAGS) $(HARDEN) $(CFLAGS) -MMD -MP
# --- sources, by floor ------------------------------------------------------

find     = $(sort $(shell find $(1) -name '*.c' ! -path '*/os/$(HOST_OTHER)/*' 2>/dev/null))
BASE    := $(filter-out base/os/%,$(call find,base)) $(call find,base/os/$(HOST))
AGENT   := $(filter-out agent/main.c,$(call find,agent))
WORKER  := $(filter-out worker/main.c worker/os/%,$(call find,worker)) $(call find,worker/os/$(HOST))
MIDCTL  := $(filter-out midctl/main.c,$(call find,midctl))
HELPERS := $(notdir $(patsubst %/,%,$(wildcard helpers/*/)))
LAB     := $(filter-out lab/main.c,$(call find,lab))
COMMON  := $(filter-out $(HOST_NO_COMMON),$(call find,probes/common))
PROBES  := $(foreach d,$(notdir $(patsubst %/,%,$(wildcard probes/*/))),$(if $(wildcard probes/$(d)/$(d).c),$(d)))
obj      = $(patsubst %.c,$(B)/%.o,$(1))
ifdef STATIC
include packaging/host/static.mk
endif

$(B)/base/%.o:    FLOOR = -Ibase -fPIE
$(B)/base/ticket.o: FLOOR = -Ibase -fPIE $(TICKET_CFLAGS)
$(B)/agent/%.o:   FLOOR = -Ibase -Iagent -fPIE
$(B)/worker/%.o:  FLOOR = -Ibase -Iinclude -Iworker -fPIE
$(B)/midctl/%.o:  FLOOR = -Ibase -Imidctl -fPIE
$(B)/midctl/enroll_token.o: FLOOR = -Ibase -Imidctl -fPIE $(MIDCTL_CFLAGS)
$(B)/probes/%.o:  FLOOR = -Iinclude -Iprobes/common -fPIC
$(B)/probes/ssh/%.o: FLOOR = -Iinclude -Iprobes/common -fPIC $(if $(SSH2_OWN),-isystem $(SSH2_DIR)/include -DSSH_HOST_CERTIFICATES)
$(B)/lab/%.o:     FLOOR = -Ilab -fPIE
$(B)/helpers/%.o: FLOOR = -Iinclude -Ihelpers -fPIE
$(B)/test/unit/base/%.o:   FLOOR = -Ibase -Itest/fake -fPIE
$(B)/test/unit/agent/%.o:  FLOOR = -Ibase -Iagent -Iinclude -Itest/fake -fPIE
$(B)/test/unit/worker/%.o: FLOOR = -Ibase -Iinclude -Iworker -Itest/fake -fPIE
$(B)/test/unit/midctl/%.o: FLOOR = -Ibase -Imidctl -Itest/fake -fPIE
$(B)/test/unit/probes/%.o: FLOOR = -Iinclude -Iprobes/common -Iprobes -Itest/fake -fPIE
$(B)/test/unit/helpers/%.o: FLOOR = -Iinclude -Ihelpers -Itest/fake -fPIE
$(B)/test/unit/lab/%.o:    FLOOR = -Ilab -Itest/fake -fPIE
$(B)/test/fuzz/base/%.o:   FLOOR = -Ibase -fPIE
$(B)/test/fuzz/agent/%.o:  FLOOR = -Ibase -Iagent -fPIE
$(B)/test/fuzz/midctl/%.o: FLOOR = -Ibase -Imidctl -fPIE
$(B)/test/fuzz/worker/%.o: FLOOR = -Ibase -Iinclude -Iworker -fPIE
$(B)/test/fuzz/helpers/%.o: FLOOR = -Iinclude -Ihelpers -fPIE
$(B)/test/fuzz/probes/%.o: FLOOR = -Iinclude -Iprobes/common -Iprobes -fPIE
$(B)/test/probes/%.o: FLOOR = -Iinclude -Iprobes/common -fPIC
$(B)/test/peers/%.o: FLOOR = -fPIE

# --- targets ----------------------------------------------------------------

PROGRAMS := $(patsubst %,$(B)/bin/%$(EXE),$(HOST_PROGRAMS) $(if $(HOST_HELPERS),$(patsubst %,midd-%,$(HELPERS))))
MODULES  := $(patsubst %,$(B)/probes/%.$(SO),$(filter-out $(HOST_NO_PROBES),$(PROBES)))

.DEFAULT_GOAL := all
.PHONY: crash crash-kill crash-net crash-store soak soak-nightly all deps check unit scenario corpus demo fuzz fuzz-short fuzz-bins bench bench-snmp bench-ssh bench-deps scale-ssh lint install clean
.SECONDARY:

all: $(PROGRAMS) $(MODULES)

deps:
	$(Q)packaging/deps/debian.sh
	$(Q)packaging/deps/libssh2.sh $(SSH2_DIR)

$(B)/%.o: %.c
	$(call say,CC)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(FLOOR) $(BASE_CFLAGS) -c -o $@ $<

# The web page of the lab is part of midlab.
$(B)/lab/page_files.o: $(wildcard lab/page/*)

archive = $(call say,AR)
define archive_rule
$(B)/lib$(1).a: $(call obj,$(2))
	$$(call say,AR)
	$(Q)mkdir -p $$(@D); rm -f $$@; ar qcsD $$@ $$^
endef
$(eval $(call archive_rule,base,$(BASE)))
$(eval $(call archive_rule,agent,$(AGENT)))
$(eval $(call archive_rule,worker,$(WORKER)))
$(eval $(call archive_rule,midctl,$(MIDCTL)))
$(eval $(call archive_rule,lab,$(LAB)))
$(eval $(call archive_rule,common,$(COMMON)))
# The rooms of a probe, for their tests; what holds mid_probe is named as its folder.
$(eval $(call archive_rule,probes,$(filter-out $(COMMON) $(foreach p,$(PROBES),probes/$(p)/$(p).c),$(call find,probes))))

define program_rule
$(B)/bin/$(1)$(EXE): $(B)/$(2)/main.o $(3) $(HOST_OBJ)
	$$(call say,LD)
	$(Q)mkdir -p $$(@D); $(CC) $(PIE) -o $$@ $$^ $(LDFLAGS_ALL) $(4)
endef
$(eval $(call program_rule,midd,agent,$(B)/libagent.a $(B)/libbase.a,$(LIBS_AGENT)))
$(eval $(call program_rule,midd-worker,worker,$(HOST_WORKER_OBJ) $(B)/libworker.a $(B)/libbase.a,$(LIBS_WORKER)))
$(eval $(call program_rule,midctl,midctl,$(B)/libmidctl.a $(B)/libbase.a,$(LIBS_MIDCTL)))
$(eval $(call program_rule,midlab,lab,$(B)/liblab.a,$(LIBS_LAB)))

# A helper has libc and no library of ours.
$(eval $(call archive_rule,helpers,$(filter-out %/main.c,$(call find,helpers))))
define helper_rule
$(B)/bin/midd-$(1): $(B)/helpers/$(1)/main.o $(B)/libhelpers.a
	$$(call say,LD)
	$(Q)mkdir -p $$(@D); $(CC) $(PIE) -o $$@ $$^ $(LDFLAGS_ALL)
endef
$(foreach h,$(HELPERS),$(eval $(call helper_rule,$(h))))

# A module exports one symbol, mid_probe.
define module_rule
$(B)/probes/$(1).$(SO): $(call obj,$(call find,probes/$(1))) $(B)/libcommon.a $(HOST_MODULE_OBJ)
	$$(call say,SO)
	$(Q)mkdir -p $$(@D); $(CC) -shared -o $$@ $$^ $(LDFLAGS_ALL) $(LIBS_probe_$(1)) $(LIBS_PROBE)
endef
$(foreach p,$(PROBES),$(eval $(call module_rule,$(p))))

# Probes that only tests load: the flooding, the crashing, the hostile.
TEST_PROBES := $(patsubst test/probes/%.c,$(B)/test/probes/%.so,$(wildcard test/probes/*.c))
$(B)/test/probes/%.so: $(B)/test/probes/%.o $(B)/libcommon.a
	$(call say,SO)
	$(Q)mkdir -p $(@D); $(CC) -shared -o $@ $^ $(LDFLAGS_ALL) $(LIBS_PROBE)

# Preloaded into midd by test/crash/.
TEST_SHIMS := $(patsubst test/crash/%.c,$(B)/test/crash/%.so,$(wildcard test/crash/*.c))
TEST_PEERS := $(patsubst %.c,$(B)/%,$(wildcard test/peers/*.c))
TEST_HELP  := $(TEST_PROBES) $(TEST_SHIMS) $(TEST_PEERS)
$(B)/test/peers/%: $(B)/test/peers/%.o
	$(call say,LD)
	$(Q)$(CC) -pie -o $@ $< $(LDFLAGS_ALL)
$(B)/test/crash/%.so: test/crash/%.c
	$(call say,SO)
	$(Q)mkdir -p $(@D); $(CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -O2 -g -fPIC -shared -o $@ $< -ldl

# --- tests ------------------------------------------------------------------

# An archive: a test takes from it what it names and no more.
$(eval $(call archive_rule,fake,$(call find,test/fake)))
$(B)/test/fake/%.o: FLOOR = -Ibase -Iagent -Iinclude -Itest/fake -fPIE
# make unit ROOMS="agent lab": theirs only.
UNITS    := $(patsubst %.c,$(B)/%,$(call find,$(if $(ROOMS),$(addprefix test/unit/,$(ROOMS)),test/unit)))
FUZZERS  := $(patsubst %.c,$(B)/%,$(call find,test/fuzz))

define unit_rule
$(B)/test/unit/$(1)/%: $(B)/test/unit/$(1)/%.o $(B)/libfake.a $(2)
	$$(call say,LD)
	$(Q)$(CC) -pie -o $$@ $$< $(B)/libfake.a $(2) $(LDFLAGS_ALL) -lcmocka $(3)
$(B)/test/fuzz/$(1)/%: $(B)/test/fuzz/$(1)/%.o $(2)
	$$(call say,LD)
	$(Q)$(CC) -fsanitize=fuzzer -o $$@ $$< $(2) $(LDFLAGS_ALL) $(3)
endef
$(eval $(call unit_rule,base,$(B)/libbase.a,$(LIBS_BASE)))
$(eval $(call unit_rule,agent,$(B)/libagent.a $(B)/libbase.a,$(LIBS_AGENT)))
$(eval $(call unit_rule,worker,$(B)/libworker.a $(B)/libbase.a,$(LIBS_WORKER)))
$(eval $(call unit_rule,midctl,$(B)/libmidctl.a $(B)/libbase.a,$(LIBS_MIDCTL)))
$(eval $(call unit_rule,probes,$(B)/libprobes.a $(B)/libcommon.a,$(LIBS_PROBE) $(LIBS_probe_snmp) $(LIBS_probe_scan)))
$(eval $(call unit_rule,helpers,$(B)/libhelpers.a,))
$(eval $(call unit_rule,lab,$(B)/liblab.a,$(LIBS_LAB)))

unit: all $(UNITS) $(TEST_HELP)
	$(Q)B=$(B) test/run.sh unit $(UNITS)

scenario: all $(TEST_HELP)
	$(Q)B=$(B) test/run.sh scenario $(sort $(wildcard test/scenario/[0-9]*.sh))

scale-ssh: all $(TEST_HELP)
	$(Q)B=$(B) HOSTS=1000 bash test/scenario/95-ssh-many-hosts.sh
	$(Q)B=$(B) WHOLE=1 bash test/scenario/96-ssh-gigabyte.sh

soak soak-nightly: all $(TEST_HELP)
	$(Q)B=$(B) JOBS=$(or $(JOBS),$(if $(filter soak,$@),1000000,100000)) MINUTES=$(or $(MINUTES),120) test/soak/run.sh

crash: crash-kill crash-net crash-store
crash-store: all $(TEST_HELP)
	$(Q)B=$(B) PAGES=1000000 TEST_SECONDS=3600 test/run.sh scenario test/scenario/36-damaged-store.sh
crash-net: all $(TEST_HELP)
	$(Q)B=$(B) test/crash/net.sh all
crash-kill: all $(TEST_HELP)
	$(Q)B=$(B) test/crash/kill.sh all
	$(Q)B=$(B) EACH=1 bash test/scenario/49-renewal-killed.sh

corpus: all
	$(Q)B=$(B) test/corpus.sh $(CORPUS)
	$(Q)B=$(B) bash test/corpus-snmp.sh $(CORPUS)

fuzz-bins: $(FUZZERS)
fuzz fuzz-short: deps
	$(Q)$(MAKE) --no-print-directory CC=clang FUZZ=1 SAN= B=build/fuzz fuzz-bins
	$(Q)test/run.sh fuzz $(if $(filter fuzz-short,$@),5,$(FUZZ_SECONDS)) \
		$(patsubst $(B)/%,build/fuzz/%,$(FUZZERS))

# deps first, then all in a make of its own: pkg-config must see what deps brought.
check demo: deps
	$(Q)$(MAKE) --no-print-directory $@-built
check-built: all $(UNITS) $(TEST_HELP)
	$(Q)B=$(B) CORPUS=$(CORPUS) test/run.sh all $(UNITS)
demo-built: all
	$(Q)B=$(B) KEEP=$(KEEP) test/demo.sh
.PHONY: check-built demo-built

bench: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)B=$(B) ONLY="$(ONLY)" test/bench/run.sh

bench-snmp: all
	$(Q)B=$(B) FARM=$(FARM) test/bench/snmp.sh

bench-ssh: all
	$(Q)B=$(B) RIG=$(RIG) HOSTS="$(HOSTS)" test/bench/ssh.sh

.PHONY: bench-service
bench-service: all
	$(Q)MIDD_NSPAWN=1 B=$(B) bash test/bench/service.sh

.PHONY: bench-discovery
bench-discovery: all
	$(Q)B=$(B) RIG=$(RIG) bash test/bench/discovery.sh

.PHONY: bench-pipeline
bench-pipeline: all
	$(Q)B=$(B) HOSTS=$(if $(HOSTS),$(HOSTS),500) bash test/bench/pipeline.sh
	$(Q)B=$(B) HOSTS=$(if $(HOSTS),$(HOSTS),100) FARM=$(FARM) bash test/bench/pipeline_snmp.sh

.PHONY: msi
msi:
	$(Q)nice $(MAKE) --no-print-directory HOST=windows B=build/windows all
	$(Q)packaging/windows/build.sh build/windows $(VERSION) build/windows/midd-$(VERSION).msi

# What is given to others. A release for Windows is refused where a library in it is older than Linux' own, as it is linked statically.
.PHONY: release
release:
	$(Q)$(HOST_RELEASE_CHECK)
	$(Q)$(MAKE) --no-print-directory HOST=$(HOST) $(HOST_RELEASE)

.PHONY: check-windows
check-windows: all
	$(Q)B=$(B) timeout 900 bash test/windows.sh || { s=$$?; test $$s = 77 && echo "check-windows: NOT RUN, see above" || exit $$s; }

.PHONY: company
company: all
	$(Q)B=$(B) TEST_SECONDS=900 test/run.sh scenario test/company-long.sh

bench-deps:
	$(Q)packaging/deps/bench.sh

lint:
	$(Q)test/lint.sh

# --- install ----------------------------------------------------------------

D = $(DESTDIR)
UNITS_DIR = $(D)$(PREFIX)/lib/systemd/system
ZSH_DIR ?= $(PREFIX)/share/zsh/site-functions
install: $(if $(INSTALL_ONLY),,all)
	install -d $(D)$(PREFIX)/bin $(D)$(PREFIX)/sbin $(D)$(PREFIX)/lib/midd/probes $(D)$(PREFIX)/lib/midd/exec \
		$(D)$(PREFIX)/share/midd/systemd $(D)$(PREFIX)/include/midd $(UNITS_DIR) \
		$(D)$(PREFIX)/lib/sysusers.d $(D)$(PREFIX)/lib/sysctl.d $(D)$(PREFIX)/lib/systemd/catalog
	install -d -m 750 $(D)/etc/midd $(D)/etc/midd/midd.d
	install -d -m 700 $(D)/etc/midd/credentials $(D)/etc/midd/credentials.encrypted
	install -m 755 $(B)/bin/midctl $(B)/bin/midlab $(D)$(PREFIX)/bin
	install -m 755 $(B)/bin/midd $(D)$(PREFIX)/sbin
	install -m 755 $(B)/bin/midd-worker $(patsubst %,$(B)/bin/midd-%,$(HELPERS)) $(D)$(PREFIX)/lib/midd
	install -m 644 $(MODULES) $(D)$(PREFIX)/lib/midd/probes
	install -m 644 include/midd/probe.h $(D)$(PREFIX)/include/midd
	cp -R share/. $(D)$(PREFIX)/share/midd
	# Probes look for their data beside the folder of exec probes.
	for d in $(filter-out exec map,$(notdir $(wildcard share/*))); do ln -sfn ../../share/midd/$$d $(D)$(PREFIX)/lib/midd/$$d; done
	install -m 644 etc/midd.yaml $(D)$(PREFIX)/share/midd/midd.yaml
	install -m 644 packaging/systemd/*.service packaging/systemd/*.socket $(UNITS_DIR)
	install -m 644 packaging/systemd/*.conf $(D)$(PREFIX)/share/midd/systemd
	install -m 644 packaging/systemd/midd.catalog $(D)$(PREFIX)/lib/systemd/catalog
	install -m 644 packaging/systemd/midd.sysusers $(D)$(PREFIX)/lib/sysusers.d/midd.conf
	install -m 644 packaging/systemd/midd.sysctl $(D)$(PREFIX)/lib/sysctl.d/60-midd-ping.conf
	install -d $(D)$(PREFIX)/share/bash-completion/completions $(D)$(ZSH_DIR) $(D)$(PREFIX)/share/fish/vendor_completions.d
	$(B)/bin/midctl completion bash >$(D)$(PREFIX)/share/bash-completion/completions/midctl
	$(B)/bin/midctl completion zsh >$(D)$(ZSH_DIR)/_midctl
	$(B)/bin/midctl completion fish >$(D)$(PREFIX)/share/fish/vendor_completions.d/midctl.fish
	for m in man/*.[1-8]; do s=$${m##*.}; \
		install -d $(D)$(PREFIX)/share/man/man$$s; \
		install -m 644 $$m $(D)$(PREFIX)/share/man/man$$s; done
	$(if $(D)$(filter-out /usr,$(PREFIX)),,$(if $(filter 0,$(shell id -u)),packaging/installed.sh))

# --- packages -----------------------------------------------------------------

DEB_DIR ?= $(B)/deb
.PHONY: deb deb-only
deb: deb-only
	$(Q)lintian --fail-on error,warning $$(test $$(id -u) = 0 && echo --allow-root) $(DEB_DIR)/*.changes
	$(Q)ls -l $(DEB_DIR)/*.deb | awk '{ printf "  %8.1f kB  %s\n", $$5 / 1000, $$9 }'
.PHONY: rpm sbom reproducible container
container: all
	$(Q)packaging/deps/static.sh build/deps/static
	$(Q)$(MAKE) --no-print-directory STATIC=1 B=$(B)/static all sbom
	$(Q)B=$(B)/static packaging/container/rootfs.sh $(B)/rootfs
	$(Q)B=$(B) ROOTFS=$(B)/rootfs bash test/nspawn/container.sh
rpm: all
	$(Q)B=$(B) VERSION=$(VERSION) packaging/rpm/build.sh $(B)/rpm
sbom: $(B)/midd.cdx.json
$(B)/midd.cdx.json: $(PROGRAMS) $(MODULES) packaging/sbom.py
	$(call say,SBOM)
	$(Q)SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)} packaging/sbom.py $(VERSION) $(PROGRAMS) $(MODULES) >$@.part && mv $@.part $@
reproducible:
	$(Q)SSH2_DIR=$(abspath $(SSH2_DIR)) packaging/reproducible.sh build/reproducible
# Installed under a real systemd, the long form; test/scenario/61-installed.sh is the short one. As root.
.PHONY: nspawn
nspawn: all
	$(Q)MIDD_NSPAWN=1 B=$(B) bash test/nspawn/keys.sh
	$(Q)MIDD_NSPAWN=1 B=$(B) bash test/nspawn/rpm.sh
	$(Q)MIDD_NSPAWN=1 B=$(B) bash test/nspawn/long.sh
	$(Q)MIDD_NSPAWN=1 B=$(B) bash test/nspawn/newer.sh
deb-only: $(DEB_DIR)/made
$(DEB_DIR)/made: $(PROGRAMS) $(MODULES) $(shell find packaging/debian packaging/systemd share man etc -type f) Makefile
	$(call say,DEB)
	$(Q)B=$(B) VERSION=$(VERSION) packaging/debian/build.sh $(DEB_DIR) && touch $@

clean:
	rm -rf build

-include $(shell find $(B) -path '*/deps' -prune -o -name '*.d' -type f -print 2>/dev/null)
