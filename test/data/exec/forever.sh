#!/bin/sh
# Never ends, has a child that does neither, and one that has left its group;
# both do not care for SIGTERM. Says their numbers.
trap '' TERM
sleep 1000 &
a=$!
setsid sleep 1000 &
b=$!
printf '{"note":{"name":"pids","value":"%s %s %s"}}\n' $$ $a $b
while :; do wait; done
