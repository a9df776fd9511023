/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_fault - faults listed, added ({"spec":"insert:500:2"}) and cleared, by
 * an administrator.
 */
#include <json-c/json.h>

#include "fault.h"
#include "http.h"
#include "instance.h"

void
fault_api_list(struct request *req, struct answer *a)
{
	answer_result(a, 200, fault_describe(req->in->faults));
}

void
fault_api_add(struct request *req, struct answer *a)
{
	const char *spec = json_str(req->json, "spec", ""), *why;

	if (fault_add(req->in->faults, spec, &why))
		answer_result(a, 201, fault_describe(req->in->faults));
	else
		answer_error(a, 400, "This fault cannot be understood", why);
}

void
fault_api_clear(struct request *req, struct answer *a)
{
	fault_clear(req->in->faults);
	a->status = 204;
}
