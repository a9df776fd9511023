# SPDX-License-Identifier: Apache-2.0
# Read in by windows.sh and static.sh: static libraries from Debian's source packages, each made once into $P.
# The reader says `for_what`, and for each PACKAGE: version_of and digest_of PACKAGE (of its .dsc; nothing: it is not
# pinned, and apt's word is enough), how_built PACKAGE (what its stamp holds besides make_PACKAGE), by_configure FLAG...

# The version that apt would install of a binary package.
candidate() {
	apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { sub(/\+b[0-9]+$/, "", $2); print $2 }'
}
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | grep -E '/debian/?$' | head -n 1 || true)
mirror=${mirror:-http://deb.debian.org/debian}
mirror=${mirror%/}

# Lists of its own, below DIR: nothing of the system's changes.
make_in() {	# DIR "URI SUITE"...
	mkdir -p "$1/lib" "$1/include"
	P=$(cd "$1" && pwd)
	src=$P/src
	shift
	mkdir -p "$src/lists/partial" "$src/cache/archives/partial" "$src/parts"
	printf 'deb-src %s main\n' "$@" >"$src/sources.list"
}
with_lists() {
	"$@" -o Dir::Etc::sourcelist="$src/sources.list" -o Dir::Etc::sourceparts="$src/parts" -o Dir::State::lists="$src/lists" \
		-o Dir::Cache="$src/cache" -o APT::Sandbox::User=root -q
}
updated=
update() {
	[ -z "$updated" ] || return 0
	updated=1
	with_lists apt-get update >"$src/log.update" 2>&1 || true	# what can't be fetched then says so
}
fetch() {	# PACKAGE: unpacked in $src/PACKAGE
	local v dsc
	v=$(version_of "$1")
	dsc=$1_${v#*:}.dsc
	rm -rf "${src:?}/$1"
	if ! [ -f "$src/$dsc" ]; then
		update
		(cd "$src" && with_lists apt-get source --download-only "$1=$v") >"$src/log.$1" 2>&1 || {
			tail -n 5 "$src/log.$1" >&2
			echo "deps: the source of $1 $v can't be fetched: is $mirror reachable?" >&2
			exit 1
		}
	fi
	[ -z "$(digest_of "$1")" ] || echo "$(digest_of "$1")  $src/$dsc" | sha256sum -c --quiet - ||
		{ echo "deps: $dsc is not the one that was pinned" >&2; exit 1; }
	(cd "$src" && dpkg-source -x "$dsc" "$1") >"$src/log.$1" 2>&1 || { tail -n 5 "$src/log.$1" >&2; exit 1; }
}

# What a library was made of and how: when that changes, it is made again.
stamp_of() { { how_built "$1"; declare -f "make_$1"; [ "$1" != curl ] || declare -f build_curl; } | sed "s,$P,,g" | cksum; }
is_made() { [ "$(cat "$src/made.$1" 2>/dev/null)" = "$(stamp_of "$1")" ]; }
one() {
	is_made "$1" && return 0
	(cd "$src/$1" && eval "make_$1") >"$src/log.$1" 2>&1 || {
		tail -n 30 "$src/log.$1" >&2
		echo "deps: $1 can't be built for $for_what; all of it is in $src/log.$1" >&2
		return 1
	}
	stamp_of "$1" >"$src/made.$1"
	rm -rf "${src:?}/$1"
	echo "deps: made $1 $(version_of "$1") for $for_what"
}

# --- libraries that are made for more than one system ---------------------------------

# As far as midd asks for it: HTTP and HTTPS, proxies, SOCKS5, NTLM.
build_curl() {	# what differs
	autoreconf -fi && by_configure --without-{libpsl,brotli,zstd,libidn2,librtmp} --enable-threaded-resolver \
		--disable-{ldap,ldaps,dict,gopher,telnet,tftp,pop3,imap,smb,smtp,mqtt,ftp,rtsp,manual} "$@" &&
	make -s -j2 -C lib install && make -s -C include install &&
	mv "$P/lib/libcurl-nss.a" "$P/lib/libcurl.a"	# Debian's patches name it by their last flavour; it is OpenSSL's
}
make_libonig() { autoreconf -fi && by_configure --enable-posix-api=yes && make -s -j2 && make -s install; }
make_jq() {
	autoreconf -fi && by_configure --disable-docs --disable-maintainer-mode --with-oniguruma="$P" --disable-valgrind &&
	make -s src/builtin.inc && make -s -j2 libjq.la && cp .libs/libjq.a "$P/lib" && cp src/jv.h src/jq.h "$P/include"
}
