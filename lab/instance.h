/* SPDX-License-Identifier: Apache-2.0 */
/*
 * instance - the stand-in instance while it runs: what every endpoint needs.
 */
#ifndef LAB_INSTANCE_H
#define LAB_INSTANCE_H
#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct amb;
struct answer;
struct db;
struct fault_list;
struct json_object;
struct request;
struct seal;

struct instance {
	struct db *db;
	struct fault_list *faults;
	struct seal *seal;
	struct amb *amb;
	char *dir;
	char base_url[256];		/* https://localhost:8443 */
	size_t body_max;
	size_t attachment_max;
	int heartbeat_s;		/* 0 = never */
	int64_t hold_ms;		/* a connect of the push channel */
	int64_t heartbeat_next_ms;
	int enroll_days;		/* of certificates given to agents; 0 = 825 */
	int enroll_seconds;		/* the same, for tests; 0: days count */
	int enroll_wrong;		/* tokens, since */
	int64_t enroll_wrong_ms;
	int64_t disco_next_ms;
	struct json_object *refused;	/* rows of discovery_log to come */
	bool validate_by_hand;
	bool log;			/* a line per request, and per payload of CIs */
};

/* What result_read() answers about the job SYS_ID; the caller puts *RESULT. */
int result_collect(struct instance *in, const char *sys_id,
    struct json_object **result);

/* Who calls, what may they, what do they want: serves REQ into A. */
void route_serve(struct request *req, struct answer *a);

/* The endpoints, one file each. */
void table_list(struct request *req, struct answer *a);
void table_read(struct request *req, struct answer *a);
void table_create(struct request *req, struct answer *a);
void table_change(struct request *req, struct answer *a);
void table_delete(struct request *req, struct answer *a);
void stats_read(struct request *req, struct answer *a);
void batch_serve(struct request *req, struct answer *a);
void attachment_list(struct request *req, struct answer *a);
void attachment_read(struct request *req, struct answer *a);
void attachment_bytes(struct request *req, struct answer *a);
void attachment_create(struct request *req, struct answer *a);
void attachment_upload(struct request *req, struct answer *a);
void attachment_change(struct request *req, struct answer *a);
void attachment_delete(struct request *req, struct answer *a);
void identify(struct request *req, struct answer *a);
void identify_enhanced(struct request *req, struct answer *a);
void identify_query(struct request *req, struct answer *a);
void fault_api_list(struct request *req, struct answer *a);
void fault_api_add(struct request *req, struct answer *a);
void fault_api_clear(struct request *req, struct answer *a);
void enroll_ask(struct request *req, struct answer *a);
void enroll_state(struct request *req, struct answer *a);
void enroll_list(struct request *req, struct answer *a);
void enroll_token(struct request *req, struct answer *a);
void enroll_decide(struct request *req, struct answer *a);
void enroll_renew(struct request *req, struct answer *a);
void result_read(struct request *req, struct answer *a);
void page_file(struct request *req, struct answer *a);
void page_now(struct request *req, struct answer *a);
void page_cis(struct request *req, struct answer *a);
void page_ci(struct request *req, struct answer *a);
void page_graph(struct request *req, struct answer *a);
#endif
