/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity - which distribution this is, in the words that people use for it:
 * a release file of one distribution names another one's release in brackets,
 * another's as a codename, a third's patch level in a line of its own.
 *
 * What os-release(5) says counts first; then lsb-release; then the line of the
 * distribution's own file ("CentOS release 6.10 (Final)").
 */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "facts/out.h"
#include "facts/system.h"

enum {
	OF_FILE = 1,		/* its own file knows the version better */
	MINOR = 2,		/* the release is the version's second part */
	NO_RELEASE = 4,		/* what looks like a codename is none */
	NO_VERSION = 8,
	VERSION_NAMES = 16,	/* the release is all of VERSION */
	ID_NAMES = 32,		/* the release is ID */
	OF_OS_RELEASE = 64,	/* no other file knows the version better */
	TWO_PARTS = 128,	/* of the version in its own file */
	NAME_OF_IT = 256,	/* "devuan ascii": the release is the last word of PRETTY_NAME */
};

/* ID as in os-release; LINE is how its own file begins where there is no os-release. */
static const struct distro {
	const char *id, *line, *name, *family;
	unsigned how;
} distros[] = {
	{ "almalinux", "AlmaLinux", "AlmaLinux", "RedHat", 0 },
	{ "alpine", NULL, "Alpine", "Alpine", NO_RELEASE },
	{ "altlinux", "ALT ", "Altlinux", "Altlinux", 0 },
	{ "amzn", "Amazon", "Amazon", "RedHat", NO_RELEASE | OF_OS_RELEASE },
	{ "arch", NULL, "Archlinux", "Archlinux", NO_RELEASE | NO_VERSION },
	{ "centos", "CentOS", "CentOS", "RedHat", OF_FILE | TWO_PARTS },
	{ "clear-linux-mix", NULL, "Clear Linux Mix", "ClearLinux", ID_NAMES },
	{ "clear-linux-os", NULL, "Clear Linux OS", "ClearLinux", ID_NAMES },
	{ "cloudlinux", "CloudLinux", "CloudLinux", "RedHat", 0 },
	{ "coreos", NULL, "Coreos", "Coreos", 0 },
	{ "cumulus-linux", NULL, "Cumulus Linux", "Debian", VERSION_NAMES },
	{ "debian", NULL, "Debian", "Debian", OF_FILE },
	{ "raspbian", NULL, "Debian", "Debian", OF_FILE },
	{ "deepin", NULL, "Deepin", "Debian", 0 },
	{ "devuan", NULL, "Devuan", "Debian", NAME_OF_IT },
	{ "dsm", NULL, "Synology DSM", NULL, OF_OS_RELEASE | NO_RELEASE },
	{ "euleros", "EulerOS", "EulerOS", "RedHat", 0 },
	{ "eurolinux", "EuroLinux", "EuroLinux", "RedHat", 0 },
	{ "eos", NULL, "Arista EOS", "RedHat", OF_OS_RELEASE | NO_RELEASE },
	{ "fedora", "Fedora", "Fedora", "RedHat", 0 },
	{ "flatcar", NULL, "Flatcar", "Flatcar", NO_RELEASE },
	{ "funtoo", NULL, "Funtoo", "Gentoo", 0 },
	{ "gentoo", "Gentoo", "Gentoo", "Gentoo", OF_FILE | NO_RELEASE },
	{ "kali", NULL, "Kali", "Debian", 0 },
	{ "kylin", "Kylin", "Kylin Linux Advanced Server", "RedHat", 0 },
	{ "kylin-desktop", NULL, "Kylin", "Debian", 0 },
	{ "linuxmint", NULL, "Linux Mint", "Debian", 0 },
	{ "mandriva", "Mandriva", "Mandriva", "Mandrake", 0 },
	{ "manjaro", NULL, "Manjaro", "Archlinux", 0 },
	{ "miraclelinux", "MIRACLE", "MIRACLE", "RedHat", 0 },
	{ "ol", "Oracle Linux", "OracleLinux", "RedHat", 0 },
	{ "openeuler", "openEuler", "openEuler", "RedHat", 0 },
	{ "opensuse-leap", "openSUSE Leap", "openSUSE Leap", "Suse", MINOR },
	{ "opensuse-tumbleweed", "openSUSE Tumbleweed", "openSUSE Tumbleweed", "Suse", MINOR },
	{ "opensuse", "openSUSE", "openSUSE", "Suse", MINOR },
	{ "opensuse-leap-micro", NULL, "openSUSE Leap Micro", "Suse", MINOR },
	{ "opensuse-microos", NULL, "openSUSE MicroOS", "Suse", MINOR },
	{ "openwrt", NULL, "OpenWrt", "OpenWrt", 0 },
	{ "osmc", NULL, "OSMC", "Debian", 0 },
	{ "parrot", NULL, "Parrot", "Debian", 0 },
	{ "rhel", "Red Hat", "RedHat", "RedHat", 0 },
	{ "rhcos", NULL, "RedHat", "RedHat", NO_RELEASE },
	{ "rocky", "Rocky", "Rocky", "RedHat", 0 },
	{ "scientific", "Scientific", "Scientific", "RedHat", 0 },
	{ "sl-micro", NULL, "SL-Micro", "Suse", MINOR },
	{ "slackware", "Slackware", "Slackware", "Slackware", OF_FILE | TWO_PARTS },
	{ "sle-micro", NULL, "SLE Micro", "Suse", MINOR },
	{ "sles", "SUSE Linux Enterprise Server", "SLES", "Suse", MINOR },
	{ "sles_sap", "SUSE Linux Enterprise Server for SAP", "SLES_SAP", "Suse", MINOR },
	{ "sled", "SUSE Linux Enterprise Desktop", "SLED", "Suse", MINOR },
	{ "sonic", NULL, "SONiC", "Debian", OF_OS_RELEASE | NO_RELEASE },
	{ "springdale", NULL, "Springdale", "RedHat", 0 },
	{ "smgl", "Source Mage", "SMGL", "SMGL", 0 },
	{ "steamos", NULL, "SteamOS", NULL, 0 },
	{ "tencentos", "TencentOS", "TencentOS", "RedHat", 0 },
	{ "ubuntu", NULL, "Ubuntu", "Debian", 0 },
	{ "uos", NULL, "Uos", "Debian", 0 },
	{ "uos-rpm", NULL, "Uos", "RedHat", 0 },
	{ "virtuozzo", "Virtuozzo", "Virtuozzo", "RedHat", 0 },
	{ "xcp-ng", "XCP-ng", "XCP-ng", "RedHat", 0 },
	{ "xenenterprise", "XenServer", "XenServer", "RedHat", 0 },
};
#define DISTROS (sizeof(distros) / sizeof(distros[0]))

/* What goes by the ID of another one, and is known by its NAME; LIKE must be in ID_LIKE. The ID of openSUSE was that of the project once. */
static const struct { const char *id, *name, *like, *is; bool corrected; } others[] = {
	{ "opensuse", "openSUSE Leap", NULL, "opensuse-leap", true }, { "opensuse", "openSUSE Tumbleweed", NULL, "opensuse-tumbleweed", true },
	{ "xenenterprise", "XCP-ng", NULL, "xcp-ng", false }, { "debian", "Parrot", NULL, "parrot", false },
	{ "rhel", "Springdale", NULL, "springdale", false }, { "kylin", "", "debian", "kylin-desktop", false },
	{ "uos", "UnionTech OS Server", "rpm", "uos-rpm", false },
};

/* The other one's family, for those that only say what they descend from. */
static const struct { const char *like, *family; } families[] = {
	{ "debian", "Debian" }, { "ubuntu", "Debian" }, { "rhel", "RedHat" }, { "fedora", "RedHat" }, { "centos", "RedHat" },
	{ "suse", "Suse" }, { "opensuse", "Suse" }, { "arch", "Archlinux" }, { "archlinux", "Archlinux" }, { "gentoo", "Gentoo" },
	{ "mandriva", "Mandrake" }, { "alpine", "Alpine" }, { "slackware", "Slackware" },
};

/* The lines of release files, the more particular first. */
static const char *const own_files[] = {
	"etc/oracle-release", "etc/miraclelinux-release", "etc/rocky-release", "etc/almalinux-release", "etc/fedora-release",
	"etc/altlinux-release", "etc/UnionTech-release", "etc/centos-release", "etc/redhat-release", "etc/system-release", "etc/SuSE-release",
	"etc/mandriva-release", "etc/gentoo-release", "etc/slackware-version", "etc/sourcemage-release",
};

/* Appliances, which say in a file of their own what they are, beside the release files of what they were made from. */
static const struct { const char *path, *key, *id; } appliances[] = {
	{ "etc.defaults/VERSION", "productversion=", "dsm" }, { "etc/sonic/sonic_version.yml", "build_version:", "sonic" },
	{ "etc/Eos-release", "Arista Networks EOS", "eos" },
};

#define WORDS 160
struct release {
	char told[WORDS];			/* the ID that is told where it is not ours; "" */
	char id[WORDS], like[WORDS], name[WORDS], version[WORDS], version_id[WORDS], codename[WORDS], ubuntu[WORDS], pretty[WORDS];
	bool has_codename;			/* perhaps an empty one */
	char lsb_id[WORDS], lsb_release[WORDS], lsb_codename[WORDS];
	char line[WORDS];			/* of the own file; "" */
	char patch_level[WORDS];		/* of SuSE-release */
	const struct distro *distro;
};

/* --- reading ------------------------------------------------------------------ */

static const struct { const char *key; size_t at; } keys[] = {
	{ "ID", offsetof(struct release, id) }, { "ID_LIKE", offsetof(struct release, like) },
	{ "NAME", offsetof(struct release, name) }, { "VERSION", offsetof(struct release, version) },
	{ "VERSION_ID", offsetof(struct release, version_id) }, { "VERSION_CODENAME", offsetof(struct release, codename) },
	{ "UBUNTU_CODENAME", offsetof(struct release, ubuntu) }, { "PRETTY_NAME", offsetof(struct release, pretty) },
	{ "DISTRIB_ID", offsetof(struct release, lsb_id) },
	{ "DISTRIB_RELEASE", offsetof(struct release, lsb_release) }, { "DISTRIB_CODENAME", offsetof(struct release, lsb_codename) },
	{ "PATCHLEVEL", offsetof(struct release, patch_level) },
};

static void
read_keys(struct facts_source *src, const char *path, struct release *r)
{
	struct facts_bytes b;
	struct str rest, line, key, value;
	size_t i;

	if (facts_read(src, path, 65536, &b) < 0)
		return;
	rest = (struct str){ b.data, b.len };
	while (str_line(&rest, &line)) {
		if (!str_pair(line, '=', &key, &value))
			continue;
		r->has_codename |= str_eq(key, "VERSION_CODENAME");
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (str_eq(key, keys[i].key) && ((char *)r + keys[i].at)[0] == '\0')
				str_copy((char *)r + keys[i].at, WORDS, str_trim(str_unquote(value)));
	}
	facts_bytes_free(&b);
}

static bool
begins(const char *text, const char *with)
{
	return with != NULL && strncasecmp(text, with, strlen(with)) == 0;
}

/* A clone may carry the files of what it was made from: only a line of its own name counts. */
static void
read_line(struct facts_source *src, struct release *r)
{
	char text[FACTS_SMALL];
	struct str rest, line, first;
	size_t i;

	for (i = 0; i < sizeof(own_files) / sizeof(own_files[0]); i++) {
		if (facts_read_small(src, own_files[i], text, sizeof(text)) < 0)
			continue;
		rest = str_of(text);
		if (!str_line(&rest, &line) || str_trim(line).n == 0)
			continue;
		str_copy(r->line, WORDS, str_trim(line));
		rest = str_of(r->name);
		if (r->name[0] == '\0' || (str_word(&rest, &first) && strncasecmp(r->line, first.p, first.n) == 0))
			return;
		r->line[0] = '\0';
	}
}

/* A file of one line, whose version it is. */
static void
read_version_file(struct facts_source *src, const char *path, const char *id, struct release *r)
{
	char text[FACTS_SMALL];

	if (facts_read_small(src, path, text, sizeof(text)) < 0 || text[0] == '\0')
		return;
	if (r->id[0] == '\0' && (r->lsb_id[0] == '\0' || strcasecmp(r->lsb_id, id) == 0))
		snprintf(r->id, WORDS, "%s", id);
	if (strcmp(r->id, id) == 0 || (strcmp(r->id, "devuan") == 0 && strcmp(id, "debian") == 0))
		str_copy(r->line, WORDS, str_trim(str_of(text)));
}

/* "productversion="7.2.1"", "build_version: 'SONiC.202305.1-22'": from the first digit on. */
static void
read_appliance(struct facts_source *src, struct release *r)
{
	char text[FACTS_SMALL];
	struct str rest, line;
	size_t i;

	for (i = 0; i < sizeof(appliances) / sizeof(appliances[0]); i++) {
		if (facts_read_small(src, appliances[i].path, text, sizeof(text)) < 0)
			continue;
		for (rest = str_of(text); str_line(&rest, &line);) {
			if (!str_starts(line, appliances[i].key))
				continue;
			line = str_skip(line, strlen(appliances[i].key));
			while (line.n > 0 && !isdigit((unsigned char)line.p[0]))
				line = str_skip(line, 1);
			line = str_trim(line);
			while (line.n > 0 && (line.p[line.n - 1] == '"' || line.p[line.n - 1] == '\''))
				line.n--;
			str_copy(r->version_id, WORDS, line);
			snprintf(r->id, WORDS, "%s", appliances[i].id);
			return;
		}
	}
}

static void
find_distro(struct release *r)
{
	char *p;
	size_t i, longest = 0;

	for (p = r->id; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(r->id, others[i].id) == 0 && begins(r->name, others[i].name) && (others[i].like == NULL || strstr(r->like, others[i].like) != NULL)) {
			if (!others[i].corrected)
				snprintf(r->told, WORDS, "%s", r->id);
			snprintf(r->id, WORDS, "%s", others[i].is);
		}
	for (i = 0; i < DISTROS; i++) {
		if (strcmp(distros[i].id, r->id) == 0) {
			r->distro = &distros[i];
			return;
		}
		if (r->id[0] == '\0' && (begins(r->line, distros[i].line) || begins(r->lsb_id, distros[i].line) ||
		    strcasecmp(r->lsb_id, distros[i].id) == 0) && (distros[i].line == NULL || strlen(distros[i].line) >= longest)) {
			r->distro = &distros[i];
			longest = distros[i].line == NULL ? 0 : strlen(distros[i].line);
		}
	}
	if (r->distro != NULL)
		snprintf(r->id, WORDS, "%s", r->distro->id);
}

static void
read_release_files(struct facts_source *src, struct release *r)
{
	char product[FACTS_PATH_MAX];

	read_keys(src, "etc/os-release", r);
	if (r->id[0] == '\0' && r->name[0] == '\0')
		read_keys(src, "usr/lib/os-release", r);
	read_keys(src, "etc/lsb-release", r);
	if (r->id[0] == '\0')
		read_keys(src, "etc/openwrt_release", r);
	if (r->id[0] == '\0' && facts_exists(src, "etc/arch-release"))
		snprintf(r->id, WORDS, "arch");
	if (r->name[0] == '\0' || strcasestr(r->name, "suse") != NULL)
		read_keys(src, "etc/SuSE-release", r);
	read_line(src, r);
	read_version_file(src, "etc/debian_version", "debian", r);
	read_version_file(src, "etc/alpine-release", "alpine", r);
	if (strcmp(r->id, "sles") == 0 && (strcmp(r->name, "SLES_SAP") == 0 ||
	    (facts_link(src, "etc/products.d/baseproduct", product, sizeof(product)) == 0 && strstr(product, "SLES_SAP") != NULL)))
		snprintf(r->id, WORDS, "sles_sap");
	if (strstr(r->line, "UnionTech OS Server release ") != NULL)
		snprintf(r->like, WORDS, "rpm");	/* they make one with packages of Debian's kind too */
	read_appliance(src, r);
	find_distro(r);
}

/* --- telling -------------------------------------------------------------------- */

/* The first word of LINE that begins as a number does. */
static struct str
number_of(const char *line)
{
	struct str rest = str_of(line), word;

	while (str_word(&rest, &word))
		if (isdigit((unsigned char)word.p[0]) || (word.n > 1 && word.p[0] == 'v' && isdigit((unsigned char)word.p[1])))
			return word.p[0] == 'v' ? str_skip(word, 1) : word;
	return STR("");
}

/* The first N parts of VERSION, with dots between. */
static struct str
parts(struct str version, unsigned n)
{
	size_t i;

	for (i = 0; i < version.n; i++)
		if (version.p[i] == '.' && --n == 0)
			return str_left(version, i);
	return version;
}

/* "7.3" says more than "7". */
static bool
says_more(struct str version, struct str than)
{
	return than.n > 0 && version.n > than.n && version.p[than.n] == '.' && str_same(str_left(version, than.n), than);
}

static struct str
version_of(const struct release *r, unsigned how, char *buf, size_t size)
{
	struct str own = number_of(r->line), v = str_of(r->version_id), lsb = str_of(r->lsb_release);

	if (how & NO_VERSION)
		return STR("");
	if (lsb.n > 0 && !isdigit((unsigned char)lsb.p[0]))
		lsb.n = 0;	/* "rolling" */
	if (how & TWO_PARTS)
		own = parts(own, 2);
	if ((how & OF_FILE) && own.n > v.n)
		return own;
	if ((how & OF_FILE) && v.n == 0 && strchr(r->line, '/') != NULL)
		return str_of(r->line);	/* "trixie/sid" of what is not released yet */
	if ((how & OF_OS_RELEASE) && v.n > 0)
		return v;
	if (v.n == 0 && r->patch_level[0] != '\0' && (how & MINOR)) {
		snprintf(buf, size, "%s.%s", r->version, r->patch_level);
		return str_of(buf);
	}
	if (v.n == 0)
		v = number_of(r->version);
	if (v.n == 0 || says_more(lsb, v))
		v = lsb;
	return v.n == 0 || says_more(own, v) ? own : v;
}

/* "8.3 (Purple Manul)" and "12.04.5 LTS, Precise Pangolin": what is no number of it. */
static struct str
in_brackets(const char *text)
{
	const char *open = strrchr(text, '('), *close = open == NULL ? NULL : strchr(open, ')');
	struct str s = str_of(text);
	long comma = str_find(s, ',');

	if (close != NULL && !isdigit((unsigned char)open[1]))
		return str_trim((struct str){ open + 1, (size_t)(close - open - 1) });
	return comma >= 0 ? str_trim(str_skip(s, (size_t)comma + 1)) : STR("");
}

static struct str
release_of(const struct release *r, unsigned how, struct str version)
{
	struct str s;
	long dot;

	if (how & NO_RELEASE)
		return STR("");
	if (how & MINOR) {
		dot = str_find(version, '.');
		return dot >= 0 ? str_skip(version, (size_t)dot + 1) : version.n > 0 && version.n < 4 ? STR("0") : STR("");
	}
	if (how & (VERSION_NAMES | ID_NAMES))
		return str_of(how & ID_NAMES ? r->id : r->version);
	if (strstr(r->name, "Stream") != NULL || strstr(r->line, "Stream") != NULL)
		return STR("Stream");
	if (r->has_codename)
		return str_of(r->codename);
	if ((how & NAME_OF_IT) && strchr(r->pretty, '(') == NULL && strrchr(r->pretty, ' ') != NULL)
		return str_of(strrchr(r->pretty, ' ') + 1);
	s = str_of(r->ubuntu[0] != '\0' ? r->ubuntu : r->lsb_codename);
	if (s.n == 0)
		s = in_brackets(r->line);
	if (s.n == 0 && strcmp(r->id, "debian") == 0 && isalpha((unsigned char)r->line[0]))
		s = str_left(str_of(r->line), strcspn(r->line, "/"));
	return s.n > 0 ? s : in_brackets(r->version);
}

static const char *
family_of(const struct release *r)
{
	struct str rest = str_of(r->like), word;
	size_t i;

	if (r->distro != NULL && r->distro->family != NULL)
		return r->distro->family;
	while (str_word(&rest, &word))
		for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
			if (str_eq(word, families[i].like))
				return families[i].family;
	return NULL;
}

/* One that is in no row goes by its own name; that of Red Hat's relatives is the first word of it. */
static struct str
name_of(const struct release *r, const char *family)
{
	struct str rest = str_of(r->name), word;

	if (strcmp(r->name, "CoreOS") == 0)
		return str_of(r->name);		/* before it was "Container Linux by CoreOS" */
	if (r->distro != NULL)
		return str_of(r->distro->name);
	if (family != NULL && strcmp(family, "RedHat") == 0 && str_word(&rest, &word))
		return word;
	if (r->name[0] == '\0' && r->lsb_id[0] == '\0' && strstr(r->line, " release ") != NULL)
		return (struct str){ r->line, (size_t)(strstr(r->line, " release ") - r->line) };
	return str_of(r->name[0] != '\0' ? r->name : r->lsb_id);
}

/* "5" of "12.5", "03" of "2018.03"; empty without. */
static struct str
minor_of(struct str version)
{
	long dot = str_find(version, '.');
	struct str minor = dot < 0 ? STR("") : parts(str_skip(version, (size_t)dot + 1), 1);
	size_t i;

	for (i = 0; i < minor.n && isdigit((unsigned char)minor.p[i]); i++)
		;
	return str_left(minor, i);
}

void
facts_identity(struct facts_source *src, struct json_object *out)
{
	struct release r = { .distro = NULL };
	struct str version, name;
	char buf[2 * WORDS];
	const char *family;
	unsigned how;

	read_release_files(src, &r);
	how = r.distro == NULL ? 0 : r.distro->how;
	family = family_of(&r);
	name = name_of(&r, family);
	if (r.id[0] != '\0')
		out_cstr(out, "id", r.told[0] != '\0' ? r.told : r.id);
	if (name.n == 0)
		return;
	version = version_of(&r, how, buf, sizeof(buf));
	out_text(out, "distribution", name);
	out_text(out, "distribution_version", version);
	out_text(out, "distribution_release", release_of(&r, how, version));
	out_text(out, "distribution_major_version", parts(version, 1));
	out_text(out, "distribution_minor_version", minor_of(version));
	out_text(out, "family", family == NULL ? name : str_of(family));
	if (out_get_text(out, "name") == NULL)
		out_text(out, "name", name);
	if (out_get_text(out, "version_id") == NULL)
		out_text(out, "version_id", version);
}
