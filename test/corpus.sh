#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Facts against recorded hosts: `test/corpus.sh FOLDER` (make corpus CORPUS=...).
# FOLDER/proc holds trees (folders or .tar.gz) and expected.json; test/corpus.py
# says what is compared with what. Without the folder it says so and passes.

folder=${1:-${CORPUS:-../shared/corpus}}
B=${B:-build}

if [ ! -f "$folder/proc/expected.json" ]; then
	printf '%s\n' "corpus: SKIPPED: $folder/proc/expected.json is not there." \
	    "corpus: give the folder with recorded hosts: make corpus CORPUS=DIR" >&2
	exit 0
fi
status=0
# The sanitizers see every command, of each a fourth of its recordings.
each=1
case $B in */san) each=4 ;; esac
python3 "$(dirname "$0")/corpus.py" --midctl "$B/bin/midctl" "$folder/proc" || status=1
[ ! -d "$folder/unix" ] || python3 "$(dirname "$0")/corpus_unix.py" --midctl "$B/bin/midctl" --each $each "$folder/unix" || status=1
[ ! -d "$folder/unix/os-identity" ] || python3 "$(dirname "$0")/corpus_identity.py" --midctl "$B/bin/midctl" "$folder/unix/os-identity" || status=1
exit $status
