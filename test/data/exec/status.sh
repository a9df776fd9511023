#!/bin/sh
# Fails as programs do.
echo 'first complaint' >&2
echo 'no such printer' >&2
exit 3
