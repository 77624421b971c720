"""What we depend on: locked with hashes, from no address, under licences that a user of payproof can live with."""

import re
import tomllib
from importlib.metadata import Distribution, distributions
from typing import Any

import pytest

from tests.house.source import ROOT

LOCKS = ["requirements.lock", "requirements-build.lock", "requirements-dev.lock"]

REFUSED = re.compile(r"\b(A?GPL|GNU (Affero )?General Public|SSPL|BUSL)", re.IGNORECASE)
"""Not LGPL or MPL: those are lawful as unmodified packages of their own."""


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~!; ]", name)[0]).lower()


def _locked(lock: str) -> set[str]:
    return {_plain(line) for line in (ROOT / lock).read_text().splitlines() if re.match(r"[A-Za-z0-9]", line)}


def test_every_dependency_is_locked() -> None:
    project = _project()
    groups = project["dependency-groups"]
    wanted = {_plain(name) for name in project["project"]["dependencies"]}
    assert wanted - _locked("requirements.lock") == set()
    assert {_plain(name) for name in groups["build"]} - _locked("requirements-build.lock") == set()
    dev = {_plain(name) for name in groups["dev"] if isinstance(name, str)}
    assert (wanted | dev) - _locked("requirements-dev.lock") == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_names_versions_and_hashes_and_nothing_else(lock: str) -> None:
    line = re.compile(r"([A-Za-z0-9_.\-\[\],]+==[A-Za-z0-9.+!]+( ; [^:/]+)?|    --hash=sha256:[0-9a-f]{64})( \\)?")
    strange = [text for text in (ROOT / lock).read_text().splitlines() if not line.fullmatch(text)]
    assert strange == []


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_locked_has_a_hash(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_no_dependency_has_a_licence_that_binds_its_users() -> None:
    locked = _locked("requirements.lock")
    installed = [one for one in distributions() if _plain(one.name) in locked]
    assert len(installed) > 10
    assert [f"{one.name}: {_licence(one)}" for one in installed if REFUSED.search(_licence(one))] == []


def _licence(package: Distribution) -> str:
    """An SPDX expression where there is one, else what older metadata says."""
    told = package.metadata.json
    classifiers = [one for one in told.get("classifier", []) if one.startswith("License ::")]
    return str(told.get("license_expression") or " ".join(classifiers) or str(told.get("license", "")).split("\n")[0])
