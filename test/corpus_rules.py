# SPDX-License-Identifier: Apache-2.0
"""Which fact stands for which expected value, and when two spellings are the same.

One function or table for each source of expected values. A value without a rule is
not judged and is counted as such, with the reason; nothing is loosened to fit.
"""
import re

# What `uname -m` can say; a label of another kind is a test's name for its recording.
MACHINES = re.compile(r'^(x86_64|i[3-6]86|aarch64|armv[4-8]l|ppc|ppc64|ppc64le|s390|s390x|riscv(32|64)'
                      r'|mips|mips64|sparc|sparc64|loongarch64|ia64|parisc(64)?|alpha|m68k)$')


# --- when two values are the same ---------------------------------------------

def is_nothing(v):
    """An empty text, and an address of zeros, say that there is nothing: we leave it out."""
    return isinstance(v, str) and re.fullmatch(r'[0:.]*|-', v.strip()) is not None and v.strip() != '0'


def same_text(want, got):
    return str(want).strip() == str(got).strip()


def same_number(want, got):
    return float(want) == float(got)


def near(want, got):
    """To the digits that are printed."""
    digits = len(str(want).partition('.')[2])
    return abs(float(want) - float(got)) < 0.5001 * 10 ** -digits


def same_set(want, got):
    """Flags, in any order."""
    w = want.split() if isinstance(want, str) else want
    return set(w) == set(got)


def cpus(text):
    out = set()
    for part in filter(None, str(text).split(',')):
        a, _, b = part.partition('-')
        out |= set(range(int(a), int(b or a) + 1))
    return out


def same_cpus(want, got):
    return cpus(want) == cpus(got)


def kib(text):
    """'244198584KiB' or '128 KiB (4 instances)' in bytes."""
    m = re.match(r'([\d.]+) *([KMGT]?)i?B', text)
    return round(float(m.group(1)) * 1024 ** ' KMGT'.index(m.group(2) or ' '))


def rounded(want, got):
    """'274MiB' of 287580160: hwloc prints memory rounded to the nearest of a unit."""
    unit = 1024 ** ' KMGT'.index(re.search(r'[KMGT]', want).group())
    return int(re.match(r'\d+', want).group()) == (got + unit // 2) // unit


def hex_digits(want, got):
    return want.lower().replace('0x', '') == got.lower()


# --- helpers over the facts -------------------------------------------------------

def section(j, name):
    return j.facts.get(name) or {}


def items(j, name):
    return section(j, name).get('items') or []


def by(rows, key):
    return {r.get(key): r for r in rows}


def rows(j, group, field, want_rows, key, got_rows, rules, absent=None):
    """Compares a list row by row; RULES: expected key -> (function of our row, same)."""
    for want in want_rows:
        name = want[key]
        got = got_rows.get(name)
        j.check('%s.%s' % (group, field), name, name if got is not None else None)
        for k, v in want.items():
            if k == key or (absent and k in absent):
                continue
            rule = rules.get(k)
            if rule is None:
                j.skip('%s.%s.%s' % (group, field, k), 'no rule for %s.%s.%s' % (group, field, k))
                continue
            value = rule[0](got) if got is not None else None
            j.check('%s.%s.%s' % (group, field, k), v, value, rule[1],
                    (want.get('accept') or {}).get(k, ()), name)


def field(name, same=same_text):
    return (lambda r: r.get(name), same)


# --- ansible: setup's hardware facts of one cpuinfo ------------------------------

def judge_ansible(j, want):
    cpu = section(j, 'cpu')
    listed = cpu.get('cpuinfo_processors')
    s390 = str(cpu.get('architecture')).startswith('s390')
    by_socket = not s390 and any('package' in c for c in cpu.get('cpus', []))
    for key, value in want.items():
        name = 'ansible.' + key
        if key == 'processor':
            texts = {v for v in value if not v.isdigit()}
            numbers = [v for v in value if v.isdigit()]
            ours = {cpu.get('vendor'), cpu.get('model_name')}
            j.check(name, sorted(texts), sorted(texts & ours) or None, lambda w, g: w == g)
            if numbers:
                j.check(name, len(numbers), listed, same_number)
        elif key == 'flags':
            j.check(name, value, cpu.get('flags'), same_set)
        elif key == 'processor_vcpus':
            j.check(name, value, cpu.get('logical_online'), same_number)
        elif key == 'processor_threads_per_core':
            j.check(name, value, cpu.get('threads_per_core'), same_number)
        elif key == 'processor_nproc':
            j.skip(name, 'ansible: nproc was run on the recorder, it is not in the tree')
        elif key == 'processor_count' and s390:
            j.skip(name, 'ansible: says 1 for every s390x')
        elif key == 'processor_cores' and s390:
            j.check(name, value, cpu.get('cores'), same_number)
        elif key == 'processor_count':
            # Where cpuinfo has no "physical id", ansible takes each processor for a socket.
            j.check(name, value, cpu.get('sockets') if by_socket else listed, same_number)
        elif key == 'processor_cores' and by_socket:
            j.check(name, value, cpu.get('cores_per_socket'), same_number)
        elif key == 'processor_cores':
            j.skip(name, 'ansible: says 1 where cpuinfo has no physical id')
        else:
            j.skip(name, 'no rule for ' + name)


# --- lscpu ------------------------------------------------------------------------

def lscpu_model(c):
    if 'implementer' in c:
        return c.get('revision')
    return c.get('model') or c.get('revision')


def lscpu_model_name(c):
    return c.get('part_name') or c.get('model_name')


def machine_or(key, plain):
    return lambda c: c.get('machine_' + key, c.get(plain))


# name: fact, comparison, file of the tree without which it cannot be known
LSCPU = {
    'Architecture': (lambda c: c.get('architecture'), same_text, None),
    'CPU op-mode(s)': (lambda c: c.get('op_modes'), same_text, None),
    'Address sizes': (lambda c: '%s bits physical, %s bits virtual' % (
        c.get('address_bits_physical'), c.get('address_bits_virtual')), same_text, None),
    'Byte Order': (lambda c: c.get('byte_order') and c['byte_order'].title() + ' Endian', same_text,
                   'sys/kernel/cpu_byteorder'),
    'CPU(s)': (lambda c: c.get('logical_present'), same_number, None),
    'On-line CPU(s) list': (lambda c: c.get('online'), same_cpus, None),
    'Off-line CPU(s) list': (lambda c: c.get('offline'), same_cpus, None),
    'Vendor ID': (lambda c: c.get('vendor'), same_text, None),
    'Model name': (lscpu_model_name, same_text, None),
    'CPU family': (lambda c: c.get('family'), same_text, None),
    'Model': (lscpu_model, same_text, None),
    'Stepping': (lambda c: c.get('stepping'), same_text, None),
    'Microcode version': (lambda c: c.get('microcode'), same_text, None),
    'Machine type': (lambda c: c.get('machine_type'), same_text, None),
    'Thread(s) per core': (lambda c: c.get('threads_per_core'), same_number, None),
    'Core(s) per socket': (machine_or('cores_per_socket', 'cores_per_socket'), same_number, None),
    'Core(s) per cluster': (lambda c: c.get('cores_per_socket'), same_number, None),
    'Socket(s)': (lambda c: c.get('sockets'), same_number, None),
    'Cluster(s)': (lambda c: c.get('sockets'), same_number, None),
    'Socket(s) per book': (machine_or('sockets_per_book', 'sockets_per_book'), same_number, None),
    'Book(s)': (machine_or('books', 'books'), same_number, None),
    'Book(s) per drawer': (machine_or('books', 'books_per_drawer'), same_number, None),
    'Drawer(s)': (machine_or('drawers', 'drawers'), same_number, None),
    'Frequency boost': (lambda c: {True: 'enabled', False: 'disabled'}.get(c.get('boost')), same_text,
                        'sys/devices/system/cpu/cpufreq/boost'),
    'CPU(s) scaling MHz': (lambda c: c.get('mhz_scaling_percent') and '%.0f%%' % c['mhz_scaling_percent'],
                           same_text, 'sys/devices/system/cpu/cpu*/cpufreq/scaling_cur_freq'),
    'CPU MHz': (lambda c: c.get('mhz'), near, None),
    'CPU dynamic MHz': (lambda c: c.get('mhz'), near, None),
    'CPU max MHz': (lambda c: c.get('mhz_max'), near, 'sys/devices/system/cpu/cpu*/cpufreq/cpuinfo_max_freq'),
    'CPU min MHz': (lambda c: c.get('mhz_min'), near, 'sys/devices/system/cpu/cpu*/cpufreq/cpuinfo_min_freq'),
    'BogoMIPS': (lambda c: c.get('bogomips'), near, None),
    # On SPARC lscpu shows the line "type" here.
    'Flags': (lambda c: c.get('flags') or (str(c.get('hardware')).startswith('sun4') and [c['hardware']] or None),
              same_set, None),
    'ISA': (lambda c: c.get('isa') and c['isa'].replace('_', ' '), same_text, None),
    'MMU': (lambda c: c.get('mmu'), same_text, None),
    'Virtualization': (lambda c: c.get('virtualization'), same_text, None),
    'NUMA node(s)': (lambda c: c.get('numa_node_count'), same_number, None),
    'Dispatching mode': (lambda c: c.get('dispatching'), same_text, 'sys/devices/system/cpu/dispatching'),
}
CACHE = re.compile(r'^L(\d)([di]?) cache$')
KINDS = {'d': 'data', 'i': 'instruction', '': 'unified'}


def lscpu_cache(cpu, level, kind):
    """As lscpu prints it, of the caches of that level and type."""
    for c in cpu.get('caches', []):
        if c.get('level') == int(level) and c.get('type') == KINDS[kind]:
            return c.get('total_bytes'), c.get('instances')
    return None


def same_cache(want, got):
    m = re.search(r'\((\d+) instance', want)
    return kib(want) == got[0] and (m is None or int(m.group(1)) == got[1])


def same_vulnerability(want, got):
    """lscpu makes the first colon a semicolon and drops the others."""
    return want == got.replace(':', ';', 1).replace(':', '')


def judge_lscpu(j, want):
    cpu = section(j, 'cpu')
    nodes = by(cpu.get('numa_nodes', []), 'node')
    accept = want.get('accept', {})
    for key, value in want.items():
        name = 'lscpu.' + key
        cache = CACHE.match(key)
        node = re.match(r'NUMA node(\d+) CPU', key)
        if key == 'accept':
            continue
        if cache:
            j.check(name, value, lscpu_cache(cpu, *cache.groups()), same_cache, accept.get(key, ()))
        elif node:
            got = nodes.get(int(node.group(1)), {}).get('cpus')
            j.check(name, value, got, same_cpus, accept.get(key, ()))
        elif key.startswith('Vulnerability '):
            got = cpu.get('vulnerabilities', {}).get(key[14:].lower().replace(' ', '_'))
            if not j.has('sys/devices/system/cpu/vulnerabilities'):
                j.skip('lscpu.Vulnerability', 'the file is not in the tree')
            else:
                j.check('lscpu.Vulnerability', value, got, same_vulnerability, accept.get(key, ()))
        elif key in ('Hypervisor', 'Hypervisor vendor', 'Virtualization type'):
            judge_lscpu_virtual(j, key, value, cpu)
        elif key not in LSCPU:
            j.skip(name, 'no rule for ' + name)
        elif value == '-' and key != 'Model name':
            j.skip(name, 'lscpu: "-", it does not know')
        elif LSCPU[key][2] and not j.has(LSCPU[key][2]):
            j.skip(name, 'the file is not in the tree')
        else:
            j.check(name, value, LSCPU[key][0](cpu), LSCPU[key][1], accept.get(key, ()))


# The section "virtual" in lscpu's words: maker and type.
HYPERVISORS = {'vmware': ('VMware', 'full'), 'kvm': ('KVM', 'full'), 'qemu': ('KVM', 'full'),
               'microsoft': ('Microsoft', 'full'), 'virtualbox': ('Oracle', 'full'), 'zvm': ('IBM', 'full'),
               'prsm': ('IBM', 'full'), 'powervm': ('pHyp', 'para'), 'xen': ('Xen', None)}
TELLING = ('proc/sysinfo', 'proc/xen', 'sys/hypervisor', 'proc/device-tree/hypervisor')


def judge_lscpu_virtual(j, key, value, cpu):
    name = 'lscpu.' + key
    if key == 'Hypervisor':
        return j.check(name, value, cpu.get('hypervisor'))
    known = HYPERVISORS.get(section(j, 'virtual').get('hypervisor'))
    if known is None and not any(j.has(f) for f in TELLING):
        return j.skip(name, 'lscpu asks the CPU itself (cpuid), which is not in the tree')
    got = known and known[key == 'Virtualization type']
    if known and got is None:
        return j.skip(name, 'Xen: full or para is not in the tree')
    return j.check(name, value, got)


def judge_topology(j, want):
    cpu = section(j, 'cpu')
    facts = {'online_cpus': 'logical_online', 'cores': 'cores', 'sockets': 'sockets',
             'numa_nodes': 'numa_node_count'}
    for key, value in want.items():
        if key in facts:
            j.check('topology.' + key, value, cpu.get(facts[key]), same_number)
        else:
            j.skip('topology.' + key, 'no rule for topology.' + key)


# --- hwloc ------------------------------------------------------------------------

DMI = {'ProductName': 'product_name', 'ProductVersion': 'product_version', 'ProductSerial': 'product_serial',
       'ProductUUID': 'product_uuid', 'BoardVendor': 'board_vendor', 'BoardName': 'board_name',
       'BoardVersion': 'board_version', 'BoardSerial': 'board_serial', 'BoardAssetTag': 'board_asset_tag',
       'ChassisVendor': 'chassis_vendor', 'ChassisType': 'chassis_type', 'ChassisVersion': 'chassis_version',
       'ChassisSerial': 'chassis_serial', 'ChassisAssetTag': 'chassis_asset_tag', 'BIOSVendor': 'bios_vendor',
       'BIOSVersion': 'bios_version', 'BIOSDate': 'bios_date', 'SysVendor': 'sys_vendor'}


def memory_total(j):
    """hwloc adds up the nodes, and takes MemTotal where there are none."""
    memory = section(j, 'memory')
    nodes = [n.get('total_bytes', 0) for n in memory.get('numa_nodes', [])]
    return sum(nodes) or memory.get('mem_total_bytes')


DIMM = {
    'vendor': field('manufacturer'), 'serialnumber': field('serial'), 'assettag': field('asset_tag'),
    'partnumber': field('part_number'), 'formfactor': field('form_factor'), 'type': field('type'),
    'size': (lambda r: r.get('size_bytes'), lambda w, g: kib(w) == g), 'rank': field('rank'),
    'banklocation': field('bank'),
}
DISK = {
    'size': (lambda r: r.get('size_bytes'), lambda w, g: kib(w) == g),
    'sectorsize': field('logical_block_bytes'), 'linuxdeviceid': field('dev'),
}
UDEV = {'model': field('model'), 'revision': field('revision'), 'serialnumber': field('serial'),
        'vendor': field('vendor')}


def judge_hwloc_devices(j, want):
    disks = by(items(j, 'block_devices'), 'name')
    links = by(items(j, 'interfaces'), 'name')
    udev = j.has('run/udev/data')
    for d in want:
        kind = d.get('kind')
        if kind == 'Network':
            rows(j, 'hwloc', 'network', [d], 'name', links, {'address': field('mac')}, ('kind',))
        elif kind in ('Disk', 'NVM', 'Removable Media Device'):
            rules = dict(DISK, **UDEV) if udev else DISK
            known = {k: v for k, v in d.items() if k in rules or k == 'name'}
            rows(j, 'hwloc', 'disk', [known], 'name', disks, rules)
            for k in set(d) - set(known) - {'kind'}:
                j.skip('hwloc.disk.' + k, "hwloc: out of udev's database, which is not in the tree"
                       if k in UDEV else 'no rule for hwloc.disk.' + k)
        else:
            j.skip('hwloc.devices', 'hwloc: a device of kind "%s" is no section of ours' % kind)


def judge_hwloc(j, want):
    cpu = section(j, 'cpu')
    simple = {
        'packages': (cpu.get('sockets'), same_number),
        # hwloc takes the two halves of an AMD compute unit for cores, as the maker does.
        'cores': (cpu.get('cores_numbered', cpu.get('cores')), same_number),
        'logical_cpus': (cpu.get('logical_online'), same_number),
        'numa_nodes': (cpu.get('numa_node_count'), same_number),
        'memory_bytes': (memory_total(j), same_number),
        'memory_rounded': (memory_total(j), rounded),
        'cpu_model': (cpu.get('model_name'), same_text),
    }
    for key, value in want.items():
        if key in simple:
            j.check('hwloc.' + key, value, simple[key][0], simple[key][1])
        elif key == 'dmi':
            for k, v in value.items():
                fact = DMI.get(re.sub('^DMI', '', k))
                if fact:
                    j.check('hwloc.dmi.' + k, v, section(j, 'dmi').get(fact))
                else:
                    j.skip('hwloc.dmi.' + k, 'no rule for hwloc.dmi.' + k)
        elif key == 'network':
            rows(j, 'hwloc', 'network', value, 'name', by(items(j, 'interfaces'), 'name'),
                 {'address': field('mac')}, ('kind',))
        elif key == 'devices':
            judge_hwloc_devices(j, value)
        elif key == 'memory_modules':
            want_rows = [dict(m, devicelocation=m['devicelocation'].strip()) for m in value]
            rows(j, 'hwloc', 'memory_modules', want_rows, 'devicelocation', by(items(j, 'dimms'), 'locator'), DIMM)
        elif key == 'pci_devices':
            j.skip('hwloc.' + key, 'hwloc: counts only what it keeps by default')
        else:
            j.skip('hwloc.' + key, 'no rule for hwloc.' + key)


# --- node_exporter: metrics and their labels -----------------------------------------

NODE_DMI = {'system_vendor': 'sys_vendor'}
NODE_VALUES = {
    'node_boot_time_seconds': ('time', 'boot_time_s'), 'node_load1': ('time', 'load_1m'),
    'node_load5': ('time', 'load_5m'), 'node_load15': ('time', 'load_15m'),
    'node_memory_MemTotal_bytes': ('memory', 'mem_total_bytes'),
    'node_memory_MemFree_bytes': ('memory', 'mem_free_bytes'),
    'node_memory_MemAvailable_bytes': ('memory', 'mem_available_bytes'),
    'node_memory_SwapTotal_bytes': ('memory', 'swap_total_bytes'),
    'node_memory_SwapFree_bytes': ('memory', 'swap_free_bytes'),
}
MD_STATES = {'active': 'devices_active', 'failed': 'devices_failed', 'spare': 'devices_spare'}


def node_dmi(j, want):
    for row in want:
        for k, v in row.items():
            if k != 'value':
                j.check('node.dmi.' + k, v, section(j, 'dmi').get(NODE_DMI.get(k, k)), same_text)


def node_cpu(j, want):
    """What is the same of all CPUs stands once in our facts."""
    cpu = section(j, 'cpu')
    each = by(cpu.get('cpus', []), 'cpu')
    whole = {'vendor': 'vendor', 'family': 'family', 'model': 'model', 'model_name': 'model_name',
             'stepping': 'stepping', 'microcode': 'microcode'}
    for row in want:
        mine = each.get(int(row['cpu']), {})
        for k, v in row.items():
            if k in whole:
                j.check('node.cpu.' + k, v, cpu.get(whole[k]))
            elif k in ('core', 'package', 'cpu'):
                j.check('node.cpu.' + k, v, mine.get(k), where='cpu ' + row['cpu'])
            elif k == 'cachesize':
                j.check('node.cpu.' + k, v, mine.get('cache_bytes'), lambda w, g: int(w.split()[0]) * 1024 == g)
            elif k != 'value':
                j.skip('node.cpu.' + k, 'no rule for node_cpu_info.' + k)


def node_md(j, want):
    arrays = by(items(j, 'md'), 'name')
    for row in want:
        key = MD_STATES.get(row.get('state'))
        if key is None:
            j.skip('node.md_disks', 'no rule for node_md_disks.' + str(row.get('state')))
        else:
            j.check('node.md_disks.' + row['state'], row['value'], arrays.get(row['device'], {}).get(key),
                    same_number, where=row['device'])


def node_bonds(j, want):
    links = by(items(j, 'interfaces'), 'name')
    for row in want:
        got = links.get(row['master'])
        n = len(got.get('members', [])) if got and got.get('kind') == 'bond' else None
        j.check('node.bonding_slaves', row['value'], n, same_number, where=row['master'])


def node_network(j, want):
    rules = {'address': field('mac'), 'broadcast': field('broadcast'), 'duplex': field('duplex'),
             'operstate': field('operstate'), 'ifalias': field('alias'),
             'adminstate': (lambda r: {True: 'up', False: 'down'}.get(r.get('admin_up')), same_text)}
    rows(j, 'node', 'network', want, 'device', by(items(j, 'interfaces'), 'name'), rules, ('value',))


NODE_ROWS = {'node_dmi_info': node_dmi, 'node_cpu_info': node_cpu, 'node_md_disks': node_md,
             'node_bonding_slaves': node_bonds, 'node_network_info': node_network}


def judge_node(j, want):
    for key, value in want.items():
        if key in NODE_ROWS:
            NODE_ROWS[key](j, value)
        elif key in NODE_VALUES:
            name, fact = NODE_VALUES[key]
            j.check(key, value, section(j, name).get(fact), same_number)
        else:
            j.skip(key, 'no rule for ' + key)


# --- read: plain readings of files ----------------------------------------------------

def times_1024(want, got):
    return int(want) * 1024 == got


READ = {
    'mem_total_kb': ('memory', 'mem_total_bytes', times_1024),
    'swap_total_kb': ('memory', 'swap_total_bytes', times_1024),
    'cpuinfo_processors': ('cpu', 'cpuinfo_processors', same_number),
    'cpu_model_name': ('cpu', 'model_name', same_text),
    'cpu_online': ('cpu', 'online', same_cpus),
    'hostname': ('host', 'hostname', same_text),
    'kernel_release': ('os', 'kernel_release', same_text),
}
READ_ROWS = {
    'interfaces': ('interfaces', 'name', 'name', {
        'mac': field('mac'), 'operstate': field('operstate'), 'mtu': field('mtu_bytes'),
        'speed': field('speed_mbps'), 'duplex': field('duplex')}),
    'block_devices': ('block_devices', 'name', 'name', {
        'size_bytes': field('size_bytes', same_number), 'model': field('model'), 'vendor': field('vendor'),
        'serial': field('serial')}),
    'pci': ('pci', 'address', 'address', {
        'vendor': field('vendor_id', hex_digits), 'device': field('device_id', hex_digits),
        'class': field('class_id', hex_digits)}),
}


def judge_read(j, want):
    for key, value in want.items():
        if key in READ:
            name, fact, same = READ[key]
            j.check('read.' + key, value, section(j, name).get(fact), same)
        elif key in READ_ROWS:
            name, theirs, ours, rules = READ_ROWS[key]
            rows(j, 'read', key, value, theirs, by(items(j, name), ours), rules)
        elif key == 'dmi':
            for k, v in value.items():
                j.check('read.dmi.' + k, v, section(j, 'dmi').get(k))
        else:
            j.skip('read.' + key, 'no rule for read.' + key)


# --- packages ---------------------------------------------------------------------------

PACKAGE = {'arch': field('arch'), 'status': field('status'), 'release': field('release'),
           'epoch': field('epoch'), 'installed': (lambda r: r.get('installed'), lambda w, g: w is g)}


def judge_packages(j, group, want, manager):
    """A name may stand more than once, in several versions: the pair is the key."""
    found = items(j, 'packages')
    pairs = {(p.get('name'), p.get('version')): p for p in found}
    names = {p.get('name') for p in found}
    for w in want.get('packages', []):
        key = (w['name'], w.get('version'))
        got = pairs.get(key)
        j.check(group + '.name', w['name'], w['name'] if w['name'] in names else None)
        if w.get('version') is not None:
            versions = sorted(v or '' for n, v in pairs if n == w['name'])
            j.check(group + '.version', w['version'], w['version'] if got else versions or None, where=w['name'])
        for k in ('arch', 'status', 'installed', 'release', 'epoch'):
            if k in w:
                j.check('%s.%s' % (group, k), w[k], PACKAGE[k][0](got) if got else None, PACKAGE[k][1],
                        where=w['name'])
    databases = [d for d in section(j, 'packages').get('databases', []) if d.get('manager') == manager]
    if 'count' in want:
        j.check(group + '.count', want['count'], len(found) if databases else None, same_number)
    if 'installed_count' in want:
        j.check(group + '.installed_count', want['installed_count'],
                section(j, 'packages').get('installed_count'), same_number)
    if 'format' in want:
        j.check(group + '.format', want['format'], databases[0].get('format') if databases else None)


# --- a tree ----------------------------------------------------------------------------

def judge_architecture(j, want):
    if not MACHINES.match(want):
        return j.skip('architecture', "a label of the recording's test that no uname says")
    return j.check('architecture', want, section(j, 'cpu').get('architecture'))


GROUPS = {
    'architecture': judge_architecture, 'ansible': judge_ansible, 'lscpu': judge_lscpu,
    'topology': judge_topology, 'hwloc': judge_hwloc, 'node_exporter': judge_node, 'read': judge_read,
    'dpkg': lambda j, w: judge_packages(j, 'dpkg', w, 'dpkg'),
    'rpm': lambda j, w: judge_packages(j, 'rpm', w, 'rpm'),
}
ABOUT = {'files', 'src', 'note', 'archive', 'accept'}


def judge_entry(j, entry):
    for group, want in entry.items():
        if group in GROUPS:
            GROUPS[group](j, want)
        elif group not in ABOUT:
            j.skip(group, 'no rule for ' + group)
