/** Which jobs are run on this machine, and how. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { yarn } from '../../../engines/hadoop/service.ts'
import { hive, spark } from '../../../engines/spark/service.ts'
import { jobPlan } from '../../../src/substrate/local/service-job.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const EXAMPLES = '/usr/local/service/hadoop/share/hadoop-mapreduce-examples-2.8.5.jar'

function planOf(
  t: TestContext,
  args: readonly string[],
  trusted = false,
  { command = 'hadoop jar', role = 'yarn-resourcemanager', env = {} } = {},
) {
  const directory = join(temporaryDirectory(t), 'daemon')
  mkdirSync(directory)
  const peer = {
    daemon: 'yarn-resourcemanager',
    node: 'n',
    host: '127.9.9.9',
    ports: [1, 2, 3, 4, 5],
  }
  const plan = {
    directory,
    library: '/lib',
    host: '127.9.9.9',
    ports: [7],
    threads: 1,
    peers: [peer],
    settings: {},
  }
  writeFileSync(join(directory, 'plan.json'), JSON.stringify(plan))
  const home = {
    library: () => '/lib',
    java: () => '/java',
    program: () => '/program',
    absent: () => undefined,
  }
  const job = { id: 'job-flow-1-0', command, args, user: 'ann' }
  const processes = [{ role, directory }]
  return jobPlan({ services: [yarn, hive, spark], home, env, trusted }, processes, job)
}

test('examples run with the jar that is here, marked for the ResourceManager, as their user', (t) => {
  const plan = planOf(t, [EXAMPLES, 'pi', '2', '10'])
  assert.ok(typeof plan === 'object')
  assert.match(
    plan.files['run.sh'] ?? '',
    /'org\.apache\.hadoop\.util\.RunJar' '\/lib\/hadoop-mapreduce-examples-3\.4\.2\.jar' 'pi' '2' '10'/,
  )
  assert.match(
    plan.files['mapred-site.xml'] ?? '',
    /<name>mapreduce\.job\.tags<\/name><value>emrys-job-flow-1-0<\/value>/,
  )
  assert.equal(plan.command.env?.['HADOOP_USER_NAME'], 'ann')
})

test('what could lead out of the cluster is refused where clients are not trusted with the machine', (t) => {
  const refused = [
    ['wordcount', 'file:///etc/passwd', '/out'],
    ['wordcount', '-Dfs.defaultFS=file:///', '/etc/passwd', '/out'],
    ['wordcount', '-files', '/etc/passwd', '/in', '/out'],
    ['sudoku', '/etc/passwd'],
    ['dbcount', 'org.hsqldb.jdbcDriver'],
    ['wordcount', '/in', "/out'\n"],
    [],
  ]
  for (const args of refused)
    assert.match(
      JSON.stringify(planOf(t, [EXAMPLES, ...args])),
      /local\.client-code/,
      args.join(' '),
    )
  assert.match(JSON.stringify(planOf(t, ['hdfs:///own.jar', 'Main'])), /local\.client-code/)
  assert.match(JSON.stringify(planOf(t, ['/opt/own.jar', 'Main'], true)), /by its address/)
  assert.match(JSON.stringify(planOf(t, [])), /the jar is missing/)
})

test('a jar of a file system of the cluster is fetched first, where clients are trusted', (t) => {
  const plan = planOf(t, ['hdfs:///own.jar', 'Main', "it's"], true)
  assert.ok(typeof plan === 'object')
  const script = plan.files['run.sh'] ?? ''
  assert.match(script, /FsShell' '-get' '-f' 'hdfs:\/\/\/own\.jar' 'job\.jar' &&/)
  assert.match(script, /RunJar' 'job\.jar' 'Main' 'it'\\''s'/)
})

const sparkSubmit = { command: 'spark-submit', role: 'spark-historyserver' }
const hiveFile = { command: 'hive -f', role: 'hive-server2' }

test('a program of Spark is submitted as its client says it, marked, with the configuration of the cluster', (t) => {
  const args = ['--class', 'Main', '--conf', 'spark.driver.memory=2g', 'hdfs:///own.jar', "it's"]
  const plan = planOf(t, args, true, sparkSubmit)
  assert.ok(typeof plan === 'object', JSON.stringify(plan))
  const script = plan.files['run.sh'] ?? ''
  assert.match(
    script,
    /SparkSubmit' '--conf' 'spark\.yarn\.tags=emrys-job-flow-1-0' '--class' 'Main' .* 'hdfs:\/\/\/own\.jar' 'it'\\''s'/,
  )
  // The program runs in this Java.
  assert.match(script, /'-Xmx2g'/)
  assert.match(plan.files['spark-defaults.conf'] ?? '', /^spark\.master=yarn$/m)
  const { HADOOP_CONF_DIR, HADOOP_USER_NAME, SPARK_LOCAL_IP } = plan.command.env ?? {}
  assert.match(HADOOP_CONF_DIR ?? '', /\/daemon\/conf$/)
  assert.deepEqual([HADOOP_USER_NAME, SPARK_LOCAL_IP], ['ann', '127.9.9.9'])

  const cluster = ['--deploy-mode', 'cluster', '--driver-memory=2g', 'cosn://b/own.jar']
  const elsewhere = planOf(t, cluster, true, sparkSubmit)
  assert.ok(typeof elsewhere === 'object')
  assert.match(elsewhere.files['run.sh'] ?? '', /'-Xmx512m'/)
})

/** The environment in which this machine has a Python of that version. */
function withPython(t: TestContext, version: string) {
  const folder = temporaryDirectory(t)
  const program = join(folder, 'python3')
  writeFileSync(program, `#!/bin/sh\necho Python ${version}\n`, { mode: 0o700 })
  return { program, env: { PATH: folder } }
}

test("a program of Spark in Python is run with the machine's own, and imports what comes with Spark", (t) => {
  const { program, env } = withPython(t, '3.11.7')
  const plan = planOf(t, ['hdfs:///own.py', '7'], true, { ...sparkSubmit, env })
  assert.ok(typeof plan === 'object', JSON.stringify(plan))
  assert.match(plan.files['run.sh'] ?? '', /SparkSubmit' .* 'hdfs:\/\/\/own\.py' '7'/)
  const { PYSPARK_PYTHON, PYSPARK_ARCHIVES_PATH, PYTHONPATH } = plan.command.env ?? {}
  assert.equal(PYSPARK_PYTHON, program)
  assert.equal(PYTHONPATH, '/lib/pyspark.zip:/lib/py4j-0.10.9.7-src.zip')
  assert.equal(PYSPARK_ARCHIVES_PATH, 'local:/lib/pyspark.zip,local:/lib/py4j-0.10.9.7-src.zip')

  const { env: before } = withPython(t, '3.7.16')
  const older = planOf(t, ['hdfs:///own.py'], true, { ...sparkSubmit, env: before })
  assert.match(JSON.stringify(older), /python3 is 3\.7\.16 on this machine, and has to be 3\.8/)
})

test('a program of Spark that cannot be run here is refused by name', (t) => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['--class', 'Main'], /the program is missing/],
    [['--verbose', '/opt/own.jar'], /by its address/],
    [['hdfs:///own.R'], /hdfs:\/\/\/own\.R is not run here: .* R is not on this machine/],
    [['hdfs:///own.py'], /python3 is not on this machine; .*apt-get install/],
    [['--conf', 'spark.yarn.tags=mine', 'hdfs:///own.jar'], /spark\.yarn\.tags/],
    [['--driver-java-options', '-Da=b', 'hdfs:///own.jar'], /--driver-java-options needs/],
  ]
  for (const [args, reason] of cases)
    assert.match(JSON.stringify(planOf(t, args, true, sparkSubmit)), reason)
  assert.match(
    JSON.stringify(planOf(t, ['hdfs:///own.jar'], false, sparkSubmit)),
    /local\.client-code/,
  )
})

test('statements of a file are sent to the server of SQL, as their user, with its variables', (t) => {
  const args = ['hdfs:///day.sql', '--hivevar', "day=it's", '-d', 'a=b', '--database', 'shop']
  const plan = planOf(t, args, true, hiveFile)
  assert.ok(typeof plan === 'object', JSON.stringify(plan))
  assert.match(
    plan.files['run.sh'] ?? '',
    /FsShell' '-get' '-f' 'hdfs:\/\/\/day\.sql' 'statements\.sql' &&\n.*BeeLine' '-u' 'jdbc:hive2:\/\/127\.9\.9\.9:7\/shop' '-n' 'ann' '--hivevar' 'day=it'\\''s' '--hivevar' 'a=b' '-f' 'statements\.sql'/,
  )
})

test('a file of statements that cannot be read or may not is refused by name', (t) => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /the file of statements is missing/],
    [['/srv/day.sql'], /by its address/],
    [['hdfs:///day.sql', '--force'], /--force is none of the options/],
    [['hdfs:///day.sql', '--hivevar', 'day'], /--hivevar is none of/],
    [['hdfs:///day.sql', '--database', 'a;b=c'], /--database is none of/],
  ]
  for (const [args, reason] of cases)
    assert.match(JSON.stringify(planOf(t, args, true, hiveFile)), reason)
  assert.match(JSON.stringify(planOf(t, ['hdfs:///a.sql'], false, hiveFile)), /local\.client-code/)
})
