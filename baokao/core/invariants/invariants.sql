-- Each query finds what must not be: it returns no row on a sound system. The name and the sentence above a query are
-- what a finding is reported by. Tables of several apps meet here, because some truths lie between them.

-- I1: an offering with taken > capacity, taken < 0, or capacity other than max(target, taken)
SELECT id AS offering, target, capacity, taken
  FROM exams_offering
 WHERE taken > capacity OR taken < 0 OR capacity <> greatest(target, taken);

-- I2: an offering whose taken differs from the count of its live entries
SELECT o.id AS offering, o.taken, count(e.id) AS entries
  FROM exams_offering o
  LEFT JOIN registration_entry e ON e.offering_id = o.id AND e.state IN ('unpaid', 'paid')
 GROUP BY o.id, o.taken
HAVING o.taken <> count(e.id);

-- I2: a live entry of an offering that does not exist
SELECT e.id AS entry, e.offering_id AS offering
  FROM registration_entry e
 WHERE e.state IN ('unpaid', 'paid') AND NOT EXISTS (SELECT FROM exams_offering o WHERE o.id = e.offering_id);

-- I3: a registration with two live written entries of one level
SELECT registration_id AS registration, level, count(*) AS entries
  FROM registration_entry
 WHERE kind = 'written' AND state IN ('unpaid', 'paid')
 GROUP BY registration_id, level
HAVING count(*) > 1;

-- I4: a sitting in which a passport has two live registrations
SELECT sitting_id AS sitting, passport_id AS passport, count(*) AS registrations
  FROM registration_registration
 WHERE state = 'live'
 GROUP BY sitting_id, passport_id
HAVING count(*) > 1;

-- I4: a sitting in which a student record has two live registrations
SELECT sitting_id AS sitting, record_id AS record, count(*) AS registrations
  FROM registration_registration
 WHERE state = 'live'
 GROUP BY sitting_id, record_id
HAVING count(*) > 1;

-- I4: a live registration whose passport has ended
SELECT r.id AS registration, r.passport_id AS passport, p.ended_at
  FROM registration_registration r
  JOIN passport_passport p ON p.id = r.passport_id
 WHERE r.state = 'live' AND p.ended_at IS NOT NULL;

-- I5: a paid entry without exactly one settled, unrefunded allotment of its amount
SELECT e.id AS entry, e.fee, count(a.id) AS allotments, sum(a.amount) AS amount
  FROM registration_entry e
  LEFT JOIN payments_allotment a ON a.entry_id = e.id AND a.refund_id IS NULL
 WHERE e.state = 'paid'
 GROUP BY e.id, e.fee
HAVING count(a.id) <> 1 OR sum(a.amount) <> e.fee;

-- I5: an unrefunded allotment to an entry that is not paid
SELECT a.id AS allotment, a.entry_id AS entry, e.state
  FROM payments_allotment a
  JOIN registration_entry e ON e.id = a.entry_id
 WHERE a.refund_id IS NULL AND e.state <> 'paid';

-- I6: a settlement whose money is not all on paid entries, refunded or owed
SELECT s.id AS settlement, s.amount, sum(a.amount) AS allotted
  FROM payments_settlement s
  LEFT JOIN payments_allotment a ON a.settlement_id = s.id
 GROUP BY s.id, s.amount
HAVING s.amount <> coalesce(sum(a.amount), 0);

-- I6: a refund that is not what its allotments come to
SELECT r.id AS refund, r.amount, sum(a.amount) AS allotted
  FROM payments_refund r
  LEFT JOIN payments_allotment a ON a.refund_id = r.id
 GROUP BY r.id, r.amount
HAVING r.amount <> coalesce(sum(a.amount), 0);

-- I7: a settlement whose bookings do not add up to what was received, allotted, owed and given back
SELECT s.id AS settlement, booked.received, booked.allotted, booked.owed, booked.refunded
  FROM payments_settlement s
  LEFT JOIN (
    SELECT settlement_id, coalesce(sum(amount) FILTER (WHERE kind = 'received'), 0) AS received,
           coalesce(sum(amount) FILTER (WHERE kind = 'allotted'), 0) AS allotted,
           coalesce(sum(amount) FILTER (WHERE kind = 'owed'), 0) AS owed,
           coalesce(sum(amount) FILTER (WHERE kind = 'refunded'), 0) AS refunded
      FROM payments_ledger GROUP BY settlement_id) booked ON booked.settlement_id = s.id
  LEFT JOIN (
    SELECT settlement_id, coalesce(sum(amount), 0) AS owed,
           coalesce(sum(amount) FILTER (WHERE state = 'done'), 0) AS done
      FROM payments_refund GROUP BY settlement_id) back ON back.settlement_id = s.id
 WHERE booked.received IS DISTINCT FROM s.amount
    OR booked.allotted + booked.owed IS DISTINCT FROM s.amount
    OR booked.owed IS DISTINCT FROM coalesce(back.owed, 0)
    OR booked.refunded IS DISTINCT FROM coalesce(back.done, 0);

-- I7: the ledger out of balance with the settlements and refunds in total
SELECT booked.received, settled.amount AS settled, booked.refunded, back.amount AS returned
  FROM (SELECT coalesce(sum(amount) FILTER (WHERE kind = 'received'), 0) AS received,
               coalesce(sum(amount) FILTER (WHERE kind = 'refunded'), 0) AS refunded FROM payments_ledger) booked,
       (SELECT coalesce(sum(amount), 0) AS amount FROM payments_settlement) settled,
       (SELECT coalesce(sum(amount), 0) AS amount FROM payments_refund WHERE state = 'done') back
 WHERE booked.received <> settled.amount OR booked.refunded <> back.amount;

-- I7: a day whose bill and ledger differ by anything but the differences that hold (rule D7)
WITH own AS (
  SELECT g.provider, g.kind, g.amount, b.day AS billed_on, g.at,
         (coalesce(s.paid_at, g.at) AT TIME ZONE 'Asia/Shanghai')::date AS own_day
    FROM payments_ledger g
    LEFT JOIN payments_settlement s ON s.id = g.deed
    LEFT JOIN payments_bill_line l ON l.deed = g.deed
    LEFT JOIN payments_bill b ON b.id = l.bill_id
   WHERE g.kind IN ('received', 'refunded')),
booked AS (
  SELECT b.id, coalesce(sum(own.amount) FILTER (WHERE own.kind = 'received'), 0) AS received,
         coalesce(sum(own.amount) FILTER (WHERE own.kind = 'refunded'), 0) AS refunded
    FROM payments_bill b
    JOIN own ON own.provider = b.provider AND coalesce(own.billed_on, own.own_day) = b.day
   WHERE own.billed_on IS NOT NULL OR own.at <= b.compared_to
   GROUP BY b.id),
differing AS (
  SELECT bill_id AS id,
         coalesce(sum(coalesce(theirs, 0) - coalesce(ours, 0)) FILTER (WHERE flow = 'payment'), 0) AS paid,
         coalesce(sum(coalesce(theirs, 0) - coalesce(ours, 0)) FILTER (WHERE flow = 'refund'), 0) AS refunded
    FROM payments_difference WHERE holds GROUP BY bill_id)
SELECT b.provider, b.day, b.paid, booked.received, differing.paid AS listed,
       b.refunded, booked.refunded AS returned, differing.refunded AS listed_back
  FROM payments_bill b
  LEFT JOIN booked ON booked.id = b.id
  LEFT JOIN differing ON differing.id = b.id
 WHERE b.state <> 'due'
   AND (b.paid - coalesce(booked.received, 0) <> coalesce(differing.paid, 0)
     OR b.refunded - coalesce(booked.refunded, 0) <> coalesce(differing.refunded, 0));

-- I7: a bill whose lines are not what it says, or of whose lines without a deed one is not listed (rule D7)
SELECT b.provider, b.day, b.lines, told.lines AS kept, told.unknown, coalesce(listed.lines, 0) AS listed
  FROM payments_bill b
  LEFT JOIN (
    SELECT bill_id, count(*) AS lines, count(*) FILTER (WHERE deed IS NULL) AS unknown,
           coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS paid,
           coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS refunded
      FROM payments_bill_line GROUP BY bill_id) told ON told.bill_id = b.id
  LEFT JOIN (
    SELECT bill_id, count(*) AS lines FROM payments_difference WHERE holds AND deed IS NULL GROUP BY bill_id
    ) listed ON listed.bill_id = b.id
 WHERE b.lines <> coalesce(told.lines, 0) OR b.paid <> coalesce(told.paid, 0)
    OR b.refunded <> coalesce(told.refunded, 0) OR coalesce(told.unknown, 0) <> coalesce(listed.lines, 0);

-- I8: an unpaid, unlocked entry with no payment under way, live more than 60 s past its time
SELECT e.id AS entry, e.registration_id AS registration, e.held_until
  FROM registration_entry e
 WHERE e.state = 'unpaid' AND e.locked_by IS NULL AND e.held_until < now() - interval '60 seconds'
   AND NOT (e.kind = 'written' AND EXISTS (
         SELECT FROM registration_entry s
           JOIN exams_subject ss ON ss.code = s.subject_id
           JOIN exams_subject ws ON ws.code = e.subject_id
          WHERE s.registration_id = e.registration_id AND s.kind = 'speaking' AND s.level = e.level
            AND ss.language = ws.language AND s.locked_by IS NOT NULL));

-- I8: an entry that a group payment holds more than 60 s past the end of its lock, with no payment under way
SELECT k.entry_id AS entry, k.group_id AS "group", k.ends_at
  FROM payments_pick k
  JOIN payments_grouppayment g ON g.id = k.group_id
 WHERE k.ends_at < now() - interval '60 seconds' AND g.state <> 'paying';

-- I9: a live entry that has an end, an ended one that has none, or a live entry of a registration that has ended
SELECT e.id AS entry, e.state, e.ended_at, r.state AS registration_state
  FROM registration_entry e
  JOIN registration_registration r ON r.id = e.registration_id
 WHERE (e.state IN ('unpaid', 'paid')) <> (e.ended_at IS NULL)
    OR (e.state IN ('unpaid', 'paid') AND r.state <> 'live');

-- I9: an attempt that is paid without a settlement, or settled and not paid
SELECT a.id AS attempt, a.state, s.id AS settlement
  FROM payments_attempt a
  LEFT JOIN payments_settlement s ON s.attempt_id = a.id
 WHERE (a.state = 'paid') <> (s.id IS NOT NULL);

-- I9: an entry that is locked by an attempt which is not open
SELECT e.id AS entry, e.locked_by, a.state
  FROM registration_entry e
  LEFT JOIN payments_attempt a ON a.id = e.locked_by
 WHERE e.lock = 'payment' AND a.state IS DISTINCT FROM 'open';

-- I9: an entry that is locked by a group payment which does not hold it
SELECT e.id AS entry, e.locked_by, g.state
  FROM registration_entry e
  LEFT JOIN payments_grouppayment g ON g.id = e.locked_by AND g.state IN ('locked', 'paying')
  LEFT JOIN payments_pick k ON k.group_id = e.locked_by AND k.entry_id = e.id AND k.ends_at IS NOT NULL
 WHERE e.lock = 'group' AND (g.id IS NULL OR k.id IS NULL);

-- I9: a group payment that is being paid without an open attempt, or has one and is not
SELECT g.id AS "group", g.state, a.id AS attempt
  FROM payments_grouppayment g
  LEFT JOIN (payments_attempt a JOIN payments_order o ON o.id = a.order_id AND a.state = 'open') ON o.group_id = g.id
 WHERE (g.state = 'paying') <> (a.id IS NOT NULL);

-- I10: a live speaking entry without its live written entry of the same level and language; a paid one without its paid one
SELECT s.id AS speaking_entry, s.registration_id AS registration, s.state
  FROM registration_entry s
  JOIN exams_subject ss ON ss.code = s.subject_id
 WHERE s.kind = 'speaking' AND s.state IN ('unpaid', 'paid')
   AND NOT EXISTS (
     SELECT FROM registration_entry w
       JOIN exams_subject ws ON ws.code = w.subject_id
      WHERE w.registration_id = s.registration_id AND w.kind = 'written' AND w.level = s.level
        AND ws.language = ss.language
        AND (w.state = 'paid' OR (w.state = 'unpaid' AND s.state = 'unpaid')));

-- I11: a seal that does not begin where the seal before ends, or does not carry on its hash
SELECT s.number AS seal, s.since, s.until
  FROM core_seal s
  LEFT JOIN core_seal p ON p.number = s.number - 1
 WHERE (s.number = 1 AND (s.since <> 0 OR s.previous <> decode(repeat('00', 32), 'hex')))
    OR (s.number > 1 AND (p.number IS NULL OR s.since <> p.until OR s.previous <> p.hash));

-- I11: one of the last 600 seals whose count differs from its rows
SELECT s.number AS seal, s.since, s.until, s.count, count(a.id) AS rows
  FROM core_seal s
  LEFT JOIN core_audit a ON a.xact >= s.since AND a.xact < s.until
 WHERE s.number > (SELECT max(number) - 600 FROM core_seal)
 GROUP BY s.number, s.since, s.until, s.count
HAVING s.count <> count(a.id);

-- I11: an unsealed audit row older than 10 s while no transaction is older than 5 s
SELECT a.id AS audit_row, a.xact, a.at
  FROM core_audit a
 WHERE a.xact >= (SELECT coalesce(max(until), 0) FROM core_seal)
   AND a.at < now() - interval '10 seconds'
   AND a.xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
   AND NOT EXISTS (
     SELECT FROM pg_stat_activity
      WHERE xact_start < now() - interval '5 seconds' AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL));

-- I12: a live registration that has been empty for more than 60 s past its hold (12 h, or what BAOKAO_EMPTY_HOLD says)
SELECT id AS registration, empty_since
  FROM registration_registration
 WHERE state = 'live'
   AND empty_since < now() - interval '60 seconds'
                     - coalesce(nullif(current_setting('baokao.empty_hold', true), ''), '12 hours')::interval;

-- I14: a job that has waited for ten minutes past its time, or runs for more than an hour
SELECT j.id AS job, j.task_name, j.status
  FROM procrastinate_jobs j
 WHERE (j.status = 'todo' AND coalesce(
          j.scheduled_at,
          (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)) < now() - interval '10 minutes')
    OR (j.status = 'doing'
        AND (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'started')
            < now() - interval '1 hour');

-- I14: an effect in the outbox that has waited for ten minutes past its time
SELECT id AS outbox_row, kind, tries, last_error
  FROM core_outbox
 WHERE sent_at IS NULL AND given_up_at IS NULL AND due_at < now() - interval '10 minutes';
