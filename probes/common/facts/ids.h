/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ids - names of PCI and USB devices from the system's own pci.ids, usb.ids.
 *
 * The file is long and the machine has few devices: all names are found in one
 * pass, which looks closer only at the vendors that are wanted.
 */
#ifndef MID_FACTS_IDS_H
#define MID_FACTS_IDS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/source.h"

struct json_object;

struct ids_row {
	uint16_t vendor, device;
	uint16_t sub_vendor, sub_device;	/* 0: there is none */
	uint32_t class;		/* class << 8 | subclass; UINT32_MAX: unknown */
	struct json_object *item;		/* gets vendor, device, class, ... */
};

void ids_scan(struct str text, const struct ids_row *rows, size_t count);

/* NAME is "pci.ids" or "usb.ids"; without such a file there are no names. */
void ids_name(struct facts_source *src, const char *name,
    const struct ids_row *rows, size_t count);

/* From vendor_id, device_id, class_id, subsystem_vendor_id and
 * subsystem_device_id of ITEM, which are texts of hex digits. */
struct ids_row ids_row_of(struct json_object *item);

#endif
