/** Reads long JSON texts in a thread of its own (src/kernel/work-thread.ts): `JSON.parse` takes a text in one piece, and others would wait for it. */
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../../../src/kernel/clock.ts'
import { programFile } from '../../../../src/kernel/place.ts'
import { workThread, type StartedThread } from '../../../../src/kernel/work-thread.ts'
import { ThreadEnd, nextMessage, type Asker } from '../thread/thread-end.ts'
import type { JsonRow, JsonRowOptions } from './json-row.ts'
import type { SentQuery } from './query-body.ts'

export interface JsonThread {
  /** As `jsonRows` reads it. */
  row(text: Buffer, options: JsonRowOptions, asker: Asker): Promise<JsonRow>
  /** As `readQueryBody` does. */
  queryBody(text: Buffer, asker: Asker): Promise<SentQuery>
  stop(): Promise<void>
}

/** Texts from here on, in bytes, are read by the thread: shorter ones take milliseconds, and handing them over would too. */
export const LONG_JSON = 65_536

export type JsonJob = { readonly text: Uint8Array<ArrayBuffer> } & (
  | { readonly kind: 'row'; readonly options: JsonRowOptions }
  | { readonly kind: 'query body' }
)

export function jsonThread(clock: Clock): JsonThread {
  const thread = workThread(clock, startThread)
  // What comes back is what the function of that name answered in the thread.
  return {
    row: async (text, options, asker) =>
      (await thread.run(asker, (running) =>
        running.read({ kind: 'row', text: new Uint8Array(text), options }),
      )) as JsonRow,
    queryBody: async (text, asker) =>
      (await thread.run(asker, (running) =>
        running.read({ kind: 'query body', text: new Uint8Array(text) }),
      )) as SentQuery,
    stop: thread.stop,
  }
}

interface RunningThread extends StartedThread {
  read(job: JsonJob): Promise<unknown>
}

const PROGRAM = programFile('engines/starrocks/src/wire-http/json-worker')

/** Of the thread's own heap: the longest row takes less, whatever it is made of. */
const HEAP_MB = 1024
/** Node keeps 192 KiB of it, and leaves as much as the thread has that reads short rows: a row's depth is bounded alike. */
const STACK_MB = 1.15

function startThread(): RunningThread {
  const worker = new Worker(PROGRAM, {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, stackSizeMb: STACK_MB },
  })
  let hasEnded = false
  const end = async (): Promise<void> => {
    hasEnded = true
    await worker.terminate()
  }
  return {
    get hasEnded() {
      return hasEnded
    },
    end,
    async read(job) {
      try {
        const answer = nextMessage(worker, { what: 'JSON' })
        worker.postMessage(job, [job.text.buffer])
        return await answer
      } catch (error) {
        if (!(error instanceof ThreadEnd)) throw error
        await end()
        throw error.reason
      }
    },
  }
}
