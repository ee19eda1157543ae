"""The target.toml that `privnum init-target` writes."""

from __future__ import annotations

__all__ = ["TEMPLATE"]

TEMPLATE = """\
#:schema target.schema.json
# What is under test. All settings: docs/target.md.
# Check with: privnum check --target target.toml
# For the completion of editors that know #:schema: privnum schema target --output target.schema.json

name = "my platform"                       # how reports call it
base_url = "http://127.0.0.1:8080"         # the platform's address; the paths of the API come behind it
# request_timeout = 10                     # seconds after which a request counts as unanswered
# ca_file = "ca.pem"                       # certificates to trust for https, where no public authority has signed

# Who makes calls and lets time pass. "http": the driver protocol (/_privnum/…) at url, which `privnum serve` offers.
# "python": an object of yours that takes the same messages (docs/driver.md), also from a module beside this file.
# "none": there is no driver; what needs calls or a clock is not exercised.
[driver]
kind = "none"
# kind = "http"
# url = "http://127.0.0.1:8080"
# token = "$CONTROL_TOKEN"                 # where its messages need one, as those of `privnum serve --host 0.0.0.0` do
# kind = "python"
# object = "my_driver:make"                # or, of an installed package: entry_point = "my-platform"
# settings = { console = "10.0.0.7", password = "$CONSOLE_PASSWORD" }  # what the factory is called with
# world = "default"                        # use the applications of this world instead of making new worlds

# Where the suites listen for pushes; url is the address under which the target reaches them, a tunnel's or proxy's too.
# With event_path and fee_path the target always pushes to url + path, which you enter there by hand.
# [receiver]
# host = "0.0.0.0"
# port = 9090
# url = "http://192.0.2.1:9090"
# event_path = "/events"
# fee_path = "/fee"
# patience_seconds = 5                     # stop waiting when no push has come for so long, unless the driver knows

# Applications to use, with X numbers on which nothing else is bound. Not needed where the driver makes worlds.
# A second application of the mode, and one of another mode, let more rules be tried.
[[applications]]
mode = "AXB"                               # or AX, AXE, AXYB, X
app_key = "your-app-key"
app_secret = "$PRIVNUM_APP_SECRET"         # $NAME: the environment variable of that name
numbers = [{ number = "+8617000000001", area_code = "0755" }, { number = "+8617000000002", area_code = "0755" }]
# more_numbers = false                     # whether it has X numbers beside these, which the platform may pick
# recording = true                         # recording is open for it
# tones = ["wait.wav"]                     # tones that were uploaded; no others are sent

# Applications of the other modes, with what they have beside the settings above.
# [[applications]]
# mode = "AXE"
# app_key = "your-axe-key"
# app_secret = "$PRIVNUM_AXE_SECRET"
# numbers = [{ number = "+8617000000011", area_code = "0755" }, { number = "+8617000000012", area_code = "0755" }]
# extension_digits = 4                     # digits of an extension
# repeat_collections = 0                   # how often a caller is asked for the extension again
# no_record = { play = "wait.wav" }        # what A gets without a call-back record; or { transfer = number }

# [[applications]]
# mode = "AX"
# app_key = "your-ax-key"
# app_secret = "$PRIVNUM_AX_SECRET"
# numbers = ["+8617000000021", "+8617000000022"]  # an X carries one binding: two do for most checks, seven for all

# [[applications]]
# mode = "AXYB"
# app_key = "your-axyb-key"
# app_secret = "$PRIVNUM_AXYB_SECRET"
# numbers = ["+8617000000031", "+8617000000032", "+8617000000033", "+8617000000034"]  # for X and Y: sixteen do for all
# more_numbers = false

# [[applications]]
# mode = "X"
# app_key = "your-x-key"
# app_secret = "$PRIVNUM_X_SECRET"
# numbers = ["+8617000000041", "+8617000000042"]

# Numbers that may be bound: a list, or a beginning and how many follow.
[users]
mobile = { prefix = "+86138000000", count = 100 }
# fixed_line = ["+8675526660001", "+8675526660002", "+8675526660003", "+8675526660004"]
# service = ["+864001234567"]

# What may be touched. Off this machine no number is bound or dialled that is not named above.
# [safety]
# only_named_numbers = true                # the same for a target of this machine

# Choices of the target where the documents are silent. Those not named here are found out by probes.
# [assumptions]
# "auth.lockout_failures" = 100
"""
