#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges the section os by release files of many systems.

    corpus_identity.py --midctl PROGRAM FOLDER

FOLDER holds trees and expected.json. Each tree is asked as a user would, and each
expected value compared with the field that stands for it. "NA" and "" say that there is
none: so it is left out.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

FIELDS = {'distribution': 'distribution', 'distribution_version': 'distribution_version',
          'distribution_release': 'distribution_release',
          'distribution_major_version': 'distribution_major_version', 'os_family': 'family'}


def ask(midctl, root, kernel, release):
    """The section; of a system that is no Linux, uname's word is part of the tree."""
    with tempfile.TemporaryDirectory(prefix='identity.') as temp:
        tree = os.path.join(temp, 'root')
        shutil.copytree(root, tree, symlinks=True)
        if kernel != 'Linux' and not os.path.exists(os.path.join(tree, 'etc/release')):
            os.makedirs(os.path.join(tree, 'commands'))
            with open(os.path.join(tree, 'commands/uname'), 'w', encoding='utf-8') as f:
                f.write('%s\n%s\n' % (kernel, release))
        r = subprocess.run([midctl, 'run', 'LocalInventory', 'root=' + tree, 'sections=os', '--json'],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
    try:
        return json.loads(r.stdout)['os']
    except (ValueError, KeyError):
        print(r.stderr.decode(errors='replace').strip())
        return {}


def main():
    args = argparse.ArgumentParser()
    args.add_argument('--midctl', required=True)
    args.add_argument('folder')
    o = args.parse_args()
    count = {'right': 0, 'wrong': 0, 'missing': 0}
    with open(os.path.join(o.folder, 'expected.json'), encoding='utf-8') as f:
        cases = json.load(f)['cases']
    for name, case in sorted(cases.items()):
        got = ask(o.midctl, os.path.join(o.folder, case['root']), case.get('kernel_name') or 'Linux', case.get('kernel_release') or '')
        wants = [(k, FIELDS.get(k, k), v) for k, v in case['expected'].items()]
        if case.get('distro_id'):
            wants.append(('distro_id', 'id', case['distro_id'].lower()))
        for key, field, want in wants:
            have = got.get(field)
            if want is None:
                continue
            verdict = 'right' if have == want or (have is None and want in ('', 'NA')) else 'missing' if have is None else 'wrong'
            count[verdict] += 1
            if verdict != 'right':
                print('os-identity %s: %s: expected %r, got %r' % (name, key, want, have))
    print('os-identity: %(right)d right, %(wrong)d wrong, %(missing)d missing' % count)
    return 1 if count['wrong'] or count['missing'] else 0


sys.exit(main())
