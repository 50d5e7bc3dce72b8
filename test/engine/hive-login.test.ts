/** Logins at the server of SQL of an EMR cluster, real: with `hive.server2.authentication` LDAP, those of its OpenLDAP and nobody else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addressesOf,
  call,
  emrCloud,
  emrDirectory,
  processesOf,
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { beeline } from '../support/engine/hive-client.ts'
import { skipWithout } from '../support/engine/module.ts'
import { ask, sampleCreateRequest } from '../support/http/tencent-client.ts'

const skip = ['spark', 'hadoop', 'zookeeper', 'openldap'].map(skipWithout).find(Boolean) ?? false

const components = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1']
const GROUPS = 'org.apache.hadoop.security.LdapGroupsMapping'
const login = (value: string) => ({
  ExtendFsField: JSON.stringify([
    {
      serviceName: 'HIVE',
      classification: 'hive-site.xml',
      properties: { 'hive.server2.authentication': value },
    },
    {
      serviceName: 'HDFS',
      classification: 'core-site.xml',
      properties: { 'hadoop.security.group.mapping': GROUPS },
    },
  ]),
})

test(
  'who is in the directory of the cluster may log in, with its password of that moment, and what its groups may',
  { skip, timeout: 1_800_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const cloud = await emrCloud(t, dataDir)
    const request = sampleCreateRequest({
      ProductId: 44,
      Software: [...components, 'hive-3.1.3'],
    })
    const refused = await ask({ port: cloud.port }, 'CreateInstance', {
      ...request,
      ...login('KERBEROS'),
    })
    assert.match(refused.message, /hive\.server2\.authentication.*it can be NONE or LDAP/)
    const { InstanceId } = await call(cloud, 'CreateInstance', { ...request, ...login('LDAP') })
    const id = String(InstanceId)
    const [master = ''] = addressesOf(await untilState(cloud, id, 'running'), 'master')
    const one = (user: string, password: string) =>
      beeline(master, ['select 1'], { user, password })
    await assert.rejects(one('ann', 'Ann_first1'), /Error validating|Could not open|authenticat/i)
    await call(cloud, 'AddUsersForUserManager', {
      InstanceId,
      UserManagerUserList: [{ UserName: 'ann', UserGroup: 'staff', PassWord: 'Ann_first1' }],
    })
    await until('ann may log in', async () => (await one('ann', 'Ann_first1')).join() === '1')
    for (const [user, password] of [
      ['ann', 'Ann_other2'],
      ['bob', 'Ann_first1'],
      ['hadoop', ''],
    ] as const)
      await assert.rejects(one(user, password))
    const files = async (method: string, path: string, query: string) =>
      (await fetch(`http://${master}:9870/webhdfs/v1${path}?${query}`, { method })).status
    assert.equal(await files('PUT', '/of-staff', 'op=MKDIRS&permission=770&user.name=hadoop'), 200)
    assert.equal(await files('PUT', '/of-staff', 'op=SETOWNER&group=staff&user.name=hadoop'), 200)
    await until(
      'ann may look where her group may',
      async () => (await files('GET', '/of-staff', 'op=LISTSTATUS&user.name=ann')) === 200,
    )
    assert.equal(await files('GET', '/of-staff', 'op=LISTSTATUS&user.name=bob'), 403)
    const step = { Name: 'a', ActionOnFailure: 'CONTINUE' }
    const flow = await ask({ port: cloud.port }, 'RunJobFlow', {
      Name: 'flow',
      CreateCluster: false,
      InstanceId,
      InstancePolicy: 'Reserve',
      Steps: [{ ...step, ExecutionStep: { JobType: 'HIVE', Args: ['hdfs:///a.sql'] } }],
    })
    assert.match(flow.message, /asks for a password/)

    await call(cloud, 'TerminateInstance', { InstanceId })
    await untilState(cloud, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
  },
)
