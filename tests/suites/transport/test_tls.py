"""Targets and receivers over https, signed by nobody public."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from privnum.suites.base.claims import NoAnswer
from privnum.suites.commands.check import check_main
from privnum.suites.commands.check_receiver.command import check_receiver_main
from privnum.suites.target.config import EMBEDDED, TargetError, load_target, trusting
from privnum.suites.transport.api import HttpTransport
from privnum.suites.transport.tls import ca_fault
from tests.mockserver.http.test_command import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

CERTIFICATE = str(Path(__file__).parents[2] / "mockserver/http/localhost.pem")


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, dict[str, str]]]:
    with serving("--port", "0", "--tls", "--tls-port", "0", "--json") as (_, line):
        yield json.loads(line)


def test_a_target_is_trusted_by_the_file_that_is_named(server: dict[str, dict[str, str]]) -> None:
    secure = server["tls"]
    transport = HttpTransport(secure["url"], ca_file=secure["ca_file"])
    try:
        assert transport.request("GET", "/_privnum/health", "", [], b"").status == 200
    finally:
        transport.close()


def test_without_it_the_message_says_what_would_help(server: dict[str, dict[str, str]]) -> None:
    transport = HttpTransport(server["tls"]["url"])
    try:
        with pytest.raises(NoAnswer, match=r"CERTIFICATE_VERIFY_FAILED.*--ca FILE names a CA to trust"):
            transport.request("GET", "/_privnum/health", "", [], b"")
    finally:
        transport.close()


def test_a_target_over_https_is_checked_with_its_driver(server: dict[str, dict[str, str]], tmp_path: Path) -> None:
    """By the option, and by the file's own word for it."""
    secure = server["tls"]
    base = f'base_url = "{secure["url"]}"\n'
    driver = f'[driver]\nkind = "http"\nurl = "{secure["url"]}"\n'
    path = tmp_path / "target.toml"
    run = ["--target", str(path), "--rule", "AXB-BIND-001", "--report-dir", str(tmp_path / "report"), "--quiet"]
    path.write_text(base + driver, encoding="utf-8")
    assert check_main(run) == 2
    assert check_main([*run, "--ca", secure["ca_file"]]) == 0
    path.write_text(f'{base}ca_file = "{secure["ca_file"]}"\n{driver}', encoding="utf-8")
    assert check_main(run) == 0


def test_a_file_of_certificates_is_seen_from_the_folder_of_the_target(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(Path(CERTIFICATE).read_bytes())
    path = tmp_path / "target.toml"
    text = (
        'base_url = "https://localhost:1"\nca_file = "ca.pem"\n[driver]\nkind = "http"\nurl = "https://localhost:1"\n'
    )
    path.write_text(text, encoding="utf-8")
    assert load_target(path).ca_file == str(tmp_path / "ca.pem")
    path.write_text(text.replace("ca.pem", "none.pem"), encoding="utf-8")
    with pytest.raises(TargetError) as caught:
        load_target(path)
    assert str(caught.value).startswith(f"{path}:2: ca_file: {tmp_path / 'none.pem'} cannot be read: No such file")


def test_a_file_without_certificates_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert ca_fault(CERTIFICATE) is None
    assert ca_fault(__file__) == f"{__file__} has no certificate; name a file with certificates in PEM"
    with pytest.raises(TargetError, match=r"^--ca: .* has no certificate"):
        trusting(EMBEDDED, __file__)
    to = ["--fee-url", "https://localhost:1/", "--app-key", "k", "--app-secret", "s"]
    assert check_receiver_main([*to, "--ca", __file__]) == 2
    assert "--ca: " in capsys.readouterr().err
    assert check_main(["--ca", CERTIFICATE]) == 2
    assert "--ca is for a --target" in capsys.readouterr().err
