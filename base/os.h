/* SPDX-License-Identifier: Apache-2.0 */
/*
 * os - the only functions that know a system. base/os/linux and
 * base/os/windows hold the same file names with the same functions.
 */
#ifndef MID_OS_H
#define MID_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct buf;
struct err;

/* --- os_file.c: files ------------------------------------------------------- */

/* Appends the whole file to B, up to its ceiling. The sentence names PATH. */
int os_read_file(struct buf *b, const char *path, struct err *err);
/* All or none: part file, fsync, rename, fsync of the folder. MODE as open(2). */
int os_write_file(const char *path, const void *data, size_t len, unsigned mode, struct err *err);
/* A new, empty one for its owner alone: -E_EXISTS when there is anything of that name, also a link. */
int os_make_file(const char *path, struct err *err);
/* Makes the names in PATH's folder durable. 0, or -1 and errno. */
int os_sync_folder_of(const char *path);
int os_mkdirs(const char *path, unsigned mode, struct err *err);
/*
 * 1 when only the owner may read, or one user a file of root (systemd's credentials); 0 when others may too,
 * <0 when it can't be told.
 */
int os_file_is_private(const char *path);
/* 1 when nobody but its owner may write it, and that is we or root; 0 when others may; <0 unknown. */
int os_file_only_owner_writes(const char *path);
/* May the user of the service that the packages bring read PATH? Only root can tell; true where nobody can. */
bool os_service_may_read(const char *path);
/* Bytes free to us on the file system that holds PATH; -1 unknown. */
int64_t os_disk_free(const char *path);
/* When what PATH names was changed last, ns since 1970; 0 unknown. */
int64_t os_file_changed(const char *path);
void os_write_stderr(const char *p, size_t n);
bool os_path_is_absolute(const char *path);
void os_path_tidy(char *path);			/* with '/' between folders, as we look for them */
char *os_real_path(const char *path);		/* the caller's; NULL with errno: there is no such file */

/* --- os_layout.c: names of our own files, and how names are written ----------- */

/* A row each of enum path_of: in a build folder, and installed. %B is the build folder, %S the source tree,
 * %P the prefix, %D the program's folder. */
struct os_layout { const char *built, *installed; };
extern const struct os_layout os_layout[];
extern const char os_list_separator[2];		/* between folders: ":" */
extern const bool os_has_helpers;		/* midd-raw and midd-facts, sockets beside the control socket */
extern const char *const os_make_private[2];	/* the command that takes a file from all but its owner: before its name, behind it */
extern const char os_program_suffix[5], os_module_suffix[5];	/* "", ".so" */
/* os_lock.c: held until os_unlock_file() or our end. -E_EXISTS with *PID (0 unknown) when another
 * process holds it. Unlocking -1 is fine. */
int os_lock_file(const char *path, intptr_t *out, int *pid, struct err *err);
void os_unlock_file(intptr_t lock);
/* os_lock.c: as os_write_file(), but never replaces: -E_EXISTS when there is one already. */
int os_write_new_file(const char *path, const void *data, size_t len, unsigned mode, struct err *err);

/* --- os_machine.c: bytes that only this machine can read again ------------------- */

bool os_machine_binds(void);			/* false: the system has no such thing by itself, and the two fail */
int os_machine_lock(struct buf *out, const void *p, size_t n, struct err *err);
/* Of another machine, or changed: <0. OUT holds a secret: buf_wipe(). */
int os_machine_unlock(struct buf *out, const void *p, size_t n, struct err *err);
void os_machine_hush(void);			/* libraries for its TPM2 do not speak to standard error by themselves, unless the user wants it */

/* --- os_proc.c: this process -------------------------------------------------- */

int os_random(void *p, size_t n);		/* never fails for small n; ends the process else */
/* Folder of the running program, no slash at the end; borrowed, "" unknown. */
const char *os_program_dir(void);
struct os_usage { int64_t rss_bytes; int64_t cpu_ms; int files; int threads; };
void os_usage(struct os_usage *out);		/* of this process */
int os_usage_of(int pid, struct os_usage *out);	/* of another one of ours; <0 gone */
int64_t os_time_ms(void);			/* wall clock, ms since 1970: for people, never for waiting */
const char *os_user_name(void);			/* borrowed */
const char *os_host_name(void);			/* borrowed */
void os_ignore_hangup(void);			/* a peer that hangs up is an error of write(), not the end of us */
/* For every process of ours: no core dump, and nobody of our own user may look into its memory. */
void os_guard_process(void);

struct os_system { char name[32], release[64]; long cores; int64_t ram_mb; };
void os_system(struct os_system *out);		/* this host, for people */

/* --- os_child.c: other programs --------------------------------------------------- */

/* Runs ARGV to its end; its standard output goes to OUT, what it has room for, NULL: where ours goes. *STATUS its exit status, -1 killed. */
int os_run(const char *const *argv, struct buf *out, int *status, struct err *err);
/* This program again, in our place, with the same arguments. 0: once we have ended; <0 it fails. */
int os_start_again(char **argv, struct err *err);
/* A worker, first of all: the stream to midd, away from the standard input that probes see. <0: there is none. */
int os_worker_stream(void);
/* A worker: Ctrl-C is for midd, whose end is ours too; MAY_EXEC: ours then comes by the stream's. */
void os_worker_settle(bool may_exec);
/* The worker's end of os_refusals_pair() at its start; -1 it was given none. */
int os_worker_tell(void);
/* The same socket for the time after the sandbox has closed it: what midd hands over comes here. -1 none. */
int os_worker_hand(void);

/* --- os_library.c: modules ------------------------------------------------------------ */

extern const bool os_library_possible;	/* false: a program that is one file */
void *os_library_open(const char *path, struct err *err);	/* NULL: it can't be loaded */
void *os_library_find(void *library, const char *symbol);	/* NULL: has none */
void os_library_close(void *library);

/* --- os_tools.c: programs of the system that help people ------------------------------- */

/* The first words of a command line, NULL behind them. Borrowed. */
const char *const *os_tool_journal(void);	/* the whole line: what midd has said last */

/* --- os_term.c: the terminal -------------------------------------------------------- */

bool os_term_utf8(void);
bool os_term_size(unsigned *columns, unsigned *rows);	/* of standard output; false: it is none */
bool os_term_echo(bool on);			/* of standard input; false: it is none */

/* --- os_names.c: the network ---------------------------------------------------------------- */

/* The addresses of the servers this host asks for names, blanks between, put behind OUT. -E_NONE: there are none. */
int os_resolvers(struct buf *out, struct err *err);
/* A TCP connection is dead when what is on its way, or a keep-alive, has no receipt for MS. Where the system can't: nothing. */
void os_tcp_patience(intptr_t fd, int ms);
/* Our logins by Kerberos are by the key in FILE. NULL, or where the account of the service has its tickets: nothing. */
void os_use_keytab(const char *file);

/* --- os_near.c: who is on our own links ------------------------------------------- */

/* FN for each IPv6 address, 16 bytes, that the system's table of neighbours has; no packet is sent. What the system refuses is left out. */
typedef void os_near_fn(void *arg, const unsigned char *address);
void os_near_six(os_near_fn *fn, void *arg);

/* --- os_notify.c: the service manager ------------------------------------------- */

/* Sends STATE ("READY=1\nSTATUS=...") to $NOTIFY_SOCKET. 0 also when there is none. */
int os_notify(const char *state);
/* How an administrator has midd run as a service, a line; NULL: there is no service manager, or we are none. */
const char *os_service_hint(void);
bool os_has_manager(void);			/* of services, here; a container has none */
const char *os_service_down(void);		/* what to do when midd does not run */
extern const bool os_service_brings_keys;	/* to a service that may not read them where they are ("credential:NAME") */
/* main() of a program that may be a service: FN, also where the service manager calls it on a thread of its own. */
int os_main(int argc, char **argv, int (*fn)(int argc, char **argv));
/* What the service manager wants by other ways than signals; FN is called on any thread. */
enum os_wish { OS_STOP, OS_PAUSE, OS_RESUME, OS_RELOAD };
void os_on_service(void (*fn)(void *arg, enum os_wish wish), void *arg);
int64_t os_watchdog_ms(void);			/* interval asked of us, 0 none */

/* --- os_journal.c: the system's log, with fields --------------------------------- */

/* Standard error is a stream to the journal: then lines may go there with fields. */
bool os_journal_reads_stderr(void);
/* FIELDS: lines NAME=VALUE, without line breaks in a value. <0: nobody takes it. */
int os_journal_send(const char *fields, size_t n);

/* --- os_local.c: sockets in the file system, only for their owner and root -------- */

/* Makes the folder and the socket (mode 0600). One that is left over is replaced; when somebody
 * answers there: -E_EXISTS. *FD is the caller's: os_local_close(). Does not block afterwards. */
int os_local_listen(intptr_t *fd, const char *path, struct err *err);
/* Sockets that the service manager has made and handed us (socket activation): whether the next program
 * we become gets them too; children never do. Called first of all with false. */
void os_local_handed(bool to_next);
/* The one of them that listens on PATH; not for us to close or remove. -E_NONE: none does. */
int os_local_inherited(intptr_t *fd, const char *path);
/* -E_AGAIN: nobody (any more); -E_FULL: no descriptor is left. PEER_OK: it is root or our own user. */
int os_local_accept(intptr_t *out, intptr_t fd, bool *peer_ok);
int os_local_connect(intptr_t *fd, const char *path, struct err *err);	/* -E_NONE, -E_AUTH; blocks */
/* Bytes, 0 the other side has closed (read), -E_AGAIN or -E_OS. */
ssize_t os_local_read(intptr_t fd, void *p, size_t n);
ssize_t os_local_write(intptr_t fd, const void *p, size_t n);
int os_local_wait(intptr_t fd, bool to_write, int timeout_ms);	/* 1 ready, 0 time is over, -E_OS */
void os_local_close(intptr_t fd);		/* -1 is fine */

/* --- os_loopback.c: ports that only this host reaches ------------------------------- */

bool os_loopback_is(const char *where);		/* "127.0.0.1:PORT", "[::1]:PORT", "localhost:PORT" */
int os_loopback_listen(intptr_t *fd, const char *where, struct err *err);
int os_loopback_accept(intptr_t *out, intptr_t fd);	/* as os_local_accept() */

/* --- os_guard.c: the sandbox of a worker ------------------------------------------ */

struct os_guard_want {
	bool may_exec;			/* exec kind */
	bool may_read_host;		/* /proc, /sys, /etc, /var/lib read-only */
	bool may_connect;		/* outgoing network */
	/*
	 * Must see the open files of other processes, whose owners Landlock hides: then
	 * there is no Landlock, and seccomp alone keeps it read-only and off the network.
	 */
	bool may_see_processes;
	const char *const *read_paths;	/* further read-only paths, NULL-ended */
	int tell;			/* the socket of os_refusals_pair(): closed; -1 refusals are not told */
	uint64_t memory_max;		/* RLIMIT_AS, bytes; 0 none */
	unsigned files_max;
};
/* What is in force afterwards; each false says which layer the system lacks. */
struct os_guard_state {
	bool no_new_privs, seccomp, rlimits;
	bool told;			/* each refused call is told to the other end of TELL */
	int landlock_abi;		/* 0: none */
	bool limits_only;		/* this system has nothing else, however new it is */
	char missing[160];		/* "" or a sentence on what is not in force and why */
};
/* os_child.c: what os_guard_close() would bring, tried in a child: it cannot be opened again. */
bool os_guard_try(const struct os_guard_want *want, struct os_guard_state *out);
int os_guard_close(const struct os_guard_want *want, struct os_guard_state *out, struct err *err);

/* --- os_refusal.c: what a sandbox refuses, told to whoever started the worker ------ */

#define OS_REFUSAL_FD 3			/* where a worker finds its end, when it was given one */
#define OS_CALL_NAME 32

/* Two ends of a socket, closed by exec; the caller's. -E_OS where the system can't tell refusals. */
int os_refusals_pair(intptr_t *ours, int *workers);
/*
 * The sandbox sends a descriptor through OURS that is readable when a call waits for its refusal:
 * os_hand_take(). Through the same socket, the other way, midd hands the worker what a sandbox
 * can't open.
 */
/* Refuses the call that waits; its NAME ("ptrace"). 0; -E_AGAIN it has gone away; -E_NONE all have. */
int os_refusals_next(intptr_t fd, char name[OS_CALL_NAME]);

/* --- os_hand.c: descriptors over a socket between two processes ------------------------ */

/* HANDED stays the caller's; it arrives with TAG. -E_OS: it can't be done. */
int os_hand_send(intptr_t way, uint32_t tag, intptr_t handed);
/* *OUT is the caller's: os_local_close(). Does not wait. -E_NONE: nothing has come, or no descriptor. */
int os_hand_take(intptr_t *out, uint32_t *tag, intptr_t way);

#endif
