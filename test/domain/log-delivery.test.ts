import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterGap, logName, pieceName, withPiece } from '../../src/domain/log-delivery.ts'

test('pieces are named by cluster, node and daemon, in the order in which they were written', () => {
  assert.equal(logName({ role: 'hdfs-datanode', node: 'n-1' }), 'n-1/hdfs-datanode')
  assert.equal(logName({ role: 'starrocks' }), 'starrocks')
  const empty = { id: 'c-1', account: '1', logs: {} }
  const one = withPiece(empty, 'n-1/d', { pieces: 0, next: 'place' })
  assert.deepEqual(one.logs, { 'n-1/d': { after: 'place', pieces: 1 } })
  const names = [0, 1, 9].map((pieces) => pieceName('c-1', 'n-1/d', { pieces }))
  assert.deepEqual(names, [
    'c-1/n-1/d/00000001.log',
    'c-1/n-1/d/00000002.log',
    'c-1/n-1/d/00000010.log',
  ])
})

test('behind a gap no piece takes the name of one that may be there', () => {
  assert.deepEqual(afterGap({ after: 'a', pieces: 3 }), { after: 'a', pieces: 4 })
})
