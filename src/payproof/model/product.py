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
