/**
 * The process in which test files run, one after the other, as its parent names them. A file has all that it would have in a
 * process of its own: its own root of tests and hooks, and it is over only once nothing is left that keeps a process alive. What
 * it must leave as it found it is in `process-state.ts`.
 */
import { createHook, type AsyncHook } from 'node:async_hooks'
import { once } from 'node:events'
import { relative } from 'node:path'
import { run, type EventData } from 'node:test'
import { inspect } from 'node:util'
import { changesOf, processState } from './process-state.ts'
import { processorMs } from './processor-time.ts'

export interface FileJob {
  readonly file: string
  /** Whether other files run in this process. */
  readonly shared: boolean
  /** What a file leaves keeps its process alive: after this long without a test it is said, and the process ended. */
  readonly leftMsMax: number
}

export interface Result {
  readonly kind: 'result'
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly name: string
  readonly place: string
  /** Of a failed one. */
  readonly cause?: string
}

export type Message =
  | { readonly kind: 'begun' | 'over'; readonly id: number; readonly name: string }
  | Result
  /** The file did something that no single test answers for. */
  | { readonly kind: 'fault'; readonly cause: string }
  /** Processor time since the file before it ended; the first one's has the start of the process in it. */
  | { readonly kind: 'end'; readonly processorMs: number }

type Tested = EventData.TestPass | EventData.TestFail
type Failure = EventData.TestFail['details']['error']

const root = process.cwd()
const channel = process.channel!
const STRAY = ['uncaughtException', 'unhandledRejection'] as const
let spentMs = 0
// Tests replace timers.
const { setTimeout: later, clearTimeout: cancel } = globalThis
// Node sets it with the first file, and it would look like a change.
process.env['NODE_TEST_WORKER_ID'] = '1'

// Each file's tests hang on the asynchronous context in which it is begun, so it is begun by its message and by nothing else.
process.on('message', (job: FileJob) => void runFile(job))

async function runFile({ file, shared, leftMsMax }: FileJob): Promise<void> {
  const before = processState()
  const { made: stream, hooks } = withHooksOf(() =>
    run({ files: [file], isolation: 'none', cwd: root }),
  )
  const running = new Map<number, string>()
  const errors: string[] = []
  let results = 0
  let left: NodeJS.Timeout | undefined
  stream.on('test:dequeue', ({ testId, name }) => {
    cancel(left)
    for (const hook of hooks.splice(0)) hook.disable()
    running.set(testId, name)
    send({ kind: 'begun', id: testId, name })
  })
  stream.on('test:complete', ({ testId, name }) => {
    running.delete(testId)
    send({ kind: 'over', id: testId, name })
    cancel(left)
    if (running.size === 0) left = later(sayLeft, leftMsMax).unref()
  })
  for (const event of ['test:pass', 'test:fail'] as const) {
    stream.on(event, (test: Tested) => {
      results++
      if (test.details.type !== 'suite') send(resultOf(test))
    })
  }
  // An error outside of any test, after the end of one say, is reported here only.
  stream.on('test:diagnostic', ({ message }) => {
    if (message.startsWith('Error:')) errors.push(message)
  })
  // Nothing else is left: what has no hold on the process, such as a timer that was let go, may still come.
  const onIdle = () => {
    cancel(left)
    if (running.size > 0)
      left = later(() => end('nothing is left that it could wait for'), leftMsMax)
  }
  process.on('beforeExit', onIdle)
  // Whatever waits for it might wait for ever.
  const onStray = (error: unknown) => {
    if (running.size > 0) end(`an error that no test caught: ${textOf(error)}`)
  }
  for (const event of STRAY) process.on(event, onStray)
  // From here on the file alone keeps the process alive, and so its run ends with the last of what it started.
  channel.unref()
  stream.resume()
  await once(stream, 'end')
  channel.ref()
  cancel(left)
  process.off('beforeExit', onIdle)
  for (const event of STRAY) process.off(event, onStray)
  if (process.exitCode) errors.push(`exit code ${process.exitCode}`)
  process.exitCode = undefined
  if (results === 0) errors.push('its import has not ended')
  const changed = shared ? changesOf(before, processState()) : []
  if (changed.length > 0)
    errors.push(`it left changed, for the files after it: ${changed.join(', ')}`)
  for (const cause of errors) send({ kind: 'fault', cause })
  const totalMs = processorMs()
  send({ kind: 'end', processorMs: totalMs - spentMs })
  spentMs = totalMs
}

/**
 * Node's runner follows every promise, to know whose test declares another one or fails outside of what it awaits: a sixth of the
 * processor time of tests that work with promises. Files declare theirs while they are imported; afterwards the hooks are not needed.
 */
function withHooksOf<Made>(make: () => Made): { readonly made: Made; readonly hooks: AsyncHook[] } {
  const prototype = Object.getPrototypeOf(createHook({})) as AsyncHook
  const { enable } = prototype
  const hooks: AsyncHook[] = []
  prototype.enable = function (this: AsyncHook) {
    hooks.push(this)
    return enable.call(this)
  }
  try {
    return { made: make(), hooks }
  } finally {
    prototype.enable = enable
  }
}

function sayLeft(): void {
  end(`its tests are over, but it left running: ${process.getActiveResourcesInfo().join(', ')}`)
}

function end(cause: string): void {
  process.send!({ kind: 'fault', cause } satisfies Message, () => process.exit(1))
}

function resultOf(test: Tested): Result {
  const error = 'error' in test.details ? (test.details.error as Failure | undefined) : undefined
  const skipped = test.skip !== undefined || test.todo !== undefined
  return {
    kind: 'result',
    outcome: error !== undefined ? 'failed' : skipped ? 'skipped' : 'passed',
    name: test.name,
    place: `${relative(root, test.file ?? '')}:${test.line ?? 0}`,
    ...(error === undefined ? {} : { cause: causeOf(error) }),
  }
}

function causeOf(error: Failure): string {
  return textOf(error.cause ?? error)
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause)
}

function send(message: Message): void {
  // Whoever started this process may have ended.
  if (process.connected) process.send!(message)
}
