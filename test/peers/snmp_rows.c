/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snmp_rows PORT ROWS - an agent of version 2c on 127.0.0.9 whose ifTable has ROWS rows:
 * ifIndex and ifDescr ("port N"). Only GET, GETNEXT and GETBULK; any community.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned long rows;

struct out {
	uint8_t room[60000], *at;	/* from its end towards its beginning */
};

static void
byte(struct out *o, unsigned b)
{
	if (o->at > o->room)
		*--o->at = (uint8_t)b;
}

static void
head(struct out *o, unsigned tag, const uint8_t *end)
{
	size_t n = (size_t)(end - o->at);

	if (n < 128) {
		byte(o, (unsigned)n);
	} else {
		byte(o, n & 255);
		byte(o, n >> 8 & 255);
		byte(o, 0x82);
	}
	byte(o, tag);
}

static void
number(struct out *o, unsigned long v)
{
	uint8_t *end = o->at;

	do
		byte(o, v & 255);
	while ((v >>= 8) > 0);
	if ((*o->at & 128) != 0)
		byte(o, 0);
	head(o, 2, end);
}

/* 1.3.6.1.2.1.2.2.1.COLUMN.ROW = row, or "port ROW"; behind the last row 1.3.6.1.2.1.3 as the end of all. */
static void
cell(struct out *o, unsigned column, unsigned long row)
{
	static const uint8_t entry[] = { 0x2b, 6, 1, 2, 1, 2, 2, 1 };
	uint8_t *end = o->at, *mark;
	char text[32];
	size_t i;
	int n;

	if (column > 2) {
		byte(o, 0);
		byte(o, 0x82);	/* endOfMibView */
	} else if (column == 1) {
		number(o, row);
	} else {
		mark = o->at;
		n = snprintf(text, sizeof(text), "port %lu", row);
		while (n > 0)
			byte(o, (unsigned char)text[--n]);
		head(o, 4, mark);
	}
	mark = o->at;
	byte(o, row & 127);
	for (unsigned long v = row >> 7; v > 0; v >>= 7)
		byte(o, 128 | (v & 127));
	byte(o, column);
	for (i = sizeof(entry); i-- > 0;)
		byte(o, entry[i]);
	head(o, 6, mark);
	head(o, 0x30, end);
}

/* The content's beginning; *END its end. */
static const uint8_t *
enter(const uint8_t *p, const uint8_t **end)
{
	size_t n = p[1];

	p += 2;
	if (n & 128) {
		size_t k = n & 127;

		for (n = 0; k > 0; k--)
			n = n << 8 | *p++;
	}
	*end = p + n;
	return p;
}

/* Where a name stands: the column and row it has, or the ones before all. */
static void
place(const uint8_t *p, const uint8_t *end, unsigned *column, unsigned long *row)
{
	static const uint8_t entry[] = { 0x2b, 6, 1, 2, 1, 2, 2, 1 };
	size_t n = (size_t)(end - p);

	*column = 1;
	*row = 0;
	if (n < sizeof(entry) || memcmp(p, entry, sizeof(entry)) != 0) {
		if (n > 0 && memcmp(p, entry, n < sizeof(entry) ? n : sizeof(entry)) > 0)
			*column = 3;
		return;
	}
	p += sizeof(entry);
	if (p < end)
		*column = *p++;
	for (; p < end; p++)
		*row = *row << 7 | (*p & 127);
}

static size_t
answer(const uint8_t *in, struct out *o)
{
	unsigned column[64], n = 0, i, repeat, tag;
	const uint8_t *end, *version, *community, *id, *p, *next, *vend;
	unsigned long row[64];
	uint8_t *all, *binds;

	version = enter(in, &end);
	community = version + 2 + version[1];
	p = enter(community, &next);
	tag = *next;
	p = enter(next, &end);
	id = p;
	p += 2 + p[1];
	p += 2 + p[1];
	repeat = p[2];
	p += 2 + p[1];
	for (p = enter(p, &end); p < end && n < 64; p = next, n++) {
		p = enter(p, &next);
		p = enter(p, &vend);
		place(p, vend, &column[n], &row[n]);
	}
	if (tag != 0xa5)
		repeat = 1;
	if (repeat * n > 2000)
		repeat = 2000 / n;
	o->at = all = o->room + sizeof(o->room);
	binds = o->at;
	for (i = repeat * n; i-- > 0;) {	/* the last first */
		unsigned c = column[i % n];
		unsigned long r = row[i % n] + i / n + (tag != 0xa0);

		if (r > rows) {
			r -= rows;
			c++;
		}
		cell(o, c, r);
	}
	head(o, 0x30, binds);
	number(o, 0);
	number(o, 0);
	o->at -= 2 + id[1];
	memcpy(o->at, id, 2u + id[1]);
	head(o, 0xa2, all);
	o->at -= 2 + community[1];
	memcpy(o->at, community, 2u + community[1]);
	o->at -= 2 + version[1];
	memcpy(o->at, version, 2u + version[1]);
	head(o, 0x30, all);
	return (size_t)(all - o->at);
}

int
main(int argc, char **argv)
{
	struct sockaddr_in at = { .sin_family = AF_INET }, from;
	static uint8_t in[65536];
	static struct out out;
	socklen_t len;
	ssize_t got;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (argc != 3)
		return 2;
	at.sin_port = htons((uint16_t)atoi(argv[1]));
	rows = strtoul(argv[2], NULL, 10);
	inet_pton(AF_INET, "127.0.0.9", &at.sin_addr);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0) {
		perror("snmp_rows");
		return 1;
	}
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		len = sizeof(from);
		got = recvfrom(fd, in, sizeof(in), 0, (struct sockaddr *)&from, &len);
		if (got < 20)
			continue;
		got = (ssize_t)answer(in, &out);
		(void)sendto(fd, out.at, (size_t)got, 0, (struct sockaddr *)&from, len);
	}
}
