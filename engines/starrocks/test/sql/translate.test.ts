import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { parseExpressionText } from '../../src/sql/parse.ts'
import { convert, translateExpression } from '../../src/sql/translate.ts'
import { simpleType, stringType } from '../../src/sql/type.ts'
import { queries } from '../support/corpus.ts'
import { column, openDuck, refusal, scopeOf, table } from '../support/translated-duck.ts'
import type { Duck } from '../support/translated-duck.ts'

const int = simpleType('int')
const double = simpleType('double')

const t = table('db', 't', [
  column('a', int),
  column('b', stringType),
  column('c', double),
  column('d', simpleType('date')),
  column('arr', { kind: 'array', element: int }),
])
const u = table('db', 'u', [column('a', int), column('e', stringType)])
const scope = scopeOf([t, u])

let duck: Duck
before(async () => {
  duck = await openDuck()
  await duck.connection.run('CREATE SCHEMA db')
  await duck.connection.run(
    'CREATE TABLE db.t (a INTEGER, b VARCHAR, c DOUBLE, d DATE, arr INTEGER[])',
  )
  await duck.connection.run(
    "INSERT INTO db.t VALUES (1, 'x', 1.5, '2024-01-01', [10, 11]), (2, 'y', NULL, '2024-01-02', []), (NULL, 'x', 2.5, NULL, NULL), (2, 'z', 0.5, '2024-02-01', [12])",
  )
  await duck.connection.run('CREATE TABLE db.u (a INTEGER, e VARCHAR)')
  await duck.connection.run("INSERT INTO db.u VALUES (2, 'two'), (3, 'three'), (NULL, 'none')")
})
after(() => duck.close())

test('every query of the corpus runs, with the types it claims', async () => {
  for (const text of queries) await duck.ask(text, scope)
})

const answers: readonly (readonly [text: string, rows: readonly (readonly (string | null)[])[]])[] =
  [
    ['SELECT a FROM t ORDER BY a', [[null], ['1'], ['2'], ['2']]],
    ['SELECT a FROM t ORDER BY a DESC', [['2'], ['2'], ['1'], [null]]],
    ['SELECT a FROM t ORDER BY a NULLS LAST LIMIT 1', [['1']]],
    ['SELECT a FROM t ORDER BY a LIMIT 1, 2', [['1'], ['2']]],
    [
      'SELECT a AS k, COUNT(*) FROM t GROUP BY k ORDER BY k',
      [
        [null, '1'],
        ['1', '1'],
        ['2', '2'],
      ],
    ],
    ['SELECT a + 1 AS a FROM t WHERE a = 1 ORDER BY a', [['2']]],
    ['SELECT -a AS a FROM t WHERE a IS NOT NULL ORDER BY a LIMIT 1', [['-2']]],
    ['SELECT b, COUNT(*) n FROM t GROUP BY 1 HAVING n > 1', [['x', '2']]],
    ['SELECT upper(b), COUNT(*) FROM t GROUP BY upper(b) ORDER BY 2 DESC, 1 LIMIT 1', [['X', '2']]],
    [
      'SELECT COUNT(DISTINCT a, b), COUNT(DISTINCT a), COUNT(a), COUNT(*) FROM t',
      [['3', '2', '3', '4']],
    ],
    ['SELECT SUM(a), AVG(a), MIN(b), MAX(c) FROM t', [['5', '1.6666666666666667', 'x', '2.5']]],
    ['SELECT SUM(a) FROM t WHERE a > 100', [[null]]],
    [
      "SELECT GROUP_CONCAT(b ORDER BY b DESC SEPARATOR '|'), GROUP_CONCAT(DISTINCT b ORDER BY b) FROM t",
      [['z|y|x|x', 'x,y,z']],
    ],
    [
      'SELECT AVG(CAST(a AS DECIMAL(10, 2))), SUM(CAST(a AS DECIMAL(10, 2))) FROM t',
      [['1.66666667', '5.00']],
    ],
    ['SELECT GROUP_CONCAT(b, a ORDER BY 2 DESC, 1) FROM t', [['y2,z2,x1']]],
    ['SELECT ARRAY_AGG(a ORDER BY a) FROM t', [['[NULL, 1, 2, 2]']]],
    [
      'SELECT BITMAP_UNION_COUNT(TO_BITMAP(a)), HLL_UNION_AGG(HLL_HASH(b)), NDV(a) FROM t',
      [['2', '3', '2']],
    ],
    [
      'SELECT STDDEV(a), VAR_SAMP(a), PERCENTILE_CONT(c, 0.5) FROM t',
      [['0.4714045207910317', '0.3333333333333333', '1.5']],
    ],
    [
      'SELECT b, a, GROUPING(b) FROM t WHERE a = 1 GROUP BY ROLLUP (b, a) ORDER BY 3, 2',
      [
        ['x', null, '0'],
        ['x', '1', '0'],
        [null, null, '1'],
      ],
    ],
    [
      'SELECT a, RANK() OVER (ORDER BY a DESC) FROM t ORDER BY 2, 1',
      [
        ['2', '1'],
        ['2', '1'],
        ['1', '3'],
        [null, '4'],
      ],
    ],
    [
      'SELECT b, ROW_NUMBER() OVER (PARTITION BY b ORDER BY a) r FROM t QUALIFY r = 1 ORDER BY b',
      [
        ['x', '1'],
        ['y', '1'],
        ['z', '1'],
      ],
    ],
    [
      "SELECT LEAD(b) OVER (ORDER BY b), LAG(b, 1, '-') OVER (ORDER BY b) FROM t ORDER BY 2 LIMIT 1",
      [['x', '-']],
    ],
    [
      'SELECT t.a, e FROM t JOIN u ON t.a = u.a ORDER BY b',
      [
        ['2', 'two'],
        ['2', 'two'],
      ],
    ],
    [
      'SELECT a, e FROM t FULL JOIN u USING (a) WHERE e IS NOT NULL ORDER BY a, e',
      [
        [null, 'none'],
        ['2', 'two'],
        ['2', 'two'],
        ['3', 'three'],
      ],
    ],
    ['SELECT * FROM t JOIN u USING (a) LIMIT 0', []],
    ['SELECT b FROM t LEFT SEMI JOIN u ON t.a = u.a ORDER BY b', [['y'], ['z']]],
    ['SELECT b FROM t LEFT ANTI JOIN u ON t.a = u.a ORDER BY b', [['x'], ['x']]],
    ['SELECT e FROM t RIGHT ANTI JOIN u ON t.a = u.a ORDER BY e', [['none'], ['three']]],
    ['SELECT b FROM t WHERE a NOT IN (SELECT a FROM u)', []],
    ['SELECT b FROM t WHERE a IN (SELECT a FROM u) ORDER BY b', [['y'], ['z']]],
    [
      'SELECT b, (SELECT MAX(e) FROM u WHERE u.a = t.a) m FROM t ORDER BY b, m',
      [
        ['x', null],
        ['x', null],
        ['y', 'two'],
        ['z', 'two'],
      ],
    ],
    [
      'SELECT a, item FROM t, UNNEST(arr) AS x (item) ORDER BY item',
      [
        ['1', '10'],
        ['1', '11'],
        ['2', '12'],
      ],
    ],
    [
      'SELECT b, item FROM t LEFT JOIN UNNEST(arr) AS x (item) ON TRUE WHERE a = 2 ORDER BY b',
      [
        ['y', null],
        ['z', '12'],
      ],
    ],
    [
      'SELECT x.a FROM (SELECT a FROM t UNION SELECT a FROM u) x ORDER BY x.a',
      [[null], ['1'], ['2'], ['3']],
    ],
    [
      'SELECT 1 AS n UNION ALL SELECT 2.5 UNION ALL SELECT NULL ORDER BY n',
      [[null], ['1.0'], ['2.5']],
    ],
    ['SELECT a FROM t EXCEPT SELECT a FROM u', [['1']]],
    [
      'WITH x AS (SELECT a, b FROM t WHERE a = 2) SELECT p.b, q.b FROM x p JOIN x q ON p.b < q.b',
      [['y', 'z']],
    ],
    [
      'SELECT SUM(a) OVER (ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) s FROM t WHERE a = 2 ORDER BY s',
      [[null], ['2']],
    ],
    ["SELECT a FROM t WHERE d >= '2024-01-02' AND d < '2024-02-01'", [['2']]],
    ["SELECT a FROM t WHERE a = '2' AND b <> 'y'", [['2']]],
    ['SELECT MAX(a) FROM t HAVING COUNT(*) > 100', []],
    ['SELECT DISTINCT a FROM t ORDER BY a DESC', [['2'], ['1'], [null]]],
    ["SELECT COUNT(*) FROM t WHERE a IN (1, 2, 3) GROUP BY b = 'x' ORDER BY 1", [['1'], ['2']]],
  ]

test('queries answer as StarRocks does', async () => {
  for (const [text, expected] of answers) {
    const { rows } = await duck.ask(text, scope)
    assert.deepEqual(rows, expected, text)
  }
})

test('group_concat is cut at group_concat_max_len, 1024 characters by default', async () => {
  const text = "SELECT GROUP_CONCAT(b ORDER BY b SEPARATOR '--') FROM t"
  const short = scopeOf([t, u], {
    systemVariable: (_, name) =>
      name === 'group_concat_max_len' ? { sql: '4', type: int } : undefined,
  })
  assert.deepEqual((await duck.ask(text, short)).rows, [['x--x']])
  const { rows } = await duck.ask("SELECT char_length(GROUP_CONCAT(repeat('x', 2000)))")
  assert.deepEqual(rows, [['1024']])
})

test('columns are titled, typed and traced to their tables', async () => {
  const { columns } = await duck.ask(
    'SELECT B, a + 1, COUNT(*) AS n FROM t AS x GROUP BY b, a',
    scope,
  )
  assert.deepEqual(
    columns.map(({ name, type, table: origin, database }) => [name, type.kind, origin, database]),
    [
      ['B', 'varchar', 't', ''],
      ['a + 1', 'bigint', '', ''],
      ['n', 'bigint', '', ''],
    ],
  )
})

const refusals: readonly (readonly [text: string, errno: number, message: RegExp])[] = [
  ['SELECT nope FROM t', 1054, /Column 'nope' cannot be resolved/],
  ['SELECT B FROM t WHERE T.A = 1', 1054, /Column 'T.A' cannot be resolved/],
  ['SELECT x.a FROM t', 1054, /Column 'x.a' cannot be resolved/],
  ['SELECT * FROM nope', 1146, /Unknown table 'db.nope'/],
  ['SELECT * FROM T', 1146, /Unknown table 'db.T'/],
  ['SELECT * FROM nope.t', 1049, /Unknown database 'nope'/],
  ['SELECT * FROM hive.db.t', 1064, /Unknown catalog 'hive'/],
  ['SELECT a FROM t, u', 1052, /Column 'a' is ambiguous/],
  ['SELECT * FROM t JOIN t ON 1 = 1', 1066, /Not unique table\/alias: 't'/],
  ['SELECT nope(1)', 1305, /No matching function with signature: nope\(tinyint\)/],
  ['SELECT upper(1, 2)', 1305, /No matching function with signature: upper\(tinyint, tinyint\)/],
  [
    'SELECT a, COUNT(*) FROM t',
    1064,
    /'a' must be an aggregate expression or appear in GROUP BY clause/,
  ],
  ['SELECT a + 1 FROM t GROUP BY b', 1064, /'a' must be an aggregate expression/],
  ['SELECT * FROM t GROUP BY a', 1064, /'b' must be an aggregate expression/],
  ['SELECT b FROM t GROUP BY b ORDER BY a', 1064, /'a' must be an aggregate expression/],
  ['SELECT a FROM t WHERE SUM(a) > 1', 1064, /WHERE clause cannot contain aggregations/],
  ['SELECT SUM(SUM(a)) FROM t', 1064, /nest aggregation function/],
  [
    'SELECT ROW_NUMBER() OVER () FROM t WHERE ROW_NUMBER() OVER () = 1',
    1064,
    /cannot contain window functions/,
  ],
  ['SELECT a FROM t GROUP BY 5', 1064, /Group by position 5/],
  ['SELECT a FROM t ORDER BY 5', 1064, /ORDER BY position 5/],
  ['SELECT 1 UNION SELECT 1, 2', 1064, /unequal number of columns/],
  ['SELECT (SELECT a, b FROM t)', 1064, /only one column/],
  ['SELECT @@nope', 1193, /Unknown system variable 'nope'/],
  ['SELECT a FROM t ORDER BY parse_json(b)', 1064, /not support order-by/],
  ['SELECT DEFAULT FROM t', 1064, /DEFAULT/],
  [
    'SELECT COUNT(DISTINCT a) OVER () FROM t',
    1064,
    /DISTINCT is not supported in window functions/,
  ],
  ['SELECT GROUP_CONCAT(b, c ORDER BY 1, -20) FROM t', 1064, /position -20 is not in group_concat/],
  ['SELECT GROUP_CONCAT(b ORDER BY 2) FROM t', 1064, /position 2 is not in group_concat/],
  [
    'SELECT any_value(a) OVER (ORDER BY b) FROM t',
    1064,
    /Function 'any_value' not supported with OVER clause/,
  ],
]

test('mistakes are refused with the number and words of StarRocks', () => {
  for (const [text, errno, message] of refusals) {
    const found = refusal(text, scope)
    assert.match(found.message, message, text)
    assert.equal(found.errno, errno, text)
  }
})

test('a refusal of meaning says where, when the scope knows the text', () => {
  const text = 'SELECT a,\n  nope FROM t'
  assert.match(
    refusal(text, { ...scope, text }).message,
    /^Getting analyzing error at line 2, column 2\. /,
  )
})

test('nothing of DuckDB itself can be reached by name', () => {
  const calls = [
    'read_csv',
    'read_csv_auto',
    'read_text',
    'read_blob',
    'read_parquet',
    'read_json',
    'glob',
    'getenv',
    'pragma_version',
    'duckdb_settings',
    'duckdb_functions',
    'current_setting',
    'getvariable',
    'query',
    'query_table',
    'sniff_csv',
    'parquet_metadata',
    'nextval',
    'which_secret',
    'error',
    'list_transform',
    'regexp_matches',
    'strftime',
    'hash',
    'sql_auto_complete',
    'write_log',
    'enable_logging',
    'repeat_row',
    'range',
  ]
  for (const name of calls) {
    assert.ok([1305, 1064].includes(refusal(`SELECT ${name}('x')`, scope).errno), name)
    assert.ok([1305, 1064].includes(refusal(`SELECT * FROM ${name}('x')`, scope).errno), name)
    assert.ok(
      [1305, 1064].includes(refusal(`SELECT * FROM TABLE(${name}('x'))`, scope).errno),
      name,
    )
  }
  for (const name of [
    "'/etc/passwd'",
    '`/etc/passwd`',
    '"/tmp/x.csv"',
    'duckdb_settings',
    'sqlite_master',
    'pg_catalog.pg_class',
  ]) {
    assert.ok(refusal(`SELECT * FROM ${name}`, scope).errno > 0, name)
  }
  for (const text of [
    'COPY t TO "x"',
    'ATTACH "x"',
    'INSTALL httpfs',
    'PRAGMA version',
    'CHECKPOINT',
    'VACUUM',
    'EXPORT DATABASE "x"',
  ]) {
    const statement = text.split(' ')[0] ?? ''
    assert.ok(['INSTALL', 'EXPORT'].includes(statement) || refusal(text).errno === 1064, text)
  }
})

test('names and strings of the input cannot leave their quotes', async () => {
  const nasty = `x"; DROP TABLE db.t; --'\\`
  const quoted = nasty.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
  const { rows, columns } = await duck.ask(
    `SELECT '${quoted}' AS \`${nasty}\`, [1]['${quoted}'] FROM (SELECT 1 AS \`${nasty}\`) AS \`${nasty}\``,
    scope,
  )
  assert.equal(rows[0]?.[0], nasty)
  assert.equal(columns[0]?.name, nasty)
  const { rows: withNul } = await duck.ask("SELECT 'a\\0b'", scope)
  assert.equal(withNul[0]?.[0], 'a\0b')
})

test('templates that name an argument twice do not multiply when nested', async () => {
  let text = 'b'
  for (let depth = 0; depth < 30; depth += 1) text = `append_trailing_char_if_absent(${text}, 'x')`
  const { rows } = await duck.ask(`SELECT ${text} FROM t WHERE b = 'y'`, scope)
  assert.deepEqual(rows, [['yx']])
})

test('an expression over given tables, as DEFAULT, UPDATE and loads need it', () => {
  const { sql, type } = translateExpression(parseExpressionText('a + length(b)'), scope, [
    { alias: 's', table: t },
  ])
  assert.match(sql, /s\."a"/)
  assert.match(sql, /s\."b"/)
  assert.equal(type.kind, 'bigint')
  assert.throws(
    () => translateExpression(parseExpressionText('SUM(a)'), scope, [{ alias: 's', table: t }]),
    /cannot contain aggregations/,
  )
  assert.throws(() => translateExpression(parseExpressionText('nope'), scope), /cannot be resolved/)
})

test('the conversion of INSERT is that of CAST', () => {
  assert.match(convert({ sql: 'x', type: stringType }, int), /TRY_CAST\(regexp_extract\(x/)
  assert.throws(
    () => convert({ sql: 'x', type: { kind: 'array', element: int } }, int),
    /Invalid type cast/,
  )
})
