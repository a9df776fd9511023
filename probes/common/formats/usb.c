/* SPDX-License-Identifier: Apache-2.0 */
/* usb - lsusb, in one line a device or, with -v, by its descriptors; see formats.h. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "formats/linux.h"
#include "formats/put.h"

/* The descriptors that are open: each is inside the one before. */
struct usb {
	struct json_object *device, *descriptor, *configuration, *interface;
	struct json_object *now;	/* takes the items; NULL: of no interest */
	struct json_object *item;	/* the last one, for what is indented below it */
	size_t indent;			/* of the items of NOW; 0 before the first */
	bool ports;			/* "Port 1: 0000.02a0 5Gbps power" */
};

static bool
usb_device(struct usb *u, struct json_object *top, struct str line)
{
	struct str bus, device, id;

	if (!skip_prefix(&line, "Bus ") || !str_word(&line, &bus) || !str_word(&line, &device) || !str_eq(device, "Device")
	    || !str_word(&line, &device) || !str_word(&line, &id) || !str_eq(id, "ID") || !str_word(&line, &id))
		return false;
	memset(u, 0, sizeof(*u));
	u->device = out_item(top);
	put_text(u->device, "bus", bus);
	put_text(u->device, "device", before(device, ":"));
	put_text(u->device, "id", id);
	put_text_or_null(u->device, "description", str_trim(line));
	return true;
}

/* A list in the interface gets one more, or an object. */
static struct json_object *
usb_inside(struct json_object *parent, struct str name, bool list)
{
	char one[PUT_KEY_MAX], key[PUT_KEY_MAX + 1];

	key_of(before(name, "("), one, sizeof(one));
	snprintf(key, sizeof(key), "%s%s", one, list ? "s" : "");
	return parent == NULL ? NULL : list ? out_item(put_list(parent, key)) : put_object(parent, key);
}

/* "Interface Descriptor:" and the like. */
static void
usb_heading(struct usb *u, struct str name, size_t indent)
{
	u->item = NULL;
	u->indent = 0;
	u->ports = false;
	if (str_eq(name, "Device Descriptor")) {
		u->now = u->descriptor = put_object(u->device, "device_descriptor");
		u->configuration = u->interface = NULL;
	} else if (str_eq(name, "Configuration Descriptor") && u->descriptor != NULL) {
		u->now = u->configuration = put_object(u->descriptor, "configuration_descriptor");
		u->interface = NULL;
	} else if (str_eq(name, "Interface Association")) {
		u->now = usb_inside(u->configuration, name, false);
	} else if (str_eq(name, "Interface Descriptor")) {
		u->now = u->interface = usb_inside(u->configuration, name, true);
	} else if (str_eq(name, "Endpoint Descriptor") || str_ends(name, " Interface Descriptor") || str_ends(name, " Endpoint Descriptor")) {
		u->now = usb_inside(u->interface, name, true);	/* those of audio and video too */
	} else if (str_starts(name, "CDC ") || str_starts(name, "HID Device")) {
		u->now = usb_inside(u->interface, name, false);
	} else if (str_eq(name, "Hub Port Status")) {
		u->now = put_object(put_object(u->device, "hub_descriptor"), "hub_port_status");
		u->ports = true;
	} else if (str_eq(name, "Hub Descriptor") || str_starts(name, "Device Qualifier")) {
		u->now = usb_inside(u->device, name, false);
	} else if (indent == 0) {
		u->now = NULL;
	}
}

static void
usb_port(struct usb *u, struct str line)
{
	struct str key = before(line, ": "), rest = after(line, ": "), value;
	char name[PUT_KEY_MAX];
	struct json_object *o;

	if (key.n == line.n || !str_word(&rest, &value))
		return;
	str_copy(name, sizeof(name), key);
	o = put_object(u->now, name);
	put_text(o, "value", value);
	if (str_trim(rest).n > 0)
		put_words(o, "attributes", rest, ' ');
}

/* "Transfer Type            Interrupt": two blanks stand for many. */
static void
usb_attribute(struct json_object *item, struct str line)
{
	struct json_object *list = put_list(item, "attributes");
	struct str left = before(line, "  "), right = str_trim(str_skip(line, left.n));
	char text[256];

	if (right.n == 0) {
		out_item_text(list, line);
		return;
	}
	snprintf(text, sizeof(text), "%.*s  %.*s", (int)(left.n < 100 ? left.n : 100), left.p, (int)(right.n < 150 ? right.n : 150), right.p);
	out_item_text(list, str_of(text));
}

/* "bDeviceClass            9 Hub": a name, a value, a description. */
static void
usb_item(struct usb *u, struct str line)
{
	struct str value = { "", 0 }, rest = line, more, word;
	char name[PUT_KEY_MAX];

	(void)str_word(&rest, &word);
	if (str_find(word, '(') > 0 && str_find(word, ')') < 0 && str_find(rest, ')') >= 0) {	/* "bmControls( 0)" */
		word = from_to(word.p, before(rest, ")").p + before(rest, ")").n + 1);
		rest = from_to(word.p + word.n, line.p + line.n);
	}
	str_copy(name, sizeof(name), word);
	more = rest;
	if (strcmp(name, "MaxPower") != 0 && str_word(&more, &word) && word.p[0] != '{') {
		value = word;
		rest = more;
		if (str_word(&more, &word) && str_eq(word, "*")) {	/* "50 * 2 milli seconds" */
			value = from_to(value.p, word.p + word.n);
			rest = more;
		}
	}
	u->item = put_object(u->now, name);
	if (value.n > 0)
		put_text(u->item, "value", value);
	if (str_trim(rest).n > 0)
		put_text(u->item, "description", str_trim(rest));
}

static void
usb_line(struct usb *u, struct str line)
{
	size_t indent = indent_of(line);
	struct str key, value;

	line = str_trim(line);
	if (skip_prefix(&line, "Device Status:")) {
		u->now = NULL;
		u->item = put_object(u->device, "device_status");
		put_text(u->item, "value", str_trim(line));
		u->indent = 0;
		return;
	}
	if (u->now == NULL && u->item != NULL && indent > 0) {
		put_more(u->item, "description", line, ", ");	/* of the status */
		return;
	}
	if (line.p[line.n - 1] == ':' || (indent == 0 && str_pair(line, ':', &key, &value))) {
		usb_heading(u, before(line, ":"), indent);
		return;
	}
	if (u->now == NULL)
		return;
	if (u->ports) {
		usb_port(u, line);
		return;
	}
	if (u->indent == 0)
		u->indent = indent;
	if (indent > u->indent && u->item != NULL)
		usb_attribute(u->item, line);
	else
		usb_item(u, line);
}

bool
read_lsusb(const struct format *f, struct str text, struct json_object *top)
{
	struct usb u = { .device = NULL };
	struct str line;
	bool any = false;

	(void)f;
	while (str_line(&text, &line)) {
		if (usb_device(&u, top, line))
			any = true;
		else if (u.device != NULL && str_trim(line).n > 0)
			usb_line(&u, line);
	}
	return any;
}
