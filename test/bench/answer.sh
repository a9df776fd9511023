# SPDX-License-Identifier: Apache-2.0
# answer - what telling the instance costs, alone. Sourced.
ask_answer() {
# shellcheck disable=SC2046
$CC -O2 -std=gnu11 -D_GNU_SOURCE -Ibase -Iagent -o "$W/answers" test/bench/answers.c "$B/libagent.a" "$B/libbase.a" \
	$(pkg-config --libs libuv libcurl json-c openssl expat sqlite3 yaml-0.1) -lpthread -lm -ldl
say
say "Telling the instance: answers of 2 kB through agent/instance/ alone"
printf '  %-34s %8s %12s\n' "" answers/s "cpu us each"
for group in 50 1; do
	"$W/answers" "$URL" "$W/lab/ca.pem" "$W/lab/agents/bench.pem" "$W/lab/agents/bench.key" 4000 2000 $group |
		awk -v g=$group '{printf "  %-34s %8s %12s\n", (g > 1 ? "batches of " g : "one at a time"), $4, $5}'
done
say "  made by: answers URL CA CERT KEY 4000 2000 50 (and 1)"
}
