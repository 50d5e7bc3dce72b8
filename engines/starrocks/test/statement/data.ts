/** Statements that change rows. */
import { lacks, refused } from './family.ts'
import type { Family } from './family.ts'

export const data: readonly Family[] = [
  {
    title: 'Changing rows',
    rows: [
      'INSERT INTO t VALUES (10, "ten"), (11, DEFAULT)',
      'INSERT INTO t (k) VALUES (12)',
      'INSERT INTO t SELECT k + 100, v FROM t',
      'INSERT INTO t WITH LABEL once (k, v) SELECT 13, "x"',
      'INSERT INTO r PARTITION (p1) VALUES ("2024-01-15", 1)',
      'ALTER TABLE r ADD TEMPORARY PARTITION tp VALUES LESS THAN ("2024-02-01")',
      'INSERT INTO r TEMPORARY PARTITION (tp) VALUES ("2024-01-15", 1)',
      'INSERT INTO t PROPERTIES ("strict_mode" = "false") VALUES (14, "x")',
      lacks(
        'INSERT INTO t PROPERTIES ("timeout" = "9") VALUES (15, "x")',
        'The INSERT property "timeout"',
      ),
      'INSERT INTO t BY NAME SELECT "x" AS v, 15 AS k',
      'INSERT OVERWRITE s SELECT k, v FROM t',
      'INSERT OVERWRITE r PARTITION (p1) SELECT "2024-01-01", 1',
      'CREATE TABLE sliced (d DATE NOT NULL) PARTITION BY date_trunc("day", d) DISTRIBUTED BY HASH (d)',
      'INSERT OVERWRITE sliced PARTITION (d = "2024-01-01") SELECT "2024-01-01"',
      refused(
        'INSERT INTO FILES ("path" = "file:///tmp/x", "format" = "parquet") SELECT 1',
        1064,
        'Access storage error. Error message: the scheme file is not of an object storage (oss, s3, cos, cosn)',
      ),
      refused(
        'INSERT INTO BLACKHOLE() SELECT 1',
        1064,
        "Getting syntax error at line 1, column 22. Detail message: Unexpected input ')', the most similar input is {a legal identifier}.",
      ),
      'INSERT INTO p (k, v) VALUES (1, "upserted")',
      lacks('REPLACE INTO p VALUES (1, "x")', 'REPLACE INTO P'),
      refused(
        'INSERT INTO p VALUES (1, "x") ON DUPLICATE KEY UPDATE v = "y"',
        1064,
        'Getting syntax error at line 1, column 30. Detail message: ON DUPLICATE KEY UPDATE is not supported.',
      ),
      refused(
        'INSERT IGNORE INTO p VALUES (1, "x")',
        1064,
        'Getting syntax error at line 1, column 7. Detail message: INSERT IGNORE is not supported.',
      ),
      'UPDATE p SET v = concat(v, "!") WHERE k = 1',
      'UPDATE p SET v = t.v FROM t WHERE p.k = t.k',
      'WITH x AS (SELECT 1 AS k) UPDATE p SET v = "w" FROM x WHERE p.k = x.k',
      refused(
        'UPDATE t SET v = "x" WHERE k = 1',
        1064,
        'Getting analyzing error. Detail message: t is not a PRIMARY KEY table, it does not support UPDATE.',
      ),
      'DELETE FROM p WHERE k = 1',
      'DELETE FROM p USING t WHERE p.k = t.k',
      'DELETE FROM t WHERE k = 10',
      'DELETE FROM r PARTITION p1 WHERE d = "2024-01-15"',
      refused(
        'DELETE FROM r TEMPORARY PARTITION tp WHERE d = "2024-01-15"',
        1064,
        'Getting analyzing error. Detail message: Do not support deleting temp partitions.',
      ),
      refused(
        'DELETE FROM p PARTITION p WHERE k = 1',
        1064,
        'Getting analyzing error. Detail message: Delete for primary key table do not support specifying partitions.',
      ),
      refused(
        'DELETE FROM t',
        1064,
        'Getting analyzing error. Detail message: Delete must specify where clause to prevent full table delete.',
      ),
      refused(
        'MERGE INTO p USING t ON p.k = t.k WHEN MATCHED THEN DELETE',
        1064,
        "Getting syntax error at line 1, column 0. Detail message: Unexpected input 'MERGE', the most similar input is {a legal statement}.",
      ),
      'TRUNCATE TABLE s',
      'TRUNCATE TABLE r PARTITION (p1)',
      refused(
        'TRUNCATE TABLE r TEMPORARY PARTITION (tp)',
        1064,
        'Getting analyzing error. Detail message: Not support truncate temp partitions.',
      ),
      'BEGIN',
      'INSERT INTO t VALUES (20, "in")',
      'COMMIT',
      'START TRANSACTION',
      'INSERT INTO p VALUES (21, "in")',
      refused(
        'UPDATE p SET v = "x" WHERE k = 21',
        5303,
        "Explicit transaction only support begin, commit, rollback, insert and select statements; 'update' is none of them",
      ),
      'ROLLBACK WORK',
      'BEGIN WITH LABEL named',
      'ROLLBACK',
      refused(
        'SAVEPOINT a',
        1064,
        "Getting syntax error at line 1, column 0. Detail message: Unexpected input 'SAVEPOINT', the most similar input is {a legal statement}.",
      ),
      lacks('LOCK TABLES t READ', 'LOCK TABLES T'),
      lacks('LOAD DATA INFILE "x" INTO TABLE t', 'LOAD DATA INFILE'),
      refused(
        'LOAD LABEL d.l1 (DATA INFILE ("s3://bucket/y") INTO TABLE t) WITH BROKER',
        1064,
        'Access storage error. Error message: the instance has no object storage',
      ),
      refused('CANCEL LOAD FROM d WHERE LABEL = "l1"', 1064, 'Load job does not exist'),
      lacks(
        'CREATE ROUTINE LOAD d.x ON t FROM KAFKA ("kafka_broker_list" = "b:9092")',
        'CREATE ROUTINE LOAD',
      ),
      lacks(
        'CREATE PIPE x AS INSERT INTO t SELECT * FROM FILES ("path" = "s3://x/y", "format" = "csv")',
        'CREATE PIPE X',
      ),
      refused(
        'INSERT INTO FILES ("path" = "s3://bucket/x/", "format" = "parquet") SELECT 1 AS a',
        1064,
        'Access storage error. Error message: the instance has no object storage',
      ),
      refused(
        'EXPORT TABLE t TO "s3://bucket/y"',
        1064,
        'Access storage error. Error message: the instance has no object storage',
      ),
      'SUBMIT TASK AS INSERT INTO t SELECT 1, "x"',
      'SUBMIT /*+ SET_VAR(query_timeout = 9) */ TASK d.one AS CREATE TABLE of_task AS SELECT 1 AS k',
      'DROP TASK d.one FORCE',
      refused(
        'DROP TASK none',
        1064,
        'Getting analyzing error. Detail message: Task none is not exist.',
      ),
      lacks(
        'SUBMIT TASK one SCHEDULE EVERY (INTERVAL 1 DAY) AS INSERT INTO t SELECT 1, "x"',
        'SUBMIT TASK SCHEDULE',
      ),
      lacks(
        'SUBMIT TASK one PROPERTIES ("a" = "b") AS INSERT INTO t SELECT 1, "x"',
        'SUBMIT TASK PROPERTIES',
      ),
    ],
  },
]
