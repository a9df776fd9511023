#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sources.sh TREE: copies what a release holds (all but build/ and recorded test data) into TREE.
set -eu
cd "$(dirname "$0")/.."
mkdir -p "$1"
{ if [ -e .git ]; then git ls-files -z; else find . -path ./build -prune -o -type f -print0; fi; } |
	grep -zv '^\(\./\)\?test/data/' | tar --null --files-from=- -cf - | tar -xmf - -C "$1"
