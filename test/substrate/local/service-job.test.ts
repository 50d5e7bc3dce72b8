/** Which jobs of MapReduce's are run on this machine, and how. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { yarn } from '../../../engines/hadoop/service.ts'
import { jobPlan } from '../../../src/substrate/local/service-job.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const EXAMPLES = '/usr/local/service/hadoop/share/hadoop-mapreduce-examples-2.8.5.jar'

function planOf(t: TestContext, args: readonly string[], trusted = false) {
  const directory = join(temporaryDirectory(t), 'manager')
  mkdirSync(directory)
  const peer = {
    daemon: 'yarn-resourcemanager',
    node: 'n',
    host: '127.9.9.9',
    ports: [1, 2, 3, 4, 5],
  }
  const plan = { directory, library: '/lib', host: '127.9.9.9', peers: [peer], settings: {} }
  writeFileSync(join(directory, 'plan.json'), JSON.stringify(plan))
  const home = { library: () => '/lib', java: () => '/java', program: () => '/program' }
  const job = { id: 'job-flow-1-0', command: 'hadoop jar', args, user: 'ann' }
  const processes = [{ role: 'yarn-resourcemanager', directory }]
  return jobPlan({ services: [yarn], home, trusted }, processes, job)
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
