"""The operations under /v1/ that are built."""

from payproof.contract.account import AccountBody, TransactionQuery, TransactionsBody
from payproof.contract.bridge_token import TokenBody, TokenRequest
from payproof.contract.key import KeyBody, KeyDeactivation, KeyRequest, NewKeyBody
from payproof.contract.link import ExchangeBody, ExchangeRequest, LinkBody, LinkQuery
from payproof.contract.operation import Operation, get, post
from payproof.contract.page import Page
from payproof.contract.provider import ProviderBody, ProviderQuery
from payproof.contract.report import EmploymentReport, IncomeReport
from payproof.contract.task import TaskBody, TaskQuery
from payproof.contract.user import UserBody, UserDetail, UserListed, UserPatch, UserQuery, UserRequest
from payproof.contract.webhook import WebhookBody, WebhookPatch, WebhookRequest

_USER = "/v1/users/{user_id}/"
_LINK = "/v1/links/{link_id}/"
_HOOK = "/v1/webhooks/{webhook_id}/"
_PAGED = {"is_paged": True, "refusals": (404,)}

OPERATIONS: tuple[Operation, ...] = (
    get("users_list", "/v1/users/", "Users", "List users", Page[UserListed], query=UserQuery, **_PAGED),
    post("users_create", "/v1/users/", "Users", "Create a user", UserBody, request=UserRequest),
    get("users_read", _USER, "Users", "Retrieve a user", UserDetail, refusals=(404,)),
    Operation(
        name="users_update",
        method="PATCH",
        path=_USER,
        tag="Users",
        summary="Update a user",
        answer=UserBody,
        request=UserPatch,
        refusals=(400, 404),
    ),
    post(
        "users_tokens",
        _USER + "tokens/",
        "Bridge Token",
        "Create a bridge token",
        TokenBody,
        request=TokenRequest,
        refusals=(400, 404),
    ),
    post(
        "link_access_tokens_create",
        "/v1/link-access-tokens/",
        "Account Links",
        "Exchange a public token",
        ExchangeBody,
        request=ExchangeRequest,
        status=200,
        refusals=(400, 410),
    ),
    get("links_list", "/v1/links/", "Account Links", "List links", Page[LinkBody], query=LinkQuery, **_PAGED),
    get("links_read", _LINK, "Account Links", "Retrieve a link", LinkBody, refusals=(404,)),
    get("tasks_list", "/v1/tasks/", "Tasks", "List tasks", Page[TaskBody], query=TaskQuery, **_PAGED),
    get("tasks_read", "/v1/tasks/{id}/", "Tasks", "Retrieve a task", TaskBody, refusals=(404,)),
    get(
        "links_income_report",
        _LINK + "income/report/",
        "VOIE Reports",
        "Income and employment of a link",
        IncomeReport,
        refusals=(404,),
    ),
    get(
        "links_employment_report",
        _LINK + "employment/report/",
        "VOIE Reports",
        "Employment of a link",
        EmploymentReport,
        refusals=(404,),
    ),
    get("links_accounts", _LINK + "accounts/", "Accounts", "Bank accounts of a link", Page[AccountBody], **_PAGED),
    get(
        "links_transactions",
        _LINK + "transactions/",
        "Transactions",
        "Transactions of a link",
        TransactionsBody,
        query=TransactionQuery,
        is_paged=True,
        refusals=(400, 404),
    ),
    get("webhooks_list", "/v1/webhooks/", "Webhooks", "List webhooks", Page[WebhookBody], **_PAGED),
    post("webhooks_create", "/v1/webhooks/", "Webhooks", "Create a webhook", WebhookBody, request=WebhookRequest),
    get("webhooks_read", _HOOK, "Webhooks", "Retrieve a webhook", WebhookBody, refusals=(404,)),
    Operation(
        name="webhooks_update",
        method="PATCH",
        path=_HOOK,
        tag="Webhooks",
        summary="Update a webhook",
        answer=WebhookBody,
        request=WebhookPatch,
        refusals=(400, 404),
    ),
    Operation(
        name="webhooks_delete",
        method="DELETE",
        path=_HOOK,
        tag="Webhooks",
        summary="Delete a webhook",
        status=204,
        refusals=(404,),
    ),
    get(
        "providers_list",
        "/v1/providers/",
        "Companies and Data Providers",
        "List providers",
        Page[ProviderBody],
        query=ProviderQuery,
        **_PAGED,
    ),
    get(
        "providers_read",
        "/v1/providers/{provider_id}/",
        "Companies and Data Providers",
        "Retrieve a provider",
        ProviderBody,
        refusals=(404,),
    ),
    post("keys_create", "/v1/keys/", "Key Management", "Create an access key", NewKeyBody, request=KeyRequest),
    post(
        "keys_deactivate",
        "/v1/keys/deactivate/",
        "Key Management",
        "Deactivate an access key",
        KeyBody,
        request=KeyDeactivation,
        status=200,
        refusals=(400, 404),
    ),
)
