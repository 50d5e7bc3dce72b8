/** Flink of an EMR cluster, real: a session that runs jobs of SQL, loses its workers and has them again. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import {
  addressesOf,
  call,
  daemonsOf,
  documentOf,
  emrCloud,
  emrDirectory,
  javaOf,
  kill,
  listenersOf,
  processesOf,
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { cachedSet, skipWithout } from '../support/engine/module.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const skip =
  skipWithout('flink') ||
  skipWithout('hadoop') ||
  skipWithout('zookeeper') ||
  skipWithout('openldap')

const components = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1']
const slots = {
  serviceName: 'FLINK',
  classification: 'flink-conf.yaml',
  properties: { 'taskmanager.numberOfTaskSlots': 3 },
}
const OPENED = ['java.lang', 'java.util', 'java.net', 'java.nio', 'java.time', 'java.math']

/** What Flink's own client of SQL prints, on the session of that master. */
async function sqlClient(t: TestContext, host: string, sql: string): Promise<string> {
  const folder = temporaryDirectory(t)
  const session = `rest.address: ${host}\nrest.port: 8081\nexecution.target: remote\n`
  writeFileSync(join(folder, 'config.yaml'), session)
  const script = join(folder, 'script.sql')
  writeFileSync(script, sql)
  const opens = OPENED.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`)
  const { stdout } = await promisify(execFile)(
    javaOf(),
    [
      '-Xmx384m',
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      `-Djava.io.tmpdir=${folder}`,
      // It keeps what was typed there.
      `-Duser.home=${folder}`,
      ...opens,
      '-cp',
      `${cachedSet('flink')}/*`,
      'org.apache.flink.table.client.SqlClient',
      'embedded',
      '-f',
      script,
    ],
    { cwd: folder, env: { ...process.env, FLINK_CONF_DIR: folder }, timeout: 600_000 },
  )
  return stdout
}

const STATEMENTS = `set 'execution.runtime-mode' = 'batch';
set 'sql-client.execution.result-mode' = 'tableau';
select word, count(*) as n from (values ('x'), ('y'), ('x')) as t(word) group by word order by word;
`

async function rest(host: string, path: string) {
  const answer = await fetch(`http://${host}:8081${path}`, { signal: AbortSignal.timeout(30_000) })
  return (await answer.json()) as Readonly<Record<string, unknown>>
}

test(
  'a session of Flink runs jobs of SQL on the workers of all cores, also after each of them was killed',
  { skip, timeout: 2_400_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const first = await emrCloud(t, dataDir)
    const { InstanceId } = await call(first, 'CreateInstance', {
      ...sampleCreateRequest({
        ProductId: 44,
        Software: [...components, 'flink-1.14.5'],
        ExtendFsField: JSON.stringify([slots]),
      }),
    })
    const id = String(InstanceId)
    const cluster = await untilState(first, id, 'running')
    assert.match(cluster.status.reason, /flink-1\.14\.5 runs as 1\.20\.3/)
    const [master = ''] = addressesOf(cluster, 'master')
    const hosts = [master, ...addressesOf(cluster, 'core'), '127.0.0.1']
    assert.deepEqual(
      listenersOf(daemonsOf(dataDir)).filter((host) => !hosts.includes(host)),
      [],
    )
    const overview = await rest(master, '/overview')
    assert.deepEqual([overview['taskmanagers'], overview['slots-total']], [2, 6])
    const counted = /\| +x \| 2 \|\n\| +y \| 1 \|/
    assert.match(await sqlClient(t, master, STATEMENTS), counted)
    const { jobs } = (await rest(master, '/jobs/overview')) as { jobs: { state: string }[] }
    assert.deepEqual(
      jobs.map(({ state }) => state),
      ['FINISHED'],
    )

    // A restart of Emrys touches nothing.
    const before = daemonsOf(dataDir)
    await first.close()
    const second = await emrCloud(t, dataDir)
    await untilState(second, id, 'running')
    assert.deepEqual(daemonsOf(dataDir), before)

    for (const { pid } of before) kill(pid)
    await until('all are new', async () => {
      const { status } = await documentOf(second, id)
      const now = daemonsOf(dataDir).map(({ pid }) => pid)
      return (
        status.state === 'running' &&
        now.length === before.length &&
        before.every(({ pid }) => !now.includes(pid))
      )
    })
    assert.match(await sqlClient(t, master, STATEMENTS), counted)

    await call(second, 'TerminateInstance', { InstanceId: id })
    await untilState(second, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
    assert.equal(existsSync(join(dataDir, 'local', id)), false)
  },
)
