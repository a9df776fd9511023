#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The programs for Windows, run by wine against a lab on this machine. 77: not run, as
# wine is not here. WINEPREFIX is kept between runs: making it takes up to a minute.
. "$(dirname "$0")/scenario/lib.sh"
WIN=$(cd "${WIN_B:-build/windows}" && pwd)
PATH=/usr/lib/wine:$PATH
command -v wine64 >/dev/null && command -v wineserver64 >/dev/null || skip_all "NOT RUN: wine is missing: apt-get install --no-install-recommends wine64 wine"
export WINEPREFIX=${WINEPREFIX:-$HOME/.cache/midd-wine} WINEDEBUG=-all WINEDLLOVERRIDES='mscoree=d;mshtml=d'
unset DISPLAY

# Nothing of wine's is piped: its services would hold the pipe.
win() { timeout "${WIN_SECONDS:-60}" wine64 "$@" </dev/null >"$W/out" 2>"$W/err"; }
midctl() { win "$WIN/bin/midctl.exe" --control "//./pipe/$PIPE" "$@"; }
says() { cat "$W/out" "$W/err"; }
cleanup_more() { wineserver64 -k 2>/dev/null || true; }
seen() { echo "seen: $*"; }

mkdir -p "$WINEPREFIX"
if ! [ -f "$WINEPREFIX/system.reg" ]; then
	WIN_SECONDS=300 win wineboot -i || true
	win winecfg -v win10 || true
fi
wineserver64 -p || true	# one that runs already is as good
PIPE=midd-test-$$

# --- an agent in the foreground ------------------------------------------------------

lab_init
lab_start
agent_config demo <<Y
workers:
  probes: Z:$WIN/probes
paths:
  state: Z:$W/demo/state
  control: //./pipe/$PIPE
instance:
  ca: Z:$W/lab/ca.pem
  cert: Z:$W/lab/agents/demo.pem
  key: Z:$W/lab/agents/demo.key
seal:
  instance_cert: Z:$W/lab/seal.pem
Y
wine64 "$WIN/bin/midd.exe" --config "Z:$W/demo/midd.yaml" </dev/null >"$W/demo/midd.log" 2>&1 &
wait_for 40 midctl version
midctl status --json && die "healthy, with no sandbox: $(says)"	# 1: partial, and it says why
equal "$(jq -r .health "$W/out")" partial "$(says)"
has "$(cat "$W/out")" "Windows has a job object"
seen "midctl.exe status over the control pipe"
id=$(job Echo text=hello)
processed() { [ "$(job_state "$id")" = processed ]; }
wait_for 20 processed
midctl job show "$id" --json || die "midctl job show: $(says)"
equal "$(jq -r .stage "$W/out")" done
equal "$(run_job Echo text=again)" again
seen "an Echo job, and its road by midctl.exe"
pass
