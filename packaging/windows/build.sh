#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The MSI, by wixl:  build.sh B VERSION OUT.msi   of what `make HOST=windows` has put into B.
# The identifiers of its parts are made of their paths: the same for each version, as an upgrade needs.
set -eu
cd "$(dirname "$0")/../.."
B=$1 VERSION=$2 OUT=$(realpath -m "$3")
UPGRADE=6d1ddc6e-60b5-4a5e-9b0d-5a6d69646421	# never changes: by it an installer finds the versions before it
command -v wixl >/dev/null || { echo "msi: wixl is missing: apt-get install --no-install-recommends wixl msitools" >&2; exit 1; }
guid() { printf 'midd/%s' "$1" | sha1sum | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-5\3-8\4-\5/'; }
id() { printf '%s' "$1" | tr -c 'A-Za-z0-9' _; }
part=$OUT.parts
rm -rf "$part"
mkdir -p "$part/probes"
cp "$B"/bin/midd.exe "$B"/bin/midd-worker.exe "$B"/bin/midctl.exe "$part"
cp "$B"/probes/*.dll "$part/probes"
x86_64-w64-mingw32-strip "$part"/*.exe "$part"/probes/*.dll
cp etc/midd.yaml "$part/midd.yaml.example"
cp LICENSE "$part/LICENSE.txt"
cp -R share/map share/profiles share/classify.yaml "$part"
rm -f "$part"/map/README

# What the folder DIR (with '/' behind it, "" the top) holds, as WiX has it.
folder() {
	local f name
	for f in "$part/$1"*; do
		name=${f##*/}
		if [ -d "$f" ]; then
			printf '<Directory Id="d_%s" Name="%s">\n' "$(id "$1$name")" "$name"
			folder "$1$name/"
			printf '</Directory>\n'
			continue
		fi
		printf '<Component Id="c_%s" Guid="%s" Win64="yes"><File Id="f_%s" Name="%s" Source="%s" KeyPath="yes"/>\n' \
			"$(id "$1$name")" "$(guid "$1$name")" "$(id "$1$name")" "$name" "${f#"$part"/}"
		[ "$1$name" != midd.exe ] || cat packaging/windows/service.wxs
		printf '</Component>\n'
	done
}
{
	cat <<-X
	<?xml version="1.0" encoding="utf-8"?>
	<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
	<Product Id="*" Name="midd" Language="1033" Version="$VERSION" Manufacturer="midd" UpgradeCode="$UPGRADE">
	<Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine" Description="midd, an on-premises agent"/>
	<MajorUpgrade DowngradeErrorMessage="A newer midd is installed already."/>
	<Media Id="1" Cabinet="midd.cab" EmbedCab="yes"/>
	<Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFiles64Folder"><Directory Id="INSTALLDIR" Name="midd">
	X
	folder ""
	echo '</Directory></Directory></Directory>'
	echo '<Feature Id="all" Level="1" Title="midd">'
	(cd "$part" && find . -type f | sort | sed 's,^\./,,') | while read -r f; do printf '<ComponentRef Id="c_%s"/>\n' "$(id "$f")"; done
	cat <<-X
	</Feature>
	<CustomAction Id="recovery" FileKey="f_midd_exe" ExeCommand="recover" Execute="deferred" Impersonate="no" Return="check"/>
	<InstallExecuteSequence><Custom Action="recovery" After="InstallServices">NOT REMOVE</Custom></InstallExecuteSequence>
	</Product>
	</Wix>
	X
} >"$OUT.wxs"
(cd "$part" && wixl -a x64 -o "$OUT" "$OUT.wxs")	# it takes relative paths only
rm -rf "$part"
