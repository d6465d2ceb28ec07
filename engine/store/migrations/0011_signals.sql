-- Whoever gives members a message or a task, a person or a rule, tells their
-- open pages with the commit: once per statement, a hundred members at a time,
-- which is what fits into a notification.
CREATE FUNCTION tenon.tell_fresh() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  event text;
BEGIN
  FOR event IN
    SELECT json_build_object('type', TG_ARGV[0], 'members', json_agg(member_id))::text
    FROM (SELECT member_id, (row_number() OVER (ORDER BY member_id) - 1) / 100 AS part FROM (SELECT DISTINCT member_id FROM fresh) d) p
    GROUP BY part
  LOOP
    PERFORM pg_notify('tenon_event', event);
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION tenon.tell_task() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  event text;
BEGIN
  FOR event IN
    SELECT json_build_object('type', 'task', 'members', json_agg(member_id))::text
    FROM (SELECT member_id, (row_number() OVER (ORDER BY member_id) - 1) / 100 AS part
          FROM (SELECT DISTINCT a.member_id FROM tenon.task_assignee a JOIN fresh f ON f.id = a.task_id) d) p
    GROUP BY part
  LOOP
    PERFORM pg_notify('tenon_event', event);
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER tell AFTER INSERT ON tenon.notification REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION tenon.tell_fresh('notification');
CREATE TRIGGER tell_again AFTER UPDATE ON tenon.notification REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION tenon.tell_fresh('notification');
CREATE TRIGGER tell AFTER INSERT ON tenon.task_assignee REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION tenon.tell_fresh('task');
CREATE TRIGGER tell AFTER UPDATE ON tenon.task REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION tenon.tell_task();
