import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

test('a name that stands twice in a list is made or dropped once', async (t) => {
  const { client } = await testClient(t)
  const twice = await client.refusal('CREATE ROLE a, b, a')
  assert.match(twice.message, /CREATE ROLE failed for a: role already exists/)
  await client.run('CREATE ROLE IF NOT EXISTS a, b, a')
  const gone = await client.refusal('DROP ROLE a, a')
  assert.equal(gone.message, 'cannot find role a')
  await client.run('DROP ROLE IF EXISTS a, a')
  assert.equal((await client.refusal('DROP ROLE a')).message, 'cannot find role a')
  await client.run('DROP ROLE b')
})

test('roles that are dropped together leave their users and their children', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE ROLE a, b, c')
  await client.run("CREATE USER 'u'@'%'")
  await client.run("GRANT a, b, c TO USER 'u'@'%'")
  await client.run('GRANT a, b TO ROLE c')
  await client.run('DROP ROLE a, b')
  assert.deepEqual(
    await client.rows(
      "SELECT FROM_ROLE, TO_USER, TO_ROLE FROM sys.role_edges WHERE TO_USER LIKE '%u%' OR TO_ROLE = 'c'",
    ),
    [['c', "'u'@'%'", null]],
  )
})

test('a role that would come to inherit itself is refused', async (t) => {
  const { client } = await testClient(t)
  await client.run('CREATE ROLE a, b, c')
  await client.run('GRANT a TO ROLE b')
  await client.run('GRANT b TO ROLE c')
  const error = await client.refusal('GRANT c TO ROLE a')
  assert.equal(error.message, 'role a cannot inherit itself')
})

test('a privilege on several tables is granted and revoked on each', async (t) => {
  const { client } = await testClient(t)
  for (const name of ['x', 'y']) await client.run(`CREATE TABLE ${name} (a INT)`)
  await client.run('CREATE ROLE a')
  const granted = async () =>
    await client.rows(
      "SELECT OBJECT_NAME FROM sys.grants_to_roles WHERE GRANTEE = 'a' ORDER BY OBJECT_NAME",
    )
  await client.run('GRANT SELECT ON TABLE d.x, d.y TO ROLE a')
  assert.deepEqual(await granted(), [['x'], ['y']])
  await client.run('REVOKE SELECT ON TABLE d.x, d.y FROM ROLE a')
  assert.deepEqual(await granted(), [])
})
