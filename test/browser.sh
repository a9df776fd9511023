# SPDX-License-Identifier: Apache-2.0
# browser - the lab's web page in a headless Chromium, where there is one. Sourced.
#   browser_dom LABDIR VIEW            what the page has become, as HTML
#   browser_picture LABDIR VIEW PNG WIDTHxHEIGHT [FLAG...]
# The password of the lab stands in Chromium's arguments: for labs that are thrown away.
browser_there() { BROWSER=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true); [ -n "$BROWSER" ]; }
browser() {
	local lab=$1 view=$2 home url status=0
	shift 2
	home=$(mktemp -d "${TMPDIR:-/tmp}/midd-browser.XXXXXX")
	url=$(jq -r .url "$lab/serve.json")
	# Its own time: it ends as soon as all is drawn, after at most ten seconds of that.
	timeout 60 "$BROWSER" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
		--disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars --ignore-certificate-errors \
		--user-data-dir="$home" --virtual-time-budget=4000 "$@" \
		"https://admin:$(cat "$lab/admin.password")@${url#https://}/#$view" 2>"$home.log" || status=$?
	[ $status = 0 ] || cat "$home.log" >&2
	rm -rf "$home" "$home.log"
	return $status
}
browser_dom() { browser "$1" "$2" --dump-dom; }
browser_picture() {
	local lab=$1 view=$2 png=$3 size=$4
	shift 4
	browser "$lab" "$view" --screenshot="$png" --window-size="${size/x/,}" "$@" >/dev/null && [ -s "$png" ]
}
