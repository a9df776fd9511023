/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bytes - numbers out of binary data, whatever its order and alignment.
 */
#ifndef MID_FACTS_BYTES_H
#define MID_FACTS_BYTES_H
#include <stdbool.h>
#include <stdint.h>

static inline uint16_t
le16(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint16_t
be16(const unsigned char *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
le32(const unsigned char *p)
{
	return le16(p) | (uint32_t)le16(p + 2) << 16;
}

static inline uint32_t
be32(const unsigned char *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

static inline uint64_t
be64(const unsigned char *p)
{
	return (uint64_t)be32(p) << 32 | be32(p + 4);
}

static inline uint16_t
any16(const unsigned char *p, bool big)
{
	return big ? be16(p) : le16(p);
}

static inline uint32_t
any32(const unsigned char *p, bool big)
{
	return big ? be32(p) : le32(p);
}

#endif
