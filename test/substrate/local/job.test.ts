/** Jobs whose clients are processes of this machine. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Application } from '../../../src/domain/inquiry.ts'
import { startedFor } from '../../../src/substrate/local/pid-file.ts'
import { recordExit } from '../../../src/substrate/local/run-record.ts'
import { writeWhole } from '../../../src/substrate/local/whole-file.ts'
import type { SeenJob, Substrate } from '../../../src/substrate/port.ts'
import { echoComponent } from '../../support/engine/echo-component.ts'
import { kill } from '../../support/engine/emr-cluster.ts'
import { localDirectory, ready, removedFrom } from '../../support/engine/local-substrate.ts'
import { sampleApplication } from '../../support/fixture/inquiry.ts'
import { sampleGroup } from '../../support/fixture/sample.ts'
import { wantedOf } from '../subject.ts'

/** Counts its starts, and continues until it finds `go` in its directory; what that holds is how it ends. */
const SCRIPT = `: >begun
echo started >>starts
until [ -e go ]; do sleep 0.1; done
(exit "$(cat go)")
${recordExit()}
`

const job = { id: 'flow-1-0', command: 'echo', args: [], user: 'hadoop' }

async function opened(t: TestContext) {
  const applications: Partial<Application>[] = []
  const component = {
    ...echoComponent('f'),
    job: () => ({
      files: { 'run.sh': SCRIPT },
      command: { runtime: '/bin/sh', program: 'run.sh', args: [] },
      applications: async () => applications.map((each) => ({ ...sampleApplication, ...each })),
    }),
  }
  const local = localDirectory(t, component)
  const substrate = local.open()
  await ready(substrate, wantedOf({ groups: [sampleGroup('g', 1)] }, 'c-1'))
  const directory = join(local.root, 'c-1', 'job', job.id)
  return {
    local,
    substrate,
    applications,
    directory,
    end: (code: number) => writeWhole(join(directory, 'go'), String(code)),
  }
}

async function untilJob(
  { jobs }: Substrate,
  done: (seen: SeenJob | undefined) => boolean,
): Promise<SeenJob | undefined> {
  for (let look = 0; look < 1_000; look++) {
    const seen = await jobs?.observe('c-1', job)
    if (done(seen)) return seen
    await pause(50)
  }
  throw new Error('it never came about')
}

const hasEnded = (seen: SeenJob | undefined) => seen !== undefined && seen.phase !== 'running'

test('a job is submitted once, whoever asks, and ends as its client does', async (t) => {
  const { local, substrate, directory, end } = await opened(t)
  assert.equal(await substrate.jobs?.observe('c-1', job), undefined)
  await substrate.jobs?.start('c-1', job)
  await substrate.jobs?.start('c-1', job)
  assert.deepEqual(await substrate.jobs?.observe('c-1', job), { phase: 'running' })
  // Its client continues without this server.
  await substrate.close()
  const later = local.open()
  await untilJob(later, () => existsSync(join(directory, 'starts')))
  await later.jobs?.start('c-1', job)
  end(0)
  assert.deepEqual(await untilJob(later, hasEnded), { phase: 'done' })
  await later.jobs?.start('c-1', job)
  assert.equal(readFileSync(join(directory, 'starts'), 'utf8'), 'started\n')
})

test('what its client says and what became of what it has begun both decide', async (t) => {
  const { substrate, applications, end } = await opened(t)
  await substrate.jobs?.start('c-1', job)
  const { finishedMs: _none, ...unfinished } = sampleApplication
  applications.push({ ...unfinished, id: 'application_1' })
  const seen = await untilJob(substrate, (each) => each?.application !== undefined)
  assert.deepEqual(seen, { phase: 'running', application: 'application_1' })
  end(0)
  applications.splice(0, 1, { id: 'application_1', finalState: 'FAILED' })
  const failed = await untilJob(substrate, hasEnded)
  assert.deepEqual(failed, { phase: 'failed', application: 'application_1' })
})

test('a client that fails fails its job; one that is killed does not, if what it has begun succeeds', async (t) => {
  const { substrate, directory, end } = await opened(t)
  await substrate.jobs?.start('c-1', job)
  end(3)
  assert.deepEqual(await untilJob(substrate, hasEnded), { phase: 'failed' })

  const other = await opened(t)
  await other.substrate.jobs?.start('c-1', job)
  await untilJob(other.substrate, () => existsSync(join(other.directory, 'starts')))
  for (const { pid } of startedFor(other.directory)) kill(pid)
  assert.deepEqual(await untilJob(other.substrate, hasEnded), { phase: 'failed' })
  other.applications.push({ id: 'application_2' })
  const done = await untilJob(other.substrate, (seen) => seen?.phase === 'done')
  assert.equal(done?.application, 'application_2')
  assert.notEqual(directory, other.directory)
})

test('the client of a job ends with its cluster', async (t) => {
  const { substrate, directory } = await opened(t)
  await substrate.jobs?.start('c-1', job)
  assert.ok(startedFor(directory).length > 0)
  await removedFrom(substrate, 'c-1')
  for (let look = 0; startedFor(directory).length > 0; look++) {
    assert.ok(look < 1_000)
    await pause(50)
  }
  assert.equal(existsSync(directory), false)
  assert.equal(substrate.jobs?.unmet('c-1', job), 'its cluster does not run')
})
