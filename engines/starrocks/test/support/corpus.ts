/** Statements that people and tools send to StarRocks, one of each form the grammar promises. */

/** The Star Schema Benchmark's tables, reduced to the columns its queries read. */
export const ssbTables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lineorder: {
    lo_custkey: 'int',
    lo_partkey: 'int',
    lo_suppkey: 'int',
    lo_orderdate: 'int',
    lo_quantity: 'int',
    lo_extendedprice: 'int',
    lo_discount: 'int',
    lo_revenue: 'int',
    lo_supplycost: 'int',
  },
  dates: {
    d_datekey: 'int',
    d_year: 'int',
    d_yearmonthnum: 'int',
    d_yearmonth: 'varchar',
    d_weeknuminyear: 'int',
  },
  customer: { c_custkey: 'int', c_region: 'varchar', c_nation: 'varchar', c_city: 'varchar' },
  supplier: { s_suppkey: 'int', s_region: 'varchar', s_nation: 'varchar', s_city: 'varchar' },
  part: { p_partkey: 'int', p_category: 'varchar', p_mfgr: 'varchar', p_brand: 'varchar' },
}

const q1 = (condition: string): string =>
  `SELECT SUM(lo_extendedprice * lo_discount) AS revenue FROM lineorder, dates WHERE lo_orderdate = d_datekey AND ${condition}`

const q2 = (condition: string): string =>
  `SELECT SUM(lo_revenue) AS lo_revenue, d_year, p_brand FROM lineorder
   JOIN dates ON lo_orderdate = d_datekey JOIN part ON lo_partkey = p_partkey JOIN supplier ON lo_suppkey = s_suppkey
   WHERE ${condition} GROUP BY d_year, p_brand ORDER BY d_year, p_brand`

const q3 = (columns: string, condition: string): string =>
  `SELECT ${columns}, d_year, SUM(lo_revenue) AS lo_revenue FROM lineorder
   JOIN dates ON lo_orderdate = d_datekey JOIN customer ON lo_custkey = c_custkey JOIN supplier ON lo_suppkey = s_suppkey
   WHERE ${condition} GROUP BY ${columns}, d_year ORDER BY d_year ASC, lo_revenue DESC`

const q4 = (columns: string, condition: string): string =>
  `SELECT d_year, ${columns}, SUM(lo_revenue) - SUM(lo_supplycost) AS profit FROM lineorder
   JOIN dates ON lo_orderdate = d_datekey JOIN customer ON lo_custkey = c_custkey JOIN supplier ON lo_suppkey = s_suppkey
   JOIN part ON lo_partkey = p_partkey WHERE ${condition} GROUP BY d_year, ${columns} ORDER BY d_year, ${columns}`

/** The thirteen queries of the benchmark (O'Neil, O'Neil, Chen: Star Schema Benchmark, 2009). */
export const ssbQueries: readonly string[] = [
  q1('d_year = 1993 AND lo_discount BETWEEN 1 AND 3 AND lo_quantity < 25'),
  q1('d_yearmonthnum = 199401 AND lo_discount BETWEEN 4 AND 6 AND lo_quantity BETWEEN 26 AND 35'),
  q1(
    'd_weeknuminyear = 6 AND d_year = 1994 AND lo_discount BETWEEN 5 AND 7 AND lo_quantity BETWEEN 26 AND 35',
  ),
  q2("p_category = 'MFGR#12' AND s_region = 'AMERICA'"),
  q2("p_brand BETWEEN 'MFGR#2221' AND 'MFGR#2228' AND s_region = 'ASIA'"),
  q2("p_brand = 'MFGR#2239' AND s_region = 'EUROPE'"),
  q3(
    'c_nation, s_nation',
    "c_region = 'ASIA' AND s_region = 'ASIA' AND d_year >= 1992 AND d_year <= 1997",
  ),
  q3(
    'c_city, s_city',
    "c_nation = 'UNITED STATES' AND s_nation = 'UNITED STATES' AND d_year BETWEEN 1992 AND 1997",
  ),
  q3(
    'c_city, s_city',
    "c_city IN ('UNITED KI1', 'UNITED KI5') AND s_city IN ('UNITED KI1', 'UNITED KI5') AND d_year BETWEEN 1992 AND 1997",
  ),
  q3(
    'c_city, s_city',
    "(c_city = 'UNITED KI1' OR c_city = 'UNITED KI5') AND (s_city = 'UNITED KI1' OR s_city = 'UNITED KI5') AND d_yearmonth = 'Dec1997'",
  ),
  q4(
    'c_nation',
    "c_region = 'AMERICA' AND s_region = 'AMERICA' AND (p_mfgr = 'MFGR#1' OR p_mfgr = 'MFGR#2')",
  ),
  q4(
    's_nation, p_category',
    "c_region = 'AMERICA' AND s_region = 'AMERICA' AND d_year IN (1997, 1998) AND p_mfgr IN ('MFGR#1', 'MFGR#2')",
  ),
  q4(
    's_city, p_brand',
    "c_region = 'AMERICA' AND s_nation = 'UNITED STATES' AND d_year IN (1997, 1998) AND p_category = 'MFGR#14'",
  ),
]

/** Queries over `t (a int, b varchar, c double, d date, arr array<int>)` and `u (a int, e varchar)`. */
export const queries: readonly string[] = [
  'SELECT 1',
  'SELECT * FROM t',
  "SELECT * FROM t JOIN u ON t.a = u.a PIVOT (sum(b) AS s, count(*) FOR (c, d) IN ((1, 'x') AS one, (NULL, DATE '2024-01-01')))",
  'SELECT t.*, u.e FROM t LEFT JOIN u ON t.a = u.a',
  'SELECT * EXCEPT (b) FROM t',
  "SELECT DISTINCT a, b FROM db.t WHERE a > 1 AND NOT b LIKE 'x%' ORDER BY a DESC, b NULLS LAST LIMIT 10 OFFSET 5",
  'SELECT a FROM t LIMIT 5, 10',
  'SELECT a x, COUNT(*) FROM t GROUP BY x HAVING COUNT(*) > 1 ORDER BY 2 DESC',
  'SELECT a, b, SUM(c) FROM t GROUP BY ROLLUP (a, b)',
  'SELECT a, b, SUM(c), GROUPING(a), GROUPING_ID(a, b) FROM t GROUP BY CUBE (a, b)',
  'SELECT a, b, SUM(c) FROM t GROUP BY GROUPING SETS ((a, b), (a), ())',
  'SELECT COUNT(DISTINCT a, b), COUNT(DISTINCT a), COUNT(*), COUNT(c) FROM t',
  "SELECT GROUP_CONCAT(DISTINCT b ORDER BY b DESC SEPARATOR '|') FROM t",
  'SELECT ARRAY_AGG(a ORDER BY c), ANY_VALUE(b), MAX_BY(b, c) FROM t',
  'SELECT a, ROW_NUMBER() OVER (PARTITION BY b ORDER BY c DESC) rn FROM t QUALIFY rn = 1',
  'SELECT SUM(c) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), LAG(a, 1, 0) OVER (ORDER BY a) FROM t',
  'SELECT FIRST_VALUE(a IGNORE NULLS) OVER (ORDER BY c), NTILE(4) OVER (ORDER BY a) FROM t',
  'WITH x AS (SELECT a FROM t), y (q) AS (SELECT a FROM x) SELECT * FROM y JOIN x ON x.a = y.q',
  'SELECT a FROM t UNION ALL SELECT a FROM u UNION SELECT 1.5 ORDER BY a LIMIT 3',
  'SELECT a FROM t EXCEPT SELECT a FROM u',
  '(SELECT a FROM t) INTERSECT (SELECT a FROM u ORDER BY a LIMIT 1)',
  'SELECT a FROM t WHERE a IN (SELECT a FROM u) OR EXISTS (SELECT 1 FROM u WHERE u.a = t.a)',
  'SELECT a FROM t WHERE (a, b) IN (SELECT a, e FROM u) AND a = (SELECT MAX(a) FROM u)',
  'SELECT * FROM t LEFT SEMI JOIN u ON t.a = u.a',
  'SELECT * FROM t RIGHT ANTI JOIN u ON t.a = u.a',
  'SELECT a, e FROM t FULL OUTER JOIN u USING (a)',
  'SELECT * FROM t JOIN [BROADCAST] u ON t.a = u.a CROSS JOIN (SELECT 1 AS one) v',
  'SELECT a, item FROM t, UNNEST(arr) AS x (item)',
  'SELECT a, item FROM t CROSS JOIN LATERAL UNNEST(arr) AS x (item)',
  'SELECT * FROM TABLE(generate_series(1, 5, 2))',
  "SELECT * FROM (VALUES (1, 'x'), (2, NULL)) v (n, s)",
  'VALUES (1, 2), (3, 4)',
  "SELECT CASE a WHEN 1 THEN 'one' ELSE b END, CASE WHEN a > 1 THEN c END FROM t",
  'SELECT CAST(a AS SIGNED), CAST(b AS DECIMAL(10, 2)), CONVERT(a, STRING) FROM t',
  'SELECT a DIV 2, a % 2, a MOD 2, -a, ~a, !a, a ^ 1, a | 1 & 2 << 1 FROM t',
  "SELECT a = 1 AND b <=> NULL OR c IS NOT NULL XOR d BETWEEN '2024-01-01' AND '2024-12-31' FROM t",
  "SELECT DATE '2024-01-01' + INTERVAL 1 DAY, TIMESTAMPDIFF(DAY, d, NOW()), EXTRACT(MONTH FROM d) FROM t",
  "SELECT [1, 2, 3][1], map{'a': 1}['a'], array_map(x -> x + 1, arr), ARRAY<BIGINT>[1] FROM t",
  `SELECT parse_json(b) -> '$.a', parse_json(b) ->> '$.b.c' FROM t`,
  "SELECT x'6162', b'01', N'text', 'it''s', \"double\", 'tab\\t' FROM t",
  'SELECT @@max_allowed_packet, @@session.max_allowed_packet, @five, DATABASE(), CURRENT_USER()',
  'SELECT ?, a FROM t WHERE a = ? LIMIT ?',
  'SELECT /* comment */ a -- tail\n, b # tail\n FROM t',
  'SELECT `a`, t.`b` FROM `db`.`t` AS `t`',
  'SELECT BINARY b, b COLLATE utf8_general_ci FROM t',
  'SELECT ((SELECT 1) + 1), ((SELECT a FROM u LIMIT 1) )',
  "SELECT COUNT(*) OVER () FROM t WHERE a NOT BETWEEN 1 AND 2 AND b NOT IN ('x') AND b NOT REGEXP 'y'",
]

/** Every other statement: text, and the kind it parses to. */
export const statements: readonly (readonly [text: string, kind: string])[] = [
  ['CREATE DATABASE IF NOT EXISTS db PROPERTIES ("replication_num" = "1")', 'createDatabase'],
  ['CREATE SCHEMA db DEFAULT CHARACTER SET utf8', 'createDatabase'],
  ['DROP DATABASE IF EXISTS db FORCE', 'dropDatabase'],
  ['ALTER DATABASE db RENAME other', 'alterDatabaseRename'],
  ['ALTER DATABASE db SET DATA QUOTA 10T', 'alterDatabaseQuota'],
  [
    `CREATE TABLE IF NOT EXISTS db.t (k1 DATE NOT NULL COMMENT "day", k2 LARGEINT, v1 BIGINT SUM DEFAULT "0", v2 BITMAP BITMAP_UNION,
     v3 HLL HLL_UNION, v4 VARCHAR(20) REPLACE_IF_NOT_NULL NULL, INDEX i1 (k2) USING BITMAP COMMENT 'c') ENGINE=OLAP AGGREGATE KEY(k1, k2)
     COMMENT "table" PARTITION BY RANGE(k1) (PARTITION p1 VALUES LESS THAN ("2024-02-01"), PARTITION p2 VALUES [("2024-02-01"), ("2024-03-01")),
     PARTITION p3 VALUES LESS THAN MAXVALUE) DISTRIBUTED BY HASH(k1, k2) BUCKETS 8 ROLLUP (r1 (k1, v1)) PROPERTIES ("replication_num" = "1")`,
    'createTable',
  ],
  [
    `CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT, a ARRAY<ARRAY<INT>>, m MAP<STRING, STRUCT<x INT, y DECIMAL(10, 2)>>, j JSON,
     ts DATETIME DEFAULT CURRENT_TIMESTAMP, u VARCHAR(36) DEFAULT (uuid()), g BIGINT AS (id + 1), vb VARBINARY(10), f FLOAT, b BOOLEAN DEFAULT "true")
     PRIMARY KEY (id) PARTITION BY date_trunc('day', ts) DISTRIBUTED BY HASH(id) ORDER BY (ts) PROPERTIES ("enable_persistent_index" = "true")`,
    'createTable',
  ],
  [
    `CREATE TABLE t (d DATE, c VARCHAR(10)) DUPLICATE KEY (d) PARTITION BY LIST (c) (PARTITION pa VALUES IN ("a", "b"), PARTITION pb VALUES IN (("c"))) DISTRIBUTED BY RANDOM`,
    'createTable',
  ],
  [
    'CREATE TABLE t (d DATE) PARTITION BY RANGE (d) (START ("2024-01-01") END ("2024-02-01") EVERY (INTERVAL 1 DAY))',
    'createTable',
  ],
  [
    'CREATE TABLE t (a INT, b INT) UNIQUE KEY (a) PARTITION BY (a, b) DISTRIBUTED BY HASH (a)',
    'createTable',
  ],
  ['CREATE EXTERNAL TABLE t (a INT) ENGINE=HIVE PROPERTIES ("resource" = "x")', 'createTable'],
  ['CREATE TEMPORARY TABLE t (a INT)', 'createTable'],
  ['CREATE TABLE t2 LIKE db.t', 'createTableLike'],
  [
    'CREATE TABLE t3 (x, y) DISTRIBUTED BY HASH (x) PROPERTIES ("replication_num" = "1") AS SELECT 1, 2',
    'createTableAs',
  ],
  ['CREATE VIEW IF NOT EXISTS v (x COMMENT "c", y) COMMENT "view" AS SELECT 1, 2', 'createView'],
  ['CREATE OR REPLACE VIEW v SECURITY INVOKER AS SELECT 1', 'createView'],
  ['ALTER VIEW v AS SELECT 2', 'alterView'],
  ['DROP VIEW IF EXISTS v', 'dropView'],
  [
    `CREATE MATERIALIZED VIEW mv COMMENT "mv" PARTITION BY date_trunc('month', d) DISTRIBUTED BY HASH (d) BUCKETS 3
     REFRESH DEFERRED ASYNC START ("2024-01-01 00:00:00") EVERY (INTERVAL 1 HOUR) PROPERTIES ("x" = "y") AS SELECT d, COUNT(*) FROM t GROUP BY d`,
    'createMaterializedView',
  ],
  ['CREATE MATERIALIZED VIEW mv REFRESH MANUAL AS SELECT 1', 'createMaterializedView'],
  [
    'REFRESH MATERIALIZED VIEW mv PARTITION START ("2024-01-01") END ("2024-02-01") FORCE WITH SYNC MODE',
    'refreshMaterializedView',
  ],
  ['CANCEL REFRESH MATERIALIZED VIEW mv', 'cancelRefreshMaterializedView'],
  ['ALTER MATERIALIZED VIEW mv REFRESH ASYNC EVERY (INTERVAL 1 DAY)', 'alterMaterializedView'],
  ['ALTER MATERIALIZED VIEW mv INACTIVE', 'alterMaterializedView'],
  ['DROP MATERIALIZED VIEW IF EXISTS db.mv', 'dropMaterializedView'],
  ['DROP TABLE IF EXISTS t FORCE', 'dropTable'],
  ['ALTER TABLE t ADD COLUMN (x INT DEFAULT "1", y STRING) TO r1', 'alterTable'],
  [
    'ALTER TABLE t ADD COLUMN x INT SUM AFTER y, DROP COLUMN z, MODIFY COLUMN w BIGINT FIRST, RENAME COLUMN p TO q',
    'alterTable',
  ],
  ['ALTER TABLE t ADD PARTITION IF NOT EXISTS', 'error'],
  [
    'ALTER TABLE t ADD PARTITION p3 VALUES LESS THAN ("2024-04-01") DISTRIBUTED BY HASH (a)',
    'alterTable',
  ],
  [
    'ALTER TABLE t ADD PARTITIONS START ("2024-01-01") END ("2024-03-01") EVERY (INTERVAL 1 MONTH)',
    'alterTable',
  ],
  ['ALTER TABLE t DROP PARTITION IF EXISTS p1 FORCE', 'alterTable'],
  ['ALTER TABLE t SWAP WITH u', 'alterTable'],
  ['ALTER TABLE t RENAME u', 'alterTable'],
  ['ALTER TABLE t SET ("dynamic_partition.enable" = "true")', 'alterTable'],
  ['ALTER TABLE t REPLACE PARTITION (p1) WITH TEMPORARY PARTITION (tp1)', 'alterTable'],
  ['ALTER TABLE t COMMENT = "new"', 'alterTable'],
  ['TRUNCATE TABLE t PARTITION (p1, p2)', 'truncate'],
  ['CREATE INDEX i ON t (a) USING BITMAP COMMENT "c"', 'createIndex'],
  ['DROP INDEX i ON db.t', 'dropIndex'],
  ['CREATE EXTERNAL CATALOG hive PROPERTIES ("type" = "hive")', 'createCatalog'],
  ['DROP CATALOG hive', 'dropCatalog'],
  ['RECOVER TABLE db.t', 'recover'],
  ["INSERT INTO t VALUES (1, DEFAULT, 'x'), (2, NULL, 'y')", 'insert'],
  ['INSERT INTO db.t PARTITION (p1) WITH LABEL l1 (a, b) SELECT a, b FROM u', 'insert'],
  ['INSERT OVERWRITE t (a) SELECT 1', 'insert'],
  ['UPDATE t SET a = a + 1, b = DEFAULT FROM u WHERE t.a = u.a', 'update'],
  ['DELETE FROM t PARTITION p1 WHERE a = 1', 'delete'],
  ['DELETE FROM t USING u WHERE t.a = u.a', 'delete'],
  ['WITH x AS (SELECT 1 AS a) DELETE FROM t USING x WHERE t.a = x.a', 'delete'],
  ['BEGIN', 'begin'],
  ['START TRANSACTION', 'begin'],
  ['COMMIT WORK', 'commit'],
  ['ROLLBACK', 'rollback'],
  ['EXPLAIN SELECT 1', 'explain'],
  ['EXPLAIN ANALYZE SELECT 1', 'explain'],
  ['DESC VERBOSE SELECT 1', 'explain'],
  ['DESC db.t', 'describe'],
  ['DESCRIBE t ALL', 'describe'],
  ["SET NAMES 'utf8mb4' COLLATE utf8mb4_general_ci", 'set'],
  ['SET @@session.query_timeout = 10, GLOBAL sql_mode = ANSI, @x = 1 + 1', 'set'],
  ['SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED', 'set'],
  ['SET autocommit=1', 'set'],
  ["SET PASSWORD FOR 'jack'@'%' = PASSWORD('secret')", 'setPassword'],
  ['SET ROLE ALL EXCEPT db_admin', 'setRole'],
  ["SET DEFAULT ROLE r1, r2 TO jack@'%'", 'setDefaultRole'],
  ['SET CATALOG default_catalog', 'setCatalog'],
  ['USE db', 'use'],
  ['USE default_catalog.db', 'use'],
  ["SHOW FULL TABLES FROM db LIKE 't%'", 'show'],
  ['SHOW DATABASES', 'show'],
  ['SHOW CREATE TABLE db.t', 'show'],
  ['SHOW FULL COLUMNS FROM t IN db', 'show'],
  ["SHOW GLOBAL VARIABLES LIKE '%timeout%'", 'show'],
  ["SHOW VARIABLES WHERE variable_name = 'x'", 'show'],
  ['SHOW FULL PROCESSLIST', 'show'],
  ['SHOW FRONTENDS', 'show'],
  ['SHOW COMPUTE NODES', 'show'],
  ['SHOW PARTITIONS FROM t WHERE PartitionName = "p1" ORDER BY PartitionId DESC LIMIT 10', 'show'],
  ['SHOW TABLET FROM t', 'show'],
  ["SHOW GRANTS FOR jack@'%'", 'show'],
  ['SHOW GRANTS FOR ROLE r1', 'show'],
  ['SHOW ALTER TABLE COLUMN FROM db', 'show'],
  ["SHOW PROC '/backends'", 'show'],
  ['SHOW LOAD FROM db WHERE label = "x"', 'show'],
  ['SHOW WAREHOUSES', 'show'],
  ['SHOW WARNINGS LIMIT 5', 'show'],
  ['KILL QUERY 5', 'kill'],
  ['KILL 5', 'kill'],
  ["CREATE USER IF NOT EXISTS 'jack'@'10.%' IDENTIFIED BY 'secret' DEFAULT ROLE r1", 'createUser'],
  ["ALTER USER jack IDENTIFIED WITH mysql_native_password BY 'x'", 'alterUser'],
  ["DROP USER 'jack'@'%'", 'dropUser'],
  ['CREATE ROLE r1, r2', 'createRole'],
  ['DROP ROLE r1', 'dropRole'],
  ['GRANT SELECT, INSERT ON TABLE db.t TO USER jack WITH GRANT OPTION', 'grantPrivilege'],
  ['GRANT SELECT ON ALL TABLES IN DATABASE db TO ROLE r1', 'grantPrivilege'],
  ["GRANT CREATE TABLE, ALTER ON DATABASE db TO jack@'%'", 'grantPrivilege'],
  ['GRANT OPERATE ON SYSTEM TO ROLE r1', 'grantPrivilege'],
  ['GRANT IMPERSONATE ON USER jack TO rose', 'grantPrivilege'],
  ['GRANT ALL ON *.* TO jack', 'grantPrivilege'],
  ['REVOKE SELECT ON db.t FROM ROLE r1', 'revokePrivilege'],
  ['GRANT r1, r2 TO USER jack', 'grantRole'],
  ['REVOKE r1 FROM ROLE r2', 'revokeRole'],
  ['ADMIN SET FRONTEND CONFIG ("x" = "1")', 'adminSetConfig'],
  ["ADMIN SHOW FRONTEND CONFIG LIKE '%x%'", 'adminShowConfig'],
  ['ADMIN REPAIR TABLE t', 'adminOther'],
  ['ANALYZE FULL TABLE t (a, b) WITH SYNC MODE PROPERTIES ("x" = "y")', 'analyzeTable'],
  ['ANALYZE TABLE t UPDATE HISTOGRAM ON a WITH 64 BUCKETS', 'analyzeTable'],
  ['DROP STATS t', 'analyzeTable'],
  ['CREATE ANALYZE SAMPLE DATABASE db', 'createAnalyze'],
  ['SUBMIT TASK AS INSERT INTO t SELECT 1', 'submitTask'],
  ['DROP TASK d.one FORCE', 'dropTask'],
  ['PREPARE one FROM "SELECT ?"', 'prepare'],
  ['EXECUTE one USING @a, @b', 'execute'],
  ['DROP PREPARE one', 'deallocate'],
  ['CREATE ROUTINE LOAD db.x ON t FROM KAFKA ("a" = "b")', 'unsupported'],
  ['EXPORT TABLE t TO "s3://x"', 'export'],
  ['CANCEL EXPORT FROM db WHERE queryid = "x"', 'cancelExport'],
  ['CREATE RESOURCE GROUP rg TO (user="x") WITH ("cpu_weight" = "1")', 'createResourceGroup'],
]
