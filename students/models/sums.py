"""What the database itself says of registrations: what Fees/Req adds up to, and one class a person."""

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

#: What `one_live_registration_of_a_class_a_year` says of one record, said of all records of one person. The student is
#: kept from being merged meanwhile; two records of a person that are merged already wait for each other.
ONE_CLASS_A_PERSON = """
    IF NEW.status IN ('withdrawn', 'not_in_class') THEN RETURN NEW; END IF;
    SELECT COALESCE(merged_into_id, id) INTO person FROM students_student
        WHERE id = NEW.student_id FOR KEY SHARE;
    -- Counted, not EXISTS: before the first ANALYZE that is planned as a walk through all students that ends early.
    IF person = NEW.student_id AND (SELECT count(*) FROM students_student WHERE merged_into_id = person) = 0 THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('classes of ' || person, 0));
    IF EXISTS (
        SELECT FROM students_registration other
        WHERE other.student_id IN (SELECT id FROM students_student WHERE id = person OR merged_into_id = person)
            AND other.high_school_course_id = NEW.high_school_course_id AND other.year_id = NEW.year_id
            AND other.status NOT IN ('withdrawn', 'not_in_class') AND other.id <> NEW.id
    ) THEN
        RAISE EXCEPTION 'one_live_registration_of_a_class_a_year: on another record of this person'
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
"""
