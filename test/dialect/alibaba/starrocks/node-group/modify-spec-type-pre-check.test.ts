import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

test('a type is allowed or has a reason; without one, whether there is any other', async (t) => {
  const { send, document } = await startInstance(t)
  const before = await document()
  const answer = async (query: Readonly<Record<string, string>>, component: string) => {
    const { Data } = (await send('ModifySpecTypePreCheck', query, component)).body
    return `${Data.Allow} ${Data.Reason}`
  }
  assert.equal(await answer({ TargetSpecType: 'ramEnhanced' }, 'CN'), 'true ')
  assert.equal(await answer({}, 'CN'), 'true ')
  assert.match(await answer({ TargetSpecType: 'bigData' }, 'CN'), /^false Spec type of be should/)
  assert.equal(
    await answer({ TargetSpecType: 'standard' }, 'CN'),
    'false Spec type of be is standard already',
  )
  assert.equal(
    await answer({}, 'FE'),
    'false Another spec type of fe is not supported: standard is the only one that there is.',
  )
  assert.deepEqual(await document(), before)
})
