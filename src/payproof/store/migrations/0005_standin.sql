-- Tenants that a tenant makes for its tests, and takes away again.
ALTER TABLE tenant ADD COLUMN name TEXT;
ALTER TABLE tenant ADD COLUMN made_by TEXT REFERENCES tenant (id);
CREATE INDEX tenant_made_by ON tenant (made_by, created_at, id);

-- When a job was first asked for: of those that are due at the same moment, the older is done first.
ALTER TABLE job ADD COLUMN born BIGINT NOT NULL DEFAULT 0;
DROP INDEX job_tenant;
CREATE INDEX job_tenant ON job (tenant, due_on, born);

-- Whatever a tenant has is found by the tenant, so that it can be taken away.
CREATE INDEX data_key_by_tenant ON data_key (tenant);
CREATE INDEX bridge_token_by_tenant ON bridge_token (tenant);
CREATE INDEX session_by_tenant ON session (tenant);
CREATE INDEX public_token_by_tenant ON public_token (tenant);
CREATE INDEX question_by_tenant ON question (tenant);
CREATE INDEX raw_by_tenant ON raw (tenant);
CREATE INDEX remembered_by_tenant ON remembered (tenant);
CREATE INDEX employment_by_tenant ON employment (tenant);
CREATE INDEX pay_statement_by_tenant ON pay_statement (tenant);
CREATE INDEX account_by_tenant ON account (tenant);
CREATE INDEX posting_by_tenant ON posting (tenant);
CREATE INDEX file_token_by_tenant ON file_token (tenant);
CREATE INDEX webhook_by_tenant ON webhook (tenant);

-- Before a row goes, the database looks for rows that refer to it: without these it would walk through whole tables.
CREATE INDEX link_by_user ON link (user_id);
CREATE INDEX task_by_user ON task (user_id);
CREATE INDEX raw_by_user ON raw (user_id);
CREATE INDEX employment_by_user ON employment (user_id);
CREATE INDEX pay_statement_by_user ON pay_statement (user_id);
CREATE INDEX posting_by_account ON posting (account_id);
CREATE INDEX file_token_by_raw ON file_token (raw_id);
CREATE INDEX webhook_by_key ON webhook (key_id);
