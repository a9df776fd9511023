#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The libraries of the Windows programs, from Debian's source packages, pinned by
# version and digest, made once into DIR (build/deps/windows) as static libraries.
#
#   windows.sh DIR             makes what is missing or was made otherwise
#   windows.sh --release DIR   only says which of those in DIR are older than what the Linux package uses; 1: one is
set -eu
H=x86_64-w64-mingw32
here=$(cd "$(dirname "$0")" && pwd)
. "$here/source.sh"
PATCH=$here/libssh2-host-certificates.patch	# ours: certificates of hosts

# source package, version, SHA-256 of its .dsc (which names those of the rest), the package that Linux' build takes it from
rows='
openssl  3.0.20-1~deb12u2    a614474a2773c23b10c0d65f4eccbcf93fdac4749afb7c26d76e1b0340154d3d libssl-dev
libssh2  1.11.1-1+deb13u2    f584c22bccd948a432cc56f64adb896af2cb26d9b38bcaac13cdc7907e766599 libssh2-1-dev
curl     7.88.1-10+deb12u15  2744f12e3aef161c0361743fa1b318296b122e566e47f381e4a63320fbcc23f4 libcurl4-openssl-dev
libuv1   1.44.2-1+deb12u1    798be0a2bcbcd40bb85302f6ccbf02b240e1958d4ad9cf153b8101c3a82f21b9 libuv1-dev
json-c   0.16-2              e91baf0603ed23df4c54030df4cd5e8371a7436006e2b85efab7ee4f1d9718c1 libjson-c-dev
libyaml  0.2.5-1             1edbf86e5cd76937ff62892ba6c2537456d645d834d4cd4a82430b8be7051bf4 libyaml-dev
expat    2.5.0-1+deb12u2     6fc87dbd01f49999ed368cfb37c08d35e41348dda2281d60642f3aa14cb77e32 libexpat1-dev
sqlite3  3.40.1-2+deb12u2    ee3459ae9d00939741c7708fc1b8ce1bde12d8c3fb1dfa005bbbc8651d884e23 libsqlite3-dev
libonig  6.9.8-1             5f834eab1fb4cce8ba8869c64b52358615daa726235eb106e1cd0c4051fafe4c libonig5
jq       1.6-2.1+deb12u2     ac53e4e0af865fd228e47c26a6d9a34da459fd4fbc2ab90815147dfeedf6ded0 libjq-dev
'
release=
[ "${1:-}" = --release ] && { release=1; shift; }
[ -n "${1:-}" ] || { echo "deps: it is: packaging/deps/windows.sh [--release] build/deps/windows" >&2; exit 2; }
dir=$1
row() { printf '%s\n' "$rows" | awk -v p="$1" -v c="$2" '$1 == p { print $c }'; }

# What the Linux package $1 loads: the newest that this system knows of, as its users get updates. libssh2 is linked into
# it where the system's is too old (libssh2.sh).
linux_has() {
	local v
	v=$(candidate "$1")
	[ "$1" != libssh2-1-dev ] || dpkg --compare-versions "${v:-0}" ge 1.11 || v=$(sed -n 's/^VERSION=//p' "$here/libssh2.sh")
	echo "$v"
}
# A static program keeps the holes of what it was made of. zlib for mingw is another source package of Debian's: what
# comes before the revision is compared.
older() {	# VERSIONS: lines of package and version
	local old=0 p v linux
	while read -r p v; do
		linux=$(linux_has "$(row "$p" 4)")
		[ -z "$linux" ] || dpkg --compare-versions "$v" lt "$linux" || continue
		echo "deps: $p $v is older than ${linux:-what nobody here knows}, which the Linux package uses" >&2
		old=1
	done <"$1"
	v=$(linux_has libz-mingw-w64-dev) linux=$(linux_has zlib1g-dev | sed 's/^[0-9]*://')
	! dpkg --compare-versions "${v%%[+.]dfsg*}" lt "${linux%%[+.]dfsg*}" || { echo "deps: zlib $v is older than $linux, which the Linux package uses" >&2; old=1; }
	return $old
}
if [ -n "$release" ]; then
	[ -f "$dir/versions" ] || { echo "deps: there are no libraries for Windows in $dir: $0 $dir" >&2; exit 1; }
	older "$dir/versions" && exit 0
	echo "deps: no release for Windows is made of these: pin newer ones in $0, where their sources can be had" >&2
	exit 1
fi

for t in $H-gcc $H-windres cmake ninja autoreconf dpkg-source pkg-config tclsh; do
	command -v $t >/dev/null || { echo "deps: $t is missing: apt-get install --no-install-recommends gcc-mingw-w64-x86-64-posix" \
		"libz-mingw-w64-dev cmake ninja-build autoconf automake libtool dpkg-dev pkg-config tcl" >&2; exit 1; }
done
for_what=Windows
version_of() { row "$1" 2; }
digest_of() { row "$1" 3; }
how_built() { row "$1" 3; echo "$FLAGS"; [ "$1" != libssh2 ] || cat "$PATCH"; }
make_in "$dir" "$mirror bookworm" "$mirror bookworm-updates" "$mirror trixie" "$mirror-security bookworm-security"
dir=$P
export PKG_CONFIG_LIBDIR=$P/lib/pkgconfig

# --- how each is built: in its folder, into $P --------------------------------------

FLAGS="-O2 -D_WIN32_WINNT=0x0A00 -fstack-protector-strong -D_FORTIFY_SOURCE=2"
FLAGS="$FLAGS -ffile-prefix-map=$src=. -D__USE_MINGW_ANSI_STDIO=1"	# no path of the build machine in what is built
cat >"$src/mingw.cmake" <<-END
	set(CMAKE_SYSTEM_NAME Windows)
	set(CMAKE_SYSTEM_PROCESSOR x86_64)
	set(CMAKE_C_COMPILER $H-gcc)
	set(CMAKE_RC_COMPILER $H-windres)
	set(CMAKE_FIND_ROOT_PATH $P /usr/$H)
	set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
	set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
	set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
	set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
END
by_cmake() {
	cmake -S . -B b -G Ninja -DCMAKE_TOOLCHAIN_FILE="$src/mingw.cmake" -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS="$FLAGS" \
		-DBUILD_SHARED_LIBS=OFF -DCMAKE_INSTALL_PREFIX="$P" -DBUILD_TESTING=OFF "$@" && ninja -C b -j2 && ninja -C b install
}
by_configure() {
	./configure -q --host=$H --prefix="$P" --disable-shared --enable-static CFLAGS="$FLAGS" "$@"
}
make_openssl() {
	local where="OPENSSLDIR=C:/ProgramData/midd/ssl ENGINESDIR=C:/ProgramData/midd/ssl MODULESDIR=C:/ProgramData/midd/ssl"
	# No openssl.cnf is loaded by itself: a folder that a user can make would be a way up.
	./Configure mingw64 --cross-compile-prefix=$H- --prefix="$P" --libdir=lib no-shared no-tests no-legacy no-engine \
		no-module no-autoload-config -ffile-prefix-map="$src=." -D_WIN32_WINNT=0x0A00 &&
	make -s -j2 build_libs $where && make -s install_dev $where
}
make_libssh2() {
	patch -p1 -s <"$PATCH" && by_cmake -DBUILD_EXAMPLES=OFF -DBUILD_STATIC_LIBS=ON -DCRYPTO_BACKEND=OpenSSL \
		-DOPENSSL_USE_STATIC_LIBS=ON -DENABLE_ZLIB_COMPRESSION=OFF
}
make_curl() {
	build_curl --with-openssl="$P" --with-zlib=/usr/$H --without-nghttp2 --enable-sspi LIBS='-lws2_32 -lcrypt32 -lgdi32 -lbcrypt'
}
make_libuv1() { by_cmake -DLIBUV_BUILD_TESTS=OFF -DLIBUV_BUILD_BENCH=OFF; }
make_json-c() { by_cmake -DBUILD_APPS=OFF -DDISABLE_WERROR=ON; }
make_libyaml() { by_cmake; }
make_expat() {
	cd expat 2>/dev/null || true
	autoreconf -fi && by_configure --without-{docbook,examples,tests,xmlwf} && make -s -j2 && make -s install
}
make_sqlite3() {
	./configure -q && make -s sqlite3.c &&
	$H-gcc $FLAGS -DSQLITE_THREADSAFE=1 -DSQLITE_OMIT_LOAD_EXTENSION -c sqlite3.c -o sqlite3-win.o &&
	$H-ar rcsD "$P/lib/libsqlite3.a" sqlite3-win.o && cp sqlite3.h "$P/include"
}

# Two chains beside each other: the second is of those that need no other.
first="openssl libssh2 curl" second="libuv1 json-c libyaml expat sqlite3 libonig jq"
missing=
for p in $first $second; do is_made "$p" || missing="$missing $p"; done
[ -n "$missing" ] || exit 0
for p in $missing; do fetch "$p"; done
echo "deps: the libraries for Windows take some 10 minutes, once"
(for p in $second; do one "$p" || exit 1; done) &
other=$!
bad=0
for p in $first; do one "$p" || { bad=1; break; }; done
wait $other || bad=1
[ $bad -eq 0 ] || exit 1
printf '%s\n' "$rows" | awk 'NF { print $1, $2 }' >"$dir/versions"
older "$dir/versions" || echo "deps: make release HOST=windows refuses these" >&2
