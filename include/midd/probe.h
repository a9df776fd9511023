/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.h - all that a probe and midd know of each other.
 *
 * A probe is a shared object that exports one symbol, `mid_probe`. It is loaded
 * by midd-worker, a sandboxed process, which runs many jobs at once on one
 * event loop. The probe never blocks, sleeps, reads the clock, opens
 * configuration or keeps globals: in step() it does what can be done now and
 * says what it waits for; the worker waits. So the same code runs in the
 * worker, under `midctl run`, in a replay and in a test with a made-up host.
 *
 * A run's life:
 *
 *	open()  once     take parameters, make the state; no input or output yet
 *	step()  1..n     work until done, failed, or nothing can be done now
 *	cancel() 0..1    optional: it is to end, and may need steps for that
 *	close() once     let everything go; also after a failed open() that set
 *	                 the state, after cancel, time-out and at shutdown
 *
 * All calls come from one thread. Strings are UTF-8. Times are milliseconds of
 * a clock that only moves forward. Compile with -fPIC -fvisibility=hidden and
 * link with -shared; nothing of midd's needs to be linked. probes/echo/echo.c
 * is the shortest complete probe; man midd-probe(3) walks through it.
 *
 * The ABI grows at the end of structs only; .size tells which fields exist.
 */
#ifndef MIDD_PROBE_H
#define MIDD_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MID_PROBE_ABI 1u

#if defined(_WIN32)
#define MID_EXPORT __declspec(dllexport)
#else
#define MID_EXPORT __attribute__((visibility("default")))
#endif

struct mid_run;			/* one job in one worker; only the host looks inside */
struct mid_engine;		/* what all runs of a probe in one worker share */

/* What step() answers. */
enum mid_next {
	MID_DONE,		/* all was emitted; the job is good */
	MID_WAIT,		/* call again when something in *wait happens */
	MID_FAIL		/* host->fail() has said why */
};

/*
 * Why a run failed. The class decides what midd does next (retry, back off,
 * lock-out guard) and what the operator is told; the sentence beside it is for
 * the person. Numbers are fixed for ever.
 */
enum mid_class {
	MID_OK = 0,
	MID_BAD_PARAM = 1,	/* the job asks for something impossible */
	MID_UNREACHABLE = 2,	/* no route, refused, no such name */
	MID_TIMEOUT = 3,	/* the target did not answer in time */
	MID_AUTH = 4,		/* the target refused the credential */
	MID_NO_CREDENTIAL = 5,	/* none fits this target */
	MID_PERMISSION = 6,	/* logged in, but not allowed to do it */
	MID_TARGET = 7,		/* the target answered with an error or nonsense */
	MID_POLICY = 8,		/* our own policy forbids it */
	MID_UNSUPPORTED = 9,	/* this probe or system cannot do that */
	MID_TOO_BIG = 10,	/* a limit of size or count was reached */
	MID_CANCELLED = 11,
	MID_INTERNAL = 12	/* the probe's own mistake */
};

/* What is emitted. Pieces of one kind are joined in the order of emission. */
enum mid_kind {
	MID_STDOUT = 0,		/* <stdout>: text */
	MID_STDERR = 1,		/* <stderr>: text */
	MID_OUTPUT = 2,		/* <output>: text */
	MID_JSON = 3,		/* one JSON document, in any number of pieces */
	MID_XML = 4,		/* well-formed content of <result>, or <result ...> elements, as the topic's form asks */
	MID_RECORDING = 5	/* what the target said, in the probe's own form; only while recording() */
};

enum mid_level { MID_DEBUG, MID_INFO, MID_WARN, MID_ERROR };

#define MID_AGAIN 1		/* not now: return MID_WAIT, you will be called again */

/* --- parameters ------------------------------------------------------------ */

enum mid_param_kind {
	MID_STRING,
	MID_INT,		/* decimal, may be negative */
	MID_BOOL,		/* true/false, yes/no, 1/0 */
	MID_MS,			/* milliseconds; 5s, 2m are understood too */
	MID_LIST		/* comma separated; handed over as the one string */
};

/*
 * One row a parameter; the array ends with a row whose name is NULL. Missing
 * required ones and values of the wrong kind are refused by the host before
 * open(); parameters that have no row are passed through untouched.
 */
struct mid_param {
	const char *name;
	enum mid_param_kind kind;
	bool required;
	const char *dflt;	/* NULL: none */
	const char *help;	/* one line: meaning, unit, source */
};

/* --- waiting ---------------------------------------------------------------- */

#define MID_READ 1u
#define MID_WRITE 2u
#define MID_WAIT_FDS 8u

struct mid_fd {
	intptr_t fd;
	unsigned events;	/* in: MID_READ | MID_WRITE */
	unsigned ready;		/* out, at the next step(): what happened */
};

/*
 * Filled by step() before MID_WAIT; zeroed by the host before the first step,
 * and handed back with .ready set. A run is also stepped when its credential,
 * name, child or room to emit has come, when host->wake() was called and when
 * the time-out has passed. Spurious steps are allowed.
 */
struct mid_wait {
	struct mid_fd fds[MID_WAIT_FDS];
	unsigned nfds;
	int64_t timeout_ms;	/* 0: at once, after others had their turn; <0: none */
};

/* --- credentials -------------------------------------------------------------- */

/*
 * A probe asks for one credential at a time, tries it, says how it went, and
 * asks again when it was refused: midd holds the order, the affinity and the
 * lock-out guard, and gives only what this job may use against this target.
 *
 *	while ((r = h->credential(run, "ssh_private_key,ssh_password", &c)) == 0) {
 *		... log in with c.field(&c, "user") ...; over several step()s if need be:
 *		    until its verdict the same call gives the same credential
 *		h->judge(run, &c, ok ? MID_WORKED : MID_REFUSED, "publickey refused");
 *		if (ok)
 *			break;
 *	}
 *	r == MID_AGAIN: return MID_WAIT. r < 0: none (left); fail MID_AUTH if
 *	one was refused, else MID_NO_CREDENTIAL.
 *
 * A verdict is about the credential alone: MID_NOT_TRIED when the target was
 * not reached, MID_REFUSED only when it said no to the account. Fields are
 * gone with the verdict: copy what a session needs later (a sudo password) and
 * wipe it, or give the verdict at the end.
 *
 *	type			fields ("" and NULL mean: has none)
 *	ssh_password		user, password
 *	ssh_private_key		user, private_key (PEM or OpenSSH text), passphrase, password (for sudo)
 *	snmp			community
 *	snmpv3			user, auth_protocol, auth_key, priv_protocol, priv_key, context
 *	basic, windows, vmware	user, password
 *	api_key			user, password
 *
 * Borrowed until the verdict or the end of the run; wiped by the host.
 */
struct mid_credential {
	const char *id;		/* for the verdict and the log; never secret */
	const char *type;	/* one of those asked for */
	const char *(*field)(const struct mid_credential *, const char *name);
};

enum mid_verdict { MID_WORKED, MID_REFUSED, MID_NOT_TRIED };

/* --- child processes (only in workers of the exec kind) ---------------------- */

struct mid_spawn {
	const char *const *argv;	/* argv[0] an absolute path; NULL at the end */
	const char *const *env;		/* "NAME=value"; NULL: a minimal one */
	const char *cwd;		/* NULL: / */
};

struct mid_child {
	intptr_t in, out, err;	/* non-blocking; the probe closes `in`, the host the rest */
	bool exited;		/* set by the host, with: */
	int status;		/* exit status, or -signal */
};

/* --- the host: what a probe may ask ------------------------------------------- */

struct mid_host {
	uint32_t abi, size;

	/* Parameter or its default, NULL when absent. Borrowed for the run's life. */
	const char *(*param)(struct mid_run *, const char *name);
	int64_t (*param_int)(struct mid_run *, const char *name, int64_t dflt);
	bool (*param_bool)(struct mid_run *, const char *name, bool dflt);
	/* Inner XML of a parameter that has children instead of a value; or NULL. */
	const char *(*param_xml)(struct mid_run *, const char *name);
	/* The record's own columns; never NULL. */
	const char *(*topic)(struct mid_run *);
	const char *(*source)(struct mid_run *);
	const char *(*name)(struct mid_run *);
	/* The address midd has resolved and policy allowed; "" when the topic has no target. */
	const char *(*address)(struct mid_run *);

	/*
	 * Hands over a piece of the result, copied before the return. 0, or
	 * MID_AGAIN with nothing taken when the agent has not yet drained what was
	 * emitted before: memory is bounded by this window, not by the result. A
	 * single piece of more than 64 MB is refused (<0, after fail()).
	 */
	int (*emit)(struct mid_run *, enum mid_kind, const void *data, size_t len);
	/* An attribute of the result, such as "command" or "exit_status". */
	void (*note)(struct mid_run *, const char *name, const char *value);
	/* The job goes on, but a part of it is missing; shown as "partial". */
	void (*partial)(struct mid_run *, const char *fmt, ...)
		__attribute__((format(printf, 2, 3)));
	/* Before MID_FAIL, or in open(): a class and one sentence for the person. */
	void (*fail)(struct mid_run *, enum mid_class, const char *fmt, ...)
		__attribute__((format(printf, 3, 4)));

	/*
	 * The next credential of that type, or of those types (joined by commas, no
	 * blanks), for this target: 0 and *OUT; MID_AGAIN while midd is asked; <0 when
	 * there is none (left). Until its verdict the same one is given again.
	 */
	int (*credential)(struct mid_run *, const char *type, struct mid_credential *out);
	void (*verdict)(struct mid_run *, const struct mid_credential *, enum mid_verdict);

	void (*log)(struct mid_run *, enum mid_level, const char *fmt, ...)
		__attribute__((format(printf, 3, 4)));
	int64_t (*now_ms)(struct mid_run *);		/* the loop's clock */
	int64_t (*deadline_ms)(struct mid_run *);	/* on the same clock */
	void (*random)(struct mid_run *, void *out, size_t len);
	void (*wake)(struct mid_run *);			/* step this run soon */

	/* exec kind only: <0 otherwise, after fail(). Ended with its whole group at close(). */
	int (*spawn)(struct mid_run *, const struct mid_spawn *, struct mid_child *out);

	/* The engine that engine_open() made for this probe; NULL without one. */
	void *(*engine)(struct mid_run *);

	/* --- from here on: check .size, or be built together with midd ---------------- */

	/*
	 * As credential(), but for HOST, another host on the way to the target, such
	 * as a jump host: a name that ask("resolve") has answered with "ok" in this run.
	 */
	int (*credential_for)(struct mid_run *, const char *type, const char *host, struct mid_credential *out);
	/* verdict() with the reason in words, for `midctl creds why` and credentials_debug; never a secret. */
	void (*judge)(struct mid_run *, const struct mid_credential *, enum mid_verdict, const char *why);
	/*
	 * A question only midd can answer: 0 and *ANSWER, borrowed for the run's life;
	 * MID_AGAIN while midd is asked; <0 when midd knows no such question. The same
	 * question gets the same answer within a run; 64 questions a run at most. The answer's
	 * first word is for the program, the rest a sentence for the person.
	 *
	 *	WHAT		ABOUT				ANSWER
	 *	resolve		NAME				ok ADDRESS
	 *							unknown SENTENCE	no such name
	 *							denied SENTENCE		policy forbids it
	 *	host-key	HOST PORT TYPE BASE64		known			as stored
	 *							learned			first seen, now stored
	 *							changed SENTENCE	another is stored: hang up,
	 *										fail MID_POLICY, send nothing
	 *							unknown SENTENCE	strict: none is stored; as changed
	 *	host-authorities HOST PORT			ok NOW TYPE BASE64 ...	whose certificates of this host are
	 *							trusted; NOW: seconds since 1970; none
	 *	host-key-types	HOST PORT			known TYPE TYPE ...	stored: offer these first
	 *							none
	 *	targets		RANGE RANGE !RANGE ...		ok FIRST-LAST FIRST-LAST ...	what policy leaves of them
	 *							denied SENTENCE, wrong SENTENCE
	 *	resolvers	-				ok ADDRESS ...	whom this host asks for names; none SENTENCE
	 *	ssh-algorithms	-				ok KEX HOST_KEYS CIPHERS MACS	of midd.yaml, "-" unchanged
	 *	snmp-limits	-				ok PACKETS RATE SUBNET	of midd.yaml: this worker's share
	 *										a second; to one agent; at once
	 *	job		-				ok ID		the same in each run of a job
	 *	raw		RANGE RANGE !RANGE ...		ok FD		a connection to midd-raw(8) for what policy
	 *							none SENTENCE	leaves of them; the probe closes it
	 *	facts		-				ok FD		one to midd-facts(8): topics that read this host
	 *	why-none	-				WORD SENTENCE	why the last credential() gave none
	 *
	 * HOST is "-" for the run's own target, or a name that "resolve" has answered.
	 * TYPE is as in known_hosts, such as ssh-ed25519; BASE64 the key's blob.
	 */
	int (*ask)(struct mid_run *, const char *what, const char *about, const char **answer);
	/*
	 * By hand a run may be recorded and played back (midctl run --record, --replay):
	 * while recording() all that the target says is emitted as MID_RECORDING too, in a form
	 * of the probe's own; when replay() names a file, that is read instead of asking a target
	 * or for a credential. The form is said in the probe's manual.
	 */
	bool (*recording)(struct mid_run *);
	const char *(*replay)(struct mid_run *);	/* NULL: a target is asked */
};

/* --- the probe ------------------------------------------------------------------ */

#define MID_REPEATABLE 1u	/* running it twice does no harm */
#define MID_EXEC 2u		/* needs child processes: runs in an exec worker */
#define MID_LOCAL_READ 4u	/* reads /proc, /sys and the like of this host */
#define MID_NETWORK 8u		/* opens connections to the address it was given */

/* A topic with a manner of its own, from more_topics(). */
struct mid_topic {
	const char *name;
	const char *help;		/* one line; NULL: the probe's */
	unsigned flags;			/* instead of the probe's */
	int64_t timeout_ms;		/* deadline when the job names none; 0: midd's default */
	const struct mid_param *params;	/* NULL: takes none */
};

struct mid_probe {
	uint32_t abi;		/* MID_PROBE_ABI */
	uint32_t size;		/* sizeof(struct mid_probe) */
	const char *name;	/* what people call it: "echo" */
	const char *version;
	const char *help;	/* one line */
	const char *const *topics;	/* ECC topics it serves; NULL at the end */
	unsigned flags;		/* MID_REPEATABLE | ... */
	const struct mid_param *params;	/* NULL: takes none */
	/* jq program (share/map/NAME.jq) that turns the emitted JSON into CIs; NULL: none. */
	const char *map;

	/* Begins a run. *STATE may be left NULL. Must not block. <0 after host->fail(). */
	int (*open)(void **state, const struct mid_host *host, struct mid_run *run);
	/* Goes on. WAIT is zeroed but for the fds named last time, which carry .ready. */
	enum mid_next (*step)(void *state, struct mid_wait *wait);
	/* Ends a run; STATE may be NULL. Must not block. */
	void (*close)(void *state);

	/*
	 * Optional: what all runs in a worker share, such as one UDP socket and one
	 * request table. Opened before the first run, stepped when its own wait is
	 * over, closed with the worker. It wakes just the runs whose answer came:
	 * waking must cost O(answers), never O(runs).
	 */
	int (*engine_open)(void **engine, const struct mid_host *host, struct mid_run *run);
	void (*engine_step)(void *engine, struct mid_wait *wait);
	void (*engine_close)(void *engine);

	/*
	 * Optional: further topics that are only known on the host, called once at
	 * load, before the sandbox closes, with the folder of exec probes. RUN is
	 * there for log() only. Returns an array that ends with a NULL name and
	 * lives as long as the module; NULL: none.
	 */
	const struct mid_topic *(*more_topics)(const char *exec_dir, const struct mid_host *host,
	    struct mid_run *run);

	/*
	 * Optional: the run is cancelled, or its time is up. True: it has begun something
	 * elsewhere that must be ended first, such as a process on a host: step() goes on,
	 * 10 seconds at most and to MID_DONE or MID_FAIL, and then close(). What is emitted
	 * meanwhile is of no use. It may tell by host->fail() how far it was: that is put behind
	 * "not done within 30 s". Called once at most; not when midd stops. Must not block.
	 */
	bool (*cancel)(void *state);
};

#endif
