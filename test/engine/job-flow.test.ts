/**
 * Job flows of an EMR cluster, real: statements for Hive's server of SQL and programs of Spark are run one after the other, while the server is
 * replaced in the middle; and a cluster that is made for its jobs ends with them.
 */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../src/config/config.ts'
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
import { cachedSet, skipWithout } from '../support/engine/module.ts'
import { objectStoreServer, skipWithoutObjectStore } from '../support/engine/object-store.ts'
import { webHdfs } from '../support/engine/webhdfs.ts'
import type { Cloud } from '../support/fixture/cloud.ts'
import { flowOf, madeCluster } from '../support/fixture/emr-job.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const skip = ['spark', 'hadoop', 'zookeeper', 'openldap'].map(skipWithout).find(Boolean) ?? false

const BUCKET = 'emr-1250000001'
const components = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1']
const { local: defaults } = loadConfig({}).config
const trusting = {
  local: { ...defaults, threadsPerCpu: 0.125, memoryMibPerCpu: 64, clientCode: true },
}

const step = (Name: string, JobType: string, ...Args: string[]) => ({
  Name,
  ExecutionStep: { JobType, Args },
  ActionOnFailure: 'CONTINUE',
})

/** Statements in a client that is an application of YARN's. */
const sparkSql = (Name: string, sql: string) =>
  step(
    Name,
    'SPARK',
    '--class',
    'org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver',
    'spark-internal',
    '-e',
    sql,
  )

/** A row that a function in Python makes, in a container that starts a Python of its own. */
const OWN_PYTHON = `import sys
from pyspark.sql import SparkSession
from pyspark.sql.functions import udf

spark = SparkSession.builder.getOrCreate()
day = sys.argv[1]
own = udf(lambda _: day)
spark.range(1).select(own('id')).write.insertInto('days')
`

interface Detail {
  readonly Name: string
  readonly JobState: string
  readonly ApplicationId: string
}

async function lookAt(cloud: Cloud, JobFlowId: unknown) {
  const { State, Details } = await call(cloud, 'DescribeJobFlow', { JobFlowId })
  return { isFinished: State === 'JobFlowFinish', details: Details as readonly Detail[] }
}

/** Each step is a Java or several, and has its own time. */
async function finished(cloud: Cloud, JobFlowId: unknown): Promise<readonly Detail[]> {
  let seen = await lookAt(cloud, JobFlowId)
  for (let at = 0; at < seen.details.length; at++)
    for (const [what, state] of [
      ['has begun', /(?:Running|Succeed|Failed)$/],
      ['has ended', /(?:Succeed|Failed)$/],
    ] as const)
      await until(`step ${at} ${what}`, async () => {
        seen = await lookAt(cloud, JobFlowId)
        return state.test(seen.details[at]?.JobState ?? '')
      })
  await until('the flow is finished', async () => {
    seen = await lookAt(cloud, JobFlowId)
    return seen.isFinished
  })
  return seen.details
}

const shown = (details: readonly Detail[]) =>
  details.map(({ Name, JobState }) => `${Name}: ${JobState.slice('JobFlowStepStatus'.length)}`)

test(
  'statements and programs of job flows are run once each, also when the server is replaced meanwhile',
  { skip, timeout: 2_400_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const first = await emrCloud(t, dataDir, trusting)
    const startedMs = performance.now()
    const tell = (what: string) =>
      t.diagnostic(`${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${what}`)
    const { InstanceId } = await call(first, 'CreateInstance', {
      ...sampleCreateRequest({
        ProductId: 44,
        Software: [...components, 'hive-3.1.3', 'spark-3.2.2'],
      }),
    })
    const id = String(InstanceId)
    const cluster = await untilState(first, id, 'running')
    tell('running')
    const [master = ''] = addressesOf(cluster, 'master')
    const files = webHdfs(master)
    await files.put(
      '/day.sql',
      Buffer.from(
        "create table days (day string);\ninsert into days values ('${day}'), ('sunday; and more');\n",
      ),
    )
    await files.put(
      '/wrong.sql',
      Buffer.from('insert into nowhere values (1);\ndrop table days;\n'),
    )
    const [jar = ''] = globSync(`${cachedSet('spark')}/spark-mllib_*.jar`)
    await files.put('/jobs/own.jar', readFileSync(jar))
    await files.put('/jobs/own.py', Buffer.from(OWN_PYTHON))
    await files.put('/jobs/wrong.py', Buffer.from('raise SystemExit(3)\n'))

    const program = (Name: string, main: string) =>
      step(
        Name,
        'SPARK',
        '--master',
        'yarn',
        '--deploy-mode',
        'cluster',
        '--class',
        main,
        'hdfs:///jobs/own.jar',
        'yarn',
        'hdfs:///points',
        '20',
        '2',
        '2',
      )
    const steps = [
      step('hive', 'HIVE', 'hdfs:///day.sql', '--hivevar', 'day=monday'),
      step('wrong', 'HIVE', 'hdfs:///wrong.sql'),
      program('points', 'org.apache.spark.mllib.util.SVMDataGenerator'),
      program('no class', 'org.example.NotThere'),
      sparkSql('client', "insert into days values ('tuesday')"),
      step('python', 'SPARK', '--deploy-mode', 'cluster', 'hdfs:///jobs/own.py', 'wednesday'),
      step('python client', 'SPARK', 'hdfs:///jobs/own.py', 'thursday'),
      step('wrong python', 'SPARK', 'hdfs:///jobs/wrong.py'),
    ]
    const { JobFlowId } = await call(first, 'RunJobFlow', { ...flowOf(steps), InstanceId: id })
    await until(
      'the first step runs',
      () => globSync(`${dataDir}/local/${id}/job/*/begun`).length > 0,
    )
    await first.close()
    const second = await emrCloud(t, dataDir, trusting)
    tell('another server')
    const details = await finished(second, JobFlowId)
    tell('finished')
    assert.deepEqual(shown(details), [
      'hive: Succeed',
      'wrong: Failed',
      'points: Succeed',
      'no class: Failed',
      'client: Succeed',
      'python: Succeed',
      'python client: Succeed',
      'wrong python: Failed',
    ])
    const onYarn = ['points', 'client', 'python', 'python client']
    for (const { Name, ApplicationId } of details)
      if (onYarn.includes(Name)) assert.match(ApplicationId, /^application_/)
      else if (Name !== 'no class') assert.equal(ApplicationId, '')
    assert.deepEqual(await beeline(master, ['select day from days order by day']), [
      'monday',
      'sunday; and more',
      'thursday',
      'tuesday',
      'wednesday',
    ])
    assert.equal((await files.get('/points/_SUCCESS')).length, 0)

    await call(second, 'TerminateInstance', { InstanceId: id })
    await untilState(second, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
  },
)

test(
  'a cluster that is made for its jobs runs them, ends with them, and leaves their logs',
  { skip: skip || skipWithoutObjectStore(), timeout: 2_400_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const store = await objectStoreServer(t, [BUCKET])
    const directory = temporaryDirectory(t)
    const keyFile = join(directory, 'keys')
    writeFileSync(keyFile, `${store.keyId}\n${store.secret}\n`, { mode: 0o600 })
    const environmentFile = join(directory, 'environment.yaml')
    writeFileSync(
      environmentFile,
      `tencent:\n  object-storage: { endpoint: "${store.endpoint}", key-file: ${keyFile} }\n  buckets: [{ id: ${BUCKET} }]\n`,
    )
    const cloud = await emrCloud(t, dataDir, { ...trusting, environmentFile })
    const made = madeCluster({
      LogUri: `cosn://${BUCKET}/flow`,
      ProductVersion: 'EMR-V3.5.0',
      Software: [...components, 'hive-3.1.3', 'spark-3.2.2'],
      InstancePolicy: 'Terminate',
    })
    const steps = [
      sparkSql('fill', 'create table sums (a int); insert into sums values (1), (2)'),
      sparkSql('check', 'select assert_true(sum(a) = 3) from sums'),
      step('pi', 'MR', '/opt/hadoop-mapreduce-examples.jar', 'pi', '1', '10'),
    ]
    const { JobFlowId } = await call(cloud, 'RunJobFlow', { ...flowOf(steps), ...made })
    const details = await finished(cloud, JobFlowId)
    assert.deepEqual(shown(details), ['fill: Succeed', 'check: Succeed', 'pi: Succeed'])
    for (const { ApplicationId } of details) assert.match(ApplicationId, /^application_/)
    await until('its cluster is gone', () => processesOf(dataDir).length === 0)
    await until('its directory is gone', () =>
      globSync(`${dataDir}/local/emr-*`).every((path) => !existsSync(join(path, 'instance.json'))),
    )
    // What its steps and its daemons wrote, with nobody's key but the store's.
    const texts = (pattern: string) =>
      globSync(`flow/emr-*/${pattern}/*.log`, { cwd: join(store.directory, BUCKET) }).map((file) =>
        readFileSync(join(store.directory, BUCKET, file), 'utf8'),
      )
    const folders = globSync('flow/emr-*/job-*', { cwd: join(store.directory, BUCKET) })
    assert.equal(folders.length, steps.length)
    // In pieces, as many as it took.
    assert.match(texts('job-*').join(''), /Estimated value of Pi is \d/)
    assert.match(texts('*/hdfs-namenode').join(''), /NameNode/)
  },
)
