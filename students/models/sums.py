"""What a registration's Fees/Req adds up to, as the database writes it."""

from typing import Final

import pgtrigger

#: A registration's Fees/Req is what its requirements add up to. Said once, here; the truth table is `rules.adds_up`.
ADDS_UP: Final = """
    SELECT r.registration_id,
           CASE WHEN bool_or(r.state = 'pending') THEN 'pending'
                WHEN bool_or(r.state = 'processed') THEN 'processed'
                WHEN bool_or(r.state = 'waived') THEN 'waived'
                ELSE 'not_required' END AS state,
           max(r.decided_at) FILTER (WHERE r.state IN ('processed', 'waived')) AS decided_at,
           (array_agg(r.decided_by_id ORDER BY r.decided_at DESC, r.id DESC)
                FILTER (WHERE r.state IN ('processed', 'waived')))[1] AS decided_by,
           coalesce(sum(r.amount) FILTER (WHERE r.state <> 'dropped'), 0) AS fee
    FROM students_requirement r WHERE r.payer = 'student' AND r.registration_id {which} GROUP BY r.registration_id
"""

_IS_THE_SUM: Final = """
    IF EXISTS (
        SELECT 1 FROM students_requirement r
        WHERE r.registration_id = NEW.id AND r.payer = 'student' AND r.state <> 'dropped'
    ) AND EXISTS (
        SELECT 1 FROM ({sum}) s WHERE (s.state, s.fee) IS DISTINCT FROM (NEW.fees_req, NEW.fee_due)
    ) THEN
        RAISE EXCEPTION 'Fees/Req of % is what its requirements add up to', NEW.reference
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
""".replace("{sum}", ADDS_UP.replace("{which}", "= NEW.id"))

FEES_REQ_IS_THE_SUM: Final = pgtrigger.Trigger(
    name="fees_req_is_the_sum",
    operation=pgtrigger.Update,
    when=pgtrigger.Before,
    condition=pgtrigger.Q(old__fees_req__df=pgtrigger.F("new__fees_req"))
    | pgtrigger.Q(old__fee_due__df=pgtrigger.F("new__fee_due")),
    func=_IS_THE_SUM,
)
