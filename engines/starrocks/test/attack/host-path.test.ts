/** What SQL clients learn of a storage that fails: that it did, and not where on the host it lies. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sqlErrorOf } from '../../src/storage/duck-error.ts'

/** As DuckDB says them, on a file system that is full and on a file that may grow no more. */
const full = 'Could not write file "/srv/emrys/c-1/instance.duckdb.wal": No space left on device'
const messages: readonly (readonly [string, RegExp])[] = [
  [`IO Error: ${full}`, /^Disk usage exceeds limit: the instance's storage is full$/],
  [`TransactionContext Error: Failed to commit: ${full}`, /^Disk usage exceeds limit/],
  [
    `FATAL Error: Failed to create checkpoint because of error: ${full}`,
    /^Disk usage exceeds limit/,
  ],
  [
    'TransactionContext Error: Failed to commit: Could not write file "/srv/emrys/c-1/x.wal": File too large',
    /^Disk usage exceeds limit/,
  ],
  ['IO Error: Cannot open file "/srv/emrys/c-1/spill/a.tmp": Permission denied', /^Storage error/],
  [
    'FATAL Error: Failed: database has been invalidated because of a previous fatal error.\nOriginal error: "Could not read file "/srv/emrys/c-1/instance.duckdb": Input/output error"',
    /^Storage error/,
  ],
  [
    'TransactionContext Error: Failed to commit: could not sync /srv/emrys/c-1/x.wal',
    /^Storage error/,
  ],
  [
    'TransactionContext Error: Conflict on tuple deletion!',
    /^transaction conflict: Conflict on tuple deletion!$/,
  ],
  [
    'INTERNAL Error: assertion in "/srv/emrys/c-1/instance.duckdb"',
    /^Internal error: the database/,
  ],
]

/** As httpfs 1.5.5 says them: few name the object. */
const unreached = /^Access storage error\. Error message: the object storage cannot be reached$/
const storage: readonly (readonly [string, RegExp])[] = [
  [
    "IO Error: Server returned nothing (no headers, no data) error for HTTP GET to 'http://127.0.0.1:4444/srv/a'",
    unreached,
  ],
  [
    "IO Error: Could not connect to server error for HTTP DELETE to 'http://127.0.0.1:4444/srv/a'",
    /^Access storage error/,
  ],
  [
    'HTTP Error: Unable to connect to URL http://127.0.0.1:4444/srv/a: Forbidden (HTTP code 403)',
    /^Access storage error\. Error message: the object storage refuses \(Status Code: 403\)$/,
  ],
  ['HTTP Error: Full download failed to to URL "http://127.0.0.1:4444/srv/a": 503 ()', /^Access/],
  ['IO Error: Unexpected response when uploading part to S3', /^Access storage error/],
  ['IO Error: Failed to parse S3 result: found open tag for Key', /^Access storage error/],
  ['IO Error: Parsing error while parsing s3 listobject result', /^Access storage error/],
  [
    'HTTP Error: ETag on reading file "s3://srv/a" was initially "1" and now it returned "2", this likely means the remote file has changed.',
    /^Access storage error\. Error message: a file was changed while it was read$/,
  ],
  [
    'IO Error: No files found that match the pattern "s3://srv/export_11/*"',
    /^Access storage error\. Error message: No files were found$/,
  ],
]

for (const [message, expected] of [...messages, ...storage]) {
  test(`${message.slice(0, 60).replaceAll('\n', ' ')}…`, () => {
    const error = sqlErrorOf(new Error(message))
    assert.match(error.message, expected)
    assert.doesNotMatch(error.message, /srv|127\.0/)
  })
}

test('what a client wrote itself is repeated to it, a path too', () => {
  const text = `Conversion Error: Could not convert string '/srv/data' to INT32`
  assert.match(sqlErrorOf(new Error(text)).message, /'\/srv\/data'/)
})
