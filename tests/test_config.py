"""Settings come from the environment and the command line; what cannot be used is refused in one line."""

from pathlib import Path
from typing import Any

import pytest

from payproof.config import PROFILES, BadSetting, Settings, in_force, read_settings
from payproof.model.job import JobKind
from payproof.model.secret import Secret


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({}) == Settings()


def test_a_variable_set_to_nothing_counts_as_unset() -> None:
    assert read_settings({"PAYPROOF_PORT": " ", "PAYPROOF_DATABASE_URL": ""}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("port", "0", 0),
        ("data", "/var/lib/payproof", Path("/var/lib/payproof")),
        ("engine", "false", False),
        ("synchronous", "normal", "NORMAL"),
        ("worker_kinds", "verify, deliver", (JobKind.VERIFY, JobKind.DELIVER)),
        ("base_url", "https://verify.example/", "https://verify.example"),
        ("master_key_file", "key", Path("key")),
        ("trusted_proxies", "10.0.0.0/8, 2001:db8::1 ,", ("10.0.0.0/8", "2001:db8::1")),
    ],
)
def test_text_becomes_a_value(name: str, text: str, value: Any) -> None:
    assert getattr(read_settings({f"PAYPROOF_{name.upper()}": text}), name) == value


def test_the_command_line_wins_over_the_environment() -> None:
    settings = read_settings({"PAYPROOF_PORT": "1", "PAYPROOF_SEED": "a"}, port=2, seed=None)
    assert (settings.port, settings.seed) == (2, "a")


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("PORT", "70000", "PAYPROOF_PORT: expected a number from 0 to 65535, got '70000'"),
        ("ENGINE", "perhaps", "PAYPROOF_ENGINE: expected true or false, got 'perhaps'"),
        ("LOG_LEVEL", "loud", "PAYPROOF_LOG_LEVEL: expected debug or error or info or warning, got 'loud'"),
        ("DATABASE_URL", "mysql://x", "PAYPROOF_DATABASE_URL: must start with postgresql://"),
        ("WORLD_URL", "world", "PAYPROOF_WORLD_URL: must start with http:// or https://, not 'world'"),
        ("SECRET", "sandbox-1", "PAYPROOF_CLIENT_ID and PAYPROOF_SECRET are set together or not at all"),
        (
            "TRUSTED_PROXIES",
            "10.0.0.1/8",
            "PAYPROOF_TRUSTED_PROXIES: expected an address or a network such as 10.0.0.0/8, got '10.0.0.1/8'",
        ),
        (
            "TRUSTED_PROXIES",
            "127.0.0.1,*",
            "PAYPROOF_TRUSTED_PROXIES: expected an address or a network such as 10.0.0.0/8, got '*'",
        ),
        ("PROT", "8000", "PAYPROOF_PROT is no setting; PAYPROOF_PORT is"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(name: str, text: str, complaint: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings({f"PAYPROOF_{name}": text})
    assert str(refused.value) == complaint


def test_foreign_variables_with_our_prefix_are_let_be() -> None:
    assert read_settings({"PAYPROOF_SERVICE_HOST": "10.0.0.1"}) == Settings()


def test_no_secret_shows() -> None:
    settings = read_settings({"PAYPROOF_MASTER_KEY": "opensesame", "PAYPROOF_DATABASE_URL": "postgresql://a:hush@b/c"})
    assert settings.master_key == Secret("opensesame")
    assert "opensesame" not in f"{settings} {settings!r}"
    assert "hush" not in f"{settings} {settings!r}"


def test_the_public_url_is_one_a_person_can_open() -> None:
    assert read_settings({}, host="0.0.0.0", port=81).public_url == "http://localhost:81"
    assert read_settings({}, base_url="https://verify.example").public_url == "https://verify.example"


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        (
            "fast",
            "profile fast: no stage times, no rate limit, webhooks to any http or https address,"
            " the last 200 requests of each tenant kept",
        ),
        (
            "realistic",
            "profile realistic: documented stage times, 300 requests a minute and secret,"
            " webhooks to any http or https address, the last 200 requests of each tenant kept",
        ),
        (
            "strict",
            "profile strict: no stage times, 300 requests a minute and secret, webhooks to public https addresses",
        ),
    ],
)
def test_a_profile_sets_several_things_and_says_so(profile: str, told: str) -> None:
    assert in_force(read_settings({"PAYPROOF_PROFILE": profile})) == told
    assert in_force(read_settings({}, profile=profile)) == told


@pytest.mark.parametrize(("profile", "name"), [(one, name) for one, sets in PROFILES.items() for name in sets])
def test_each_single_setting_overrides_the_profile(profile: str, name: str) -> None:
    default = getattr(Settings(), name)
    assert getattr(read_settings({}, profile=profile), name) == PROFILES[profile][name]
    assert getattr(read_settings({}, profile=profile, **{name: default}), name) == default


def test_there_is_no_other_profile() -> None:
    with pytest.raises(BadSetting, match="PAYPROOF_PROFILE: expected fast or realistic or strict"):
        read_settings({"PAYPROOF_PROFILE": "lenient"})
