/* SPDX-License-Identifier: Apache-2.0 */
/* linux - the readers of what mostly Linux prints, by the file they are in; see formats.h. */
#ifndef MID_FORMATS_LINUX_H
#define MID_FORMATS_LINUX_H

#include "formats/formats.h"

#define READER(name) bool read_##name(const struct format *f, struct str text, struct json_object *top)

/* people.c */
READER(last);
READER(who);
READER(w);
READER(crontab);
/* load.c */
READER(iostat);
READER(mpstat);
READER(vmstat);
READER(ntpq);
READER(timedatectl);
READER(sshd);
/* net.c */
READER(ip_addresses);
READER(ip_links);
READER(ip_routes);
READER(ip_gateway);
READER(ip_neighbours);
/* ifconfig.c */
READER(ifconfig);
READER(interfaces_linux);
/* links.c */
READER(ethtool);
READER(iwconfig);
READER(nmcli);
/* firewall.c */
READER(iptables);
READER(ufw);
READER(ufw_profiles);
/* storage.c */
READER(lsblk);
READER(swapon);
READER(sfdisk);
READER(tune2fs);
READER(zpool);
/* disks.c */
READER(mdadm);
READER(smartctl);
READER(megacli);
/* proc.c */
READER(buddyinfo);
READER(proc_cpuinfo);
READER(proc_devices);
READER(interrupts);
READER(igmp);
READER(igmp6);
READER(net_tcp);
READER(softirqs);
READER(version);
READER(zoneinfo);
/* kernel.c */
READER(proc_stat);
READER(slabinfo);
READER(vmallocinfo);
READER(pagetypeinfo);
READER(regions);
READER(mtrr);
READER(locks);
READER(consoles);
READER(crypto);
READER(rtc);
READER(net_netstat);
READER(net_unix);
READER(packet);
READER(protocols);
/* process.c */
READER(fdinfo);
READER(maps);
READER(smaps);
READER(numa_maps);
READER(mountinfo);
READER(pid_stat);
READER(pid_status);
/* packages.c */
READER(rpm_info);
READER(rpm_list);
READER(pacman);
READER(pip_show);
READER(apk_index);
READER(deb_index);
READER(update_alternatives);
READER(selections);
READER(udevadm);
READER(udevadm_db);
/* dmi.c */
READER(dmidecode);
/* dmi_parts.c */
READER(dmi_system);
READER(dmi_hardware);
READER(dmi_memories);
READER(fru_memories);
READER(dmi_slots);
READER(dmi_cpus);
READER(dmi_power);
/* cpuinfo.c */
READER(cpu_processors);
READER(cpu_packages);
READER(cpu_board);
/* hardware.c */
READER(lspci);
READER(lspci_devices);
READER(fru);
READER(acpi);
/* usb.c */
READER(lsusb);
/* sockets.c */
READER(netstat);
READER(netstat_routes);
READER(ss);
READER(lsof);

/* ifconfig.c: a new one in the list, with all that ifconfig may say unknown yet. */
struct json_object *put_interface(struct json_object *top, struct str name);
/* disks.c: "HP" as Hewlett-Packard, and the like; what it does not know as it is. */
struct str maker_of(struct str s);

/* table.c: the heading of routes, in English also where LINE has it in another language, as the line BELOW tells; empty for any other line. */
struct str route_heading(struct str line, struct str below);
/* table.c: "UG" as a list of words. */
void put_route_flags(struct json_object *o, const char *key, struct str flags);

#endif
