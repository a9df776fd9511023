#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sbom.py VERSION FILE...: what FILEs are made of and load, as CycloneDX JSON.

Libraries and their versions are those of the system that built them, asked of
ldd and dpkg; for a static program (make STATIC=1) those of the archives that the
linker's map names. Same input, same bytes.
"""
import hashlib
import json
import os
import re
import subprocess
import sys
import time
import uuid

SSH2 = "build/deps/lib/libssh2.a"
SPACE = uuid.UUID("0c1f6a1e-5d0b-4d0e-9d1c-3c3f0a4f6b52")


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout


def loaded(path):
    """{soname: real path} of what the dynamic linker would load."""
    return dict(re.findall(r"^\s*(\S+) => (/\S+)", run("ldd", path), re.M))


def needed(path):
    return re.findall(r"\(NEEDED\).*\[(.+)\]", run("readelf", "-d", path))


def package(path):
    """The Debian package that FILE is of, or None. /lib is /usr/lib there."""
    real = os.path.realpath(path)
    for p in (path, real, re.sub("^/usr", "", real), "/usr" + real):
        found = run("dpkg", "-S", p).split(": ")[0]
        if found:
            name, version, source, arch = run(
                "dpkg-query", "-W", "-f", "${Package}\t${Version}\t${source:Package}\t${Architecture}\n",
                found).split("\n")[0].split("\t")
            return name, version, source, arch
    return None


def component(kind, name, version, purl=None, **more):
    ref = purl or f"{kind}:{name}@{version}"
    c = {"type": kind, "bom-ref": ref, "name": name, "version": version}
    if purl:
        c["purl"] = purl
    c.update(more)
    return c


def own(archive):
    """What is made from Debian's sources (packaging/deps/), or None."""
    def words(path):
        with open(path, encoding="ascii") as f:
            return f.read().split()
    folder, name = os.path.split(archive)
    if name == "libssh2.a" and folder.endswith("build/deps/lib"):
        source, v = "libssh2", words(os.path.join(folder, "../libssh2.version"))[0]
        how = "linked statically, from Debian 13's source package with its patches and one of ours (packaging/deps/)"
    elif folder.endswith("build/deps/static/lib"):
        source = {"libonig.a": "libonig"}.get(name, name[3:-2])
        v = words(os.path.join(folder, "../src/version." + source))[0]
        how = "linked statically, from Debian's source package with its patches (packaging/deps/static.sh)"
    else:
        return None
    return component("library", source, v, f"pkg:deb/debian/{source}@{quoted(v)}?arch=source", description=how)


def of_package(path, who):
    p = package(path)
    if p is None:
        sys.exit(f"sbom: no package has {path}, which {who} loads")
    name, v, source, arch = p
    return component("library", name, v, f"pkg:deb/debian/{name}@{quoted(v)}?arch={arch}",
                     properties=[{"name": "debian:source", "value": source}])


def linked(path):
    """Of a static program: the archives of others that it holds something of."""
    with open(path + ".map", encoding="utf-8") as f:
        head = f.read().split("\n\n")[1]
    found = {os.path.normpath(a) for a in re.findall(r"^(\S+\.a)\(", head, re.M)}
    here = os.path.dirname(os.path.dirname(path))
    return [own(a) or of_package(a, path) for a in sorted(found) if os.path.dirname(a) != here]


def quoted(v):
    return v.replace("+", "%2B").replace(":", "%3A")


def digest(path):
    with open(path, "rb") as f:
        return [{"alg": "SHA-256", "content": hashlib.sha256(f.read()).hexdigest()}]


def main(version, paths):
    parts, needs = {}, {}
    for path in sorted(paths):
        me = component("application" if "/bin/" in path else "library", os.path.basename(path), version,
                       hashes=digest(path), licenses=[{"license": {"id": "Apache-2.0"}}])
        parts[me["bom-ref"]] = me
        refs, libs = set(), loaded(path)
        for soname, real in libs.items():
            lib = of_package(real, path)
            parts[lib["bom-ref"]] = lib
            if soname in needed(path):
                refs.add(lib["bom-ref"])
        inside = linked(path) if os.path.exists(path + ".map") else []
        if path.endswith("/ssh.so") and not any(s.startswith("libssh2") for s in libs) and os.path.exists(SSH2):
            inside = [own(SSH2)]
        for lib in inside:
            parts[lib["bom-ref"]] = lib
            refs.add(lib["bom-ref"])
        needs[me["bom-ref"]] = refs
    top = component("application", "midd", version, licenses=[{"license": {"id": "Apache-2.0"}}])
    top["bom-ref"] = f"product:midd@{version}"  # one of the programs has its name
    needs[top["bom-ref"]] = set(needs)
    known = [top["bom-ref"]] + list(parts)
    wrong = [r for r in set().union(known, *needs.values()) if known.count(r) != 1]
    wrong += [r for r, on in needs.items() if r in on]
    if wrong:
        sys.exit(f"sbom: named twice, not at all, or needs itself: {wrong}")
    when = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    content = json.dumps(parts, sort_keys=True)
    print(json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(SPACE, content)}",
        "metadata": {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when)), "component": top},
        "components": [parts[k] for k in sorted(parts)],
        "dependencies": [{"ref": k, "dependsOn": sorted(needs[k])} for k in sorted(needs)],
    }, indent=1))


main(sys.argv[1], sys.argv[2:])
