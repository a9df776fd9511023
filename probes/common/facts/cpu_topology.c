/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpu_topology - which CPUs share a core, and which cores a socket.
 *
 * The kernel says for each CPU that is online which others share its core and
 * its package. Those sets are counted, not the numbers beside them: numbers
 * repeat in each socket, and some machines give -1. Without the sets the
 * numbers do, and without sysfs what cpuinfo has.
 */
#include "facts/cpu.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "facts/out.h"

#define DIR "sys/devices/system/cpu"

enum level { CORE, PACKAGE, BOOK, DRAWER, LEVELS };

/* One CPU; a group is named after its lowest member, -1 is unknown. */
struct place {
	int group[LEVELS];
	int64_t id[LEVELS];		/* numbers as the system has them */
	uint64_t within;		/* s390x: drawer and book of the package */
	struct json_object *info;	/* cpuinfo's entry, borrowed */
};

struct map {
	struct facts_source *src;
	const struct cpu_sets *sets;
	struct place *at;		/* CPUSET_MAX of them */
	struct cpuset listed;		/* by cpuinfo */
};

/* Newest name first. */
static const struct {
	const char *name;
	bool list;
} set_files[LEVELS][5] = {
	{ { "core_cpus_list", true }, { "thread_siblings_list", true },
	  { "core_cpus", false }, { "thread_siblings", false } },
	{ { "package_cpus_list", true }, { "core_siblings_list", true },
	  { "package_cpus", false }, { "core_siblings", false } },
	{ { "book_siblings_list", true }, { "book_siblings", false } },
	{ { "drawer_siblings_list", true }, { "drawer_siblings", false } },
};

static const struct {
	const char *file, *cpuinfo;
} id_names[LEVELS] = {
	{ "core_id", "core" },
	{ "physical_package_id", "package" },
	{ "book_id", "book" },
	{ "drawer_id", "drawer" },
};

bool
cpu_read_set(struct facts_source *src, const char *path, bool list,
    struct cpuset *out)
{
	struct facts_bytes b;
	bool ok;

	if (facts_read(src, path, 65536, &b) < 0)
		return false;
	ok = list ? cpuset_of_list(out, (struct str){ b.data, b.len })
		  : cpuset_of_mask(out, (struct str){ b.data, b.len });
	facts_bytes_free(&b);
	return ok;
}

/* One read tells the group of all its members: each group is read once. */
static void
read_group(struct map *m, unsigned int cpu, enum level level)
{
	char path[FACTS_PATH_MAX];
	struct cpuset set;
	unsigned int i, first;

	if (m->at[cpu].group[level] >= 0)
		return;
	for (i = 0; set_files[level][i].name != NULL; i++) {
		if (!facts_path(path, DIR "/cpu%u/topology/%s", cpu,
			set_files[level][i].name) ||
		    !cpu_read_set(m->src, path, set_files[level][i].list,
			&set) ||
		    !cpuset_has(&set, cpu))
			continue;
		first = cpuset_next(&set, 0);
		for (cpu = first; cpu < CPUSET_MAX;
		     cpu = cpuset_next(&set, cpu + 1))
			m->at[cpu].group[level] = (int)first;
		return;
	}
}

/* From cpuinfo where it has it, which saves a file for each CPU. */
static void
read_id(struct map *m, unsigned int cpu, enum level level)
{
	struct place *p = &m->at[cpu];
	char path[FACTS_PATH_MAX], text[32];
	struct json_object *v;

	if (json_object_object_get_ex(p->info, id_names[level].cpuinfo, &v))
		p->id[level] = json_object_get_int64(v);
	else if (!facts_path(path, DIR "/cpu%u/topology/%s", cpu,
		     id_names[level].file) ||
	    facts_read_small(m->src, path, text, sizeof(text)) < 0 ||
	    !str_i64(str_of(text), &p->id[level]))
		p->id[level] = -1;
}

static int
by_ids(const void *a, const void *b)
{
	const struct place *x = *(struct place *const *)a;
	const struct place *y = *(struct place *const *)b;

	if (x->within != y->within)
		return x->within < y->within ? -1 : 1;
	if (x->id[PACKAGE] != y->id[PACKAGE])
		return x->id[PACKAGE] < y->id[PACKAGE] ? -1 : 1;
	if (x->id[CORE] != y->id[CORE])
		return x->id[CORE] < y->id[CORE] ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Groups by the numbers: the same package, the same package and core. */
static void
group_by_ids(struct map *m)
{
	struct place **order, *p, *was;
	unsigned int cpu, i, n = 0;

	order = calloc(CPUSET_MAX, sizeof(struct place *));
	if (order == NULL)
		return;
	for (cpu = cpuset_next(&m->sets->online, 0); cpu < CPUSET_MAX;
	     cpu = cpuset_next(&m->sets->online, cpu + 1))
		if (m->at[cpu].id[PACKAGE] >= 0)
			order[n++] = &m->at[cpu];
	qsort(order, n, sizeof(struct place *), by_ids);
	for (i = 0; i < n; i++) {
		p = order[i];
		was = i > 0 ? order[i - 1] : NULL;
		p->group[PACKAGE] = p->group[CORE] = (int)(p - m->at);
		if (was == NULL || was->within != p->within ||
		    was->id[PACKAGE] != p->id[PACKAGE])
			continue;
		p->group[PACKAGE] = was->group[PACKAGE];
		if (p->id[CORE] >= 0 && was->id[CORE] == p->id[CORE])
			p->group[CORE] = was->group[CORE];
	}
	free(order);
}

/*
 * On x86 the number of a package is its own, and some kernels take the dies of
 * one package for siblings: groups of one number are one package.
 */
static void
merge_packages(struct map *m)
{
	int *named = calloc(CPUSET_MAX, sizeof(int)), *name;
	unsigned int cpu;
	int64_t id;

	for (cpu = cpuset_next(&m->sets->online, 0);
	     named != NULL && cpu < CPUSET_MAX;
	     cpu = cpuset_next(&m->sets->online, cpu + 1)) {
		id = m->at[cpu].id[PACKAGE];
		if (id < 0 || id >= CPUSET_MAX || m->at[cpu].group[PACKAGE] < 0)
			continue;
		name = &named[id];
		if (*name == 0)		/* 1 higher, as 0 says none */
			*name = m->at[cpu].group[PACKAGE] + 1;
		m->at[cpu].group[PACKAGE] = *name - 1;
	}
	free(named);
}

/*
 * Nothing tells. On ARM, RISC-V and s390x that is one socket; elsewhere it is
 * a machine from before sockets had cores, so each CPU is one.
 */
static void
group_by_guess(struct map *m, const char *arch)
{
	struct str a = str_of(arch);
	bool one = str_starts(a, "a") || str_starts(a, "riscv") ||
	    str_starts(a, "s390") || str_starts(a, "loong");
	unsigned int first = cpuset_next(&m->sets->online, 0), cpu;

	for (cpu = first; cpu < CPUSET_MAX;
	     cpu = cpuset_next(&m->sets->online, cpu + 1)) {
		m->at[cpu].group[CORE] = (int)cpu;
		m->at[cpu].group[PACKAGE] = one ? (int)first : (int)cpu;
	}
}

static unsigned int
count_groups(const struct map *m, enum level level)
{
	struct cpuset groups = { { 0 } };
	unsigned int cpu;

	for (cpu = cpuset_next(&m->sets->online, 0); cpu < CPUSET_MAX;
	     cpu = cpuset_next(&m->sets->online, cpu + 1))
		if (m->at[cpu].group[level] >= 0)
			cpuset_add(&groups,
			    (unsigned int)m->at[cpu].group[level]);
	return cpuset_count(&groups);
}

/* Of the core that has most: some may be offline, or of a kind that has one only. */
static unsigned int
most_threads(const struct map *m)
{
	unsigned int *of = calloc(CPUSET_MAX, sizeof(*of)), cpu, most = 0;
	int core;

	for (cpu = cpuset_next(&m->sets->online, 0); of != NULL && cpu < CPUSET_MAX;
	     cpu = cpuset_next(&m->sets->online, cpu + 1)) {
		core = m->at[cpu].group[CORE];
		if (core >= 0 && ++of[core] > most)
			most = of[core];
	}
	free(of);
	return most;
}

/* Whether a lower CPU of its core has the same number. */
static bool
is_repeated(const struct map *m, unsigned int cpu)
{
	const struct place *p = &m->at[cpu];
	unsigned int i;

	if (p->group[CORE] < 0 || p->id[CORE] < 0)
		return true;
	for (i = (unsigned int)p->group[CORE]; i < cpu; i++)
		if (m->at[i].group[CORE] == p->group[CORE] &&
		    m->at[i].id[CORE] == p->id[CORE])
			return true;
	return false;
}

/*
 * AMD's family 15h has two numbered cores in what the kernel takes for one:
 * the maker counts the numbers, the kernel the sets. Both are told.
 */
static unsigned int
count_numbers(const struct map *m)
{
	unsigned int cpu, n = 0;

	for (cpu = cpuset_next(&m->sets->online, 0); cpu < CPUSET_MAX;
	     cpu = cpuset_next(&m->sets->online, cpu + 1))
		n += !is_repeated(m, cpu);
	return n;
}

static void
put_counts(struct map *m, struct json_object *out)
{
	unsigned int cores = count_groups(m, CORE);
	unsigned int sockets = count_groups(m, PACKAGE);
	unsigned int books = count_groups(m, BOOK);
	unsigned int drawers = count_groups(m, DRAWER);
	unsigned int numbers = count_numbers(m);

	if (sockets > 0)
		out_u64(out, "sockets", sockets);
	if (books > 0) {
		out_u64(out, "books", books);
		out_u64(out, "sockets_per_book",
		    (sockets + books - 1) / books);
	}
	if (drawers > 0) {
		out_u64(out, "drawers", drawers);
		out_u64(out, "books_per_drawer",
		    (books + drawers - 1) / drawers);
	}
	if (cores == 0)
		return;
	out_u64(out, "cores", cores);
	if (numbers > cores)
		out_u64(out, "cores_numbered", numbers);
	out_u64(out, "threads_per_core", most_threads(m));
	if (sockets > 0)
		out_u64(out, "cores_per_socket",
		    (cores + sockets - 1) / sockets);
}

static void
put_cpu(struct map *m, unsigned int cpu, struct json_object *list)
{
	const struct place *p = &m->at[cpu];
	struct json_object *item = out_item(list), *v;

	if (p->info != NULL && p->id[CORE] < 0) {	/* listed, not online */
		read_id(m, cpu, CORE);
		read_id(m, cpu, PACKAGE);
	}

	out_u64(item, "cpu", cpu);
	out_bool(item, "online", cpuset_has(&m->sets->online, cpu));
	if (p->id[PACKAGE] >= 0)
		out_i64(item, "package", p->id[PACKAGE]);
	if (p->id[CORE] >= 0)
		out_i64(item, "core", p->id[CORE]);
	if (json_object_object_get_ex(p->info, "mhz", &v))
		out_real(item, "mhz", json_object_get_double(v));
	if (json_object_object_get_ex(p->info, "cache_bytes", &v))
		out_u64(item, "cache_bytes", json_object_get_uint64(v));
}

static void
find_places(struct map *m)
{
	unsigned int first = cpuset_next(&m->sets->online, 0), cpu, level;

	for (cpu = first; cpu < CPUSET_MAX;
	     cpu = cpuset_next(&m->sets->online, cpu + 1)) {
		/* Only s390x has books and drawers: the first CPU shows it. */
		for (level = CORE; level < LEVELS; level++)
			if (level < BOOK || cpu == first ||
			    m->at[first].group[level] >= 0)
				read_group(m, cpu, level);
		read_id(m, cpu, CORE);
		read_id(m, cpu, PACKAGE);
	}
}

static void
take_cpuinfo(struct map *m, struct json_object *info)
{
	struct json_object *list, *item;
	size_t i;
	uint64_t cpu;

	if (!json_object_object_get_ex(info, "cpus", &list))
		return;
	for (i = 0; i < json_object_array_length(list); i++) {
		item = json_object_array_get_idx(list, i);
		cpu = out_get_u64(item, "cpu");
		if (cpu >= CPUSET_MAX)
			continue;
		m->at[cpu].info = item;
		m->at[cpu].within = out_get_u64(item, "drawer") << 32 |
		    (out_get_u64(item, "book") & UINT32_MAX);
		cpuset_add(&m->listed, (unsigned int)cpu);
	}
}

static void
init_places(struct map *m)
{
	unsigned int cpu, level;

	for (cpu = 0; cpu < CPUSET_MAX; cpu++)
		for (level = CORE; level < LEVELS; level++)
			m->at[cpu].group[level] = -1,
			m->at[cpu].id[level] = -1;
}

void
cpu_topology(struct facts_source *src, struct json_object *info,
    const struct cpu_sets *sets, const char *arch, struct json_object *out)
{
	struct map m = { .src = src, .sets = sets };
	struct json_object *list;
	unsigned int cpu;

	m.at = calloc(CPUSET_MAX, sizeof(*m.at));
	if (m.at == NULL)
		return;
	init_places(&m);
	take_cpuinfo(&m, info);
	find_places(&m);
	if (count_groups(&m, CORE) == 0)
		group_by_ids(&m);
	if (count_groups(&m, CORE) == 0)
		group_by_guess(&m, arch);
	if (str_eq(str_of(arch), "x86_64") || str_ends(str_of(arch), "86"))
		merge_packages(&m);
	put_counts(&m, out);
	list = out_list(out, "cpus");
	cpuset_join(&m.listed, &sets->present);
	for (cpu = cpuset_next(&m.listed, 0); cpu < CPUSET_MAX;
	     cpu = cpuset_next(&m.listed, cpu + 1))
		put_cpu(&m, cpu, list);
	free(m.at);
}
