"""The connectors that are there, written into the provider table: everyone else reads the table."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import structlog

from payproof.config import BadSetting, Settings
from payproof.kit.connector import Connector
from payproof.kit.loading import load_connectors
from payproof.kit.manifest import Manifest
from payproof.model.company import Origin
from payproof.model.institution import Institution
from payproof.model.provider import Provider
from payproof.store import Store, SystemTx
from payproof.store.directory import count_trigrams, hold_directory
from payproof.store.institution import release_institutions, write_institutions
from payproof.store.provider import providers, write_provider
from payproof.store.seed import seed_directory

log = structlog.get_logger("payproof")


async def install(store: Store, settings: Settings) -> dict[str, Connector]:
    """A server's connectors by provider id, written into the table."""
    found = usable(settings)
    _say_absent(found)
    await store.everywhere.write(seed_directory)
    await store.everywhere.write(write_installed, [provider_of(one.manifest) for one in found.values()])
    return found


async def join(store: Store, settings: Settings) -> dict[str, Connector]:
    """A worker's connectors by provider id. Raises BadSetting where it lacks one that the servers offer.

    Its tasks would otherwise end here, for want of a setting, as if nobody supported them.
    """
    found = usable(settings)
    _say_absent(found)
    offered = [one.id for one in await store.everywhere.read(providers) if not one.is_disabled]
    lacking = sorted(set(offered) - set(found))
    if lacking:
        cure = "set PAYPROOF_WORLD_URL as the servers do, or install the connectors they have"
        raise BadSetting(f"this worker has no connector for {', '.join(lacking)}: {cure}")
    return found


def usable(settings: Settings) -> dict[str, Connector]:
    """What is installed, by provider id; those that visit the pretend world are absent where there is none."""
    chosen = [one for one in _loaded() if settings.world_url is not None or not one.manifest.uses_world]
    return {one.manifest.provider_id: one for one in chosen}


def _loaded() -> Iterable[Connector]:
    return load_connectors("payproof.connectors").values()


def _say_absent(found: Mapping[str, Connector]) -> None:
    absent = {one.manifest.provider_id for one in _loaded()} - set(found)
    if absent:
        log.info("providers_absent", reason="no world_url", detail=", ".join(sorted(absent)))


def provider_of(manifest: Manifest) -> Provider:
    """What a connector says of itself, as the institution that clients know."""
    return Provider(
        id=manifest.provider_id,
        connector_id=manifest.id,
        name=manifest.name,
        data_source=manifest.data_source,
        products=manifest.given,
        form=manifest.form,
        kind=manifest.kind,
        aliases=manifest.aliases,
        sandbox_only=manifest.uses_world,
    )


def write_installed(tx: SystemTx, installed: Sequence[Provider]) -> None:
    """Into the table and into the directory. Those that are gone stay, disabled: old tasks name them."""
    hold_directory(tx)
    known = {provider.id for provider in installed}
    for old in providers(tx):
        if old.id not in known:
            write_provider(tx, msgspec.structs.replace(old, is_disabled=True))
    for provider in installed:
        write_provider(tx, provider)
    release_institutions(tx, [one.id for one in installed])
    also = {one.id: (one.connector_id, *one.aliases) for one in installed}
    if write_institutions(tx, [_institution_of(one) for one in installed], also):
        count_trigrams(tx)


def _institution_of(provider: Provider) -> Institution:
    return Institution(id=provider.id, name=provider.name, data_source=provider.data_source, origin=Origin.CONNECTOR)
