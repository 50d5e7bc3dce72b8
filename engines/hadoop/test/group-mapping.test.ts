import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DaemonPlan } from '../../../src/substrate/local/service.ts'
import { groupFiles, unmetGroups, groupSite, withoutDirectory } from '../src/group-mapping.ts'

const LDAP = 'org.apache.hadoop.security.LdapGroupsMapping'
const MAPPING = 'hadoop.security.group.mapping'
const slapd = (host: string) => ({ daemon: 'openldap-slapd', node: host, host, ports: [1389] })

function planOf(value: string | undefined, peers = [slapd('127.0.0.2'), slapd('127.0.0.3')]) {
  const settings = value === undefined ? {} : { 'core-site.xml': { [MAPPING]: value } }
  const administrator = { password: 'secret' }
  return { directory: '/d', settings, peers, administrator } as unknown as DaemonPlan
}

test('groups are those of the directory where that is asked for, by a password in a file', () => {
  const plan = planOf(LDAP)
  const site = groupSite(plan)
  assert.equal(site[MAPPING], LDAP)
  assert.equal(site[`${MAPPING}.ldap.url`], 'ldap://127.0.0.2:1389,ldap://127.0.0.3:1389')
  assert.equal(site[`${MAPPING}.ldap.bind.password.file`], '/d/ldap.password')
  assert.deepEqual(groupFiles(plan), { 'ldap.password': 'secret' })
  assert.ok(!JSON.stringify(site).includes('secret'))
})

test('whoever does not ask it asks the machine, and nothing changes where nobody said so', () => {
  assert.match(String(withoutDirectory(planOf(LDAP))[MAPPING]), /JniBasedUnixGroupsMapping/)
  assert.deepEqual(groupSite(planOf(LDAP, [])), withoutDirectory(planOf(LDAP)))
  assert.deepEqual(groupFiles(planOf(LDAP, [])), {})
  for (const plan of [planOf(undefined), planOf('org.example.Other')]) {
    assert.deepEqual(groupSite(plan), {})
    assert.deepEqual(groupFiles(plan), {})
  }
})

test('it is refused where the cluster has no OpenLDAP', () => {
  const setting = { file: 'core-site.xml', name: MAPPING, value: LDAP }
  assert.equal(unmetGroups({ ...setting, services: ['hdfs'] }), 'the cluster has no OpenLDAP')
  assert.equal(unmetGroups({ ...setting, services: ['hdfs', 'openldap'] }), undefined)
  assert.equal(unmetGroups({ ...setting, value: 'other', services: [] }), undefined)
})
