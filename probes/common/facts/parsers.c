/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parsers - every parser by name: the fuzzer walks it, and so do the tests.
 */
#include "facts/parsers.h"

const struct facts_parser facts_parsers[] = {
	{ "os-release", parse_os_release },
	{ "cpuinfo", parse_cpuinfo },
	{ "s390-sysinfo", parse_s390_sysinfo },
	{ "dpkg-status", parse_dpkg_status },
	{ "rpm-header", parse_rpm_header },
	{ "rpm-bdb", parse_rpm_bdb },
	{ "rpm-ndb", parse_rpm_ndb },
	{ "rpm-sqlite", parse_rpm_sqlite },
	{ NULL, NULL },
};
