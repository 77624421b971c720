"""What can be verified, and from which kind of source."""

from enum import StrEnum


class ProductType(StrEnum):
    INCOME = "income"
    EMPLOYMENT = "employment"
    DEPOSIT_SWITCH = "deposit_switch"
    PLL = "pll"
    INSURANCE = "insurance"
    TRANSACTIONS = "transactions"
    ASSETS = "assets"


class DataSource(StrEnum):
    PAYROLL = "payroll"
    DOCS = "docs"
    INSURANCE = "insurance"
    FINANCIAL_ACCOUNTS = "financial_accounts"
    TAX = "tax"


GIVEN_BY: dict[DataSource, frozenset[ProductType]] = {
    DataSource.PAYROLL: frozenset(
        {ProductType.INCOME, ProductType.EMPLOYMENT, ProductType.DEPOSIT_SWITCH, ProductType.PLL}
    ),
    DataSource.DOCS: frozenset({ProductType.INCOME, ProductType.EMPLOYMENT}),
    DataSource.INSURANCE: frozenset({ProductType.INSURANCE}),
    DataSource.FINANCIAL_ACCOUNTS: frozenset({ProductType.TRANSACTIONS, ProductType.ASSETS, ProductType.INCOME}),
    DataSource.TAX: frozenset({ProductType.INCOME}),
}
"""What each kind of source may be asked for, whether or not a connector gives it here."""
