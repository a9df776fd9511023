# SPDX-License-Identifier: Apache-2.0
# What `make` needs to know of the system that it builds for: Linux, as here.
HOST_OTHER := windows
HOST_CC  := gcc
HOST_PROGRAMS := midd midd-worker midctl midlab
HOST_HELPERS := yes
HOST_RELEASE := deb rpm sbom
SO       := so
PIE      := -pie
LDFLAGS_ALL = $(filter -fsanitize=address%,$(HARDEN)) $(if $(FUZZ),-fsanitize=address -fsanitize=undefined) \
	   -Wl,-z,relro,-z,now,--as-needed $(LDFLAGS)

pkg      = $(shell pkg-config --libs $(1) 2>/dev/null)
LIBS_BASE   = $(call pkg,libuv libcurl json-c openssl expat libseccomp) $(call pkg,krb5-gssapi) -lpthread -ldl
# A Kerberos ticket for a proxy.
GSSAPI      = $(shell pkg-config --exists krb5-gssapi 2>/dev/null && echo yes)
TICKET_CFLAGS = $(if $(GSSAPI),-DWITH_GSSAPI $(patsubst -I%,-isystem %,$(shell pkg-config --cflags krb5-gssapi)))
LIBS_AGENT  = $(call pkg,sqlite3 yaml-0.1) -lm $(LIBS_BASE)
LIBS_WORKER = -ljq $(LIBS_BASE)
# A new key in a PKCS#11 token.
P11KIT      = $(shell pkg-config --exists p11-kit-1 2>/dev/null && echo yes)
MIDCTL_CFLAGS = $(if $(P11KIT),-DWITH_P11KIT $(patsubst -I%,-isystem %,$(shell pkg-config --cflags p11-kit-1)))
LIBS_MIDCTL = $(call pkg,p11-kit-1 zlib) $(LIBS_BASE)
LIBS_LAB    = $(call pkg,zlib libcurl libmicrohttpd gnutls sqlite3 json-c openssl expat) -ljq -lpthread -lm
# The system's libssh2 where it is new enough, else the one that packaging/deps/libssh2.sh has made.
SSH2_DIR    = build/deps
SSH2_OWN    = $(if $(shell pkg-config --atleast-version=1.11 libssh2 2>/dev/null && echo yes),,yes)
LIBS_probe_ssh = $(if $(SSH2_OWN),$(SSH2_DIR)/lib/libssh2.a,-lssh2) $(call pkg,openssl)
LIBS_probe_snmp = $(call pkg,yaml-0.1)
LIBS_probe_scan = $(call pkg,openssl yaml-0.1)
LIBS_PROBE  = $(call pkg,json-c sqlite3 expat libcrypto)

