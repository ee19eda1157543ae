#!/bin/sh
# Starts privnum in the background of a CI job, waits until it answers, and prints where it is: lines of NAME=value.
#
#   start-privnum.sh FOLDER [OPTION of `privnum serve`]…
#
# FOLDER gets started.json (address, keys, numbers, token), privnum.log and pid. Ends with 1 if the server does not
# start, and prints its log. It needs `privnum` and `python3` on the PATH. To stop it: kill "$(cat FOLDER/pid)".
set -eu

mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
umask 077 # started.json has secrets
: >"$folder/started.json"
nohup privnum serve --json "$@" >"$folder/started.json" 2>"$folder/privnum.log" </dev/null &
echo $! >"$folder/pid"

tries=300 # half a minute
while [ ! -s "$folder/started.json" ]; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ] || ! kill -0 "$(cat "$folder/pid")" 2>/dev/null; then
        echo "privnum did not start; it said:" >&2
        cat "$folder/privnum.log" >&2
        exit 1
    fi
    sleep 0.1
done

# It listens before it is ready: this answer comes as soon as it is.
python3 - "$folder/started.json" <<'END'
import json
import sys
import urllib.request

started = json.load(open(sys.argv[1]))
urllib.request.urlopen(started["control_url"] + "/health", timeout=30).close()
print("PRIVNUM_URL=" + started["url"])
print("PRIVNUM_CONTROL_URL=" + started["control_url"])
print("PRIVNUM_STARTED=" + sys.argv[1])
END
