/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blockdev - disks and what looks like one.
 */
#include "facts/block.h"

#include <json-c/json.h>
#include <string.h>

#include "facts/out.h"
#include "facts/parsers.h"
#include "facts/sections.h"

static const struct {
	const char *prefix, *kind;
} kinds[] = {
	{ "loop", "loop" }, { "ram", "ram" }, { "zram", "zram" },
	{ "md", "md" }, { "dm-", "dm" }, { "nbd", "nbd" }, { "sr", "optical" },
	{ "scd", "optical" }, { "fd", "floppy" }, { "mtdblock", "mtd" },
	{ "st", "tape" }, { "pmem", "pmem" }, { "drbd", "drbd" },
	{ "bcache", "bcache" },
};

/* What a part of the device's path says of the way to it, first match. */
static const struct {
	const char *part, *transport;
} transports[] = {
	{ "/nvme/", "nvme" }, { "/nvme-", "nvme" }, { "/usb", "usb" },
	{ "/virtio", "virtio" }, { "/mmc_host/", "mmc" }, { "/rport-", "fc" },
	{ "/session", "iscsi" }, { "/end_device-", "sas" }, { "/ata", "sata" },
	{ "/vbd-", "xen" }, { "/vmbus", "hyperv" }, { "/VMBUS", "hyperv" },
	{ "/ide", "ide" }, { "/fw-host", "firewire" }, { "/host", "scsi" },
};

static const struct out_row rows[] = {
	{ "dev", "dev", OUT_TEXT, 0 },
	{ "size", "size_bytes", OUT_NUMBER, SECTOR },
	{ "ro", "read_only", OUT_BOOL, 0 },
	{ "removable", "removable", OUT_BOOL, 0 },
	{ "queue/rotational", "rotational", OUT_BOOL, 0 },
	{ "queue/logical_block_size", "logical_block_bytes", OUT_NUMBER, 1 },
	{ "queue/physical_block_size", "physical_block_bytes", OUT_NUMBER, 1 },
	{ "device/vendor", "vendor", OUT_TEXT, 0 },
	{ "device/model", "model", OUT_TEXT, 0 },
	{ "device/rev", "revision", OUT_TEXT, 0 },
	{ "device/firmware_rev", "firmware", OUT_TEXT, 0 },
	{ "serial", "serial", OUT_TEXT, 0 },
	{ "wwid", "wwid", OUT_TEXT, 0 },
	{ NULL, NULL, OUT_TEXT, 0 },
};

/* What only one kind of disk has: not asked of the others. */
static const struct out_row nvme_rows[] = {
	{ "device/serial", "serial", OUT_TEXT, 0 },
	{ NULL, NULL, OUT_TEXT, 0 },
};
static const struct out_row mmc_rows[] = {
	{ "device/serial", "serial", OUT_TEXT, 0 },
	{ "device/name", "model", OUT_TEXT, 0 },
	{ NULL, NULL, OUT_TEXT, 0 },
};
static const struct out_row scsi_rows[] = {
	{ "device/wwid", "wwid", OUT_TEXT, 0 },
	{ NULL, NULL, OUT_TEXT, 0 },
};

/* Devices without hardware below: only the first rows, and the mapper's. */
static const struct out_row virtual_rows[] = {
	{ "dev", "dev", OUT_TEXT, 0 },
	{ "size", "size_bytes", OUT_NUMBER, SECTOR },
	{ "ro", "read_only", OUT_BOOL, 0 },
	{ "removable", "removable", OUT_BOOL, 0 },
	{ "queue/rotational", "rotational", OUT_BOOL, 0 },
	{ "queue/logical_block_size", "logical_block_bytes", OUT_NUMBER, 1 },
	{ "queue/physical_block_size", "physical_block_bytes", OUT_NUMBER, 1 },
	{ "dm/name", "dm_name", OUT_TEXT, 0 },
	{ "dm/uuid", "dm_uuid", OUT_TEXT, 0 },
	{ NULL, NULL, OUT_TEXT, 0 },
};

static const struct out_row idle_rows[] = {
	{ "dev", "dev", OUT_TEXT, 0 },
	{ "size", "size_bytes", OUT_NUMBER, SECTOR },
	{ NULL, NULL, OUT_TEXT, 0 },
};

/* Out of udev's database, where sysfs did not say. */
static const struct {
	const char *key, *field;
} udev_rows[] = {
	{ "ID_VENDOR", "vendor" }, { "ID_MODEL", "model" },
	{ "ID_REVISION", "revision" }, { "ID_SERIAL_SHORT", "serial" },
	{ "ID_WWN_WITH_EXTENSION", "wwid" }, { "ID_WWN", "wwid" },
	{ "ID_PART_TABLE_TYPE", "partition_table" },
	{ "ID_FS_TYPE", "fs_type" }, { "ID_FS_UUID", "fs_uuid" },
	{ "ID_FS_LABEL", "fs_label" },
};

/* SCSI page 80h: two bytes of kind, two of length, the serial number. */
int
parse_vpd_serial(const char *data, size_t len, struct json_object *out)
{
	struct str s = { data, len };

	if (len < 4 || (unsigned char)data[1] != 0x80)
		return -1;
	s = str_left(str_skip(s, 4), (size_t)(unsigned char)data[2] << 8 |
	    (unsigned char)data[3]);
	while (s.n > 0 && s.p[s.n - 1] == '\0')
		s.n--;
	out_text(out, "serial", s);
	return 0;
}

static const char *
kind_of(struct facts_source *src, const char *name, const char *dir)
{
	char path[FACTS_PATH_MAX], text[16];
	size_t i, n;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		n = strlen(kinds[i].prefix);
		if (strncmp(name, kinds[i].prefix, n) == 0 &&
		    name[n] >= '0' && name[n] <= '9')
			return kinds[i].kind;
	}
	if (facts_path(path, "%s/device/type", dir) &&
	    facts_read_small(src, path, text, sizeof(text)) == 0 &&
	    strcmp(text, "5") == 0)
		return "optical";
	return "disk";
}

static const char *
transport_of(struct facts_source *src, const char *name, const char *dir,
    struct json_object *item)
{
	char link[FACTS_PATH_MAX], path[FACTS_PATH_MAX];
	const char *vendor = out_get_text(item, "vendor");
	const char *found = NULL;
	size_t i;

	if (strncmp(name, "nvme", 4) == 0)
		return "nvme";
	if (facts_link(src, dir, link, sizeof(link)) < 0 &&
	    (!facts_path(path, "%s/device", dir) ||
		facts_link(src, path, link, sizeof(link)) < 0))
		return NULL;
	for (i = 0; found == NULL &&
	     i < sizeof(transports) / sizeof(transports[0]); i++)
		if (strstr(link, transports[i].part) != NULL)
			found = transports[i].transport;
	/* Older kernels have no ataN in the path. */
	if (found != NULL && strcmp(found, "scsi") == 0 && vendor != NULL &&
	    strcmp(vendor, "ATA") == 0)
		return "sata";
	return found;
}

static void
put_hardware(struct facts_source *src, const char *name, const char *dir,
    struct json_object *item)
{
	char path[FACTS_PATH_MAX];
	struct facts_err ignored;

	out_files(item, src, dir, rows);
	if (strncmp(name, "nvme", 4) == 0)
		out_files(item, src, dir, nvme_rows);
	else if (strncmp(name, "mmc", 3) == 0)
		out_files(item, src, dir, mmc_rows);
	else if (strncmp(name, "sd", 2) == 0) {
		out_files(item, src, dir, scsi_rows);
		if (facts_path(path, "%s/device/vpd_pg80", dir))
			(void)facts_parse_file(src, path, FACTS_SMALL,
			    parse_vpd_serial, item, &ignored);
	}
	out_cstr(item, "transport", transport_of(src, name, dir, item));
}

static void
put_udev(struct facts_source *src, const char *dir, struct json_object *item)
{
	struct json_object *found = json_object_new_object();
	const char *dev = out_get_text(item, "dev");
	size_t i;

	block_udev(src, dir, dev != NULL ? dev : "", found);
	for (i = 0; i < sizeof(udev_rows) / sizeof(udev_rows[0]); i++)
		block_take(item, udev_rows[i].field, found, udev_rows[i].key);
	json_object_put(found);
}

/* Kinds that a system has many of, most of them unused: of those only the size. */
static bool
is_idle(struct facts_source *src, const char *kind, const char *dir)
{
	static const char *const spare[] = { "loop", "nbd", "zram" };
	char path[FACTS_PATH_MAX], text[32];
	bool many = strcmp(kind, "ram") == 0;
	size_t i;

	if (many)
		return true;
	for (i = 0; i < sizeof(spare) / sizeof(spare[0]); i++)
		many = many || strcmp(kind, spare[i]) == 0;
	return many && facts_path(path, "%s/size", dir) &&
	    facts_read_small(src, path, text, sizeof(text)) == 0 &&
	    strcmp(text, "0") == 0;
}

static void
put_device(struct facts_source *src, const char *name, const char *dir,
    void *list)
{
	const char *kind = kind_of(src, name, dir);
	struct json_object *item;

	item = out_item(list);
	out_cstr(item, "name", name);
	out_cstr(item, "kind", kind);
	if (is_idle(src, kind, dir)) {
		out_files(item, src, dir, idle_rows);
		return;
	}
	if (strcmp(kind, "disk") == 0 || strcmp(kind, "optical") == 0 ||
	    strcmp(kind, "floppy") == 0 || strcmp(kind, "tape") == 0)
		put_hardware(src, name, dir, item);
	else
		out_files(item, src, dir, virtual_rows);
	put_udev(src, dir, item);
	block_names(src, dir, "slaves", item, "slaves");
	block_names(src, dir, "holders", item, "holders");
}

/* Persistent memory that programs map: no block device, but storage; size in bytes. */
static void
put_dax(struct facts_source *src, struct json_object *list)
{
	static const struct out_row dax_rows[] = {
		{ "dev", "dev", OUT_TEXT, 0 },
		{ "size", "size_bytes", OUT_NUMBER, 1 },
		{ NULL, NULL, OUT_TEXT, 0 },
	};
	struct json_object *item;
	struct facts_names names;
	char path[FACTS_PATH_MAX];
	size_t i;

	if (facts_list(src, "sys/bus/dax/devices", &names) < 0)
		return;
	for (i = 0; i < names.count && i < BLOCK_MAX; i++) {
		if (!facts_path(path, "sys/bus/dax/devices/%s",
			names.name[i]))
			continue;
		item = out_item(list);
		out_cstr(item, "name", names.name[i]);
		out_cstr(item, "kind", "dax");
		out_files(item, src, path, dax_rows);
	}
	facts_names_free(&names);
}

int
facts_block_devices(struct facts_source *src, struct json_object *out,
    struct facts_err *err)
{
	struct json_object *list = out_list(out, "items");
	int r;

	r = block_each(src, put_device, list);
	put_dax(src, list);
	return r < 0 ? facts_fail(err, r, "sys/block") : 0;
}
