/* SPDX-License-Identifier: Apache-2.0 */
/* disks - the sections block_devices, partitions and filesystems. Disks are asked without the right to read them. */
#include "win.h"

#include <winioctl.h>

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISKS_MAX 256
#define ANSWER_MAX 65536

static HANDLE
open_device(const wchar_t *path)
{
	return CreateFileW(path, 0, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
}

static HANDLE
open_disk(unsigned i)
{
	wchar_t path[64];

	_snwprintf(path, 64, L"\\\\.\\PhysicalDrive%u", i);
	return open_device(path);
}

static bool
ask(HANDLE h, DWORD code, const void *about, size_t n, void *answer, size_t size)
{
	DWORD got = 0;

	memset(answer, 0, size);
	return DeviceIoControl(h, code, (void *)(uintptr_t)about, (DWORD)n, answer, (DWORD)size, &got, NULL);
}

static const char *
bus_name(STORAGE_BUS_TYPE bus)
{
	static const struct { STORAGE_BUS_TYPE bus; const char *name; } names[] = {
		{ BusTypeScsi, "scsi" }, { BusTypeAtapi, "ide" }, { BusTypeAta, "ide" }, { BusType1394, "firewire" },
		{ BusTypeFibre, "fc" }, { BusTypeUsb, "usb" }, { BusTypeiScsi, "iscsi" }, { BusTypeSas, "sas" },
		{ BusTypeSata, "sata" }, { BusTypeSd, "mmc" }, { BusTypeMmc, "mmc" }, { (STORAGE_BUS_TYPE)17, "nvme" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].bus == bus)
			return names[i].name;
	return NULL;
}

static void
put_string(struct json_object *out, const char *key, const char *answer, DWORD at)
{
	if (at > 0 && at < ANSWER_MAX)
		out_cstr(out, key, answer + at);
}

static void
put_descriptor(struct json_object *item, HANDLE h, char *answer)
{
	STORAGE_PROPERTY_QUERY q = { .PropertyId = StorageDeviceProperty, .QueryType = PropertyStandardQuery };
	const STORAGE_DEVICE_DESCRIPTOR *d = (const void *)answer;
	const DEVICE_SEEK_PENALTY_DESCRIPTOR *seek = (const void *)answer;

	if (ask(h, IOCTL_STORAGE_QUERY_PROPERTY, &q, sizeof(q), answer, ANSWER_MAX - 1)) {
		put_string(item, "vendor", answer, d->VendorIdOffset);
		put_string(item, "model", answer, d->ProductIdOffset);
		put_string(item, "revision", answer, d->ProductRevisionOffset);
		put_string(item, "serial", answer, d->SerialNumberOffset);
		out_cstr(item, "transport", bus_name(d->BusType));
		out_bool(item, "removable", d->RemovableMedia);
	}
	q.PropertyId = StorageDeviceSeekPenaltyProperty;
	if (ask(h, IOCTL_STORAGE_QUERY_PROPERTY, &q, sizeof(q), answer, ANSWER_MAX - 1))
		out_bool(item, "rotational", seek->IncursSeekPenalty);
}

int
win_block_devices(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *list = out_list(out, "items"), *item;
	const DISK_GEOMETRY_EX *g;
	char *answer = malloc(ANSWER_MAX), name[32];
	unsigned i;
	HANDLE h;

	(void)src, (void)err;
	for (i = 0; answer != NULL && i < DISKS_MAX; i++) {
		h = open_disk(i);
		if (h == INVALID_HANDLE_VALUE)
			continue;
		item = out_item(list);
		snprintf(name, sizeof(name), "PhysicalDrive%u", i);
		out_cstr(item, "name", name);
		out_cstr(item, "kind", "disk");
		g = (const void *)answer;
		if (ask(h, IOCTL_DISK_GET_DRIVE_GEOMETRY_EX, NULL, 0, answer, ANSWER_MAX)) {
			out_u64(item, "size_bytes", (uint64_t)g->DiskSize.QuadPart);
			out_u64(item, "logical_block_bytes", g->Geometry.BytesPerSector);
		}
		put_descriptor(item, h, answer);
		CloseHandle(h);
	}
	free(answer);
	return 0;
}

static void
put_guid(struct json_object *out, const char *key, const GUID *g)
{
	char text[64];

	snprintf(text, sizeof(text), "%08lx-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", (unsigned long)g->Data1, g->Data2, g->Data3,
	    g->Data4[0], g->Data4[1], g->Data4[2], g->Data4[3], g->Data4[4], g->Data4[5], g->Data4[6], g->Data4[7]);
	out_cstr(out, key, text);
}

static void
put_partition(struct json_object *list, unsigned disk, const PARTITION_INFORMATION_EX *p)
{
	struct json_object *item;
	char text[64];

	if (p->PartitionNumber == 0 || (p->PartitionStyle == PARTITION_STYLE_MBR && p->Mbr.PartitionType == 0))
		return;
	item = out_item(list);
	snprintf(text, sizeof(text), "Harddisk%uPartition%lu", disk, (unsigned long)p->PartitionNumber);
	out_cstr(item, "name", text);
	snprintf(text, sizeof(text), "PhysicalDrive%u", disk);
	out_cstr(item, "disk", text);
	out_u64(item, "number", p->PartitionNumber);
	out_u64(item, "start_bytes", (uint64_t)p->StartingOffset.QuadPart);
	out_u64(item, "size_bytes", (uint64_t)p->PartitionLength.QuadPart);
	if (p->PartitionStyle == PARTITION_STYLE_GPT) {
		put_guid(item, "part_uuid", &p->Gpt.PartitionId);
		put_guid(item, "part_type", &p->Gpt.PartitionType);
		win_put(item, "part_label", p->Gpt.Name);
	}
}

int
win_partitions(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *list = out_list(out, "items");
	DRIVE_LAYOUT_INFORMATION_EX *d = malloc(ANSWER_MAX);
	size_t room = (ANSWER_MAX - offsetof(DRIVE_LAYOUT_INFORMATION_EX, PartitionEntry)) / sizeof(d->PartitionEntry[0]);
	unsigned i;
	DWORD k;
	HANDLE h;

	(void)src, (void)err;
	for (i = 0; d != NULL && i < DISKS_MAX; i++) {
		h = open_disk(i);
		if (h == INVALID_HANDLE_VALUE)
			continue;
		if (ask(h, IOCTL_DISK_GET_DRIVE_LAYOUT_EX, NULL, 0, d, ANSWER_MAX))
			for (k = 0; k < d->PartitionCount && k < room; k++)
				put_partition(list, i, &d->PartitionEntry[k]);
		CloseHandle(h);
	}
	free(d);
	return 0;
}

/* --- file systems ------------------------------------------------------------------------ */

/* The partition below a volume "\\?\Volume{...}\", or the volume itself where it is no one partition's. */
static void
put_device(struct json_object *item, const wchar_t *volume)
{
	wchar_t path[MAX_PATH];
	STORAGE_DEVICE_NUMBER n;
	char text[64] = "";
	size_t len;
	HANDLE h;

	wcsncpy(path, volume, MAX_PATH - 1);
	path[MAX_PATH - 1] = L'\0';
	len = wcslen(path);
	if (len > 0 && path[len - 1] == L'\\')
		path[len - 1] = L'\0';
	h = open_device(path);
	if (h != INVALID_HANDLE_VALUE) {
		if (ask(h, IOCTL_STORAGE_GET_DEVICE_NUMBER, NULL, 0, &n, sizeof(n)) && n.DeviceType == FILE_DEVICE_DISK && n.PartitionNumber != (DWORD)-1)
			snprintf(text, sizeof(text), "Harddisk%luPartition%lu", (unsigned long)n.DeviceNumber, (unsigned long)n.PartitionNumber);
		CloseHandle(h);
	}
	if (text[0] != '\0')
		out_cstr(item, "device", text);
	else
		win_put(item, "device", volume);
}

static void
put_usage(struct json_object *item, const wchar_t *at)
{
	ULARGE_INTEGER available, size, left;
	uint64_t used;

	if (!GetDiskFreeSpaceExW(at, &available, &size, &left))
		return;
	used = size.QuadPart - left.QuadPart;
	out_u64(item, "size_bytes", size.QuadPart);
	out_u64(item, "used_bytes", used);
	out_u64(item, "free_bytes", left.QuadPart);
	out_u64(item, "available_bytes", available.QuadPart);
	if (used + available.QuadPart > 0)
		out_real(item, "used_percent", 100.0 * (double)used / (double)(used + available.QuadPart));
}

/* VOLUME at the folders POINTS, a list; the first is what people call it. */
static void
put_volume(struct json_object *out, struct json_object *list, const wchar_t *volume, const wchar_t *points)
{
	wchar_t type[64] = L"", label[256] = L"";
	struct json_object *item;
	DWORD flags = 0, serial = 0;
	char text[32];
	UINT kind = GetDriveTypeW(volume);

	if (points[0] == L'\0' || kind == DRIVE_CDROM || !GetVolumeInformationW(volume, label, 256, &serial, NULL, &flags, type, 64))
		return;		/* seen nowhere, or nothing is in the drive */
	item = win_item(list, out);
	put_device(item, volume);
	win_put(item, "mount_point", points);
	win_put(item, "type", type);
	win_put(item, "label", label);
	snprintf(text, sizeof(text), "%08lx", (unsigned long)serial);
	out_cstr(item, "serial", text);
	out_bool(item, "read_only", (flags & FILE_READ_ONLY_VOLUME) != 0);
	out_bool(item, "network", kind == DRIVE_REMOTE);
	put_usage(item, points);
}

int
win_filesystems(struct facts_source *src, struct json_object *out, struct facts_err *err)
{
	struct json_object *list = out_list(out, "items");
	wchar_t volume[MAX_PATH], points[4096];
	HANDLE h = FindFirstVolumeW(volume, MAX_PATH);
	DWORD n;

	(void)src;
	if (h == INVALID_HANDLE_VALUE)
		return win_fail(err, GetLastError(), "volumes");
	do {
		points[0] = L'\0';
		if (GetVolumePathNamesForVolumeNameW(volume, points, 4096, &n))
			put_volume(out, list, volume, points);
	} while (FindNextVolumeW(h, volume, MAX_PATH));
	FindVolumeClose(h);
	return 0;
}
