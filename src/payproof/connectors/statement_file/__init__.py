"""Bank files that a person hands over: OFX, QFX, QBO and CSV. No contract with the bank, no network."""

from collections.abc import AsyncIterator, Sequence

from payproof.connectors.statement_file.question import form_for, take_reply
from payproof.connectors.statement_file.read import READING_PREFIX, facts_of
from payproof.connectors.statement_file.visit import Tally, check_uploads, name_of, open_file
from payproof.kit.connector import Depth
from payproof.kit.failure import ConfigRefused
from payproof.kit.manifest import Assurance, Coverage, Kind, Manifest
from payproof.kit.visit import Visit
from payproof.model.fact import Facts
from payproof.model.product import DataSource, ProductType
from payproof.model.question import Answers, Field, FieldKind, Form, Question
from payproof.model.raw import Raw

MOST_FILES = 12
MOST_BYTES = 32 << 20

_FORM = Form(
    title="Hand over files from your bank",
    fields=(
        Field(
            name="files",
            label="Bank files",
            kind=FieldKind.FILE,
            hint="OFX, QFX, QBO or CSV, as your bank's website offers them for download",
            max_files=MOST_FILES,
            max_bytes=MOST_BYTES,
        ),
    ),
)

_MANIFEST = Manifest(
    id="statement_file",
    provider_id="statement_file",
    name="Bank statement files",
    kind=Kind.FILE,
    data_source=DataSource.FINANCIAL_ACCOUNTS,
    products={ProductType.TRANSACTIONS: Coverage.FULL, ProductType.ASSETS: Coverage.PARTIAL},
    fields=(
        *("type", "subtype", "mask", "nickname", "currency_code", "balance", "available_balance", "credit_limit"),
        *("routing_number", "account_number", "external_id", "amount", "status", "description", "memo", "posted_at"),
        *("check_number", "merchant_category_code"),
    ),
    assurance=Assurance.CONSUMER_FILE,
    form=_FORM,
    mfa=("form",),
    help_links=("https://www.ofx.net/",),
)


class StatementFile:
    """`login` recognises the files, `collect` keeps what they say, `read` makes accounts and transactions of it."""

    @property
    def manifest(self) -> Manifest:
        return _MANIFEST

    async def login(self, visit: Visit, answers: Answers) -> Question | None:
        """Open every file. Asks about one CSV at a time; what is answered holds for all files with that header."""
        take_reply(visit, answers)
        check_uploads(visit.uploads, MOST_FILES, MOST_BYTES)
        tally = Tally()
        for upload in visit.uploads:
            opened = await open_file(visit, upload, postings=False)
            if opened.ambiguity:
                return form_for(visit, upload, opened.ambiguity)
            tally.add(upload, opened)
        tally.judge()
        return None

    async def collect(self, visit: Visit, depth: Depth) -> AsyncIterator[Raw]:
        """One reading per file, at the first depth; there is nothing more to fetch later."""
        if depth is Depth.FULL:
            return
        for upload in visit.uploads:
            opened = await open_file(visit, upload, postings=True)
            if opened.reading is None:
                raise ConfigRefused(f"{name_of(upload)}: its columns are not known.", reason="columns_unknown")
            number = upload.key.split("/")[1]
            yield Raw(key=f"{READING_PREFIX}{number}", media_type="application/json", body=opened.body)

    def read(self, raws: Sequence[Raw], depth: Depth) -> Facts:
        return facts_of(raws, with_transactions=depth is Depth.FULL)


connector = StatementFile()
