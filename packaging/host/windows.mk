# SPDX-License-Identifier: Apache-2.0
# `make HOST=windows`: mingw-w64 and the libraries that packaging/deps/windows.sh has made.
HOST_OTHER := linux
HOST_CC  := x86_64-w64-mingw32-gcc
HOST_PROGRAMS := midd midd-worker midctl
# Readers of Linux' own kernel interfaces.
HOST_NO_COMMON := $(patsubst %,probes/common/facts/%.c,netlink root_open source_root)
HOST_RELEASE_CHECK = packaging/deps/windows.sh --release $(WIN)
HOST_RELEASE := msi
EXE      := .exe
SO       := dll
WIN      := build/deps/windows
# Formats are those of GNU, which the attribute does not know: Linux' build checks them.
# What POSIX has and mingw-w64 has not is in base/os/windows/posix.
HOST_CFLAGS := -Wno-format -D_WIN32_WINNT=0x0A00 -D__USE_MINGW_ANSI_STDIO=1 -D_POSIX_C_SOURCE=200809L -D__USE_MINGW_ACCESS -DCURL_STATICLIB -DXML_STATIC -DYAML_DECLARE_STATIC \
	   -Ibase/os/windows/posix -include midd_posix.h -isystem $(WIN)/include
HOST_OBJ = $(B)/base/os/windows/program.res
HOST_MODULE_OBJ = $(B)/libposix.a
# The archive a second time: libraries name it too.
LDFLAGS_ALL = -static -Wl,--dynamicbase,--nxcompat,--high-entropy-va -L$(WIN)/lib $(LDFLAGS)
WIN_LIBS = -lws2_32 -lcrypt32 -lbcrypt -liphlpapi -ladvapi32 -luserenv -lpsapi -lgdi32 -luser32 -ldbghelp -lole32 -luuid \
	   -lsecur32 -lshell32 -lnetapi32 -lssp
LIBS_BASE   = -luv_a -lcurl -ljson-c -lssl -lcrypto -lexpat -lz -lonig $(WIN_LIBS)
LIBS_AGENT  = -lsqlite3 -lyaml $(LIBS_BASE)
LIBS_WORKER = -ljq -lonig -lshlwapi $(LIBS_BASE)
LIBS_MIDCTL = $(LIBS_BASE)
SSH2_OWN    = yes
SSH2_DIR    = $(WIN)
LIBS_probe_ssh = -lssh2 -lssl -lcrypto
LIBS_probe_snmp = -lyaml
LIBS_probe_scan = -lyaml -lssl -lcrypto
LIBS_PROBE  = -ljson-c -lsqlite3 -lexpat -lcrypto -lonig $(WIN_LIBS)
WIN_POSIX := $(wildcard base/os/windows/posix/*.c)
$(B)/libposix.a: $(patsubst %.c,$(B)/%.o,$(WIN_POSIX))
	$(Q)mkdir -p $(@D); rm -f $@; ar qcsD $@ $^
$(B)/%.res: %.rc
	$(Q)mkdir -p $(@D); x86_64-w64-mingw32-windmc -b -h $(@D) -r $(@D) $(<D)/events.mc
	$(Q)x86_64-w64-mingw32-windres -I $(@D) -DMIDD_VERSION='\"$(VERSION)\"' -O coff -I $(<D) $< $@
