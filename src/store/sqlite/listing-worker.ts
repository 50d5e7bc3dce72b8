/** The thread of long listings: what the statements of one find, all of one committed state. */
import { parentPort, workerData } from 'node:worker_threads'
import { connect } from './connection.ts'
import type { Found, LongListing, ThreadOptions } from './listing-thread.ts'

const { file } = workerData as ThreadOptions
const connection = connect(file, { readOnly: true })

parentPort?.on('message', (listing: LongListing) => parentPort?.postMessage(find(listing), []))

function find({ page, total }: LongListing): Found {
  connection.exec('begin')
  try {
    const rows = connection.all(page.sql, page.values)
    return { rows, total: Number(connection.first(total.sql, total.values)?.['total']) }
  } catch (problem) {
    return { problem: problem instanceof Error ? problem.message : String(problem) }
  } finally {
    connection.exec('commit')
  }
}
