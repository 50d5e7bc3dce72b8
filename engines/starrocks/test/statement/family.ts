/**
 * What the engine takes and what it refuses, statement by statement: rows that a test runs against an engine and that
 * docs/generated/starrocks-sql.md prints. The statements of a family run in order on one engine, over `fixture`.
 */
export interface Family {
  readonly title: string
  /** Modules of DuckDB that its statements need, beside an object storage whose bucket is `bucket-a`. */
  readonly modules?: readonly string[]
  /** The instance keeps its data in that storage too, so that storage volumes can be made. */
  readonly isShared?: true
  /** A text alone is supported. */
  readonly rows: readonly (string | Refusal)[]
}

export interface Refusal {
  readonly sql: string
  readonly errno: number
  readonly message: string
}

export function refused(sql: string, errno: number, message: string): Refusal {
  return { sql, errno, message }
}

/** The refusal of what StarRocks has and this engine does not. */
export function lacks(sql: string, what: string): Refusal {
  return refused(sql, 1064, `${what}${LACKING}`)
}

export const LACKING = ' is not supported by this engine (StarRocks-compatible, on DuckDB)'

/** What is there when a family begins, in the database `d`. */
export const fixture: readonly string[] = [
  'CREATE TABLE t (k INT, v STRING) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k)',
  'CREATE TABLE s (k INT, v STRING) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k)',
  'CREATE TABLE u (k INT, w STRING) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k)',
  'CREATE TABLE p (k INT NOT NULL, v STRING) PRIMARY KEY (k) DISTRIBUTED BY HASH (k)',
  `CREATE TABLE r (d DATE, v INT) DUPLICATE KEY (d) PARTITION BY RANGE (d) (PARTITION p1 VALUES LESS THAN ("2024-02-01"),
     PARTITION p2 VALUES LESS THAN ("2024-03-01")) DISTRIBUTED BY HASH (d)`,
  'CREATE TABLE n (k INT, items ARRAY<INT>) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k)',
  'INSERT INTO t VALUES (1, "x"), (2, NULL)',
  'INSERT INTO u VALUES (1, "x")',
  'INSERT INTO p VALUES (1, "x")',
  'INSERT INTO n VALUES (1, [1, 2])',
]
