#!/bin/sh
# The second line is no answer.
echo '{"output":"good"}'
echo 'hello there'
sleep 60
