#!/bin/sh
# Starts privnum in the background of a CI job, waits until it answers, and prints where it is: lines of NAME=value.
#
#   start-privnum.sh FOLDER [OPTION of `privnum serve`]…
#
# FOLDER gets started.json (address, keys, numbers, token) and privnum.log. Ends with 1 if the server does not start,
# with 2 where an option is wrong, and says why. It needs `privnum` on the PATH. To stop it: privnum stop --state-dir FOLDER
set -eu

mkdir -p "$1"
PRIVNUM_STATE_DIR=$(cd "$1" && pwd)
export PRIVNUM_STATE_DIR
shift

privnum start --detach "$@" >&2
privnum env --format dotenv | grep -E '^PRIVNUM_(CONTROL_)?URL='
echo "PRIVNUM_STARTED=$PRIVNUM_STATE_DIR/started.json"
