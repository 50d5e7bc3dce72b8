/**
 * OpenLDAP of EMR clusters, real: who the cloud's user manager knows is who may bind, by the command line of OpenLDAP's own clients,
 * whatever is killed meanwhile.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { random } from '../../src/kernel/random.ts'
import {
  addressesOf,
  daemonsOf,
  emrDirectory,
  kill,
  listenersOf,
  until,
  type Daemon,
} from '../support/engine/emr-cluster.ts'
import { isGone } from '../support/engine/emr-truth.ts'
import { cache, skipWithout } from '../support/engine/module.ts'
import { filesHolding } from '../support/engine/secret.ts'
import { ask, sampleCreateRequest } from '../support/http/tencent-client.ts'
import { startEmrServer, type ChildServer } from '../support/process/child-server.ts'

const skip = skipWithout('openldap') || skipWithout('hadoop') || skipWithout('zookeeper')
const software = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1']

const BASE = 'dc=emr,dc=cloud,dc=tencent,dc=com'
/** As LDAP numbers outcomes. */
const INVALID_CREDENTIALS = 49
const ADMINISTRATOR = `cn=admin,${BASE}`
const LOGIN_PASSWORD = 'Only^4Tests'

test(
  'users of a cluster are those of its OpenLDAP, with their passwords and groups, whatever is killed',
  { skip, timeout: 1_800_000 },
  async (t) => {
    const it = await ldapCloud(t)
    const [host = ''] = addressesOf(it.cluster, 'master')
    const ldap = ldapAt(host)
    assert.match(
      it.cluster.status.reason,
      /openldap-2\.4\.44 runs as 2\.\d+\.\d+; .*not run here: knox-1\.6\.1$/,
    )
    assert.deepEqual([...new Set(listenersOf([it.slapd()]))], [host])

    await it.done('AddUsersForUserManager', {
      UserManagerUserList: [
        { UserName: 'ann', UserGroup: 'staff', PassWord: 'Ann_first1', Groups: ['dev'] },
        { UserName: 'bob', UserGroup: 'staff', PassWord: 'Bob_first1', ReMark: 'über alles: ä' },
      ],
    })
    assert.equal(await ldap.whoami('ann', 'Ann_first1'), `dn:uid=ann,ou=People,${BASE}`)
    assert.equal(await ldap.whoami('bob', 'Bob_first1'), `dn:uid=bob,ou=People,${BASE}`)
    assert.equal(await ldap.whoami('bob', 'Ann_first1'), INVALID_CREDENTIALS)
    const groups = await ldap.search('ann', 'Ann_first1', '(objectClass=posixGroup)', 'memberUid')
    assert.deepEqual(groups, ['memberUid: ann', 'memberUid: ann', 'memberUid: bob'])
    // Whoever does not say who he is sees nobody, and nobody sees or changes passwords but the administrator.
    assert.deepEqual(await ldap.search('', '', '(uid=ann)', 'uid'), [])
    assert.deepEqual(await ldap.search('ann', 'Ann_first1', '(uid=*)', 'userPassword'), [])
    const hashes = await ldap.search(ADMINISTRATOR, LOGIN_PASSWORD, '(uid=*)', 'userPassword')
    assert.equal(hashes.length, 2)
    for (const line of hashes)
      assert.match(Buffer.from(line.split(':: ')[1] ?? '', 'base64').toString(), /^\{SSHA\}/)

    await it.done('ModifyUserManagerPwd', { UserName: 'ann', PassWord: 'Ann_second2' })
    assert.equal(await ldap.whoami('ann', 'Ann_first1'), INVALID_CREDENTIALS)
    assert.ok(await ldap.isKnown('ann', 'Ann_second2'))
    await it.done('ModifyUserGroup', { Users: ['bob'], UserGroup: 'dev', Groups: [] })
    assert.deepEqual(await ldap.search('ann', 'Ann_second2', '(cn=dev)', 'memberUid'), [
      'memberUid: ann',
      'memberUid: bob',
    ])

    // slapd is killed, and so is Emrys between a request and what it does.
    const first = it.slapd()
    kill(first.pid)
    await until('another slapd answers', async () => {
      return it.slapd().pid !== first.pid && (await ldap.isKnown('ann', 'Ann_second2'))
    })
    await it.running()
    const asked = await it.ask('AddUsersForUserManager', {
      UserManagerUserList: [{ UserName: 'eve', UserGroup: 'staff', PassWord: 'Eve_first1' }],
    })
    await it.restart()
    await it.ended(asked['FlowId'])
    assert.ok(await ldap.isKnown('eve', 'Eve_first1'))

    // Both at once, while somebody is deleted and its database is lost.
    const deleted = await it.ask('DeleteUserManagerUserList', { UserNameList: ['bob'] })
    await it.die()
    const { pid, node } = it.slapd()
    kill(pid)
    rmSync(join(it.dataDir, 'local', it.id, 'openldap-slapd', node, 'data'), { recursive: true })
    await it.restart()
    await it.ended(deleted['FlowId'])
    assert.equal(await ldap.whoami('bob', 'Bob_first1'), INVALID_CREDENTIALS)
    assert.ok(await ldap.isKnown('ann', 'Ann_second2'))
    assert.ok(await ldap.isKnown('eve', 'Eve_first1'))

    // Stopped alone, it follows when it runs again.
    await it.service('StopService')
    const waiting = await it.ask('ModifyUserManagerPwd', {
      UserName: 'eve',
      PassWord: 'Eve_second2',
    })
    assert.equal(await it.statusOf(waiting['FlowId']), 1)
    await it.service('StartService')
    await it.ended(waiting['FlowId'])
    assert.ok(await ldap.isKnown('eve', 'Eve_second2'))

    const known = await storm(t, it)
    // The last that was killed may have been a slapd that had everything.
    await until('slapd answers', () => ldap.isKnown(ADMINISTRATOR, LOGIN_PASSWORD))
    const users = await ldap.search(
      ADMINISTRATOR,
      LOGIN_PASSWORD,
      '(objectClass=posixAccount)',
      'uid',
    )
    assert.deepEqual(users, [...known.keys()].map((name) => `uid: ${name}`).toSorted())
    for (const [name, password] of known)
      assert.ok(await ldap.isKnown(name, password), `${name} is known by ${password}`)

    // What is nobody's business is nowhere: not in files, not in arguments.
    const secrets = ['Ann_second2', 'Eve_second2', 'Bob_first1', LOGIN_PASSWORD]
    assert.deepEqual(filesHolding(it.dataDir, secrets), [])
    const argv = readFileSync(`/proc/${it.slapd().pid}/cmdline`, 'utf8')
    assert.ok(
      secrets.every((secret) => !argv.includes(secret)),
      argv,
    )
    assert.deepEqual([...new Set(listenersOf([it.slapd()]))], [host])

    const addresses = Object.values(it.cluster.status.nodes).map(({ address }) => address)
    await it.ask('TerminateInstance', {})
    await until('it is gone', async () => (await it.clusters()).length === 0)
    isGone(it.dataDir, addresses)
  },
)

const CHANGES = 16

/**
 * Users come, go and get passwords while Emrys and slapd are killed at any moment. Answers who there is in the end, with their passwords,
 * when nothing is under way any more.
 */
async function storm(t: TestContext, it: LdapCloud): Promise<ReadonlyMap<string, string>> {
  const seed = process.env['CRASH_SEED'] ?? random().hex(8)
  t.diagnostic(`seed ${seed}`)
  const { fraction } = random(seed)
  const known = new Map([
    ['ann', 'Ann_second2'],
    ['eve', 'Eve_second2'],
  ])
  const flows: unknown[] = []
  for (let number = 0; number < CHANGES; number++) {
    const names = [...known.keys()]
    const one = names[Math.floor(fraction() * names.length)] ?? ''
    const [name, password] = [`user${number}`, `Password_${number}`]
    const choice = fraction()
    if (choice < 0.5 || names.length < 2) {
      const user = { UserName: name, UserGroup: 'staff', PassWord: password }
      flows.push(
        (await it.ask('AddUsersForUserManager', { UserManagerUserList: [user] }))['FlowId'],
      )
      known.set(name, password)
    } else if (choice < 0.8) {
      const changed = { UserName: one, PassWord: password }
      flows.push((await it.ask('ModifyUserManagerPwd', changed))['FlowId'])
      known.set(one, password)
    } else {
      const gone = await it.ask('DeleteUserManagerUserList', { UserNameList: [one] })
      flows.push(gone['FlowId'])
      known.delete(one)
    }
    await pause(fraction() * 300)
    const end = fraction()
    if (end < 0.3) kill(it.slapd().pid)
    if (end > 0.2 && end < 0.5) await it.restart()
  }
  for (const flow of flows) await it.ended(flow)
  await it.running()
  return known
}

type LdapCloud = Awaited<ReturnType<typeof ldapCloud>>

/** A server that can be killed, and its cluster, which runs. */
async function ldapCloud(t: TestContext) {
  const dataDir = emrDirectory(t)
  let server: ChildServer = await startEmrServer(t, dataDir, cache)
  const answer = async (action: string, parameters: object) => {
    const { code, message, response } = await ask({ port: server.port }, action, parameters)
    assert.equal(code, '', message)
    return response
  }
  const create = sampleCreateRequest({
    ProductId: 44,
    Software: software,
    LoginSettings: { Password: LOGIN_PASSWORD },
  })
  const id = String((await answer('CreateInstance', create))['InstanceId'])
  const request = (action: string, parameters: object) =>
    answer(action, { InstanceId: id, ...parameters })
  const clusters = async () => (await server.kept()).flatMap(({ cluster }) => cluster ?? [])
  const running = async (): Promise<Cluster> => {
    let last: Cluster | undefined
    await until('it runs', async () => {
      ;[last] = await clusters()
      assert.notEqual(last?.status.state, 'failed', last?.status.reason)
      return last?.status.state === 'running' && last.change === undefined
    })
    return last as Cluster
  }
  const statusOf = async (flow: unknown) => {
    const FlowParam = { FKey: 'FlowId', FValue: String(flow) }
    return (await request('DescribeClusterFlowStatusDetail', { FlowParam }))['FlowTotalStatus']
  }
  const ended = (flow: unknown) =>
    until('the flow is done', async () => (await statusOf(flow)) === 2)
  return {
    dataDir,
    id,
    cluster: await running(),
    clusters,
    running,
    ask: request,
    statusOf,
    ended,
    async done(action: string, parameters: object) {
      await ended((await request(action, parameters))['FlowId'])
    },
    async service(OpType: string) {
      await request('StartStopServiceOrMonitor', {
        OpType,
        OpScope: { ServiceInfoList: [{ ServiceName: 'OPENLDAP' }] },
      })
      await running()
    },
    die: () => server.kill(),
    async restart() {
      await server.kill()
      server = await startEmrServer(t, dataDir, cache)
    },
    slapd: (): Daemon => {
      const [found] = daemonsOf(dataDir).filter(({ name }) => name === 'openldap-slapd')
      return found ?? { pid: 0, name: '', node: '' }
    },
  }
}

/** As its clients ask it: names of users, or whole names. */
function ldapAt(host: string) {
  const run = (program: string, who: string, password: string, ...words: string[]) =>
    new Promise<string | number>((resolve) => {
      const name = who === '' || who.includes('=') ? who : `uid=${who},ou=People,${BASE}`
      const simple = ['-x', '-H', `ldap://${host}:1389`, '-o', 'nettimeout=5']
      const bound = name === '' ? [] : ['-D', name, '-w', password]
      execFile(program, [...simple, ...bound, ...words], (problem, stdout) =>
        resolve(problem ? Number(problem.code ?? -1) : stdout.trim()),
      )
    })
  const whoami = (who: string, password: string) => run('ldapwhoami', who, password)
  return {
    whoami,
    isKnown: async (who: string, password: string) =>
      typeof (await whoami(who, password)) === 'string',
    /** The lines of an attribute, in order. */
    async search(who: string, password: string, filter: string, attribute: string) {
      const said = await run('ldapsearch', who, password, '-LLL', '-b', BASE, filter, attribute)
      const lines = String(said).split('\n')
      return lines.filter((line) => line.startsWith(`${attribute}:`)).toSorted()
    },
  }
}
