/* SPDX-License-Identifier: Apache-2.0 */
/* Which distribution a machine has, by its release files alone. */
#include "facts_tree.h"

static const struct {
	const char *name;
	struct { const char *path, *text; } files[3];
	const char *id, *distribution, *version, *release, *major, *family;	/* NULL: not told */
} systems[] = {
	{ "Debian with a point release", { { "etc/os-release", "ID=debian\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n"
	    "VERSION=\"12 (bookworm)\"\nVERSION_CODENAME=bookworm\n" }, { "etc/debian_version", "12.7\n" } },
	    "debian", "Debian", "12.7", "bookworm", "12", "Debian" },
	{ "Debian that is not released", { { "etc/os-release", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux trixie/sid\"\n" },
	    { "etc/debian_version", "trixie/sid\n" } }, "debian", "Debian", "trixie/sid", "trixie", "trixie/sid", "Debian" },
	{ "CentOS 7", { { "etc/os-release", "ID=\"centos\"\nNAME=\"CentOS Linux\"\nVERSION_ID=\"7\"\nVERSION=\"7 (Core)\"\n" },
	    { "etc/centos-release", "CentOS Linux release 7.9.2009 (Core)\n" } }, "centos", "CentOS", "7.9", "Core", "7", "RedHat" },
	{ "Red Hat before os-release", { { "etc/redhat-release", "Red Hat Enterprise Linux Server release 6.9 (Santiago)\n" } },
	    "rhel", "RedHat", "6.9", "Santiago", "6", "RedHat" },
	{ "Oracle beside a file of Red Hat", { { "etc/redhat-release", "Red Hat Enterprise Linux Server release 6.8 (Santiago)\n" },
	    { "etc/oracle-release", "Oracle Linux Server release 6.8\n" } }, "ol", "OracleLinux", "6.8", NULL, "6", "RedHat" },
	{ "SUSE before os-release", { { "etc/SuSE-release", "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n" } },
	    "sles", "SLES", "11.4", "4", "11", "Suse" },
	{ "SUSE without a minor", { { "etc/os-release", "ID=\"sles\"\nNAME=\"SLES\"\nVERSION_ID=\"12\"\nVERSION=\"12\"\n" },
	    { "etc/SuSE-release", "SUSE Linux Enterprise Server 12 (x86_64)\nVERSION = 12\nPATCHLEVEL = 0\n" } },
	    "sles", "SLES", "12", "0", "12", "Suse" },
	{ "Fedora, which names releases no more", { { "etc/os-release", "ID=fedora\nNAME=\"Fedora Linux\"\nVERSION_ID=39\n"
	    "VERSION=\"39 (Server Edition)\"\nVERSION_CODENAME=\"\"\n" }, { "etc/redhat-release", "Fedora release 39 (Thirty Nine)\n" } },
	    "fedora", "Fedora", "39", NULL, "39", "RedHat" },
	{ "a clone that nobody has heard of", { { "etc/os-release", "ID=example\nID_LIKE=\"rhel fedora\"\nNAME=\"Example Server\"\n"
	    "VERSION=\"9.1 (Teal)\"\nVERSION_ID=9.1\n" }, { "etc/redhat-release", "Red Hat Enterprise Linux release 9.1 (Plow)\n" } },
	    "example", "Example", "9.1", "Teal", "9", "RedHat" },
	{ "Alpine", { { "etc/os-release", "ID=alpine\nNAME=\"Alpine Linux\"\nVERSION_ID=3.19.1\n" }, { "etc/alpine-release", "3.19.1\n" } },
	    "alpine", "Alpine", "3.19.1", NULL, "3", "Alpine" },
	{ "Slackware", { { "etc/slackware-version", "Slackware 14.2\n" } }, "slackware", "Slackware", "14.2", NULL, "14", "Slackware" },
	{ "OmniOS", { { "etc/release", "  OmniOS v11 r151046\n  Copyright (c) 2017-2023\n" } },
	    "omnios", "OmniOS", "r151046", "OmniOS v11 r151046", NULL, "Solaris" },
	{ "a zone of SmartOS", { { "etc/release", "   SmartOS x86_64\n" }, { "etc/product", "Name: Joyent Instance\nImage: base-64 21.4.0\n" } },
	    "smartos", "SmartOS", "21.4.0", "SmartOS x86_64", NULL, "Solaris" },
	{ "Solaris 9", { { "etc/release", "            Solaris 9 9/05 s9s_u8wos_05 SPARC\n  Copyright 2005 Sun Microsystems\n" } },
	    "solaris", "Solaris", "9", "Solaris 9 9/05 s9s_u8wos_05 SPARC", "9", "Solaris" },
	{ "FreeBSD", { { "commands/uname", "FreeBSD\n13.2-RELEASE-p4\nFreeBSD 13.2-RELEASE-p4 GENERIC\namd64\nbsd1\namd64\n" } },
	    "freebsd", "FreeBSD", "13.2", "13.2-RELEASE-p4", "13", "FreeBSD" },
	{ "AIX", { { "commands/uname", "AIX\n2\n7\n00F84C0C4C00\nlpar1\npowerpc\n" }, { "commands/oslevel", "7200-05-03-2148\n" } },
	    "aix", "AIX", "7.2", "7200-05-03-2148", "7", "AIX" },
	{ "SUSE for SAP", { { "etc/os-release", "ID=\"sles\"\nNAME=\"SLES_SAP\"\nVERSION_ID=\"12.1\"\nVERSION=\"12-SP1\"\n" } },
	    "sles_sap", "SLES_SAP", "12.1", "1", "12", "Suse" },
	{ "one whose own file knows more", { { "etc/os-release", "ID=\"virtuozzo\"\nNAME=\"Virtuozzo\"\nVERSION_ID=\"7\"\n" },
	    { "etc/redhat-release", "Virtuozzo Linux release 7.3\n" } }, "virtuozzo", "Virtuozzo", "7.3", NULL, "7", "RedHat" },
	{ "one whose lsb-release knows more", { { "etc/os-release", "ID=steamos\nID_LIKE=debian\nNAME=\"SteamOS GNU/Linux\"\nVERSION_ID=\"2\"\n"
	    "VERSION=\"2 (brewmaster)\"\n" }, { "etc/lsb-release", "DISTRIB_ID=SteamOS\nDISTRIB_RELEASE=2.0\nDISTRIB_CODENAME=brewmaster\n" } },
	    "steamos", "SteamOS", "2.0", "brewmaster", "2", "Debian" },
	{ "XenServer", { { "etc/redhat-release", "XenServer release 6.2.0-70446c (xenenterprise)\n" } },
	    "xenenterprise", "XenServer", "6.2.0-70446c", "xenenterprise", "6", "RedHat" },
	{ "Ubuntu before os-release", { { "etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_CODENAME=lucid\n" },
	    { "etc/debian_version", "squeeze/sid\n" } }, "ubuntu", "Ubuntu", "10.04", "lucid", "10", "Debian" },
	{ "Amazon, whose own file has the day of the image", { { "etc/os-release", "NAME=\"Amazon Linux\"\nVERSION=\"2023\"\nID=\"amzn\"\n"
	    "ID_LIKE=\"fedora\"\nVERSION_ID=\"2023\"\n" }, { "etc/system-release", "Amazon Linux release 2023.6.20241010 (Amazon Linux)\n" } },
	    "amzn", "Amazon", "2023", NULL, "2023", "RedHat" },
	{ "two pairs of brackets", { { "etc/os-release", "NAME=\"Alibaba Cloud Linux (Aliyun Linux)\"\nVERSION=\"2.1903 LTS (Hunting Beagle)\"\nID=\"alinux\"\n"
	    "ID_LIKE=\"rhel fedora centos anolis\"\nVERSION_ID=\"2.1903\"\n" }, { "etc/redhat-release",
	    "Alibaba Cloud Linux (Aliyun Linux) release 2.1903 LTS (Hunting Beagle)\n" } }, "alinux", "Alibaba", "2.1903", "Hunting Beagle", "2", "RedHat" },
	{ "brackets with a number in them", { { "etc/os-release", "NAME=\"RED OS\"\nVERSION=\"7.3.2 MUROM\"\nID=\"redos\"\nID_LIKE=\"rhel centos fedora\"\n"
	    "VERSION_ID=\"7.3.2\"\n" }, { "etc/redhat-release", "RED OS release MUROM (7.3.2) MINIMAL\n" } }, "redos", "RED", "7.3.2", NULL, "7", "RedHat" },
	{ "XCP-ng, which has kept the ID of XenServer", { { "etc/os-release", "NAME=\"XCP-ng\"\nVERSION=\"8.2.1\"\nID=\"xenenterprise\"\n"
	    "ID_LIKE=\"centos rhel fedora\"\nVERSION_ID=\"8.2.1\"\n" }, { "etc/redhat-release", "XCP-ng release 8.2.1 (xenenterprise)\n" } },
	    "xenenterprise", "XCP-ng", "8.2.1", "xenenterprise", "8", "RedHat" },
	{ "Kylin for desks, of Debian's kind", { { "etc/os-release", "NAME=\"Kylin\"\nVERSION=\"V10 (SP1)\"\nID=kylin\nID_LIKE=debian\nVERSION_ID=\"v10\"\n"
	    "VERSION_CODENAME=kylin\n" } }, "kylin", "Kylin", "v10", "kylin", "v10", "Debian" },
	{ "Kylin for servers", { { "etc/os-release", "NAME=\"Kylin Linux Advanced Server\"\nVERSION=\"V10 (Tercel)\"\nID=\"kylin\"\nVERSION_ID=\"V10\"\n" } },
	    "kylin", "Kylin Linux Advanced Server", "V10", "Tercel", "V10", "RedHat" },
	{ "Devuan without a number", { { "etc/os-release", "PRETTY_NAME=\"Devuan GNU/Linux ascii\"\nNAME=\"Devuan GNU/Linux\"\nID=devuan\nID_LIKE=debian\n" },
	    { "etc/debian_version", "9.0\n" } }, "devuan", "Devuan", "9.0", "ascii", "9", "Debian" },
	{ "Slackware between releases", { { "etc/os-release", "NAME=Slackware\nVERSION=\"15.0\"\nID=slackware\nVERSION_ID=15.0\nVERSION_CODENAME=current\n" },
	    { "etc/slackware-version", "Slackware 15.0+\n" } }, "slackware", "Slackware", "15.0+", "current", "15", "Slackware" },
	{ "Red Hat's CoreOS", { { "etc/os-release", "NAME=\"Red Hat Enterprise Linux CoreOS\"\nID=\"rhcos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"4.14\"\n" },
	    { "etc/redhat-release", "Red Hat Enterprise Linux CoreOS release 4.14\n" } }, "rhcos", "RedHat", "4.14", NULL, "4", "RedHat" },
	{ "one that is never released", { { "etc/os-release", "NAME=EndeavourOS\nID=endeavouros\nID_LIKE=arch\n" }, { "etc/lsb-release",
	    "DISTRIB_ID=EndeavourOS\nDISTRIB_RELEASE=rolling\n" } }, "endeavouros", "EndeavourOS", NULL, NULL, NULL, "Archlinux" },
	{ "a switch that was made from CentOS", { { "etc/os-release", "NAME=\"CentOS Linux\"\nVERSION=\"7 (Core)\"\nID=\"centos\"\nVERSION_ID=\"7\"\n" },
	    { "etc/Eos-release", "Arista Networks EOS 4.28.3M\n" } }, "eos", "Arista EOS", "4.28.3M", NULL, "4", "RedHat" },
	{ "a switch that was made from Debian", { { "etc/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"11\"\n" },
	    { "etc/sonic/sonic_version.yml", "---\nbuild_version: 'SONiC.202305.12-abc'\ndebian_version: '11.7'\n" } },
	    "sonic", "SONiC", "202305.12-abc", NULL, "202305", "Debian" },
	{ "a disk station", { { "etc.defaults/VERSION", "majorversion=\"7\"\nproductversion=\"7.2.1\"\nbuildnumber=\"69057\"\n" } },
	    "dsm", "Synology DSM", "7.2.1", NULL, "7", "Synology DSM" },
	{ "OpenIndiana", { { "etc/release", "             OpenIndiana Hipster 2023.10 (powered by illumos)\n" } }, "openindiana", "OpenIndiana", "2023.10",
	    "OpenIndiana Hipster 2023.10 (powered by illumos)", NULL, "Solaris" },
	{ "HP-UX", { { "commands/uname", "HP-UX\nB.11.31\nU\nia64\nhp1\n" } }, "hpux", "HP-UX", "11.31", "B.11.31", "11", "HP-UX" },
};

static void
told(struct json_object *doc, const char *name, const char *field, const char *want)
{
	struct json_object *os = tree_get(doc, "/os"), *v = NULL;
	const char *got = json_object_object_get_ex(os, field, &v) ? json_object_get_string(v) : NULL;

	if (want == NULL ? got != NULL : got == NULL || strcmp(want, got) != 0)
		fail_msg("%s: %s is %s, expected %s", name, field, got == NULL ? "not told" : got, want == NULL ? "nothing" : want);
}

static void
each_system_is_known_by_its_release_files(void **state)
{
	struct json_object *doc;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
		assert_int_equal(tree_new(NULL), 0);
		for (k = 0; k < 3 && systems[i].files[k].path != NULL; k++)
			tree_file(systems[i].files[k].path, systems[i].files[k].text);
		doc = tree_facts("os");
		told(doc, systems[i].name, "id", systems[i].id);
		told(doc, systems[i].name, "distribution", systems[i].distribution);
		told(doc, systems[i].name, "distribution_version", systems[i].version);
		told(doc, systems[i].name, "distribution_release", systems[i].release);
		told(doc, systems[i].name, "distribution_major_version", systems[i].major);
		if (strcmp(systems[i].name, "Debian with a point release") == 0)
			told(doc, systems[i].name, "distribution_minor_version", "7");
		told(doc, systems[i].name, "family", systems[i].family);
		told(doc, systems[i].name, "error", NULL);
		json_object_put(doc);
		assert_int_equal(tree_remove(NULL), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_system_is_known_by_its_release_files) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
