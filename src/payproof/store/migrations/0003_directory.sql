-- The directory: facts of the installation, the same for all tenants.

CREATE TABLE company (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    domain TEXT UNIQUE,
    logo_url TEXT,
    provider_id TEXT,
    mapping_status TEXT CHECK (mapping_status IN ('verified', 'mapped', 'unmapped')),
    success_rate TEXT CHECK (success_rate IN ('high', 'low', 'unsupported')),
    features TEXT,
    ein TEXT,
    phone TEXT,
    is_pretend INTEGER NOT NULL DEFAULT 0,
    origin TEXT NOT NULL CHECK (origin IN ('seed', 'import', 'connector'))
);
CREATE INDEX company_ein ON company (ein) WHERE ein IS NOT NULL;
CREATE INDEX company_phone ON company (phone) WHERE phone IS NOT NULL;

CREATE TABLE institution (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    domain TEXT,
    logo_url TEXT,
    data_source TEXT NOT NULL CHECK (data_source IN ('payroll', 'docs', 'insurance', 'financial_accounts', 'tax')),
    origin TEXT NOT NULL CHECK (origin IN ('seed', 'import', 'connector'))
);

-- What is searched: the order of texts is that of their bytes, so that it is the same on every database.
CREATE TABLE directory_entry (
    number INTEGER PRIMARY KEY,
    noun TEXT {bytewise} NOT NULL,
    kind TEXT {bytewise} NOT NULL,
    id TEXT {bytewise} NOT NULL,
    folded TEXT {bytewise} NOT NULL,
    words TEXT NOT NULL,
    size INTEGER NOT NULL,
    UNIQUE (noun, id)
);
CREATE INDEX directory_entry_folded ON directory_entry (noun, folded, id);

-- The shortest names first within a trigram: whoever stops early has the best.
CREATE TABLE directory_trigram (
    noun TEXT {bytewise} NOT NULL,
    trigram TEXT {bytewise} NOT NULL,
    size INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    kind TEXT {bytewise} NOT NULL,
    PRIMARY KEY (noun, trigram, size, entry, kind)
) {without_rowid};

CREATE TABLE directory_trigram_count (
    noun TEXT {bytewise} NOT NULL,
    trigram TEXT {bytewise} NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (noun, trigram)
) {without_rowid};

ALTER TABLE link ADD COLUMN company_mapping_id TEXT;
