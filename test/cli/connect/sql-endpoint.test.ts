import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sqlEndpoint } from '../../../src/cli/connect/sql-endpoint.ts'

test('of a cluster with several services the one that answers SQL is connected to, in the order of the services', () => {
  const endpoints = ['ldap', 'clickhouse-http', 'hive'].map((name) => ({ name }))
  assert.deepEqual(sqlEndpoint(endpoints), { name: 'hive' })
  assert.deepEqual(sqlEndpoint(endpoints, 'clickhouse'), { name: 'clickhouse-http' })
  assert.equal(sqlEndpoint(endpoints, 'trino'), undefined)
  assert.equal(sqlEndpoint([{ name: 'ldap' }]), undefined)
})
