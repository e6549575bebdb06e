"""Carry out a plan about invoices, as `accounts.services.invoices` does it for one."""

from accounts.services.imports.bulk import mark_touched
from accounts.services.imports.copies import keep_as_known
from accounts.services.imports.stage import Stage

_PAYMENTS = "accounts_invoicepayment"
_CREATE = """
INSERT INTO accounts_invoice (id, account_id, contract_id, external_id, issued_on, due_on, amount,
  currency, recorded_at, is_declared, updated_at)
SELECT row_id, account_id, contract_id, external_id, issued_on, due_on, amount, currency,
  {known}, {declared}, %(at)s
FROM import_plan WHERE target_id IS NULL ORDER BY row_id
"""
_UPDATE = """
UPDATE accounts_invoice i SET contract_id = p.contract_id, issued_on = p.issued_on,
  due_on = p.due_on, amount = p.amount, currency = p.currency, updated_at = %(at)s,
  recorded_at = CASE WHEN p.is_weighty THEN %(at)s ELSE i.recorded_at END,
  is_declared = i.is_declared AND NOT p.is_weighty
FROM import_plan p WHERE i.id = p.target_id
"""
#: Less money than we knew of, or money on an earlier day: what we knew was wrong.
_RETRACT = """
UPDATE accounts_invoicepayment y SET retracted_at = %(at)s FROM import_plan p
WHERE y.invoice_id = p.target_id AND y.retracted_at IS NULL AND p.is_paid_otherwise
"""
_PAY = """
INSERT INTO accounts_invoicepayment (invoice_id, paid_on, amount, recorded_at, is_declared)
SELECT row_id, paid_on, CASE WHEN is_paid_otherwise THEN paid_amount
    ELSE paid_amount - paid_was END, {known}, {declared}
FROM import_plan WHERE is_paid ORDER BY row_id
"""


def write_invoices(stage: Stage) -> None:
    """Write what the plan holds."""
    keep_as_known(
        stage,
        table="accounts_invoice",
        where="p.is_weighty",
        children={_PAYMENTS: "invoice_id"},
    )
    stage.write(_UPDATE, table="accounts_invoice", kind="updated", key="i.id")
    issued, paid = stage.begin_of("issued_on"), stage.begin_of("paid_on")
    create = _CREATE.format(known=stage.known(issued), declared=stage.declared(issued))
    stage.write(create, table="accounts_invoice", kind="recorded")
    stage.write(_RETRACT, table=_PAYMENTS, kind="retracted", key="y.id")
    unknown = "NOT is_paid_otherwise"
    pay = _PAY.format(known=stage.known(paid, unknown), declared=stage.declared(paid, unknown))
    stage.write(pay, table=_PAYMENTS, kind="recorded")
    mark_touched(stage, touched="SELECT account_id FROM import_plan")
