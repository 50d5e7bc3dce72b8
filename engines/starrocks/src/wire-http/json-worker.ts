/** The thread: reads one long JSON text after the other. */
import { parentPort } from 'node:worker_threads'
import { jsonRows } from './json-row.ts'
import type { JsonJob } from './json-thread.ts'
import { readQueryBody } from './query-body.ts'

parentPort?.on('message', (job: JsonJob) => {
  const text = Buffer.from(job.text.buffer)
  const read = job.kind === 'row' ? jsonRows(job.options)(text) : readQueryBody(text)
  parentPort?.postMessage(read, [])
})
