import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MESSAGE_KEYWORD } from '../../src/shape/shape.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly security: readonly object[]
}

test('every built action stands in the document once: by its route, or by its name', async (t) => {
  const { port, dialects } = await startCloud(t)
  const { body, text } = await askAdmin(port, 'openapi')
  assert.equal(body.openapi, '3.1.0')
  const operations = Object.values(body.paths as Record<string, Record<string, Operation>>)
    .flatMap((path) => Object.values(path))
    .filter(({ tags }) => !tags.includes('admin'))
    .map((operation) => operation.operationId)
  const built = dialects.flatMap(({ name, actions }) =>
    actions.map((each) => `${name}.${each.name}`),
  )
  assert.deepEqual(operations.toSorted(), built.toSorted())
  assert.ok(!text.includes(MESSAGE_KEYWORD), 'the keywords of our own reader are published')
})

test('an action is described by the shapes that its requests are read by', async (t) => {
  const { port } = await startCloud(t)
  const { paths } = (await askAdmin(port, 'openapi')).body
  const create = paths['/webapi/cluster/createV1'].post
  const input = create.requestBody.content['application/json'].schema
  assert.equal(input.type, 'object')
  assert.ok(input.required.includes('VpcId'))
  assert.deepEqual(input.properties.RunMode.enum, ['shared_nothing', 'shared_data'])
  assert.equal(input.properties.AdminPassword.writeOnly, true)
  const untag = paths['/webapi/tags'].delete
  assert.equal(untag.requestBody, undefined)
  assert.ok(untag.parameters.every((each: { in: string }) => each.in === 'query'))
  const byName = paths['/#CreateInstance'].post
  const header = byName.parameters.find((each: { name: string }) => each.name === 'X-TC-Action')
  assert.deepEqual(header.schema, { const: 'CreateInstance' })
  const answer = byName.responses['200'].content['application/json'].schema
  assert.ok('Response' in answer.properties)
})

test('every admin page stands in the document, with what it takes and whether it needs the token', async (t) => {
  const { port } = await startCloud(t)
  const { paths, components } = (await askAdmin(port, 'openapi')).body
  const listed = (await askAdmin(port, 'unknown')).body.pages as { method: string; path: string }[]
  for (const { method, path } of listed) {
    const operation = paths[path]?.[method.toLowerCase()] as Operation | undefined
    assert.equal(operation?.operationId, `admin.${method} ${path}`)
  }
  assert.equal(components.securitySchemes.admin.scheme, 'bearer')
  assert.deepEqual(paths['/_emrys/ready'].get.security, [])
  const pay = paths['/_emrys/funds/{name}/pay'].post
  assert.deepEqual(pay.security, [{ admin: [] }])
  assert.deepEqual(pay.parameters[0].name, 'name')
  const { schema } = pay.requestBody.content['application/json']
  assert.deepEqual(Object.keys(schema.properties), ['amount', 'reference'])
})

test('members of admin pages are of the kind that the page itself shows', async (t) => {
  const { port } = await startCloud(t)
  const { paths } = (await askAdmin(port, 'openapi')).body
  const members = (path: string) =>
    paths[path].post.requestBody.content['application/json'].schema.properties
  const { code, percent, amount, uses } = members('/_emrys/coupons')
  assert.deepEqual(
    [code.type, percent.type, amount.type, uses.type],
    ['string', 'integer', 'string', 'integer'],
  )
  assert.equal(members('/_emrys/tokens').seconds.type, 'integer')
  assert.equal(members('/_emrys/accounts').serviceRoles.type, 'boolean')
})
