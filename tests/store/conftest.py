"""Both databases."""

from tests.databases import migrated, postgres_store_url, store, target, tenant, wall, where

__all__ = ["migrated", "postgres_store_url", "store", "target", "tenant", "wall", "where"]
