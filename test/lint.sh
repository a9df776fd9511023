#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make lint: no warnings with either compiler, floors kept, files and functions
# of readable size, man pages that mandoc likes, shell that parses.
set -u
cd "$(dirname "$0")/.." || exit 2
bad=0
say() { echo "lint: $*"; bad=1; }

for cc in gcc clang; do
	make --no-print-directory -j"$(nproc)" CC=$cc B=build/lint-$cc CFLAGS="-g -O0 -Werror" all >build/lint-$cc.log 2>&1 ||
		{ say "$cc has warnings:"; grep -E 'warning|error' build/lint-$cc.log | head -20; }
done

# The rooms of probes/ are one archive for tests, which takes the first of two functions of one name; in the static worker they are one object.
make --no-print-directory -j"$(nproc)" CC=gcc B=build/lint-gcc CFLAGS="-g -O0 -Werror" build/lint-gcc/libprobes.a build/lint-gcc/libcommon.a >>build/lint-gcc.log 2>&1 ||
	say "libprobes.a is not built: see build/lint-gcc.log"
two=$(nm --defined-only build/lint-gcc/libprobes.a build/lint-gcc/libcommon.a 2>/dev/null | awk '$2 ~ /^[TDBR]$/ { print $3 }' | sort | uniq -d)
[ -z "$two" ] || say "two rooms of probes/ have a function of this name:" $two

# Inside agent/: nothing outside instance/ knows a URL, nothing inside it knows a job.
grep -nE '#include "(flow|workers|verbs|store)/' agent/instance/*.[ch] && say "agent/instance/ reaches into the road"
grep -rnE '"/api/' agent --include='*.c' | grep -v '^agent/instance/' && say "a URL outside agent/instance/"
grep -rnE '#include "(flow|instance|verbs)/' agent/store agent/seal agent/config && say "a lower room of agent/ sees a higher one"
grep -rnE '#include "(agent|base|worker)/' lab && say "lab/ sees something of ours"
grep -rnE '#include <json-c' probes/echo probes/exec 2>/dev/null | grep -v '\.c:' && say "headers of probes leak json-c"

for f in $(git ls-files '*.c' '*.h' | grep -v '^test/data/'); do
	n=$(wc -l <"$f")
	[ "$n" -le 500 ] || say "$f has $n lines: split it along its meaning"
	head -1 "$f" | grep -q SPDX || say "$f does not begin with its licence"
done
grep -nE '\b(strcpy|strcat|sprintf|gets|popen|system)[[:space:]]*\(' $(git ls-files '*.c' '*.h' | grep -v '^test/') | grep -vE ':[[:space:]]*(\*|/\*|//)' && say "a call that is not used here"
grep -nE '\b_WIN32\b' $(git ls-files '*.c' '*.h' | grep -vE '^(base/os/windows|test)/' | grep -v '^include/midd/probe.h$') && say "a system is known outside base/os/"
grep -rnE '\b(TODO|FIXME|XXX)\b' $(git ls-files '*.c' '*.h' '*.sh' Makefile) | grep -v 'test/lint.sh' | grep -v 'XXXXXX' && say "left for later"
for m in man/*.[1-8]; do
	mandoc -Tlint -Wwarning "$m" >build/mandoc.log 2>&1 || { say "$m:"; cat build/mandoc.log; }
done
# A promise is kept by a test that exists.
for t in $(grep -ohE '\b(unit|scenario|fuzz|crash|soak|bench)/[A-Za-z0-9_./-]*[A-Za-z0-9_]' doc/promises.md doc/security-case.md | sort -u); do
	[ -e "test/$t" ] || [ -e "test/$t.c" ] || [ -e "test/$t.sh" ] || say "test/$t is named in doc/ and does not exist"
done
for s in $(git ls-files '*.sh' .ci/run); do bash -n "$s" || say "$s does not parse"; done
for s in packaging/debian/midd.postinst packaging/debian/midd.prerm packaging/debian/midd.postrm packaging/debian/midd.config; do sh -n $s || say "$s does not parse"; done
if command -v systemd-analyze >/dev/null; then
	systemd-analyze security --offline=true --threshold=11 packaging/systemd/midd.service >build/exposure.log 2>&1 ||
		say "midd.service: $(tail -n 1 build/exposure.log)"
fi
[ $bad -eq 0 ] && echo "lint: clean"
exit $bad
