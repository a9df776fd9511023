#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# reproducible.sh DIR: builds the tree twice, in two folders of different names
# and on two dates, and compares programs, packages and the SBOM byte by byte.
set -eu
cd "$(dirname "$0")/.."
dir=$1
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)} CCACHE_DISABLE=1
rm -rf "$dir"
for tree in "$dir/one" "$dir/another-and-longer"; do
	mkdir -p "$tree/build"
	packaging/sources.sh "$tree"
	cp -a "${SSH2_DIR:-build/deps}" "$tree/build/deps"
	(cd "$tree" && make -j"$(nproc)" SSH2_DIR=build/deps deb-only sbom >build.log 2>&1) || { tail -n 20 "$tree/build.log"; exit 1; }
	(cd "$tree/build" && sha256sum bin/* probes/*.so deb/*.deb midd.cdx.json) >"$dir/$(basename "$tree").sums"
done
diff "$dir/one.sums" "$dir/another-and-longer.sums" || { echo "reproducible: the files above differ"; exit 1; }
echo "reproducible: $(wc -l <"$dir/one.sums") files, the same bytes twice"
rm -rf "$dir"
