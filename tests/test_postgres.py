"""The PostgreSQL of the tests is real, empty for each test, and can be taken away and given back."""

import psycopg

from tests.postgres import running_postgres


def test_each_test_has_an_empty_database(postgres_database: str) -> None:
    with psycopg.connect(postgres_database) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_what_was_committed_survives_a_crash() -> None:
    with running_postgres() as postgres:
        with psycopg.connect(postgres.url) as connection:
            connection.execute("CREATE TABLE kept (id int)")
        postgres.restart(at_once=True)
        with psycopg.connect(postgres.url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
