#!/usr/bin/env bash
# A running instance, with the MariaDB command line and curl.
#
# Address and password come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_HTTP_PORT, EMRYS_SQL_USER and EMRYS_SQL_PASSWORD. Prints
# one line a step; exits with 1 at the first step that goes wrong.
set -euo pipefail

: "${EMRYS_SQL_HOST:?}" "${EMRYS_SQL_PORT:?}" "${EMRYS_HTTP_PORT:?}" "${EMRYS_SQL_USER:?}" "${EMRYS_SQL_PASSWORD:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "mariadb: FAILED: $*" >&2
  exit 1
}

step() {
  echo "mariadb: $*"
}

expect() {
  [ "$2" = "$3" ] || fail "$1 is '$2', not '$3'"
}

# Options of the client first; the statement comes on standard input.
sql() {
  MYSQL_PWD=$EMRYS_SQL_PASSWORD mariadb --no-defaults --default-character-set=utf8mb4 --batch --skip-column-names \
    -h "$EMRYS_SQL_HOST" -P "$EMRYS_SQL_PORT" -u "$EMRYS_SQL_USER" "$@"
}

value() {
  sql -e "$1"
}

refused() {
  local errno=$1 said
  shift
  if said=$(sql -e "$*" 2>&1); then fail "not refused: $*"; fi
  [[ $said == *"ERROR $errno "* ]] || fail "$* was refused by: $said"
}

load() {
  local table=$1
  shift
  curl --silent --show-error --fail-with-body --location-trusted -u "$EMRYS_SQL_USER:$EMRYS_SQL_PASSWORD" "$@" \
    "http://$EMRYS_SQL_HOST:$EMRYS_HTTP_PORT/api/shop/$table/_stream_load"
}

# Of a load's answer: the text of one member.
member() {
  sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\",]*\).*/\1/p"
}

expect 'who logged in' "$(value 'SELECT current_user()')" "'admin'@'%'"
[[ $(value 'SELECT @@version_comment') == *'not StarRocks'* ]] || fail 'it does not say what it is'
step 'logged in with the password of the request'

if MYSQL_PWD=wrong mariadb --no-defaults -h "$EMRYS_SQL_HOST" -P "$EMRYS_SQL_PORT" -u admin -e 'SELECT 1' 2>"$work/refusal"; then
  fail 'a wrong password logged in'
fi
grep -q 'ERROR 1045 (28000)' "$work/refusal" || fail "a wrong password was refused by: $(cat "$work/refusal")"
step 'a wrong password is refused'

[[ $(sql --ssl -e 'STATUS') == *'Cipher in use is TLS'* ]] || fail 'no TLS'
step 'speaks TLS'

sql <<'SQL'
CREATE DATABASE shop;
USE shop
CREATE TABLE orders (
  id BIGINT NOT NULL, name VARCHAR(64), price DECIMAL(38, 10), day DATE, moment DATETIME, huge LARGEINT, ok BOOLEAN
) PRIMARY KEY (id) DISTRIBUTED BY HASH (id) PROPERTIES ("replication_num" = "1");
INSERT INTO orders VALUES
  (1, 'grüße 你好 🐘', 1234567890123456789.0123456789, '2024-02-29', '2024-02-29 12:34:56.5', 170141183460469231731687303715884105727, true),
  (2, NULL, NULL, NULL, NULL, NULL, NULL);
SQL
expect 'a row' "$(value 'SELECT * FROM shop.orders WHERE id = 1')" \
  "$(printf '1\tgrüße 你好 🐘\t1234567890123456789.0123456789\t2024-02-29\t2024-02-29 12:34:56.500000\t170141183460469231731687303715884105727\t1')"
expect 'a row of nothing' "$(value 'SELECT * FROM shop.orders WHERE id = 2')" "$(printf '2\tNULL\tNULL\tNULL\tNULL\tNULL\tNULL')"
step 'a table of all kinds, texts in any language, NULLs'

expect 'an upsert' "$(value "INSERT INTO shop.orders (id, name) VALUES (2, 'b'); SELECT count(*), max(name) FROM shop.orders")" \
  "$(printf '2\tgrüße 你好 🐘')"
sql -D shop -e "UPDATE orders SET price = 1.5 WHERE id = 2; DELETE FROM orders WHERE id = 1"
expect 'what is left' "$(value 'SELECT id, price FROM shop.orders')" "$(printf '2\t1.5000000000')"
[[ $(sql -vvv -D shop -e "INSERT INTO orders (id) VALUES (3)") == *"'status':'VISIBLE'"* ]] || fail 'no label'
step 'inserts, upserts, updates and deletes'

expect 'after ROLLBACK' "$(value 'BEGIN; INSERT INTO shop.orders (id) VALUES (9); ROLLBACK; SELECT count(*) FROM shop.orders')" 2
expect 'after COMMIT' "$(value 'BEGIN; INSERT INTO shop.orders (id) VALUES (9); COMMIT; SELECT count(*) FROM shop.orders')" 3
step 'transactions'

expect 'SHOW DATABASES' "$(value 'SHOW DATABASES' | tr '\n' ' ')" '_statistics_ information_schema shop sys '
expect 'SHOW TABLES' "$(value 'SHOW TABLES FROM shop')" orders
expect 'DESC' "$(value 'DESC shop.orders' | cut -f 1,2,4 | head -2)" "$(printf 'id\tbigint\ttrue\nname\tvarchar(64)\tfalse')"
[[ $(value 'SHOW CREATE TABLE shop.orders') == *'PRIMARY KEY(`id`)'* ]] || fail 'SHOW CREATE TABLE lost the key'
expect information_schema "$(value "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'shop' AND ordinal_position = 3")" \
  "$(printf 'price\tdecimal')"
step 'what is there'

refused 1064 'SELEC 1'
refused 1146 'SELECT * FROM shop.nowhere'
refused 1054 'SELECT nothing FROM shop.orders'
refused 1049 'USE nowhere'
refused 1050 'CREATE TABLE shop.orders (id INT) DUPLICATE KEY (id) DISTRIBUTED BY HASH (id)'
refused 1305 "SELECT * FROM read_csv('/etc/passwd')"
step 'refusals have their numbers'

sql --quick -D shop -e 'SELECT generate_series, repeat("x", 100) FROM TABLE(generate_series(1, 1000000))' |
  awk '{ sum += $1; bytes += length($2) } END { printf "%.0f %.0f %.0f\n", NR, sum, bytes }' >"$work/sum"
expect 'a million rows' "$(cat "$work/sum")" '1000000 500000500000 100000000'
step 'a million rows, read as they come'

long=$(head -c 1000000 /dev/zero | tr '\0' 'y')
{
  printf "INSERT INTO shop.texts VALUES (0, '')"
  for number in {1..20}; do printf ", (%s, '%s')" "$number" "$long"; done
} >"$work/long.sql"
sql -D shop -e 'CREATE TABLE texts (id INT, long_text VARCHAR(1048576)) DUPLICATE KEY (id) DISTRIBUTED BY HASH (id)'
sql --max-allowed-packet=64M <"$work/long.sql"
expect 'the bytes of a long statement' "$(value 'SELECT sum(length(long_text)) FROM shop.texts')" 20000000
step 'a statement that takes two packets'

endless='SELECT count(*) FROM TABLE(generate_series(1, 100000)) a (x), TABLE(generate_series(1, 100000)) b (y), TABLE(generate_series(1, 9000)) c (z) WHERE x * y % 7 = z'
sql -e "$endless" >"$work/sleeper" 2>&1 &
sleeper=$!
for _ in {1..100}; do
  victim=$(value 'SHOW PROCESSLIST' | awk -F '\t' '/FROM TABLE/ { print $2 }')
  [ -n "$victim" ] && break
done
sql -e "KILL QUERY $victim"
if wait "$sleeper"; then fail 'a query that was killed came to its end'; fi
grep -q 'ERROR 1317 (70100)' "$work/sleeper" || fail "a killed query said: $(cat "$work/sleeper")"
step 'a query of another connection is killed'

sql -D shop -e 'CREATE TABLE events (id INT, word STRING, day DATE) DUPLICATE KEY (id) DISTRIBUTED BY HASH (id)'
printf '1,grün,2024-01-01\n2,\\N,2024-01-02\nnone,three,2024-01-03\n' >"$work/events.csv"
answer=$(load events -H 'Expect: 100-continue' -H 'label: first' -H 'column_separator: ,' -H 'strict_mode: true' -H 'max_filter_ratio: 0.5' -T "$work/events.csv")
expect 'the state of the load' "$(member Status <<<"$answer")" Success
expect 'rows loaded' "$(member NumberLoadedRows <<<"$answer")" 2
expect 'rows filtered' "$(member NumberFilteredRows <<<"$answer")" 1
[[ $(curl --silent --fail "$(sed -n 's/.*"ErrorURL": *"\([^"]*\)".*/\1/p' <<<"$answer")") == *none* ]] || fail 'the error log does not name the row'
expect 'the events' "$(value 'SELECT * FROM shop.events ORDER BY id')" "$(printf '1\tgrün\t2024-01-01\n2\tNULL\t2024-01-02')"
step 'a CSV file loaded, its bad row named'

answer=$(load events -H 'Expect: 100-continue' -H 'label: first' -H 'column_separator: ,' -T "$work/events.csv" || true)
expect 'the same label' "$(member Status <<<"$answer")" 'Label Already Exists'
answer=$(load events -H 'Expect: 100-continue' -H 'strict_mode: true' -H 'column_separator: ,' -T "$work/events.csv" || true)
expect 'a load that is too bad' "$(member Status <<<"$answer")" Fail
expect 'rows then' "$(value 'SELECT count(*) FROM shop.events')" 2
step 'a label loads once, a bad file not at all'

printf '[{"id": 7, "word": "sept", "day": "2024-07-07"}, {"id": 8, "word": null, "day": "2024-08-08"}]' >"$work/events.json"
answer=$(load events -H 'Expect: 100-continue' -H 'format: json' -H 'strip_outer_array: true' -T "$work/events.json")
expect 'rows of JSON' "$(member NumberLoadedRows <<<"$answer")" 2
expect 'all rows' "$(value 'SELECT count(*), max(id) FROM shop.events')" "$(printf '4\t8')"
if curl --silent --fail --location-trusted -u admin:wrong -T "$work/events.json" -H 'Expect: 100-continue' \
  "http://$EMRYS_SQL_HOST:$EMRYS_HTTP_PORT/api/shop/events/_stream_load" | grep -q '"Status": *"Success"'; then
  fail 'a load with a wrong password'
fi
step 'a JSON file loaded, a wrong password not'

sql -e 'DROP DATABASE shop FORCE'
expect 'databases at the end' "$(value 'SHOW DATABASES LIKE "shop"')" ''
step 'dropped'
