# SPDX-License-Identifier: Apache-2.0
# Canaries, and where they are found: in files and in the memory of processes (/proc/PID/mem). After lib.sh.
# $W/canaries has a line for each: what it is, and its bytes in hex.
hex() { od -An -v -tx1 | tr -d ' \n'; }
# look EXCEPT[,EXCEPT...] FILE...: it fails where one of the others is in one of the FILEs.
cat >"$W/find.py" <<-'P'
	import sys
	canaries = [line.rsplit(" ", 1) for line in open(sys.argv[1]).read().splitlines()]
	def regions(path):
	    if not path.endswith("/mem"):
	        yield open(path, "rb").read()
	        return
	    mem = open(path, "rb", 0)
	    for line in open(path[:-3] + "maps"):
	        span, mode = line.split()[:2]
	        if "r" in mode and "[v" not in line:
	            low, high = (int(x, 16) for x in span.split("-"))
	            try:
	                mem.seek(low)
	                yield mem.read(high - low)
	            except (OSError, ValueError):
	                pass
	looked = 0
	for path in sys.argv[3:]:
	    for data in regions(path):
	        looked += len(data)
	        for name, hexed in canaries:
	            if name not in sys.argv[2].split(",") and bytes.fromhex(hexed) in data:
	                print(f"{name} is in {path}")
	print(f"{looked} bytes looked through", file=sys.stderr)
P
look() { python3 "$W/find.py" "$W/canaries" "$@" >"$W/found"; [ ! -s "$W/found" ] || die "$(cat "$W/found")"; }
