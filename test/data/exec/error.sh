#!/bin/sh
# Fails in its own words, and then ends well.
echo '{"error":{"class":"auth","message":"wrong password for ali"}}'
