# SPDX-License-Identifier: Apache-2.0
# midctl facts parse: captured outputs as JSON, without midd; what it cannot read is told with what to do.
. "$(dirname "$0")/lib.sh"
parse() { "$B/bin/midctl" facts parse --system "$1" --command "$2" "$3"; }
no() { parse "$@" >"$W/out" 2>&1 && die "it was read: $*"; cat "$W/out"; }

cat >"$W/df" <<'T'
Filesystem     Type  Size  Used Avail Use% Mounted on
/dev/vda1      ext4   20G  1.5G   18G   8% /
server:/export/a/long/name/that/is/alone
               nfs   1.0T  512G  512G  50% /mnt/with blank
T
equal "$(parse linux df "$W/df" | jq -c '.parsed[1]')" \
	'{"filesystem":"server:/export/a/long/name/that/is/alone","type":"nfs","size":1099511627776,"used":549755813888,"available":549755813888,"use_percent":50,"mounted_on":"/mnt/with blank"}'
printf 'disco:x:990:990:Discovery, read only:/var/lib/disco:/bin/sh\n' >"$W/passwd"
equal "$(parse linux etc-passwd "$W/passwd" | jq -c '.parsed[0] | [.username, .uid, .comment, .shell]')" '["disco",990,"Discovery, read only","/bin/sh"]'
printf '/dev/sda1 on /media/a b type ext4 (rw,noatime)\n' >"$W/mount"
equal "$(parse linux mount "$W/mount" | jq -c '.parsed[0] | [.mount_point, .type, .options[1]]')" '["/media/a b","ext4","noatime"]'
uname -a >"$W/uname"
equal "$(parse linux uname "$W/uname" | jq -r '.parsed | .kernel_release + " " + .machine')" "$(uname -r) $(uname -m)"
df -Pk >"$W/df"
equal "$(parse linux df "$W/df" | jq -r '.parsed | map(select(.mounted_on == "/")) | .[0]["1024_blocks"]')" "$(df -Pk / | awk 'NR==2{print $2}')"
cat /proc/self/mountinfo >"$W/mounts"
equal "$(parse linux proc-pid_mountinfo "$W/mounts" | jq '.parsed | length')" "$(wc -l <"$W/mounts")"
cat /proc/cpuinfo >"$W/cpus"
equal "$(parse linux proc-cpuinfo "$W/cpus" | jq '.parsed | length')" "$(grep -c ^processor "$W/cpus")"
printf '192.0.2.1 dev eth0 lladdr 52:54:00:aa:bb:cc REACHABLE\n' >"$W/ip"
equal "$(parse linux ip "$W/ip" | jq -c '.neighbours[0] | [.ip, .mac, .state]')" '["192.0.2.1","52:54:00:aa:bb:cc","REACHABLE"]'

has "$(no linux nonsense "$W/df")" "there are: "
has "$(no Linux df "$W/df")" "systems are: linux, any, freebsd"
has "$(no linux df "$W/uname")" "not what df prints"
has "$(no linux df "$W/nowhere")" "midctl: facts parse: $W/nowhere can't be opened: No such file or directory: name the file"
has "$("$B/bin/midctl" facts parse "$W/df" 2>&1 || true)" "--system linux --command df"
head -c 17000000 /dev/zero >"$W/large"
has "$(no linux df "$W/large")" "more than 16 MB"
# Bytes that are no text, the first line with the one "%" that a heading of df in any language has.
{ printf '\021\037}0|\262 x%% 7\005y\n'; seq 20000 | openssl enc -aes-128-ctr -K 00 -iv 00 2>/dev/null; } >"$W/noise"
for c in df mount uname; do has "$(no linux $c "$W/noise")" "not what"; done

# So with what targets say of others: one whose words are no JSON costs itself.
host() { printf '{"address":"10.0.0.%s","kind":"host","addresses":["10.0.0.%s"],"ci":{"className":"cmdb_ci_linux_server","values":{"name":"h%s"}}}' "$1" "$1" "$1"; }
relate() { "$B/bin/midctl" run Relate hosts="$1" --json 2>"$W/said"; }
equal "$(relate "[$(host 1)]" | jq -c '[.hosts[].address]')" '["10.0.0.1"]'
r=0; relate "[$(host 1),
{\"address\":\"10.0.0.2\"}],\"x\":[{},
$(host 3),
{\"address\":\"10.0.0.4\",\"neighbours\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}]" >"$W/out" || r=$?
equal "$r" 5
equal "$(jq -c '[.hosts[].address]' "$W/out")" '["10.0.0.1","10.0.0.3"]'
has "$(cat "$W/said")" "what 2 targets say of others makes no sense"
has "$(relate 'nonsense' 2>&1 || cat "$W/said")" "hosts is no JSON list"
pass
