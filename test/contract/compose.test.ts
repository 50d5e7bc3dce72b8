/** What the console composes is what clients send: every action is found by it, with its region and its parameters. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibaba } from '../../src/dialect/alibaba/dialect.ts'
import { tencent } from '../../src/dialect/tencent/dialect.ts'

const REGIONS = { alibaba: 'cn-hangzhou', tencent: 'ap-guangzhou' } as const

for (const [name, dialect] of Object.entries({ alibaba: alibaba(), tencent: tencent() }))
  test(`${name}: every action is found by its composed request`, () => {
    const region = REGIONS[name as keyof typeof REGIONS]
    for (const action of dialect.actions) {
      const parameters = { Text: 'ü', List: [1, { Member: true }] }
      const composed = dialect.compose(action, { region, language: 'zh', parameters })
      const request = { ...composed, remoteAddress: '127.0.0.1', httpVersion: '1.1', secure: false }
      assert.ok(dialect.recognises(request), action.name)
      assert.equal(dialect.locate(request), action)
      const raw = dialect.parameters(request, action) as Record<string, unknown>
      assert.deepEqual([raw['Text'], raw['List']], [parameters.Text, parameters.List])
      assert.equal(dialect.language(request), 'zh')
      // The services that name the regions of their resources themselves have none of their own.
      assert.ok([region, ''].includes(dialect.region(request, raw)), action.name)
      assert.equal(dialect.rateRegion(request), region)
    }
    assert.ok(dialect.actions.length > 50)
  })
