# SPDX-License-Identifier: Apache-2.0
# What a Scan hears from real servers of UDP and of banners, each at an address of its own: the time, NetBIOS, IPMI, mDNS,
# FTP. SERVERS=1 make deps installs them, since each would also serve the machine it is put on; one that is not there is said.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" -eq 0 ] || skip_all "needs root for ports below 1024 and a network of its own"
ip link show lo >/dev/null 2>&1 && [ "$(ip -o link | wc -l)" = 1 ] || skip_all "needs a network of its own: run it by test/run.sh"
ip link add e0 type veth peer name e1
ip link set e1 up
for i in 1 2 3 4 5; do ip addr add 10.9.0.$i/24 brd + dev e0; done
ip link set e0 up multicast on
sysctl -qw net.ipv4.ping_group_range="0 2147483647"
mkdir -p "$W/run" "$W/samba/private"

tried=
# serve PROGRAM ARGUMENTS...: in the foreground, its words in a log.
serve() {
	command -v "$1" >/dev/null || { echo "SKIPPED: $1 is not here (SERVERS=1 make deps)"; return 1; }
	tried=1
	"$@" >>"$W/servers.log" 2>&1 </dev/null &
	echo $! >>"$W/servers.pid"
}
# expect ADDRESS PORTS FILTER WANT: as soon as the server is up.
expect() {
	heard() { ctl run Scan ranges="$1" ports="$2" --json | jq -c "[.hosts[].ports[] | select(.result == \"open\") | $3]" >"$W/heard"; [ "$(cat "$W/heard")" = "$4" ]; }
	wait_for 15 heard "$@" || die "$1: $(cat "$W/heard")"
}

lab_init
lab_start
agent_config
agent_start

cat >"$W/chrony.conf" <<-C
	allow all
	bindaddress 10.9.0.1
	local stratum 9
	pidfile $W/run/chrony.pid
	driftfile $W/run/drift
	bindcmdaddress /
	cmdport 0
C
serve chronyd -n -x -u root -f "$W/chrony.conf" && expect 10.9.0.1 ntp '[.service, .ntp_stratum]' '[["ntp","9"]]'

cat >"$W/smb.conf" <<-C
	[global]
	netbios name = FILES1
	workgroup = ACME
	interfaces = 10.9.0.2/24
	bind interfaces only = yes
	pid directory = $W/run
	lock directory = $W/samba
	state directory = $W/samba
	cache directory = $W/samba
	private dir = $W/samba/private
	log file = $W/samba/log
C
serve nmbd -F -s "$W/smb.conf" && expect 10.9.0.2 nbt '[.nbt_name, .nbt_domain, .nbt_software]' '[["FILES1","ACME","Samba"]]'

cat >"$W/lan.conf" <<-C
	name "bmc1"
	set_working_mc 0x20
	startlan 1
	 addr 10.9.0.3 623
	 priv_limit admin
	 allowed_auths_admin none md2 md5 straight
	endlan
	user 1 true "" "test" user 10 none md2 md5 straight
C
printf 'mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr\nmc_enable 0x20\n' >"$W/bmc.emu"
serve ipmi_sim -c "$W/lan.conf" -f "$W/bmc.emu" -s "$W/run" -n && expect 10.9.0.3 ipmi '[.service, .ipmi]' '[["asf_rmcp","true"]]'

printf 'listen=YES\nlisten_address=10.9.0.4\nbackground=NO\nanonymous_enable=YES\nsecure_chroot_dir=%s\nftpd_banner=acme ftp\n' "$W/run" >"$W/vsftpd.conf"
serve vsftpd "$W/vsftpd.conf" && expect 10.9.0.4 ftp .banner_text '["220 acme ftp"]'

printf '[server]\nhost-name=cam-1\nuse-ipv6=no\nallow-interfaces=e0\nenable-dbus=no\n[publish]\npublish-workstation=yes\n' >"$W/avahi.conf"
serve avahi-daemon --no-chroot --no-drop-root -f "$W/avahi.conf" && expect 10.9.0.5 mdns .mdns_service '["_workstation._tcp.local"]'

[ -n "$tried" ] || skip_all "none of the servers is here: SERVERS=1 make deps"
pass
