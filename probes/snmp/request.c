/* SPDX-License-Identifier: Apache-2.0 */
/* request - see request.h: a hash table, a binary heap, a list. */
#include "request.h"

#include <stdlib.h>

static struct request **
bucket(struct requests *all, int32_t id)
{
	return &all->by_id[((uint32_t)id * 2654435761u) >> 20];
}

struct request *
requests_find(struct requests *all, int32_t id)
{
	struct request *r = *bucket(all, id);

	while (r != NULL && r->ask.id != id)
		r = r->chain;
	return r;
}

/* --- the heap ------------------------------------------------------------------------ */

static void
place(struct requests *all, struct request *r, size_t at)
{
	all->heap[at] = r;
	r->heap_at = at;
}

static void
sift_up(struct requests *all, struct request *r, size_t at)
{
	for (; at > 1 && all->heap[at / 2]->due_ms > r->due_ms; at /= 2)
		place(all, all->heap[at / 2], at);
	place(all, r, at);
}

static void
sift_down(struct requests *all, struct request *r, size_t at)
{
	size_t child;

	for (; (child = at * 2) <= all->n; at = child) {
		if (child < all->n && all->heap[child + 1]->due_ms < all->heap[child]->due_ms)
			child++;
		if (all->heap[child]->due_ms >= r->due_ms)
			break;
		place(all, all->heap[child], at);
	}
	place(all, r, at);
}

void
requests_due_changed(struct requests *all, struct request *r)
{
	size_t at = r->heap_at;

	sift_up(all, r, at);
	if (r->heap_at == at)
		sift_down(all, r, at);
}

struct request *
requests_first(struct requests *all)
{
	return all->n == 0 ? NULL : all->heap[1];
}

int
requests_add(struct requests *all, struct request *r)
{
	size_t room = all->room == 0 ? 64 : all->room * 2;
	struct request **bigger, **b = bucket(all, r->ask.id);

	if (all->n + 1 >= all->room) {
		bigger = realloc(all->heap, room * sizeof(*bigger));
		if (bigger == NULL)
			return -1;
		all->heap = bigger;
		all->room = room;
	}
	r->chain = *b;
	*b = r;
	all->n++;
	sift_up(all, r, all->n);
	return 0;
}

void
requests_remove(struct requests *all, struct request *r)
{
	struct request **b = bucket(all, r->ask.id), *last;
	size_t at = r->heap_at;

	while (*b != r)
		b = &(*b)->chain;
	*b = r->chain;
	last = all->heap[all->n--];
	r->heap_at = 0;
	if (last == r)
		return;
	place(all, last, at);
	requests_due_changed(all, last);
}

/* --- the list ------------------------------------------------------------------------- */

void
list_append(struct request_list *l, struct request *r)
{
	r->next = NULL;
	r->prev = l->last;
	if (l->last != NULL)
		l->last->next = r;
	else
		l->first = r;
	l->last = r;
	l->weight += r->weight;
}

void
list_remove(struct request_list *l, struct request *r)
{
	if (r->prev != NULL)
		r->prev->next = r->next;
	else
		l->first = r->next;
	if (r->next != NULL)
		r->next->prev = r->prev;
	else
		l->last = r->prev;
	r->next = r->prev = NULL;
	l->weight -= r->weight;
}
