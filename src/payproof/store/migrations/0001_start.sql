-- Times are microseconds since 1970 in UTC. Bodies are sealed JSON. Ids are 32 hex digits.

CREATE TABLE meta (name TEXT PRIMARY KEY, value {blob} NOT NULL);

CREATE TABLE client (id TEXT PRIMARY KEY, created_at BIGINT NOT NULL);

CREATE TABLE tenant (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES client (id),
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'dev', 'prod')),
    seed TEXT NOT NULL,
    clock_offset BIGINT NOT NULL DEFAULT 0,
    clock_frozen_at BIGINT,
    clock_target BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (client_id, environment)
);

CREATE TABLE access_key (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    secret_hash TEXT NOT NULL UNIQUE,
    sealed_secret {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    deactivated_at BIGINT
);
CREATE INDEX access_key_tenant ON access_key (tenant, created_at);

CREATE TABLE provider (
    id TEXT PRIMARY KEY,
    connector_id TEXT NOT NULL,
    name TEXT NOT NULL,
    data_source TEXT NOT NULL,
    is_disabled INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL
);

CREATE TABLE app_user (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    external_user_id TEXT,
    body {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX app_user_tenant ON app_user (tenant, created_at, id);
CREATE INDEX app_user_external ON app_user (tenant, external_user_id);

CREATE TABLE data_key (
    user_id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    wrapped {blob} NOT NULL
);

CREATE TABLE bridge_token (
    token TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    user_id TEXT NOT NULL REFERENCES app_user (id),
    link_id TEXT,
    body {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX bridge_token_user ON bridge_token (user_id);

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    user_id TEXT NOT NULL REFERENCES app_user (id),
    bridge_token TEXT NOT NULL REFERENCES bridge_token (token),
    link_id TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX session_of_user ON session (user_id);
CREATE INDEX session_of_token ON session (bridge_token);

CREATE TABLE link (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    user_id TEXT NOT NULL REFERENCES app_user (id),
    provider_id TEXT NOT NULL,
    data_source TEXT NOT NULL,
    initial_product_type TEXT NOT NULL,
    allowed_products TEXT NOT NULL,
    tracking_info TEXT,
    link_hash TEXT,
    access_hash TEXT NOT NULL UNIQUE,
    access_token {blob} NOT NULL,
    status TEXT NOT NULL,
    last_task_id TEXT,
    finished_at BIGINT,
    is_suspicious INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX link_tenant ON link (tenant, created_at, id);
CREATE INDEX link_user ON link (tenant, user_id, created_at, id);

CREATE TABLE public_token (
    hash TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    link_id TEXT NOT NULL REFERENCES link (id),
    expires_at BIGINT NOT NULL,
    exchanged_at BIGINT
);
CREATE INDEX public_token_link ON public_token (link_id);

CREATE TABLE task (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    user_id TEXT NOT NULL REFERENCES app_user (id),
    link_id TEXT,
    session_id TEXT,
    provider_id TEXT NOT NULL,
    product_type TEXT NOT NULL CHECK (product_type IN (
        'income', 'employment', 'deposit_switch', 'pll', 'insurance', 'transactions', 'assets')),
    data_source TEXT NOT NULL CHECK (data_source IN ('payroll', 'docs', 'insurance', 'financial_accounts', 'tax')),
    status TEXT NOT NULL CHECK (status IN (
        'new', 'login', 'mfa', 'parse', 'full_parse', 'switch_deposit', 'done', 'error', 'login_error',
        'account_locked', 'mfa_error', 'config_error', 'no_data', 'unavailable', 'unable_to_reset', 'not_supported')),
    version BIGINT NOT NULL DEFAULT 1,
    is_suspicious INTEGER NOT NULL DEFAULT 0,
    error_message TEXT,
    error_reason TEXT,
    tracking_info TEXT,
    bridge_token TEXT,
    order_id TEXT,
    memory {blob},
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deadline_at BIGINT NOT NULL
);
CREATE INDEX task_tenant ON task (tenant, created_at, id);
CREATE INDEX task_user ON task (tenant, user_id, created_at, id);
CREATE INDEX task_link ON task (tenant, link_id, created_at, id);
CREATE INDEX task_session ON task (tenant, session_id, created_at, id);

CREATE TABLE question (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    task_id TEXT NOT NULL REFERENCES task (id),
    number INTEGER NOT NULL,
    body {blob} NOT NULL,
    answer {blob},
    asked_at BIGINT NOT NULL,
    answered_at BIGINT,
    closed_at BIGINT,
    UNIQUE (task_id, number)
);

CREATE TABLE raw (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    task_id TEXT NOT NULL REFERENCES task (id),
    user_id TEXT NOT NULL REFERENCES app_user (id),
    raw_key TEXT NOT NULL,
    position BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    body {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (task_id, raw_key)
);

CREATE TABLE remembered (
    user_id TEXT NOT NULL REFERENCES app_user (id),
    connector_id TEXT NOT NULL,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    body {blob} NOT NULL,
    PRIMARY KEY (user_id, connector_id)
);

CREATE TABLE employment (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    user_id TEXT NOT NULL REFERENCES app_user (id),
    link_id TEXT NOT NULL REFERENCES link (id),
    key_hash TEXT NOT NULL,
    position INTEGER NOT NULL,
    profile_id TEXT NOT NULL,
    body {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (link_id, key_hash)
);

CREATE TABLE pay_statement (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    user_id TEXT NOT NULL REFERENCES app_user (id),
    link_id TEXT NOT NULL REFERENCES link (id),
    employment_id TEXT NOT NULL REFERENCES employment (id),
    key_hash TEXT NOT NULL,
    pay_on BIGINT,
    body {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (employment_id, key_hash)
);
CREATE INDEX pay_statement_link ON pay_statement (link_id);

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    user_id TEXT NOT NULL REFERENCES app_user (id),
    link_id TEXT NOT NULL REFERENCES link (id),
    key_hash TEXT NOT NULL,
    type TEXT,
    position INTEGER NOT NULL,
    body {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (link_id, key_hash)
);
CREATE INDEX account_key ON account (user_id, key_hash);

-- There may be a hundred thousand postings in one file: one reference each, to the account, which has the others.
CREATE TABLE posting (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    user_id TEXT NOT NULL,
    link_id TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    task_id TEXT NOT NULL,
    posted_on BIGINT NOT NULL,
    body {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX posting_link ON posting (link_id, posted_on, id);

CREATE TABLE file_token (
    hash TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    link_id TEXT NOT NULL REFERENCES link (id),
    raw_id TEXT NOT NULL REFERENCES raw (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX file_token_link ON file_token (link_id);

CREATE TABLE event (
    position {counted},
    id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    type TEXT NOT NULL,
    user_id TEXT,
    task_id TEXT,
    link_id TEXT,
    facts TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX event_tenant ON event (tenant, position);

CREATE TABLE webhook (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    name TEXT NOT NULL,
    webhook_url TEXT NOT NULL,
    events TEXT NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1,
    key_id TEXT REFERENCES access_key (id),
    failing_since BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX webhook_url ON webhook (tenant, webhook_url) WHERE removed_at IS NULL;

CREATE TABLE delivery (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    webhook_id TEXT NOT NULL REFERENCES webhook (id),
    event_id TEXT NOT NULL REFERENCES event (id),
    status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    body {blob},
    tries INTEGER NOT NULL DEFAULT 0,
    first_tried_at BIGINT,
    last_tried_at BIGINT,
    status_code INTEGER,
    error_message TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (event_id, webhook_id)
);
CREATE INDEX delivery_tenant ON delivery (tenant, created_at, id);
CREATE INDEX delivery_webhook ON delivery (webhook_id, created_at);

CREATE TABLE job (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    tenant TEXT NOT NULL REFERENCES tenant (id),
    due_at BIGINT,
    due_on BIGINT NOT NULL,
    turn BIGINT NOT NULL DEFAULT 1,
    fence BIGINT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    lane TEXT,
    slot INTEGER NOT NULL DEFAULT 0,
    is_parked INTEGER NOT NULL DEFAULT 0,
    lease_until BIGINT,
    worker TEXT,
    dead_at BIGINT,
    PRIMARY KEY (kind, subject)
);
CREATE UNIQUE INDEX job_lane ON job (lane, slot) WHERE lease_until IS NOT NULL;
CREATE INDEX job_due ON job (kind, due_at, due_on) WHERE lease_until IS NULL AND dead_at IS NULL AND is_parked = 0;
CREATE INDEX job_parked ON job (lane, slot, due_at) WHERE is_parked = 1;
CREATE INDEX job_leased ON job (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX job_tenant ON job (tenant, due_on);
CREATE INDEX job_dead ON job (tenant) WHERE dead_at IS NOT NULL;
