import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readLoadOptions } from '../../src/wire-http/load-option.ts'
import type { LoadOptions } from '../../src/wire-http/load-option.ts'
import { SqlError } from '../../src/session.ts'

type Headers = Readonly<Record<string, string>>

const read = (headers: Headers): LoadOptions => readLoadOptions((name) => headers[name], 600)

describe('headers of a load', () => {
  test('without any, StarRocks’ defaults hold', () => {
    assert.deepEqual(read({}), {
      label: undefined,
      compression: 'none',
      format: {
        kind: 'csv',
        columnSeparator: '\t',
        rowDelimiter: '\n',
        skipHeader: 0,
        trimSpace: false,
        enclose: undefined,
        escape: undefined,
      },
      request: {
        columns: undefined,
        where: undefined,
        partitions: [],
        maxFilterRatio: 0,
        strict: false,
        partialUpdate: false,
        mergeCondition: undefined,
        timeZone: undefined,
        timeoutSeconds: 600,
        text: { columnSeparator: '\t', rowDelimiter: '\n', nullText: '\\N' },
      },
    })
  })

  test('each that is honoured has its effect', () => {
    const cases: readonly [Headers, (options: LoadOptions) => unknown, unknown][] = [
      [{ label: 'x' }, ({ label }) => label, 'x'],
      [{ columns: 'a, b = a' }, ({ request }) => request.columns, 'a, b = a'],
      [{ where: 'a > 1' }, ({ request }) => request.where, 'a > 1'],
      [{ partitions: 'p1, `p2`' }, ({ request }) => request.partitions, ['p1', 'p2']],
      [{ max_filter_ratio: '0.25' }, ({ request }) => request.maxFilterRatio, 0.25],
      [{ timeout: '7' }, ({ request }) => request.timeoutSeconds, 7],
      [{ strict_mode: 'TRUE' }, ({ request }) => request.strict, true],
      [{ timezone: 'UTC' }, ({ request }) => request.timeZone, 'UTC'],
      [{ partial_update: 'true' }, ({ request }) => request.partialUpdate, true],
      [{ merge_condition: 'v' }, ({ request }) => request.mergeCondition, 'v'],
      [{ compression: 'GZIP' }, ({ compression }) => compression, 'gzip'],
      [{ 'content-encoding': 'zstd' }, ({ compression }) => compression, 'zstd'],
      [{ format: 'deflate' }, ({ compression }) => compression, 'deflate'],
      [{ trim_space: 'true' }, ({ request }) => request.text, undefined],
      [{ column_separator: '\\x00' }, ({ request }) => request.text, undefined],
      [{ column_separator: '\\xff' }, ({ request }) => request.text, undefined],
    ]
    for (const [headers, what, wanted] of cases) {
      assert.deepEqual(what(read(headers)), wanted, JSON.stringify(headers))
    }
    const csv = {
      skip_header: '2',
      trim_space: 'true',
      enclose: '"',
      escape: '\\',
      row_delimiter: '\\x02',
    }
    assert.deepEqual(read(csv).format, {
      kind: 'csv',
      columnSeparator: '\t',
      rowDelimiter: '\x02',
      skipHeader: 2,
      trimSpace: true,
      enclose: '"',
      escape: '\\',
    })
    const json = {
      format: 'JSON',
      jsonpaths: '["$.a"]',
      json_root: '$.x.y',
      strip_outer_array: 'true',
      ignore_json_size: 'true',
    }
    assert.deepEqual(read(json).format, {
      kind: 'json',
      paths: [['a']],
      root: ['x', 'y'],
      stripOuterArray: true,
      ignoreSize: true,
    })
  })

  test('each that cannot be honoured is refused by its name', () => {
    const refused: Headers = {
      temporary_partitions: 'p',
      envelope: 'debezium',
      negative: 'true',
      log_rejected_record_num: '-1',
      load_mem_limit: '1000',
      exec_mem_limit: '1000',
      load_dop: '2',
      transmission_compression_type: 'LZ4',
      warehouse: 'other',
      channel_id: '1',
      channel_num: '1',
      transaction_type: 'multi',
      two_phase_commit: 'true',
    }
    for (const [name, value] of Object.entries(refused)) {
      assert.throws(
        () => read({ [name]: value }),
        (error: unknown) => error instanceof SqlError && error.message.includes(name),
        name,
      )
    }
    read({ warehouse: 'default_warehouse', negative: 'false' })
  })

  test('those of later versions are read over, as StarRocks 3.3 does', () => {
    const later = {
      prepared_timeout: '300',
      enable_merge_commit: 'true',
      merge_commit_async: 'true',
    }
    assert.deepEqual(read({ ...later, merge_commit_interval_ms: '1' }), read({}))
  })

  test('values that make no sense are refused', () => {
    const cases: readonly Headers[] = [
      { format: 'parquet' },
      { max_filter_ratio: 'x' },
      { timeout: '-1' },
      { timeout: '1.5' },
      { strict_mode: 'yes' },
      { partial_update: '1' },
      { partial_update_mode: 'cell' },
      { trim_space: 'no' },
      { skip_header: '-1' },
      { skip_header: 'x' },
      { enclose: '""' },
      { enclose: '«' },
      { enclose: '"', escape: '"' },
      { column_separator: '\\n' },
      { compression: 'lz4_frame' },
      { compression: 'bzip2' },
      { format: 'lz4' },
      { format: 'gzip', compression: 'gzip' },
      { compression: 'gzip', 'content-encoding': 'gzip' },
      { jsonpaths: '["$.a"]' },
      { strip_outer_array: 'true' },
      { format: 'json', column_separator: ',' },
      { format: 'json', json_root: '$[0]' },
      { format: 'json', strip_outer_array: 'maybe' },
    ]
    for (const headers of cases)
      assert.throws(() => read(headers), SqlError, JSON.stringify(headers))
  })
})
