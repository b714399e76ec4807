-- Run once as a superuser, with psql; it asks for nothing else of PostgreSQL than what 15 and newer bring along.
-- Then set the three passwords (\password baokao_owner, …) and run `baokao migrate` as the owner, which gives the rights.

CREATE ROLE baokao_owner LOGIN;
CREATE ROLE baokao_web LOGIN;
CREATE ROLE baokao_worker LOGIN;

-- A page must not wait long behind another's lock; a job may; a migration waits rather shortly and is run again.
ALTER ROLE baokao_owner SET lock_timeout = '3s';
ALTER ROLE baokao_web SET lock_timeout = '1s';
ALTER ROLE baokao_web SET statement_timeout = '5s';
ALTER ROLE baokao_web SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE baokao_worker SET lock_timeout = '3s';
ALTER ROLE baokao_worker SET statement_timeout = '60s';
ALTER ROLE baokao_worker SET idle_in_transaction_session_timeout = '60s';

-- The database's own log tells what went wrong, and neither the statement nor the row, which hold names and addresses.
ALTER ROLE baokao_owner SET log_error_verbosity = 'terse';
ALTER ROLE baokao_owner SET log_min_error_statement = 'panic';
ALTER ROLE baokao_web SET log_error_verbosity = 'terse';
ALTER ROLE baokao_web SET log_min_error_statement = 'panic';
ALTER ROLE baokao_worker SET log_error_verbosity = 'terse';
ALTER ROLE baokao_worker SET log_min_error_statement = 'panic';

CREATE DATABASE baokao OWNER baokao_owner ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0;
