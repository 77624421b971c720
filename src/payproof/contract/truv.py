"""The operations under /v1/ that are built, each declared beside its shapes."""

from payproof.contract import (
    account,
    bridge_token,
    company,
    connection,
    key,
    link,
    provider,
    refresh,
    replay,
    report,
    request,
    task,
    tenant,
    tenant_clock,
    user,
    webhook,
    webhook_inbox,
    webhook_request,
)
from payproof.contract.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *user.OPERATIONS,
    *bridge_token.OPERATIONS,
    *link.OPERATIONS,
    *refresh.OPERATIONS,
    *task.OPERATIONS,
    *report.OPERATIONS,
    *account.OPERATIONS,
    *webhook.OPERATIONS,
    *webhook_request.OPERATIONS,
    *replay.OPERATIONS,
    *webhook_inbox.OPERATIONS,
    *company.OPERATIONS,
    *provider.OPERATIONS,
    *key.OPERATIONS,
    *tenant.OPERATIONS,
    *request.OPERATIONS,
    *tenant_clock.OPERATIONS,
    *connection.OPERATIONS,
)
