#!/bin/sh
# Says each word once, and what it was told.
read -r told
printf '{"stdout":"out\\n"}\n{"stderr":"err\\n"}\n{"output":"text"}\n'
printf '{"json":{"told":%s}}\n' "$told"
printf '{"note":{"name":"n","value":"v"}}\n{"partial":"half"}\n\n'
printf '{"log":{"level":"warn","text":"careful"}}'
