"""The names of OFX: which tags hold others, which hold values, and what the types of accounts and postings mean."""

STATEMENTS = {"STMTRS": "bank", "CCSTMTRS": "card", "INVSTMTRS": "investment", "LOANSTMTRS": "loan"}
ACCOUNTS = frozenset({"BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "LOANACCTFROM", "PRESACCTFROM"})
LISTS = frozenset({"BANKTRANLIST", "BANKTRANLISTP", "INVTRANLIST", "LOANTRANLIST", "CCTRANLIST"})
POSTINGS = frozenset({"STMTTRN", "STMTTRNP", "LOANSTMTTRN"})
RESPONSES = frozenset(
    {
        "STMTTRNRS",
        "CCSTMTTRNRS",
        "INVSTMTTRNRS",
        "LOANSTMTTRNRS",
        "ACCTINFOTRNRS",
        "PROFTRNRS",
        "STMTENDTRNRS",
        "CCSTMTENDTRNRS",
    }
)
AGGREGATES = (
    frozenset(STATEMENTS)
    | ACCOUNTS
    | LISTS
    | POSTINGS
    | RESPONSES
    | frozenset(
        {
            *("OFX", "SONRS", "STATUS", "FI", "SIGNONMSGSRSV1", "SIGNUPMSGSRSV1", "BANKMSGSRSV1", "CREDITCARDMSGSRSV1"),
            *(
                "INVSTMTMSGSRSV1",
                "LOANMSGSRSV1",
                "SECLISTMSGSRSV1",
                "PROFMSGSRSV1",
                "SECLIST",
                "ACCTINFORS",
                "ACCTINFO",
            ),
            *("BANKACCTINFO", "CCACCTINFO", "INVACCTINFO", "LOANACCTINFO", "LEDGERBAL", "AVAILBAL", "BALLIST", "BAL"),
            *("INVBAL", "INVPOSLIST", "INVPOS", "INVBANKTRAN", "INVTRAN", "INVBUY", "INVSELL", "SECID", "SECINFO"),
            *(
                "CURRENCY",
                "ORIGCURRENCY",
                "PAYEE",
                "BANKACCTTO",
                "CCACCTTO",
                "INVACCTTO",
                "INVOOLIST",
                "INV401K",
                "INV401KBAL",
            ),
            *("REWARDINFO", "IMAGEDATA", "LOANBAL", "LOANRATE", "STMTENDRS", "CCSTMTENDRS", "CLOSING"),
        }
    )
)
LEAVES = frozenset(
    {
        *(
            "TRNTYPE",
            "DTPOSTED",
            "DTUSER",
            "DTAVAIL",
            "TRNAMT",
            "FITID",
            "CORRECTFITID",
            "CORRECTACTION",
            "SRVRTID",
            "CHECKNUM",
        ),
        *(
            "REFNUM",
            "SIC",
            "PAYEEID",
            "NAME",
            "EXTDNAME",
            "MEMO",
            "INV401KSOURCE",
            "CURRATE",
            "CURSYM",
            "BANKID",
            "BRANCHID",
        ),
        *(
            "ACCTID",
            "ACCTTYPE",
            "ACCTKEY",
            "BROKERID",
            "LOANACCTID",
            "LOANACCTTYPE",
            "CURDEF",
            "DTSTART",
            "DTEND",
            "BALAMT",
        ),
        *(
            "DTASOF",
            "CODE",
            "SEVERITY",
            "MESSAGE",
            "DTSERVER",
            "LANGUAGE",
            "DTPROFUP",
            "DTACCTUP",
            "ORG",
            "FID",
            "INTU.BID",
        ),
        *(
            "INTU.USERID",
            "INTU.ORG",
            "SESSCOOKIE",
            "TRNUID",
            "CLTCOOKIE",
            "MKTGINFO",
            "DTTRADE",
            "DTSETTLE",
            "UNIQUEID",
        ),
        *(
            "UNIQUEIDTYPE",
            "UNITS",
            "UNITPRICE",
            "TOTAL",
            "COMMISSION",
            "FEES",
            "TAXES",
            "LOAD",
            "SUBACCTSEC",
            "SUBACCTFUND",
        ),
        *(
            "INCOMETYPE",
            "BUYTYPE",
            "SELLTYPE",
            "TFERACTION",
            "POSTYPE",
            "AVAILCASH",
            "MARGINBALANCE",
            "SHORTBALANCE",
            "BUYPOWER",
        ),
        *(
            "ADDR1",
            "ADDR2",
            "ADDR3",
            "CITY",
            "STATE",
            "POSTALCODE",
            "COUNTRY",
            "PHONE",
            "DTTRAN",
            "DTEXPIRE",
            "USERKEY",
            "DESC",
        ),
    }
)
ONCE = frozenset({"TRNAMT", "DTPOSTED", "FITID", "DTTRADE", "BALAMT", "ACCTID"})
"""Twice in one place, these say that an end tag was lost between two postings, balances or accounts."""
STRAY = frozenset({"TRNAMT", "DTPOSTED", "FITID", "DTTRADE"})
"""Directly in a list, these say that a start tag was lost."""
OUTWARD = frozenset({"DEBIT", "DIRECTDEBIT", "CHECK", "FEE", "SRVCHG", "POS", "REPEATPMT", "CASH", "ATM", "PAYMENT"})
"""Types that take money out where the amounts themselves carry no sign."""
