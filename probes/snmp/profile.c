/* SPDX-License-Identifier: Apache-2.0 */
#include "profile.h"
#include "facts.h"
#include <stdlib.h>
struct profiles *profiles_load(const char *dir, char *why, size_t room) { (void)dir; (void)room; why[0]=0; return malloc(1); }
void profiles_free(struct profiles *p) { free(p); }
int profiles_roots(const struct profiles *p, const struct oid *object, const char *descr, struct oid_ref **roots, unsigned *n) { (void)p;(void)object;(void)descr;*roots=0;*n=0; return 0; }
void facts_write(struct text *out, const struct profiles *p, const struct table *t, const char *address, const char *version) { (void)p;(void)t;(void)address;(void)version; text_put(out,"{}"); }
