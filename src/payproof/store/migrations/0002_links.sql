-- What a link keeps of the person's last sign-in, for refreshes; and what remains of links and people who were deleted.

ALTER TABLE link ADD COLUMN credentials {blob};
ALTER TABLE link ADD COLUMN signed_in_at BIGINT;
ALTER TABLE link ADD COLUMN disconnected_at BIGINT;

ALTER TABLE task ADD COLUMN is_refresh INTEGER NOT NULL DEFAULT 0;
CREATE INDEX task_order ON task (tenant, order_id, created_at, id) WHERE order_id IS NOT NULL;

ALTER TABLE app_user ADD COLUMN deleted_at BIGINT;

CREATE INDEX file_token_raw ON file_token (raw_id);

-- Without its reference to the account: an account that is deleted would look through everybody's postings.
CREATE TABLE posting_of_link (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    user_id TEXT NOT NULL,
    link_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    posted_on BIGINT NOT NULL,
    body {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
INSERT INTO posting_of_link SELECT * FROM posting;
DROP TABLE posting;
ALTER TABLE posting_of_link RENAME TO posting;
CREATE INDEX posting_link ON posting (link_id, posted_on, id);

-- In the order in which a list shows them.
DROP INDEX app_user_external;
CREATE INDEX app_user_external ON app_user (tenant, external_user_id, created_at, id);
