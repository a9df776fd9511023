#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges LocalInventory by recorded hosts.

    corpus.py --midctl PROGRAM [--verbose] [--only TREE] FOLDER

FOLDER holds trees, packed or not, and expected.json. Each tree is collected as a
user would (`midctl run LocalInventory root=TREE --json`), then every expected value
is compared with the fact that stands for it:

    right    the fact is the value, or an accepted spelling of it
    wrong    the fact is something else
    missing  there is no such fact
    -        not judged; the reason stands at the end

corpus_rules.py says which fact stands for which value. Exit 1 when anything is wrong
or missing.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import tarfile
import tempfile

import corpus_rules

LIMIT = 60  # seconds for one tree
DETAILS = 40  # lines for one tree


class Judge:
    """Counts right, wrong and missing per field of one tree."""

    def __init__(self, tree, root, facts):
        self.tree, self.root, self.facts = tree, root, facts
        self.rows = collections.OrderedDict()
        self.details = []
        self.unjudged = collections.Counter()

    def row(self, field):
        return self.rows.setdefault(field, collections.Counter())

    def has(self, pattern):
        """Whether the tree holds a file; what was left out of it cannot be read."""
        import glob
        return bool(glob.glob(os.path.join(glob.escape(self.root), pattern)))

    def skip(self, field, reason):
        self.row(field)['-'] += 1
        self.unjudged[reason] += 1

    def check(self, field, want, got, same=None, accept=(), where=''):
        if want is None:
            return self.skip(field, 'null: the source does not know')
        same = same or corpus_rules.same_text
        if not self.facts or got is None and not corpus_rules.is_nothing(want):
            verdict = 'missing'
        elif got is None or any(same(w, got) for w in [want, *accept]):
            verdict = 'right'
        else:
            verdict = 'wrong'
        self.row(field)[verdict] += 1
        if verdict != 'right':
            self.details.append('%s: %s %s%s: expected %s, got %s' % (
                self.tree, verdict, field, where and ' of ' + where,
                json.dumps(want)[:160], json.dumps(got)[:160]))


def unpack(archive, name, to):
    """Unpacks plain files, folders and links; refuses what would leave the tree."""
    with tarfile.open(archive) as tar:
        for m in tar.getmembers():
            path = os.path.normpath(m.name)
            if path.startswith(('..', '/')) or path.split('/')[0] != name \
                    or not (m.isfile() or m.isdir() or m.issym()):
                sys.exit('corpus: %s: will not unpack %s' % (archive, m.name))
        tar.extractall(to)
    return os.path.join(to, name)


def collect(midctl, root):
    run = subprocess.run(
        [midctl, 'run', 'LocalInventory', 'root=' + root, '--json'],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT)
    try:
        return json.loads(run.stdout), ''
    except ValueError as e:
        return {}, 'exit %d, %s: %s' % (
            run.returncode, e, run.stderr.decode(errors='replace').strip()[-300:])


def judge_tree(midctl, folder, name, entry, temp):
    if entry.get('archive'):
        root = unpack(os.path.join(folder, entry['archive']), name, temp)
    else:
        root = os.path.abspath(os.path.join(folder, name))
    facts, problem = collect(midctl, root)
    judge = Judge(name, root, facts)
    if problem:
        judge.details.append('%s: no facts: %s' % (name, problem))
    corpus_rules.judge_entry(judge, entry)
    return judge


def print_table(judges):
    width = max([len(f) for j in judges for f in j.rows] + [5])
    print('%-*s %6s %6s %7s %4s' % (width + 2, 'tree and field', 'right', 'wrong', 'missing', '-'))
    for j in judges:
        print(j.tree)
        for field, n in j.rows.items():
            print('  %-*s %6s %6s %7s %4s' % (width, field, n['right'] or '', n['wrong'] or '',
                                              n['missing'] or '', n['-'] or ''))


def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('--midctl', required=True)
    p.add_argument('--only', action='append')
    p.add_argument('folder')
    args = p.parse_args()

    with open(os.path.join(args.folder, 'expected.json')) as f:
        trees = json.load(f)['trees']
    with tempfile.TemporaryDirectory(prefix='corpus.') as temp:
        judges = [judge_tree(args.midctl, args.folder, n, trees[n], temp)
                  for n in sorted(trees) if not args.only or n in args.only]
    print_table(judges)

    reasons = sum((j.unjudged for j in judges), collections.Counter())
    if reasons:
        print('\nnot judged (-):')
        for reason, n in reasons.most_common():
            print('  %5d  %s' % (n, reason))
    for j in judges:
        for line in j.details[:DETAILS]:
            print(line)
        if len(j.details) > DETAILS:
            print('%s: and %d more' % (j.tree, len(j.details) - DETAILS))
    total = collections.Counter()
    for j in judges:
        for n in j.rows.values():
            total.update(n)
    print('proc: %d right, %d wrong, %d missing' % (total['right'], total['wrong'], total['missing']))
    sys.exit(1 if total['wrong'] or total['missing'] or any(not j.facts for j in judges) else 0)


if __name__ == '__main__':
    main()
