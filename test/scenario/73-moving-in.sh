# SPDX-License-Identifier: Apache-2.0
# Completions are taken by the shells they are for; a MID Server's settings
# are moved into a drop-in that midd takes, and status 5 says that something is left.
. "$(dirname "$0")/lib.sh"
for sh in bash zsh fish powershell; do "$B/bin/midctl" completion $sh >"$W/c.$sh"; done
mkdir "$W/zsh" && cp "$W/c.zsh" "$W/zsh/_midctl"	# where zsh looks: the first question is answered already
equal "$("$B/bin/midctl" completion csh >/dev/null 2>&1; echo $?)" 2

complete_in() {	# SHELL WORDS: what it offers after them, the last word being begun
	local shell=$1
	shift
	case $shell in
	bash) bash --norc -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _midctl; printf "%s\n" "${COMPREPLY[@]}"' - "$W/c.bash" "$@" ;;
	zsh) zsh -f -c 'compdef() { : }; _files() { print FILES }; _describe() { print -rl -- ${(P)2%%:*} }
		fpath=("$1"); shift; autoload -U _midctl; words=("$@"); CURRENT=$#; _midctl' - "$W/zsh" "$@" | grep -- "^${*: -1}" ;;
	fish) fish --no-config -c 'source $argv[1]; complete -C "$argv[2]"' "$W/c.fish" "$*" | cut -f1 ;;
	esac
}
for shell in bash zsh fish; do
	command -v $shell >/dev/null || { echo "no $shell here: not tried"; continue; }
	has " $(complete_in $shell midctl '' | tr '\n' ' ')" " doctor "
	equal "$(complete_in $shell midctl doc)" doctor "$shell"
	equal "$(complete_in $shell midctl job '' | sort | tr '\n' ' ')" "cancel retry show " "$shell"
	equal "$(complete_in $shell midctl completion f)" fish "$shell"
	equal "$(complete_in $shell midctl job cancel 4f0c --wh)" --why "$shell"
	equal "$(complete_in $shell midctl jobs --fail)" --failed "$shell"
done
equal "$(complete_in bash midctl profiles check "$W/c.ba")" "" "bash is left to complete files"
grep -q 'complete -o default' "$W/c.bash"
# PowerShell: each bracket and quote has its end.
python3 - "$W/c.powershell" <<'P'
import sys
open_, quoted = [], False
for ch in open(sys.argv[1]).read().split("\n", 1)[1]:
    if ch == "'": quoted = not quoted
    elif not quoted and ch in "({[": open_.append(ch)
    elif not quoted and ch in ")}]": assert open_.pop() + ch in ("()", "{}", "[]")
assert not open_ and not quoted
P

cat >"$W/config.xml" <<'X'
<?xml version="1.0" encoding="UTF-8"?>
<parameters>
  <parameter name="url" value="https://acme.example.com/"/>
  <parameter name="name" value="mid-east"/>
  <parameter name="mid.instance.username" value="mid.east"/>
  <parameter name="mid.instance.password" secure="true" value="encrypted:b2xk"/>
  <parameter name="threads.max" value="40"/>
  <parameter name="mid.log.level" value="debug"/>
  <parameter name="mid.proxy.use_proxy" value="true"/>
  <parameter name="mid.proxy.host" value="proxy.example.com"/>
  <parameter name="mid.proxy.port" value="3128"/>
  <parameter name="mid.powershell.use_credentials" value="true"/>
</parameters>
X
mkdir -p "$W/moved/midd.d"
s=0; "$B/bin/midctl" import-config "$W/config.xml" --output "$W/moved/midd.d/20-moved.yaml" >"$W/out" || s=$?
equal "$s" 5 "a password and PowerShell are left"
has "$(cat "$W/out")" "2 left"
equal "$(stat -c %a "$W/moved/midd.d/20-moved.yaml")" 644 "midd reads it as another user than who has moved it"
has "$(cat "$W/moved/midd.d/20-moved.yaml")" "instance.password_file"
umask 077; echo secret >"$W/password"; umask 022
printf 'instance:\n  password_file: %s\npaths:\n  state: %s\n' "$W/password" "$W/state" >"$W/moved/midd.yaml"
"$B/bin/midctl" --config "$W/moved/midd.yaml" config check
"$B/bin/midctl" --config "$W/moved/midd.yaml" config show --json >"$W/show"
equal "$(jq -r '.[] | select(.option == "jobs.standard").value' "$W/show")" 40
equal "$(jq -r '.[] | select(.option == "instance.proxy").value' "$W/show")" http://proxy.example.com:3128
equal "$("$B/bin/midctl" import-config "$W/config.xml" --output "$W/moved/midd.d/20-moved.yaml" 2>/dev/null; echo $?)" 1 "a file that is there is kept"
sed -i '/password\|powershell/d' "$W/config.xml"
equal "$("$B/bin/midctl" import-config "$W/config.xml" --json >"$W/out"; echo $?)" 0
equal "$(jq -r .options.name "$W/out")" mid-east
pass
