-- One row for each attempt to deliver. What was sent is in the delivery, whose bytes never change.
CREATE TABLE webhook_request (
    position {counted},
    tenant TEXT NOT NULL REFERENCES tenant (id),
    delivery_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    webhook_url TEXT NOT NULL,
    status_code INTEGER,
    error_message TEXT,
    latency_ms INTEGER,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_request_tenant ON webhook_request (tenant, created_at, position);
CREATE INDEX webhook_request_status ON webhook_request (tenant, status_code, created_at, position);

-- A delivery that is replayed begins a new round of tries; those of the rounds before still count as attempts.
ALTER TABLE delivery ADD COLUMN earlier_tries INTEGER NOT NULL DEFAULT 0;
CREATE INDEX delivery_pending ON delivery (webhook_id) WHERE status = 'pending';
CREATE INDEX event_created ON event (tenant, created_at);

INSERT INTO webhook_request (tenant, delivery_id, attempt, webhook_url, status_code, error_message, created_at)
    SELECT d.tenant, d.id, d.tries, w.webhook_url, d.status_code, d.error_message, d.last_tried_at
    FROM delivery d JOIN webhook w ON w.id = d.webhook_id WHERE d.last_tried_at IS NOT NULL ORDER BY d.last_tried_at;
ALTER TABLE delivery DROP COLUMN status_code;
ALTER TABLE delivery DROP COLUMN error_message;
