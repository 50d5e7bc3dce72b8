/** Forms are made from the declarations, and what they begin with is accepted: it cannot drift from what the clouds take. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import {
  adjusted,
  initialOf,
  membersFor,
  sendable,
  withValue,
  type Parameters,
} from '../../console/value.ts'
import type { Forms } from '../../src/console/form.ts'
import { startCloud, type Cloud } from '../support/fixture/cloud.ts'
import { askAdmin } from '../support/http/admin.ts'
import { consoleBrowser, rootOf, type ConsoleBrowser } from '../support/http/console.ts'

const REGION: Readonly<Record<string, string>> = { alibaba: 'cn-beijing', tencent: 'ap-shanghai' }
const PASSWORD = 'Example@1234'

const page = { type: 'text/html', bytes: Buffer.from('<p>page</p>'), packed: Buffer.from('') }
const frontEnd = async () => new Map([['index.html', page]])

async function signedIn(t: TestContext, cloud: string) {
  const running: Cloud = await startCloud(t, { frontEnd })
  const browser = consoleBrowser(running.port)
  await browser.signIn(rootOf(cloud))
  const { body } = await browser.ask('/api/forms')
  const [forms] = (body as Forms).clouds
  assert.ok(forms)
  return { running, browser, forms }
}

/** As the page fills it in: with what is offered in the region, a name and a password. */
async function filledIn(
  browser: ConsoleBrowser,
  it: { action: string; start?: object },
  region: string,
) {
  const { schema } = (await browser.send('form', { action: it.action })).body
  let value: Parameters = initialOf(schema, (it.start ?? {}) as Parameters)
  if ('RegionId' in schema.properties) value = { ...value, RegionId: region }
  // What is offered depends on what was chosen before.
  for (let times = 0; times < 3; times++) {
    const { offers } = (
      await browser.send('offers', { action: it.action, region, parameters: value })
    ).body
    value = adjusted(value, offers) as Parameters
  }
  value = withValue(value, ['InstanceName'], 'from-the-form') as Parameters
  for (const path of [['AdminPassword'], ['LoginSettings', 'Password']])
    if (path[0] !== undefined && path[0] in value)
      value = withValue(value, path, PASSWORD) as Parameters
  return { schema, value: sendable(schema, value) }
}

for (const cloud of ['alibaba', 'tencent'])
  test(`${cloud}: a form that says a name and a password makes a cluster, in another region than the examples'`, async (t) => {
    const { running, browser, forms } = await signedIn(t, cloud)
    const region = REGION[cloud] ?? ''
    for (const it of forms.creations) {
      const { value } = await filledIn(browser, it, region)
      const call = { region, language: 'en', parameters: value }
      if (it.inquiry) {
        const inquiry = (await browser.send('form', { action: it.inquiry.action })).body
        const parameters = { ...it.inquiry.also, ...membersFor(inquiry.schema, value) }
        const priced = await browser.send('call', {
          ...call,
          action: it.inquiry.action,
          parameters,
        })
        assert.equal(priced.body.status, 200, JSON.stringify(priced.body))
      }
      const made = await browser.send('call', { ...call, action: it.action })
      assert.equal(made.body.refusals, undefined, JSON.stringify([it.action, value, made.body]))
      assert.equal(made.body.status, 200)
      const text = JSON.stringify(made.body.answer)
      const id = /"InstanceId":"([\w-]+)"/.exec(text)?.[1] ?? ''
      const stored = await running.store.read((tx) => tx.findById('cluster', id))
      assert.deepEqual(
        [stored?.document.name, stored?.document.region],
        ['from-the-form', region],
        text,
      )
    }
  })

test('every form is of an action that is built, and its shape is the one that is published', async (t) => {
  for (const cloud of ['alibaba', 'tencent']) {
    const { running, browser, forms } = await signedIn(t, cloud)
    const { paths } = (await askAdmin(running.port, 'openapi')).body
    for (const it of [...forms.creations, ...forms.changes]) {
      const form = (await browser.send('form', { action: it.action })).body
      const path = form.route?.path ?? `/#${it.action}`
      const operation = paths[path][(form.route?.method ?? 'POST').toLowerCase()]
      if (operation.requestBody)
        assert.deepEqual(
          operation.requestBody.content['application/json'].schema,
          form.schema,
          it.action,
        )
      for (const name of Object.keys(it.start ?? {}))
        assert.ok(name in form.schema.properties, `${it.action} has no ${name}`)
      if (it.inquiry) {
        const inquiry = await browser.send('form', { action: it.inquiry.action })
        assert.equal(inquiry.status, 200, it.inquiry.action)
      }
    }
  }
})

test("each refusal stands at its parameter in the vendor's words, and a denial with the statement", async (t) => {
  const { running, browser } = await signedIn(t, 'alibaba')
  const call = { action: 'CreateInstanceV1', region: 'cn-hangzhou', language: 'en' }
  const refused = await browser.send('call', {
    ...call,
    parameters: { InstanceName: '<b>', VpcId: 'x', PackageType: 'vast' },
  })
  const { refusals, message } = refused.body
  const at = (name: string) => refusals.find((it: { name: string }) => it.name === name)?.text ?? ''
  assert.match(at('VSwitches') + at('Version'), /Version/)
  assert.match(at('VpcId'), /Vpc id should start with vpc-/)
  assert.match(at('PackageType'), /trial.*official/)
  assert.equal(at('InstanceName').includes('64 letters'), true)
  assert.ok(refusals.length > 4 && message.length > 0)
  const account = '1000000000000001'
  const text = JSON.stringify({
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: 'sr:Describe*', Resource: '*' },
      { Effect: 'Deny', Action: 'sr:ReleaseInstance', Resource: '*' },
    ],
  })
  await running.identity.users.add({ account, name: 'looker' })
  await running.identity.policies.add({ account, name: 'look', text })
  await running.identity.users.attach({ account, name: 'looker', policy: 'look' })
  const { key, secret } = await running.identity.keys.add({ account, user: 'looker' })
  const looker = consoleBrowser(running.port)
  await looker.signIn({ cloud: 'alibaba', keyId: key.id, secret })
  const denied = await looker.send('call', {
    ...call,
    action: 'ReleaseInstance',
    parameters: { InstanceId: 'c-0123456789abcdef' },
  })
  const facts = Object.fromEntries(
    denied.body.denial.map((it: { name: string; text: string }) => [it.name, it.text]),
  )
  assert.deepEqual(
    [facts.action, facts.policy, facts.statement, facts.decision],
    ['sr:ReleaseInstance', 'look', '2', 'explicit'],
  )
  const offered = await looker.send('offers', { ...call, parameters: {} })
  assert.deepEqual(offered.body, { regions: [], offers: {} })
})

test('forms and offers are bounded by the session: no session, no other cloud, no unknown action', async (t) => {
  const { running, browser } = await signedIn(t, 'tencent')
  const nobody = consoleBrowser(running.port)
  for (const path of ['form', 'offers'])
    assert.equal((await nobody.send(path, { action: 'CreateInstance' })).status, 401)
  assert.equal((await nobody.ask('/api/forms')).status, 401)
  const foreign = await browser.send('form', { cloud: 'alibaba', action: 'CreateInstanceV1' })
  assert.equal(foreign.status, 404)
  assert.equal((await browser.send('form', { action: '__proto__' })).status, 404)
  assert.equal((await browser.send('offers', { action: 'CreateInstance', region: 1 })).status, 400)
})
