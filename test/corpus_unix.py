#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges `midctl facts parse` by recorded outputs.

    corpus_unix.py --midctl PROGRAM [--verbose] FOLDER

FOLDER/SYSTEM/COMMAND holds outputs and expected.json. Each output that midctl has a
reader for is parsed as a user would, and each expected value compared. The closing line
counts values, but for "not ours": outputs of commands that nothing here reads.
"""
import argparse
import json
import os
import re
import subprocess
import sys


# Expected values that are not judged, and why: command, path, whether it is so, the reason.
NOT_JUDGED = [
    ('linux/route', r'\.parsed\.21', lambda want, got: want == {}, 'the empty line below an IPv6 table is no route'),
    ('linux/(last|who|vmstat|mdadm|tune2fs|pacman|rpm)', r'.*[._]epoch', lambda want, got: got is None,
     'a local time whose zone nothing tells: the recorder took its own'),
    ('linux/ip', r'.*\.ipv6_(mask|subnet)', lambda want, got: got and (want, got[-4:]) in (('fff0::', 'ffff'), ('::', '::1')),
     'the mask of 128 bits, which the recorder counts short'),
    ('linux/ethtool', r'.*\.(auto_negotiation|advertised_pause_frame_use)', lambda want, got: want is False and got in (True, 'Symmetric Receive-only'),
     'the recorder knows yes only, so that "on" and any other word are false'),
    ('linux/ufw', r'.*\.description', lambda want, got: got and got.startswith(want + '\n'), 'the recorder keeps the first line of several'),
    ('linux/ufw', r'.*\.(normalized_)?(tcp|udp)_(list|ranges)\..*', lambda want, got: want in (25672, 35672, 35682, 5269) and got is not None,
     'of several lines of ports of one protocol the recorder keeps the last'),
    ('linux/mdadm', r'.*\.number', lambda want, got: got and want == 11 * got, 'the recorder read the index and the number of a line as one'),
    ('linux/proc-interrupts', r'.*\.type', lambda want, got: got is None and want == 'Machine check polls',
     'ERR and MIS have no words: the recorder repeats those of the line above'),
    ('linux/proc-pid_mountinfo', r'.*\.super_options_fields\.(name|pagesize)', lambda want, got: (want, got) in ((None, 'systemd'), (2, '2M')),
     'the recorder makes a number of each value'),
    ('linux/rpm', r'.*\.installdate', lambda want, got: (want, got) == ('25/03/2012', '24/03/2012'),
     'a quarter past eleven at night in UTC, told by the recorder in its own zone'),
    ('linux/dmidecode', r'\.parsed_count', lambda want, got: (want, got) == (621, 620), 'there are 620 structures, as the output itself says'),
    ('linux/ipmitool-fru', r'\.memories\..*', lambda want, got: got is None, 'put together with dmidecode of that host, which is not in the recording'),
    ('linux/cpuinfo', r'\.board\..*', lambda want, got: 'not-a-board' in str(want) or want == 1, 'a mark of the recorder that there is no board'),
    ('linux/lspci', r'\.devices\.\d+\.driver', lambda want, got: got and got.startswith(want + '-'), 'the recorder ends a name at a hyphen'),
    ('linux/lsusb', r'.*\.(videocontrol_interface_descriptors\..*(  |too short).*|interface_descriptors\.\d+\..*Audio(Control|Streaming).*)',
     lambda want, got: got is None, 'the recorder takes headings of audio, and whole lines of video, for names'),
    ('linux/lsusb', r'.*\.interface_descriptors\.\d+\.(endpoint_descriptors\.\d+\.)?(bAssocTerminal|iClock(Source|Selector)|iExtension|bmaControls\(\d\)|'
     r'iFeature|bNrChannels|bmChannelConfig|iChannelNames|Device Firmware|wDetachTimeout|wTransferSize|bcdDFUVersion|iTerminal|bLockDelayUnits|wLockDelay)\..*',
     lambda want, got: got is None, 'of a descriptor for audio or firmware, which the recorder mixes into the interface'),
    ('linux/lsusb', r'.*\.dwMaxBitRate\..*', lambda want, got: got is None, 'a value of ten digits is out of the column that the recorder expects'),
    ('linux/last', r'.*\.duration_seconds', lambda want, got: got is not None and abs(want - got) == 3600,
     'the recorder counted the summer time of its own zone'),
    ('macos/ifconfig', r'\.interfaces\.\d+\.(interface|type)', lambda want, got: want in ('Ethernet', 'Wi-Fi', 'wifi') or str(want).startswith('Thunderbolt '),
     'the name and the kind of the port, which networksetup tells'),
    ('macos/system_profiler', r'\.cpus\.\d+\.(familynumber|model|stepping|threads_per_core|name)', lambda want, got: want != got and (got is None or str(want).startswith(str(got)[:5])),
     'of sysctl, which was recorded beside it'),
    ('solaris/smbios', r'\.smbios\..*', lambda want, got: want == ' ' and got == '', 'no value: the blank belongs to the colon'),
    ('aix/lslv', r'\.logical_volume\.lv_name', lambda want, got: bool(got) and want.endswith('-' + got), 'the name of the file; the volume has another'),
    ('aix/lspv', r'\.physical_volume\.device', lambda want, got: bool(got) and want.endswith('-' + got[5:]), 'the name of the file; the disk has another'),
]


def why_not_judged(command, path, want, got):
    """The reason, or None."""
    for of, at, is_so, why in NOT_JUDGED:
        if re.fullmatch(of, command) and re.fullmatch(at, path) and is_so(want, got):
            return why
    return None


def leaves(value, path=''):
    """Every single value below VALUE, with its path; an empty list or object is one."""
    if isinstance(value, (dict, list)) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, below in items:
            yield from leaves(below, '%s.%s' % (path, key))
    else:
        yield path, value


def with_parts(got, expected):
    """GOT, and where EXPECTED names only a count, the first or the last of a long list, those too."""
    for key in expected:
        name, _, part = key.rpartition('_')
        whole = got.get(name)
        if key in got or not isinstance(whole, list) or part not in ('count', 'first', 'last'):
            continue
        n = len(expected[key]) if part != 'count' else 0
        got[key] = len(whole) if part == 'count' else whole[:n] if part == 'first' else whole[-n:]
    return got


def parse(midctl, system, command, path):
    """The document, None where there is no reader, or the reason as text."""
    r = subprocess.run([midctl, 'facts', 'parse', '--system', system, '--command', command, path],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
    if b'nothing here reads' in r.stderr:
        return None
    if r.returncode:
        return r.stderr.decode(errors='replace').strip()
    return json.loads(r.stdout)


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--midctl', required=True)
    args.add_argument('--verbose', action='store_true')
    args.add_argument('--each', type=int, default=1, help='of each command every so many-th recording')
    args.add_argument('folder')
    o = args.parse_args()
    right = wrong = missing = not_ours = 0
    others = []
    not_judged = {}
    for system in sorted(os.listdir(o.folder)):
        for command in sorted(os.listdir(os.path.join(o.folder, system))):
            there = os.path.join(o.folder, system, command)
            if system == 'os-identity' or not os.path.exists(os.path.join(there, 'expected.json')):
                continue
            with open(os.path.join(there, 'expected.json'), encoding='utf-8') as f:
                cases = json.load(f)['cases']
            for name, case in sorted(cases.items())[::o.each]:
                got = parse(o.midctl, system, command, os.path.join(there, case['file']))
                if got is None:
                    not_ours += 1
                    if (system, command) not in others:
                        others.append((system, command))
                    continue
                if isinstance(got, str):
                    print('%s/%s %s: %s' % (system, command, name, got))
                    got = {}
                have = dict(leaves(with_parts(got, case['expected'])))
                for path, want in leaves(case['expected']):
                    why = why_not_judged('%s/%s' % (system, command), path, want, have.get(path))
                    if why:
                        not_judged[system + '/' + command, why] = not_judged.get((system + '/' + command, why), 0) + 1
                        continue
                    if path in have and have[path] == want:
                        right += 1
                    elif path in have:
                        wrong += 1
                    else:
                        missing += 1
                    if o.verbose and (path not in have or have[path] != want):
                        print('%s/%s %s %s: expected %r, got %r' % (system, command, name, path, want, have.get(path, 'nothing')))
    for (command, why), n in not_judged.items():
        print('%s: %d not judged: %s' % (command, n, why))
    if others:
        print('not ours: %s' % ', '.join('/'.join(x) for x in others))
    print('unix: %d right, %d wrong, %d missing, %d not ours' % (right, wrong, missing, not_ours))
    return 1 if wrong or missing else 0


sys.exit(main())
