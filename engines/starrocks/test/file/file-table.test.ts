import assert from 'node:assert/strict'
import { test } from 'node:test'
import { skipWithout } from '../../../../test/support/engine/module.ts'
import { avroFile } from '../support/avro.ts'
import { busy, connect } from '../support/open-engine.ts'
import { objectClient, skipWithoutObjects as skip } from '../support/object-client.ts'

test(
  'text files are read with the columns and types that StarRocks finds in them',
  { skip },
  async (t) => {
    const { client, put } = await objectClient(t)
    await put('in/basic1.csv', '4,Tom,30.4,true\n5,Jerry,40.8,false\n')
    await put('in/basic2.csv', '1,Julia,20.2,true\n')
    const files = (more = '') =>
      `FILES("path" = "oss://bucket-a/in/*.csv", "format" = "csv", "csv.column_separator" = ","${more})`
    assert.deepEqual(await client.rows(`DESC ${files()}`), [
      ['$1', 'bigint', 'YES'],
      ['$2', 'varchar(1048576)', 'YES'],
      ['$3', 'double', 'YES'],
      ['$4', 'boolean', 'YES'],
    ])
    assert.deepEqual(await client.rows(`SELECT * FROM ${files()} ORDER BY $1`), [
      [1, 'Julia', 20.2, 1],
      [4, 'Tom', 30.4, 1],
      [5, 'Jerry', 40.8, 0],
    ])
    assert.deepEqual(await client.rows(`SELECT $3 + 1, $2 FROM ${files()} WHERE $1 > 4`), [
      [41.8, 'Jerry'],
    ])
    for (const scheme of ['s3', 'cos', 'cosn'])
      assert.deepEqual(
        await client.rows(`SELECT count(*) FROM ${files().replace('oss:', `${scheme}:`)}`),
        [[3]],
      )
    await client.run(`CREATE TABLE c PROPERTIES('replication_num'='1') AS SELECT * FROM ${files()}`)
    assert.deepEqual(await client.rows('SELECT sum($1) FROM c'), [[10]])
  },
)

test('csv properties cut rows and values', { skip }, async (t) => {
  const { client, put } = await objectClient(t)
  const read = (path: string, options: string) =>
    client.rows(
      `SELECT * FROM FILES('path' = 'oss://bucket-a/${path}', 'format' = 'csv'${options})`,
    )
  await put('a.csv', 'k\tv\n1\t\\N\r\n\n2\n3\tx\ttoo much\n')
  assert.deepEqual(
    await read('a.csv', `, 'csv.skip_header' = '1', 'auto_detect_sample_rows' = '2'`),
    [
      ['1', null],
      ['2', null],
      ['3', 'x'],
    ].map(([k, v]) => [Number(k), v]),
  )
  await put('b.csv', "1||'a\n''b'\n2|| c \n")
  assert.deepEqual(
    await read(
      'b.csv',
      `, 'csv.column_separator' = '||', 'csv.enclose' = "'", 'csv.trim_space' = 'true'`,
    ),
    [
      [1, "a\n'b"],
      [2, 'c'],
    ],
  )
  await put('c.csv', '1<col>a<row>2<col> b <row>')
  assert.deepEqual(
    await read('c.csv', `, 'csv.column_separator' = '<col>', 'csv.row_delimiter' = '<row>'`),
    [
      [1, 'a'],
      [2, ' b '],
    ],
  )
  await put('d.csv', '1\u00012\n')
  assert.deepEqual(await read('d.csv', String.raw`, 'csv.column_separator' = '\\x01'`), [[1, 2]])
  await put('e.csv', '1,"a\\"b"\n')
  assert.deepEqual(
    await read(
      'e.csv',
      `, 'csv.column_separator' = ',', 'csv.enclose' = '"', 'csv.escape' = '\\\\'`,
    ),
    [[1, 'a"b']],
  )
})

test(
  'columns come from the path, files are listed, and those that lack a column are filled or refused',
  { skip },
  async (t) => {
    const { client, put } = await objectClient(t)
    await put('p/dt=2024-01-01/city=x/a.csv', '1\n')
    await put('p/dt=2024-01-02/city=y/a.csv', '2\n3\n')
    const files = (path: string, more = '') =>
      `FILES('path' = 'oss://bucket-a/${path}', 'format' = 'csv'${more})`
    assert.deepEqual(
      await client.rows(
        `SELECT $1, dt, city FROM ${files('p/*/*/*', ", 'columns_from_path' = 'city, dt'")} ORDER BY 1`,
      ),
      [
        [1, '2024-01-01', 'x'],
        [2, '2024-01-02', 'y'],
        [3, '2024-01-02', 'y'],
      ],
    )
    assert.match(
      (await client.refusal(`SELECT * FROM ${files('p/*/*/*', ", 'columns_from_path' = 'z'")}`))
        .message,
      /Fail to parse columnsFromPath, expected: z, filePath: oss:\/\/bucket-a\/p\/dt=2024-01-01/,
    )
    assert.deepEqual(
      await client.rows(
        `SELECT PATH, SIZE, IS_DIR FROM FILES('path' = 'oss://bucket-a/p/*/*/*', 'list_files_only' = 'true') WHERE MODIFICATION_TIME > '2020-01-01'`,
      ),
      [
        ['oss://bucket-a/p/dt=2024-01-01/city=x/a.csv', 2, 0],
        ['oss://bucket-a/p/dt=2024-01-02/city=y/a.csv', 4, 0],
      ],
    )
    assert.deepEqual(
      await client.rows(`SELECT count(*) FROM ${files('p/dt=2024-01-0{1,2}/city=[xy]/?.csv')}`),
      [[3]],
    )
  },
)

test(
  'what the role has no right to, what is not there and what is not meant is refused',
  { skip },
  async (t) => {
    const { client, put, engine } = await objectClient(t)
    for (const name of [
      'a.csv',
      'bucket-b/in/a.csv',
      'bucket-b/out/a.csv',
      'bucket-c/a.csv',
      'x.orc',
    ])
      await put(name, 'treasure\n')
    const refusal = async (path: string, more = "'format' = 'csv'") => {
      const { message } = await client.refusal(`SELECT * FROM FILES('path' = '${path}', ${more})`)
      assert.doesNotMatch(message, /treasure|127\.0\.0\.1/)
      return message
    }
    assert.deepEqual(
      await client.rows("SELECT * FROM FILES('path' = 'oss://bucket-b/in/*', 'format' = 'csv')"),
      [['treasure']],
    )
    for (const path of [
      'oss://bucket-b/out/a.csv',
      'oss://bucket-b/*/a.csv',
      'oss://bucket-b/in*',
      'oss://bucket-b/{in,out}/a.csv',
      'oss://bucket-c/a.csv',
      'oss://bucket-a/a.csv,oss://bucket-c/a.csv',
      's3://bucket-c/*',
    ])
      assert.match(await refusal(path), /Access denied.*Status Code: 403/, path)
    for (const path of [
      'oss://bucket-b/in/../out/a.csv',
      'oss://bucket-a/../bucket-c/a.csv',
      'oss://bucket-b/in/%2e%2e/out/a.csv',
      'oss://bucket-b/in//a.csv',
      'oss://bucket-b/{in/..,x}/out/a.csv',
      'file:///etc/hosts',
      'http://127.0.0.1/x',
      '/etc/hosts',
    ])
      assert.match(await refusal(path), /^Access storage error\. Error message: /, path)
    assert.match(await refusal('xxx'), /invalid path\. scheme is null/)
    assert.match(await refusal('oss://bucket-a/no/*'), /No files were found/)
    assert.match(await refusal('oss://bucket-a/no.csv'), /No files were found/)
    assert.match(await refusal('oss://bucket-a/'), /No files were found/)
    assert.match(
      await refusal('oss://bucket-a/x.orc', "'format' = 'orc'"),
      /file format orc is not/,
    )
    assert.match(await refusal('oss://bucket-a/x', "'format' = 'xml'"), /not supported format: xml/)
    assert.match(
      await refusal('oss://bucket-a/x', "'a' = 'b'"),
      /The property "a" of FILES\(\) is not/,
    )
    assert.match(
      await refusal('oss://bucket-a/a.csv', "'format' = 'parquet'"),
      /Access storage error/,
    )
    await engine.setObjectKey({ keyId: 'other', secret: 'other' })
    assert.match(await refusal('oss://bucket-a/a.csv'), /Status Code: 403/)
    assert.match(await refusal('oss://bucket-a/*.csv'), /Status Code: 403/)
  },
)

test(
  'keys in a statement are not used, which a warning says, and no list of statements shows them',
  { skip },
  async (t) => {
    const { client, put, engine } = await objectClient(t)
    await put('a.csv', '1\n')
    const sql = `SELECT $1 FROM FILES('path' = 'oss://bucket-a/a.csv', 'format' = 'csv', 'aws.s3.access_key' = 'Needle', 'aws.s3.secret_key' = 'Needle')`
    assert.deepEqual(await client.rows(sql), [[1]])
    const [warning] = await client.rows('SHOW WARNINGS')
    assert.match(String(warning?.[2]), /aws\.s3\.access_key, aws\.s3\.secret_key are not used/)
    const other = await connect(engine, 'admin', 'd')
    const running = other.refusal(
      `SELECT count(*) FROM (${sql}) f, TABLE(generate_series(1, 1000000000000))`,
    )
    await busy(engine, 1)
    const shown = JSON.stringify(
      (await client.run('SHOW FULL PROCESSLIST')).rows,
      (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    )
    assert.match(shown, /select: the text is withheld/)
    assert.doesNotMatch(shown, /Needle/)
    for (const [, id] of (await client.run('SHOW PROCESSLIST')).rows.filter((row) =>
      /withheld/.test(String(row)),
    )) {
      await client.run(`KILL QUERY ${String(id)}`)
    }
    assert.equal((await running).errno, 1317)
  },
)

test(
  'Avro is read with its module, and says without it what brings it',
  { skip: skip || skipWithout('avro') },
  async (t) => {
    const { client, put } = await objectClient(t, ['httpfs', 'avro'])
    await put('a.avro', avroFile)
    const files = "FILES('path' = 'oss://bucket-a/*.avro', 'format' = 'avro')"
    assert.deepEqual(
      (await client.rows(`DESC ${files}`)).map(([name, type]) => [name, type]),
      [
        ['k', 'bigint'],
        ['v', 'varchar(1048576)'],
        ['d', 'array<double>'],
      ],
    )
    assert.deepEqual(await client.rows(`SELECT * FROM ${files} ORDER BY k`), [
      [1, 'one', '[1.5]'],
      [2, null, '[]'],
    ])
    await put('b.avro', Buffer.from(avroFile.toString('latin1').replace('"v"', '"w"'), 'latin1'))
    assert.match(
      (await client.refusal(`SELECT * FROM ${files}`)).message,
      /Access storage error.*bucket-a\/b\.avro.*column "v" .* could not be found/,
    )
    const without = await objectClient(t)
    await without.put('a.avro', avroFile)
    assert.match(
      (await without.client.refusal(`SELECT * FROM ${files}`)).message,
      /file format avro without the module avro of DuckDB is not supported/,
    )
  },
)

test(
  'files that lack a column are filled with NULL, or refused by its name',
  { skip },
  async (t) => {
    const { client } = await objectClient(t)
    const write = (folder: string, items: string) =>
      client.run(
        `INSERT INTO FILES('path' = 'oss://bucket-a/${folder}/', 'format' = 'parquet') SELECT ${items}`,
      )
    await write('a', "1 AS k, 'x' AS v")
    await write('b', '2 AS k')
    const files = (more: string) =>
      `FILES('path' = 'oss://bucket-a/{a,b}/*', 'format' = 'parquet'${more})`
    assert.deepEqual(await client.rows(`SELECT k, v FROM ${files('')} ORDER BY k`), [
      [1, 'x'],
      [2, null],
    ])
    assert.match(
      (await client.refusal(`SELECT k FROM ${files(", 'fill_mismatch_column_with' = 'none'")}`))
        .message,
      /column v does not exist in the file oss:\/\/bucket-a\/b\/data_/,
    )
    assert.match(
      (await client.refusal(`SELECT k FROM ${files(", 'fill_mismatch_column_with' = 'x'")}`))
        .message,
      /is none or null, not x/,
    )
  },
)

test(
  'rows that the table cannot take fail the load, or are filtered up to its ratio',
  { skip },
  async (t) => {
    const { client, put } = await objectClient(t)
    await put('a.csv', '1\ta\nx\tb\n3\tc\n4\td\n')
    const from = `SELECT * FROM FILES('path' = 'oss://bucket-a/a.csv', 'format' = 'csv')`
    await client.run(
      'CREATE TABLE t (k INT, v VARCHAR(10)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
    )
    assert.match((await client.refusal(`INSERT INTO t ${from}`)).message, /filtered|Value 'x'/)
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
    const some = await client.run(`INSERT INTO t PROPERTIES('max_filter_ratio' = '0.25') ${from}`)
    assert.deepEqual([some.affected, some.warnings], [3, 1])
    assert.match(
      (await client.refusal(`INSERT INTO t PROPERTIES('max_filter_ratio' = '0.2') ${from}`))
        .message,
      /filtered/,
    )
    await client.run('TRUNCATE TABLE t')
    await client.run(`INSERT INTO t PROPERTIES('strict_mode' = 'false') ${from}`)
    assert.deepEqual(await client.rows('SELECT k FROM t WHERE v = "b"'), [[null]])
    assert.match(
      (await client.refusal(`INSERT INTO t PROPERTIES('x' = '1') ${from}`)).message,
      /The INSERT property "x"/,
    )
  },
)
