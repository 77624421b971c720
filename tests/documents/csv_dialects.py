# ruff: noqa: E501
"""Exports as banks of many countries print them, written by hand, each with what it says."""

from typing import NamedTuple


class Dialect(NamedTuple):
    name: str
    text: str
    rows: list[tuple[str, str, str]]
    """Day, signed amount, description."""
    currency: str | None = None
    balance: str | None = None
    account: str | None = None


DIALECTS = [
    Dialect(
        "Chase checking: a comma too many on every row, newest first",
        "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
        'DEBIT,03/14/2026,"GROCER, INC 123",-12.50,ACH_DEBIT,987.50,,\n'
        "CHECK,03/13/2026,CHECK 1042,-200.00,CHECK_PAID,1000.00,1042,\n"
        "CREDIT,03/02/2026,PAYROLL,1200.00,ACH_CREDIT,1200.00,,\n",
        [
            ("2026-03-02", "1200.00", "PAYROLL"),
            ("2026-03-13", "-200.00", "CHECK 1042"),
            ("2026-03-14", "-12.50", "GROCER, INC 123"),
        ],
        balance="987.50",
    ),
    Dialect(
        "Chase card: the type column is a kind, not a direction",
        "Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n"
        "01/30/2026,02/01/2026,CAFE,Food & Drink,Sale,-4.50,\n"
        "02/02/2026,02/03/2026,Payment Thank You,,Payment,100.00,\n",
        [("2026-02-01", "-4.50", "CAFE"), ("2026-02-03", "100.00", "Payment Thank You")],
    ),
    Dialect(
        "Citi: status, debit and credit, with credits negative as printed there",
        'Status,Date,Description,Debit,Credit\nCleared,12/30/2025,"MARKET",45.10,\nCleared,12/28/2025,"REFUND",,9.00\n',
        [("2025-12-28", "9.00", "REFUND"), ("2025-12-30", "-45.10", "MARKET")],
    ),
    Dialect(
        "US Bank: direction words beside signed amounts",
        '"Date","Transaction","Name","Memo","Amount"\n"2026-01-20","DEBIT","SHOP","Ref 1","-20.00"\n'
        '"2026-01-21","CREDIT","PAY","Ref 2","50.00"\n',
        [("2026-01-20", "-20.00", "SHOP"), ("2026-01-21", "50.00", "PAY")],
    ),
    Dialect(
        "Bank of America: a summary above, a balance row inside",
        'Description,,Summary Amt.\nBeginning balance as of 01/01/2026,,"1,000.00"\nTotal credits,,"500.00"\n'
        'Ending balance as of 01/31/2026,,"1,480.00"\n\nDate,Description,Amount,Running Bal.\n'
        '01/01/2026,Beginning balance as of 01/01/2026,,"1,000.00"\n01/15/2026,"PAY","500.00","1,500.00"\n'
        '01/20/2026,"SHOP","-20.00","1,480.00"\n',
        [("2026-01-15", "500.00", "PAY"), ("2026-01-20", "-20.00", "SHOP")],
        balance="1480.00",
    ),
    Dialect(
        "Capital One: amounts without a sign and a direction for each",
        "Account Number,Transaction Description,Transaction Date,Transaction Type,Transaction Amount,Balance\n"
        "4321,Deposit from EMPLOYER,01/31/26,Credit,800.00,900.00\n4321,Withdrawal to POWER CO,01/30/26,Debit,50.00,100.00\n",
        [("2026-01-30", "-50.00", "Withdrawal to POWER CO"), ("2026-01-31", "800.00", "Deposit from EMPLOYER")],
        balance="900.00",
        account="4321",
    ),
    Dialect(
        "NAB: day and month name, trailing unnamed column",
        "Date,Amount,Account Number,,Transaction Type,Transaction Details,Balance,Category,Merchant Name\n"
        "28 Feb 26,-15.00,123456789,,MISCELLANEOUS DEBIT,EFTPOS KIOSK,985.00,Food,KIOSK\n"
        "27 Feb 26,1000.00,123456789,,MISCELLANEOUS CREDIT,SALARY,1000.00,Income,\n",
        [("2026-02-27", "1000.00", "SALARY"), ("2026-02-28", "-15.00", "KIOSK")],
        balance="985.00",
        account="123456789",
    ),
    Dialect(
        "HSBC UK: thousands, paid out and paid in",
        'Date,Type,Description,Paid out,Paid in,Balance\n25 Jan 2026,BP,RENT,"1,250.00",,"3,750.00"\n'
        '20 Jan 2026,CR,SALARY,,"5,000.00","5,000.00"\n',
        [("2026-01-20", "5000.00", "SALARY"), ("2026-01-25", "-1250.00", "RENT")],
        balance="3750.00",
    ),
    Dialect(
        "AIB: debit and credit amount columns",
        "Posted Account, Posted Transactions Date, Description, Debit Amount, Credit Amount,Balance,Transaction Type\n"
        '"93-11-52-12345678","25/02/2026","SHOP","12.10","","100.00","Debit"\n'
        '"93-11-52-12345678","13/02/2026","WAGES","","50.00","112.10","Credit"\n',
        [("2026-02-13", "50.00", "WAGES"), ("2026-02-25", "-12.10", "SHOP")],
        balance="100.00",
        account="93-11-52-12345678",
    ),
    Dialect(
        "Sparkasse CAMT: own and foreign account number, days with two digits of the year",
        '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";"Mandatsreferenz";'
        '"Kundenreferenz (End-to-End)";"Sammlerreferenz";"Lastschrift Ursprungsbetrag";"Auslagenersatz Ruecklastschrift";'
        '"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"\n'
        '"DE02500105170137075030";"05.03.26";"05.03.26";"FOLGELASTSCHRIFT";"Strom 03/26";"DE98";"M1";"";"";"";"";'
        '"Stadtwerke";"DE89370400440532013000";"COBADEFF";"-1.045,20";"EUR";"Umsatz gebucht"\n'
        '"DE02500105170137075030";"02.03.26";"02.03.26";"GUTSCHRIFT";"Lohn";"";"";"";"";"";"";'
        '"Arbeit GmbH";"DE12500105170648489890";"INGDDEFF";"2.500,00";"EUR";"Umsatz gebucht"\n',
        [("2026-03-02", "2500.00", "Arbeit GmbH"), ("2026-03-05", "-1045.20", "Stadtwerke")],
        currency="EUR",
        account="DE02500105170137075030",
    ),
    Dialect(
        "DKB: payer and payee apart, the other party's IBAN in the table, our own above it",
        '"Girokonto";"DE02120300000000202051"\n"Kontostand vom 31.03.2026:";"1.234,56 €"\n""\n'
        '"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";'
        '"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"\n'
        '"30.03.26";"30.03.26";"Gebucht";"Ich";"REWE";"Einkauf";"Ausgang";"DE89370400440532013000";"-12,30";"";"";""\n'
        '"29.03.26";"29.03.26";"Gebucht";"Chef AG";"Ich";"Gehalt";"Eingang";"DE12500105170648489890";"3.000";"";"";""\n',
        [("2026-03-29", "3000", "Chef AG"), ("2026-03-30", "-12.30", "REWE")],
        currency="EUR",
        account="DE02120300000000202051",
        balance="1234.56",
    ),
    Dialect(
        "ING DE: two currency columns, preamble with account and period",
        "Umsatzanzeige;Datei erstellt am: 01.04.2026 10:00\n\nIBAN;DE12 5001 0517 0648 4898 90\nKontoname;Girokonto\n"
        "Bank;ING\nKunde;Mia Muster\nZeitraum;01.03.2026 - 31.03.2026\nSaldo;1.990,00;EUR\n\n"
        "Sortierung;Datum absteigend\n\n"
        "Buchung;Valuta;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung\n"
        "31.03.2026;31.03.2026;VISA LADEN;Lastschrift;NR 1;1.990,00;EUR;-10,00;EUR\n"
        "30.03.2026;30.03.2026;CHEF;Gehalt/Rente;LOHN;2.000,00;EUR;2.000,00;EUR\n",
        [("2026-03-30", "2000.00", "CHEF"), ("2026-03-31", "-10.00", "VISA LADEN")],
        currency="EUR",
        balance="1990.00",
        account="DE12 5001 0517 0648 4898 90",
    ),
    Dialect(
        "N26: the account number is the other party's",
        '"Date","Payee","Account number","Transaction type","Payment reference","Amount (EUR)","Amount (Foreign Currency)",'
        '"Type Foreign Currency","Exchange Rate"\n'
        '"2026-03-01","Bakery","","MasterCard Payment","","-3.2","-3.2","EUR","1.0"\n'
        '"2026-03-02","Boss","DE89370400440532013000","Income","Salary","2000.0","","",""\n',
        [("2026-03-01", "-3.2", "Bakery"), ("2026-03-02", "2000.0", "Boss")],
        currency="EUR",
    ),
    Dialect(
        "Soll and Haben as letters beside unsigned amounts",
        "Buchungstag;Text;Betrag;S/H\n01.02.2026;Miete;700,00;S\n03.02.2026;Lohn;2.100,00;H\n",
        [("2026-02-01", "-700.00", "Miete"), ("2026-02-03", "2100.00", "Lohn")],
    ),
    Dialect(
        "BNP: accounts above, a narrow space in thousands",
        "Compte de chèques;Compte de chèques;****1234;15/03/2026;;1 500,00\n\n"
        "Date operation;Libelle court;Type operation;Libelle operation;Montant operation en euro\n"
        "13/03/2026;CB;PAIEMENT CB;BOULANGERIE;-3,20\n14/03/2026;VIR;VIREMENT;SALAIRE;2\u202f100,00\n",
        [("2026-03-13", "-3.20", "CB BOULANGERIE"), ("2026-03-14", "2100.00", "VIR SALAIRE")],
        currency="EUR",
        account="****1234",
    ),
    Dialect(
        "Crédit Agricole: a description over several lines",
        'Date;Libellé;Débit euros;Crédit euros;\n25/03/2026;"PRLV\nEDF      ";45,00;;\n26/03/2026;"VIR\nPAIE";;1500,00;\n',
        [("2026-03-25", "-45.00", "PRLV EDF"), ("2026-03-26", "1500.00", "VIR PAIE")],
        currency="EUR",
    ),
    Dialect(
        "Boursorama: names in lower case run together",
        "dateOp;dateVal;label;category;categoryParent;supplierFound;amount;comment;accountNum;accountLabel;accountbalance\n"
        '2026-03-02;2026-03-02;"CARTE 01/03";"Restos";"Sorties";"resto";"-1 012,50";;"00040123456";"BoursoBank";"3000.10"\n'
        '2026-03-03;2026-03-03;"VIR SALAIRE";"Paie";"Revenus";"";"2 000,00";;"00040123456";"BoursoBank";"3000.10"\n',
        [("2026-03-02", "-1012.50", "CARTE 01/03"), ("2026-03-03", "2000.00", "VIR SALAIRE")],
        balance="3000.10",
        account="00040123456",
    ),
    Dialect(
        "BBVA: value date first, the currency twice",
        "F.Valor;Fecha;Concepto;Movimiento;Importe;Divisa;Disponible;Divisa;Observaciones\n"
        "27/03/2026;28/03/2026;Pago con tarjeta;Tienda;-25,00;EUR;975,00;EUR;obs\n"
        "20/03/2026;20/03/2026;Transferencia;Nómina;1.000,00;EUR;1.000,00;EUR;\n",
        [("2026-03-20", "1000.00", "Transferencia Nómina"), ("2026-03-28", "-25.00", "Pago con tarjeta Tienda obs")],
        currency="EUR",
        balance="975.00",
    ),
    Dialect(
        "Santander ES: currency within the titles",
        "FECHA OPERACION;FECHA VALOR;CONCEPTO;IMPORTE EUR;SALDO\n"
        "15/03/2026;15/03/2026;COMPRA;-5,75;94,25\n14/03/2026;14/03/2026;INGRESO;100,00;100,00\n",
        [("2026-03-14", "100.00", "INGRESO"), ("2026-03-15", "-5.75", "COMPRA")],
        currency="EUR",
        balance="94.25",
    ),
    Dialect(
        "Intesa: addebiti and accrediti, footer with the final balance",
        "Data contabile;Data valuta;Descrizione;Accrediti;Addebiti;Descrizione estesa;Mezzo\n"
        "20/03/2026;20/03/2026;Pagamento;;-30,00;POS NEGOZIO;Carta\n"
        "18/03/2026;18/03/2026;Bonifico;1.500,00;;STIPENDIO;\n"
        "Saldo contabile finale;;;1.470,00;;;\n",
        [("2026-03-18", "1500.00", "Bonifico STIPENDIO"), ("2026-03-20", "-30.00", "Pagamento POS NEGOZIO")],
        balance="1470.00",
    ),
    Dialect(
        "Fineco: names joined by underscores",
        "Data_Operazione;Data_Valuta;Entrate;Uscite;Descrizione;Descrizione_Completa;Stato;Moneymap\n"
        "16/03/2026;16/03/2026;;-12,00;Bancomat;Prelievo;Contabilizzato;Altro\n"
        "17/03/2026;17/03/2026;50,00;;Bonifico;Da Luca;Contabilizzato;Altro\n",
        [("2026-03-16", "-12.00", "Bancomat Prelievo"), ("2026-03-17", "50.00", "Bonifico Da Luca")],
    ),
    Dialect(
        "Itaú: balance rows between the postings",
        "data;lançamento;ag./origem;valor (R$);saldos (R$)\n13/03/2026;SALDO ANTERIOR;;;1.000,00\n"
        "14/03/2026;PIX ENVIADO;;-50,00;\n14/03/2026;SALDO DO DIA;;;950,00\n",
        [("2026-03-14", "-50.00", "PIX ENVIADO")],
        currency="BRL",
        balance="950.00",
    ),
    Dialect(
        "Nubank account",
        "Data,Valor,Identificador,Descrição\n13/03/2026,-35.90,6412aaaa-bbbb,Compra no débito - MERCADO\n"
        "14/03/2026,100.00,6412cccc-dddd,Transferência recebida\n",
        [("2026-03-13", "-35.90", "Compra no débito - MERCADO"), ("2026-03-14", "100.00", "Transferência recebida")],
    ),
    Dialect(
        "CGD: preamble, two balances",
        "Consultar saldos e movimentos à ordem - 31-03-2026\nConta ;0123456789 - EUR - Extracto\n\n"
        "Data mov. ;Data valor ;Descrição ;Débito ;Crédito ;Saldo contabilístico ;Saldo disponível ;\n"
        "31-03-2026;30-03-2026;COMPRA;10,00;;90,00;90,00;\n28-03-2026;28-03-2026;TRF;;100,00;100,00;100,00;\n",
        [("2026-03-28", "100.00", "TRF"), ("2026-03-31", "-10.00", "COMPRA")],
        currency="EUR",
        balance="90.00",
        account="0123456789",
    ),
    Dialect(
        "ING NL: af and bij",
        '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mutatiesoort","Mededelingen"\n'
        '"20260314","Albert Heijn","NL20INGB0001234567","","BA","Af","12,50","Betaalautomaat","Pas 1"\n'
        '"20260313","Werkgever","NL20INGB0001234567","NL91ABNA0417164300","OV","Bij","2000,00","Overschrijving","Salaris"\n',
        [("2026-03-13", "2000.00", "Werkgever"), ("2026-03-14", "-12.50", "Albert Heijn")],
        currency="EUR",
        account="NL20INGB0001234567",
    ),
    Dialect(
        "Revolut: completed day, states, fees",
        "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
        "CARD_PAYMENT,Current,2026-03-13 10:11:12,2026-03-14 02:03:04,Shop,-10.00,0.00,GBP,COMPLETED,90.00\n"
        "CARD_PAYMENT,Current,2026-03-15 10:11:12,,Hotel,-70.00,0.00,GBP,PENDING,\n"
        "TRANSFER,Current,2026-03-15 11:00:00,2026-03-15 11:00:01,Friend,-5.00,0.00,GBP,REVERTED,\n",
        [("2026-03-14", "-10.00", "Shop"), ("2026-03-15", "-70.00", "Hotel"), ("2026-03-15", "0", "Friend")],
        currency="GBP",
        balance="90.00",
    ),
    Dialect(
        "Wise: day first with dashes",
        "TransferWise ID,Date,Amount,Currency,Description,Payment Reference,Running Balance,Exchange From,Exchange To,"
        "Exchange Rate,Payer Name,Payee Name,Payee Account Number,Merchant,Card Last Four Digits,Card Holder Full Name,"
        "Attachment,Note,Total fees\n"
        "CARD-123456,25-03-2026,-12.00,EUR,Card transaction,,88.00,EUR,,,,,,Shop,1234,Mia,,,0.00\n"
        "TRANSFER-98,20-03-2026,100.00,EUR,Received money,ref,100.00,EUR,,,Boss,,,,,,,,0.00\n",
        [("2026-03-20", "100.00", "Boss"), ("2026-03-25", "-12.00", "Shop")],
        currency="EUR",
        balance="88.00",
    ),
    Dialect(
        "PayPal: gross, fee and net; the balances prove the net",
        '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","Transaction ID","Balance"\n'
        '"13/03/2026","10:00:00","GMT","Client","Payment","Completed","EUR","100,00","-3,00","97,00","1AB234567","97,00"\n'
        '"14/03/2026","10:00:00","GMT","Shop","Payment","Completed","EUR","-20,00","0,00","-20,00","2AB234567","77,00"\n',
        [("2026-03-13", "97.00", "Client"), ("2026-03-14", "-20.00", "Shop")],
        currency="EUR",
        balance="77.00",
    ),
    Dialect(
        "Apostrophes in Swiss thousands, a minus behind, tabs between",
        "Datum\tBuchungstext\tBetrag\tSaldo\n01.03.2026\tMiete\t1'500.00-\t500.00\n28.02.2026\tLohn\t2'000.00\t2'000.00\n",
        [("2026-02-28", "2000.00", "Lohn"), ("2026-03-01", "-1500.00", "Miete")],
        balance="500.00",
    ),
    Dialect(
        "Parentheses and dollar signs",
        'Date,Description,Amount\n01/15/2026,Fee,"($1,234.50)"\n01/16/2026,Deposit,"$2,000.00"\n',
        [("2026-01-15", "-1234.50", "Fee"), ("2026-01-16", "2000.00", "Deposit")],
    ),
    Dialect(
        "CR and DR behind the amounts, in lakhs",
        'Txn Date,Narration,Amount,Balance\n13/02/2026,UPI SHOP,"1,500.00 DR","1,23,456.00 CR"\n'
        '14/02/2026,SALARY,"50,000.00 CR","1,73,456.00 CR"\n',
        [("2026-02-13", "-1500.00", "UPI SHOP"), ("2026-02-14", "50000.00", "SALARY")],
        balance="173456.00",
    ),
    Dialect(
        "A stated delimiter, a header repeated on the second page, remarks below",
        "sep=|\nDate|Description|Amount\n2026-03-01|One|1.00\nDate|Description|Amount\n2026-03-02|Two|-2.00\n\n"
        "Total||-1.00\nPage 1 of 1\n",
        [("2026-03-01", "1.00", "One"), ("2026-03-02", "-2.00", "Two")],
    ),
    Dialect(
        "A single amount only, of a month proved by the value dates",
        "Booking Date,Value Date,Text,Amount\n03/04/2026,25/04/2026,A,-5.00\n04/04/2026,26/04/2026,B,6.00\n",
        [("2026-04-03", "-5.00", "A"), ("2026-04-04", "6.00", "B")],
    ),
    Dialect(
        "All of one day: the balances tell which row is the newest",
        "Date,Description,Amount,Balance\n2026-03-01,B,-10.00,90.00\n2026-03-01,A,100.00,100.00\n",
        [("2026-03-01", "-10.00", "B"), ("2026-03-01", "100.00", "A")],
        balance="90.00",
    ),
    Dialect(
        "Discover: purchases positive, proved by the category of payments",
        "Trans. Date,Post Date,Description,Amount,Category\n01/15/2026,01/16/2026,SHOP,50.00,Supermarkets\n01/18/2026,01/18/2026,INTERNET PAYMENT,-50.00,Payments and Credits\n",
        [("2026-01-16", "-50.00", "SHOP"), ("2026-01-18", "50.00", "INTERNET PAYMENT")],
    ),
    Dialect(
        "Apple Card: purchases positive, proved by their type",
        "Transaction Date,Clearing Date,Description,Merchant,Category,Type,Amount (USD),Purchased By\n01/15/2026,01/16/2026,SHOP,Shop,Other,Purchase,50.00,Mia\n01/18/2026,01/18/2026,ACH DEPOSIT,,Payment,Payment,-50.00,Mia\n",
        [("2026-01-16", "-50.00", "Shop"), ("2026-01-18", "50.00", "ACH DEPOSIT")],
        currency="USD",
    ),
    Dialect(
        "Schwab: signs in the titles, words run together",
        '"Transactions  for Checking account XXXXXX-123456 as of 01/31/2026 05:00:00 PM ET"\n"Date","Type","Check #","Description","Withdrawal (-)","Deposit (+)","RunningBalance"\n"01/30/2026","ATM","","ATM X","$60.00","","$940.00"\n"01/15/2026","ACH","","PAY","","$1,000.00","$1,000.00"\n',
        [("2026-01-30", "-60.00", "ATM X"), ("2026-01-15", "1000.00", "PAY")],
        balance="940.00",
        account="XXXXXX-123456",
    ),
    Dialect(
        "Fidelity: remarks below",
        '\n\nRun Date,Action,Symbol,Description,Type,Quantity,Price ($),Commission ($),Fees ($),Accrued Interest ($),Amount ($),Cash Balance ($),Settlement Date\n 01/15/2026, YOU BOUGHT X, X, ACME, Cash, 2, 10.00,,,,-20.00,80.00,01/17/2026\n 01/10/2026, DIVIDEND, Y, BETA, Cash, 0, ,,,,100.00,100.00,\n\n\n"The data and information in this spreadsheet is provided to you solely for your use, and is not for distribution."\nDate downloaded 02/01/2026 5:00 pm\n',
        [("2026-01-15", "-20.00", "YOU BOUGHT X ACME"), ("2026-01-10", "100.00", "DIVIDEND BETA")],
        balance="80.00",
    ),
    Dialect(
        "Monzo: an amount and both its sides",
        "Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags,Address,Receipt,Description,Category split,Money Out,Money In\ntx_0000A1,13/01/2026,10:00:00,Card payment,Shop,,Shopping,-5.00,GBP,-5.00,GBP,,,,SHOP LONDON,,-5.00,\ntx_0000A2,14/01/2026,10:00:00,Faster payment,Boss,,Income,100.00,GBP,100.00,GBP,pay,,,PAY,,,100.00\n",
        [("2026-01-13", "-5.00", "Shop"), ("2026-01-14", "100.00", "Boss")],
        currency="GBP",
    ),
    Dialect(
        "Nationwide: pounds, masked account above",
        '"Account Name:","FlexAccount ****12345"\n"Account Balance:","£90.00"\n"Available Balance: ","£90.00"\n\n"Date","Transaction type","Description","Paid out","Paid in","Balance"\n"14 Jan 2026","Visa purchase","SHOP","£10.00","","£90.00"\n"13 Jan 2026","Transfer","PAY","","£100.00","£100.00"\n',
        [("2026-01-14", "-10.00", "SHOP"), ("2026-01-13", "100.00", "PAY")],
        balance="90.00",
        account="****12345",
        currency="GBP",
    ),
    Dialect(
        "comdirect: old balance below",
        '\n"Umsätze Girokonto";"Zeitraum: 30 Tage";\n"Neuer Kontostand";"1.234,56 EUR";\n\n"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";\n"13.01.2026";"13.01.2026";"Lastschrift";"Auftraggeber: X";"-10,00";\n\n"Alter Kontostand";"1.244,56 EUR";\n',
        [("2026-01-13", "-10.00", "Lastschrift Auftraggeber: X")],
        currency="EUR",
        balance="1234.56",
    ),
    Dialect(
        "Volksbank: one row beside foreign accounts",
        "Bezeichnung Auftragskonto;IBAN Auftragskonto;BIC Auftragskonto;Bankname Auftragskonto;Buchungstag;Valutadatum;Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;BIC (SWIFT-Code) Zahlungsbeteiligter;Buchungstext;Verwendungszweck;Betrag;Waehrung;Saldo nach Buchung;Bemerkung;Kategorie;Steuerrelevant;Glaeubiger ID;Mandatsreferenz\nGiro;DE02120300000000202051;BYLADEM1001;Bank;13.01.2026;13.01.2026;Shop;DE89370400440532013000;X;Lastschrift;Kauf;-5,00;EUR;95,00;;;;;\n",
        [("2026-01-13", "-5.00", "Shop")],
        currency="EUR",
        balance="95.00",
        account="DE02120300000000202051",
    ),
    Dialect(
        "Rabobank",
        '"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn","Tegenrekening IBAN/BBAN","Naam tegenpartij","Naam uiteindelijke partij","Naam initiërende partij","BIC tegenpartij","Code","Batch ID","Transactiereferentie","Machtigingskenmerk","Incassant ID","Betalingskenmerk","Omschrijving-1","Omschrijving-2","Omschrijving-3","Reden retour","Oorspr bedrag","Oorspr munt","Koers"\n"NL12RABO0123456789","EUR","RABONL2U","000000000000000001","2026-01-13","2026-01-13","-12,50","+987,50","NL20INGB0001234567","Shop","","","INGBNL2A","bg","","","","","","kauf","","","","","",""\n',
        [("2026-01-13", "-12.50", "Shop")],
        currency="EUR",
        balance="987.50",
        account="NL12RABO0123456789",
    ),
    Dialect(
        "TD Canada: no header, proved by the balances",
        "01/22/2026,GROCER,12.00,,988.00\n01/21/2026,PAY,,900.00,1000.00\n",
        [("2026-01-22", "-12.00", "GROCER"), ("2026-01-21", "900.00", "PAY")],
        balance="988.00",
    ),
    Dialect(
        "Deutsche Bank: the accounts are theirs",
        "Transactions Personal Account;;;Customer number: 123 1234567\n\n01/01/2026 - 01/31/2026\nOld balance:;;;;1,000.00;EUR\nTransactions pending are not included in this report.\nBooking date;Value date;Transaction Type;Beneficiary / Originator;Payment Details;IBAN / Account Number;BIC;Customer Reference;Mandate Reference ;Creditor ID;Compensation amount;Original Amount;Ultimate creditor;Number of transactions;Number of cheques;Debit;Credit;Currency\n01/14/2026;01/14/2026;SEPA-Direct Debit;Shop;Kauf;DE89370400440532013000;X;;;;;;;;;-12.50;;EUR\n01/13/2026;01/13/2026;Credit Transfer;Boss;Lohn;DE12500105170648489890;X;;;;;;;;;;1,200.00;EUR\nAccount balance;01/31/2026;;;2,187.50;EUR\n",
        [("2026-01-14", "-12.50", "Shop"), ("2026-01-13", "1200.00", "Boss")],
        currency="EUR",
        balance="2187.50",
    ),
    Dialect(
        "HDFC: padded cells, zeros for nothing",
        "\nDate     ,Narration                ,Value Dat,Debit Amount       ,Credit Amount      ,Chq/Ref Number   ,Closing Balance\n  13/01/26  ,UPI-SHOP           ,13/01/26 ,        100.00     ,          0.00     ,0000123456   ,    900.00     \n  14/01/26  ,SALARY           ,14/01/26 ,        0.00     ,          5000.00     ,0000123457   ,    5900.00     \n",
        [("2026-01-13", "-100.00", "UPI-SHOP"), ("2026-01-14", "5000.00", "SALARY")],
        balance="5900.00",
    ),
    Dialect(
        "UBS: many lines above",
        'Kontonummer:;0234 00103914.40;\nIBAN:;CH9300762011623852957;\nVon:;2026-01-01;\nBis:;2026-01-31;\nAnfangssaldo:;100.00;\nSchlusssaldo:;90.00;\nBewertet in:;CHF;\nAnzahl Transaktionen in diesem Zeitraum:;1;\n\nAbschlussdatum;Abschlusszeit;Buchungsdatum;Valutadatum;Währung;Belastung;Gutschrift;Einzelbetrag;Saldo;Transaktions-Nr.;Beschreibung1;Beschreibung2;Beschreibung3;Fussnoten;\n2026-01-13;;2026-01-13;2026-01-13;CHF;-10.00;;;90.00;12345678;"Shop";"Kauf";"Ref";;\n',
        [("2026-01-13", "-10.00", "Shop Kauf Ref")],
        currency="CHF",
        balance="90.00",
        account="0234 00103914.40",
    ),
    Dialect(
        "A language we do not know: one column is left",
        'Data operacji,Opis operacji,Kwota,Saldo po operacji\n2026-01-13,Sklep,"-12,50","87,50"\n2026-01-14,Pensja,"100,00","187,50"\n',
        [("2026-01-13", "-12.50", "Sklep"), ("2026-01-14", "100.00", "Pensja")],
        balance="187.50",
    ),
    Dialect(
        "Bradesco: balance and total rows",
        "Extrato de: Agência: 1234 | Conta: 56789-0\nData;Histórico;Docto.;Crédito (R$);Débito (R$);Saldo (R$)\n13/01/2026;SALDO ANTERIOR;;;;100,00\n14/01/2026;PIX;0001;;-10,00;90,00\n;;Total;0,00;-10,00;90,00\n",
        [("2026-01-14", "-10.00", "PIX")],
        currency="BRL",
        balance="90.00",
        account="56789-0",
    ),
    Dialect(
        "Banco do Brasil: balances where amounts stand",
        '"Data","Dependencia Origem","Histórico","Data do Balancete","Número do documento","Valor",\n"13/01/2026","","Saldo Anterior","","0","100.00",\n"14/01/2026","1234-5","Compra","","123456","-10.00",\n"31/01/2026","","S A L D O","","0","90.00",\n',
        [("2026-01-14", "-10.00", "Compra")],
        balance="90.00",
    ),
    Dialect(
        "CaixaBank: currency glued to amounts",
        "Fecha;Fecha valor;Movimiento;Más datos;Importe;Saldo\n13/01/2026;13/01/2026;TARJETA;SHOP;-12,50EUR;+987,50EUR\n",
        [("2026-01-13", "-12.50", "TARJETA SHOP")],
        currency="EUR",
        balance="987.50",
    ),
    Dialect(
        "Société Générale: spreadsheet formula above",
        "=\"0123456789\";13/12/2025;13/01/2026;2;13/01/2026;1.234,56 EUR\n\nDate de l'opération;Libellé;Détail de l'écriture;Montant de l'opération;Devise\n13/01/2026;CARTE;CARTE X SHOP;-12,50;EUR\n",
        [("2026-01-13", "-12.50", "CARTE CARTE X SHOP")],
        currency="EUR",
    ),
    Dialect(
        "LCL: no header",
        "13/01/2026;-12,50;Carte;;SHOP;;0;Divers\n14/01/2026;100,00;Virement;;PAIE;;0;Divers\n",
        [("2026-01-13", "-12.50", "Carte SHOP Divers"), ("2026-01-14", "100.00", "Virement PAIE Divers")],
    ),
    Dialect(
        "Capital One card",
        "Transaction Date,Posted Date,Card No.,Description,Category,Debit,Credit\n2026-01-13,2026-01-14,1234,SHOP,Dining,12.50,\n2026-01-15,2026-01-15,1234,PYMT,Payment/Credit,,100.00\n",
        [("2026-01-14", "-12.50", "SHOP"), ("2026-01-15", "100.00", "PYMT")],
        account="1234",
    ),
    Dialect(
        "Barclays: account with sort code",
        "Number,Date,Account,Amount,Subcategory,Memo\n,13/01/2026,20-11-22 12345678,-12.50,PAYMENT,SHOP\n,14/01/2026,20-11-22 12345678,100.00,FT,PAY\n",
        [("2026-01-13", "-12.50", "SHOP"), ("2026-01-14", "100.00", "PAY")],
        account="20-11-22 12345678",
    ),
    Dialect(
        "Lloyds: text marked by an apostrophe",
        "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance\n14/01/2026,DEB,'11-22-33,12345678,SHOP,12.50,,987.50\n",
        [("2026-01-14", "-12.50", "SHOP")],
        balance="987.50",
        account="12345678",
    ),
    Dialect(
        "Starling",
        "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes\n13/01/2026,Shop,REF,CONTACTLESS,-5.00,95.00,FOOD,\n",
        [("2026-01-13", "-5.00", "Shop")],
        currency="GBP",
        balance="95.00",
    ),
    Dialect(
        "Wells Fargo: no header",
        '"01/22/2026","-12.34","*","","GROCER"\n"01/23/2026","-50.00","*","1042","CHECK"\n',
        [("2026-01-22", "-12.34", "GROCER"), ("2026-01-23", "-50.00", "CHECK")],
    ),
    Dialect(
        "CommBank: no header, plus signs",
        '14/01/2026,"-12.00","DESC","+988.00"\n13/01/2026,"+50.00","PAY","+1000.00"\n12/01/2026,"-5.00","X","+950.00"\n',
        [("2026-01-14", "-12.00", "DESC"), ("2026-01-13", "50.00", "PAY"), ("2026-01-12", "-5.00", "X")],
        balance="988.00",
    ),
    Dialect(
        "A column of plus and minus",
        "Date;Description;Amount;+/-\n2026-01-13;A;5,00;-\n2026-01-14;B;7,00;+\n",
        [("2026-01-13", "-5.00", "A"), ("2026-01-14", "7.00", "B")],
    ),
    Dialect(
        "Budget export: zeros for nothing",
        "Date,Payee,Outflow,Inflow\n01/13/2026,A,$5.00,$0.00\n01/14/2026,B,$0.00,$7.00\n",
        [("2026-01-13", "-5.00", "A"), ("2026-01-14", "7.00", "B")],
    ),
]
