/* SPDX-License-Identifier: Apache-2.0 */
/* op - one thing asked of the store, from the question to its answer: inside.h. */
#include <json-c/json_object.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/inside.h"
#include "xalloc.h"

struct op *
op_new(const struct op_kind *kind, const char *id)
{
	struct op *op = xcalloc(1, sizeof(*op));

	op->kind = kind;
	snprintf(op->id, sizeof(op->id), "%s", id == NULL ? "" : id);
	return op;
}

void
op_text(struct op *op, int slot, const char *s)
{
	free(op->text[slot]);
	op->text[slot] = xstrdup(s);
}

static void
free_rows(struct op *op)
{
	struct result_row *results = op->rows;
	struct job_row *jobs = op->rows;
	struct aim_row *aims = op->rows;

	for (size_t i = 0; i < op->rows_n; i++)
		if (op->kind->tell == tell_results)
			result_row_fini(&results[i]);
		else if (op->kind->tell == tell_aims)
			aim_row_fini(&aims[i]);
		else
			job_row_fini(&jobs[i]);
	free(op->rows);
	op->rows = NULL;
	op->rows_n = 0;
}

void
op_clear_answer(struct op *op)
{
	free_rows(op);
	free(op->why);
	op->why = NULL;
	json_object_put(op->json);
	op->json = NULL;
	op->r = 0;
}

void
op_free(struct op *op)
{
	op_clear_answer(op);
	for (int i = 0; i < 3; i++)
		free(op->text[i]);
	free(op->blob);
	if (op->job != NULL)
		job_row_fini(op->job);
	if (op->result != NULL)
		result_row_fini(op->result);
	if (op->aim != NULL)
		aim_row_fini(op->aim);
	free(op->aim);
	free(op->job);
	free(op->result);
	free(op);
}

int
op_refuse(struct op *op, int code, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	free(op->why);
	op->why = xstrdup(text);
	return -code;
}

/* --- answers, on the loop ------------------------------------------------------- */

void
tell_done(struct op *op, const struct err *err)
{
	if (op->fn.done != NULL)
		op->fn.done(op->arg, op->r, err);
}

void
tell_jobs(struct op *op, const struct err *err)
{
	(void)err;
	op->fn.jobs(op->arg, op->r, op->rows, op->rows_n);
}

void
tell_results(struct op *op, const struct err *err)
{
	(void)err;
	op->fn.results(op->arg, op->r, op->rows, op->rows_n);
}

void
tell_json(struct op *op, const struct err *err)
{
	(void)err;
	op->fn.json(op->arg, op->r, op->json);
}

void
tell_aims(struct op *op, const struct err *err)
{
	(void)err;
	op->fn.aims(op->arg, op->r, op->rows, op->rows_n);
}

/* --- lists ------------------------------------------------------------------------- */

void
ops_init(struct ops *q)
{
	q->first = NULL;
	q->tail = &q->first;
	q->n = 0;
}

void
ops_add(struct ops *q, struct op *op)
{
	op->next = NULL;
	*q->tail = op;
	q->tail = &op->next;
	q->n++;
}

void
ops_join(struct ops *q, struct ops *more)
{
	if (more->first == NULL)
		return;
	*q->tail = more->first;
	q->tail = more->tail;
	q->n += more->n;
	ops_init(more);
}

struct op *
ops_pop(struct ops *q)
{
	struct op *op = q->first;

	if (op == NULL)
		return NULL;
	q->first = op->next;
	if (q->first == NULL)
		q->tail = &q->first;
	q->n--;
	op->next = NULL;
	return op;
}
