import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { temporaryDirectory } from '../../../../support/process/directory.ts'

test('more nodes are allowed as far as there is stock, and fewer where they may go', async (t) => {
  const environmentFile = join(temporaryDirectory(t), 'environment.yaml')
  const stock = 'stock: [{ of: machine, zone: cn-hangzhou-i, amount: 58 }]'
  writeFileSync(environmentFile, `alibaba:\n  ${stock}\n`)
  const { send, document } = await startInstance(t, { cloud: { config: { environmentFile } } })
  const before = await document()
  const answer = async (Target: number, component: string) => {
    const { Data } = (await send('ModifyNodeNumberPreCheck', { Target }, component)).body
    return `${Data.Allow} ${Data.Reason}`
  }
  assert.equal(await answer(4, 'CN'), 'true ')
  assert.equal(await answer(2, 'CN'), 'true ')
  assert.match(await answer(6, 'CN'), /^false .*10 CUs in stock, 24 are needed/)
  assert.equal(await answer(0, 'CN'), 'false Number of be should be in range [1, 100]')
  assert.match(await answer(4, 'FE'), /^false Number of fe should be select from set \[1, 3/)
  assert.match(await answer(1, 'FE'), /^false Removing nodes of fe is not supported/)
  assert.deepEqual(await document(), before)
})
