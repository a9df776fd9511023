# SPDX-License-Identifier: Apache-2.0
# `make STATIC=1`, what differs from linux.mk: each program is one file that loads nothing, and the probes are in
# midd-worker. For the image (packaging/container); packaging/deps/static.sh makes the libraries that Debian has no archive of.
HOST_PROGRAMS := midd midd-worker midctl
HOST_HELPERS :=
HOST_NO_PROBES := $(PROBES)
STATIC_DIR = build/deps/static
PIE      := -static-pie
# As they go into the image: stripped. glibc warns of getaddrinfo() and getpwuid(), as /etc/nsswitch.conf may name modules; files and DNS are in it.
LDFLAGS_ALL = -s -Wl,-z,relro,-z,now,--no-warnings,--gc-sections,-z,pack-relative-relocs,-Map=%.map -L$(STATIC_DIR)/lib $(LDFLAGS)
# Neither Kerberos nor p11-kit: they are modules and what loads them.
TICKET_CFLAGS =
MIDCTL_CFLAGS =
LIBS_BASE   = -luv_a -lcurl -lnghttp2 -ljson-c -lssl -lcrypto -lexpat -lseccomp -lz -lpthread
LIBS_AGENT  = -lsqlite3 -lyaml -lm $(LIBS_BASE)
LIBS_MIDCTL = $(LIBS_BASE)
LIBS_WORKER = $(if $(SSH2_OWN),$(SSH2_DIR)/lib/libssh2.a,-lssh2) -lsqlite3 -lyaml -ljq -lonig -lm $(LIBS_BASE)

# Not in an archive: it has to stand in front of glibc's dlopen() before a library asks for that.
BASE    := $(filter-out base/os/linux/os_library.c,$(BASE))
HOST_OBJ = $(B)/base/os/static/os_library.o
$(HOST_OBJ): $(wildcard $(STATIC_DIR)/linked)	# other libraries: all is linked again

# All probes as one object: what it shows is the mid_probe of each, by a name of its own, and linked.c is the table of them.
WORKER  := $(filter-out worker/linked.c,$(WORKER))
HOST_WORKER_OBJ = $(B)/linked.o $(B)/linked_probes.o
NAMED   := $(patsubst %,$(B)/probes/%/named.o,$(PROBES))
define named_rule
$(B)/probes/$(1)/named.o: $(B)/probes/$(1)/$(1).o
	$(Q)objcopy --redefine-sym mid_probe=mid_probe_$(1) $$< $$@
endef
$(foreach p,$(PROBES),$(eval $(call named_rule,$(p))))
$(B)/linked_probes.o: $(NAMED) $(B)/libprobes.a $(B)/libcommon.a
	$(call say,LD)
	$(Q)$(CC) -r -nostdlib -o $@.whole -Wl,--whole-archive $^
	$(Q)objcopy --wildcard --keep-global-symbol='mid_probe_*' $@.whole $@
$(B)/linked.c: packaging/host/static.mk $(NAMED)
	$(Q)mkdir -p $(@D)
	$(Q)printf '#include "linked.h"\n#include "midd/probe.h"\n' >$@
	$(Q)printf 'extern const struct mid_probe mid_probe_%s;\n' $(PROBES) >>$@
	$(Q)printf 'const struct mid_probe *const linked_probes[] = {\n' >>$@
	$(Q)printf '\t&mid_probe_%s,\n' $(PROBES) >>$@
	$(Q)printf '\t0\n};\n' >>$@
$(B)/linked.o: $(B)/linked.c
	$(Q)$(CC) -Iinclude -Iworker -fPIE $(BASE_CFLAGS) -c -o $@ $<
