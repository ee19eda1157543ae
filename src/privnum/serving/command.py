"""`privnum serve`: from options, environment and file to a server."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from privnum.ends import report_problem
from privnum.options import BAD_USAGE
from privnum.serving.options import parser
from privnum.serving.sources import SettingError, Settings, strangers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.mockserver.http.command import Options

__all__ = ["serve_main"]


def serve_main(args: Sequence[str]) -> int:
    """Run the server, or print what it would run with; return the status."""
    given = vars(parser().parse_args(args))
    given.pop("lang", None)  # it is spoken already
    try:
        settings = Settings(given)
    except SettingError as error:
        report_problem("privnum serve", str(error))
        return BAD_USAGE
    for name, near in strangers():
        report_problem("privnum serve", f"{name} in the environment is no setting; did you mean {near}?")
    if "print_config" in given:
        from privnum.serving.printing import toml_of

        sys.stdout.write(toml_of(settings))
        return 0
    from privnum.mockserver.http.command import serve

    return serve(_options(settings))


def _options(settings: Settings) -> Options:
    from privnum.mockserver.http.command import Options

    public_url: str | None = settings["public_url"]
    return Options(
        host=settings["host"],
        port=settings["port"],
        as_json=settings["json"],
        edition=settings["edition"],
        assumptions={id_: given.value for id_, given in settings.assumptions.items()},
        variations=settings["variations"] or (),
        seed=settings["seed"],
        keep=settings["keep"],
        journal=settings["journal"],
        strict=settings["strict"],
        log=settings["log"],
        log_format=settings["log_format"],
        public_url=None if public_url is None else public_url.rstrip("/"),
        control_token=settings["control_token"],
        event_url=settings["event_url"],
        fee_url=settings["fee_url"],
        clock=settings["clock"],
        push_timeout=settings["push_timeout"],
        push_ca=settings["push_ca"],
        push_to=settings["push_to"] or (),
        tls=settings["tls"],
        tls_port=settings["tls_port"],
        tls_cert=settings["tls_cert"],
        tls_key=settings["tls_key"],
        tls_ca_file=settings["tls_ca_file"],
        applications=settings["applications"],
        home_areas=settings["home_areas"] or {},
        state=settings["state"],
        advertise=settings["advertise"],
        place=settings.place,
    )
