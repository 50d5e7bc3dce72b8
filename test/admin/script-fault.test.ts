import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'

test('scripts that fail are listed, replaced by name and removed', async (t) => {
  const { port } = await startCloud(t)
  const put = (body: object) => askAdmin(port, 'script-faults', { method: 'PUT', body })
  assert.deepEqual((await askAdmin(port, 'script-faults')).body, { scripts: [] })
  await put({ script: 'a.sh', exitCode: 2 })
  await put({ script: 'cos://b/a.sh' })
  const { body } = await put({ script: 'a.sh', exitCode: 9 })
  assert.deepEqual(body, {
    scripts: [
      { script: 'a.sh', exitCode: 9 },
      { script: 'cos://b/a.sh', exitCode: 1 },
    ],
  })
  const removed = await askAdmin(port, 'script-faults', { method: 'DELETE' })
  assert.deepEqual(removed.body, { removed: 2 })
})

test('a switch that could do nothing is refused', async (t) => {
  const { port } = await startCloud(t)
  for (const [body, sentence] of [
    [{}, /script must be/],
    [{ script: '' }, /script must be/],
    [{ script: 'x'.repeat(1_025) }, /script must be/],
    [{ script: 'a', exitCode: 0 }, /exitCode must be a whole number from 1 to 255/],
    [{ script: 'a', exitCode: 1.5 }, /exitCode must be/],
    [{ script: 'a', exitCode: '1' }, /exitCode must be/],
    [{ script: 'a', node: 'n' }, /no member node/],
  ] as const) {
    const answer = await askAdmin(port, 'script-faults', { method: 'PUT', body })
    assert.equal(answer.status, 400)
    assert.match(answer.body.error, sentence)
  }
})
