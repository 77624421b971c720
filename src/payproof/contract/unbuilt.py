"""Documented paths that are not built yet: a caller hears 501, never the 404 of an unknown id."""

_PATHS = """
POST /v1/orders/
POST /v1/orders/batch/
GET /v1/orders/batch/{id}/
POST /v1/orders/lookup/
GET POST PATCH /v1/orders/{id}/
POST /v1/orders/{id}/refresh/
POST /v1/orders/{id}/cancel/
POST /v1/orders/{id}/employers/
GET /v1/orders/{id}/events/
GET /v1/orders/{id}/certifications/
GET /v1/orders/{id}/invoice/
GET POST /v1/templates/
GET PATCH DELETE /v1/templates/{template_id}/
GET POST /v1/sandbox/scenarios/
POST /v1/sandbox/scenarios/resolve/
GET PATCH PUT DELETE /v1/sandbox/scenarios/{scenario_id}/
POST /v1/sandbox/documents/
GET /v1/permalink/{file}/
GET POST /v1/users/{user_id}/reports/
GET /v1/users/{user_id}/reports/{report_id}/
GET POST /v1/users/{user_id}/assets/reports/
GET /v1/users/{user_id}/assets/reports/{report_id}/
GET POST /v1/users/{user_id}/income_insights/reports/
GET /v1/users/{user_id}/income_insights/reports/{report_id}/
GET /v1/users/{user_id}/deposit_switch/report/
GET /v1/links/{link_id}/employments/
GET /v1/links/{link_id}/employment/
GET /v1/links/{link_id}/identity/
GET /v1/links/{link_id}/shifts/
GET /v1/links/{link_id}/statements/
GET /v1/links/{link_id}/statements/{statement_id}/
GET /v1/links/{link_id}/tax/
GET /v1/links/{link_id}/tax/{tax_id}/
GET /v1/links/{link_id}/parsed-documents/
GET /v1/links/{link_id}/parsed-documents/{doc_id}/
GET /v1/links/{link_id}/bank_accounts/
GET /v1/links/{link_id}/documents/
GET /v1/links/{link_id}/bank_statements/
GET /v1/links/{link_id}/liabilities/
GET /v1/links/{link_id}/income/transactions/reports/
GET /v1/links/{link_id}/auth/
GET /v1/links/{link_id}/balances/
GET /v1/links/{link_id}/investments/
GET /v1/links/{link_id}/direct_deposit/report/
GET /v1/links/{link_id}/pll/report/
GET /v1/links/{link_id}/insurance/report/
GET /v1/links/{link_id}/insurance/report/auto/
GET /v1/links/{link_id}/insurance/report/home/
POST /v1/link/reports/admin/
POST /v1/links/reports/admin/
POST /v1/administrators/payrolls/
GET /v1/administrators/payrolls/{report_id}/
GET POST /v1/documents/collections/
GET /v1/documents/collections/{collection_id}/
POST /v1/documents/collections/{collection_id}/upload/
GET /v1/documents/collections/{collection_id}/upload/{uploaded_file_id}/
GET POST /v1/documents/collections/{collection_id}/finalize/
POST /v1/scoring_attributes/reports/
GET /v1/scoring_attributes/reports/{report_id}/
"""


def unbuilt_paths() -> list[tuple[str, str]]:
    """Pairs of method and path."""
    pairs = []
    for line in _PATHS.strip().splitlines():
        *methods, path = line.split()
        pairs += [(method, path) for method in methods]
    return pairs
