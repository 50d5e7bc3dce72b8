/** A test suite that is careless with its server: it starts one, says where it is, and ends without closing it, or waits to be killed. */
import { startEmrys } from '../../../src/testing/testing.ts'

const { url } = await startEmrys()
process.stdout.write(`${url}\n`)
if (process.argv[2] === 'wait') setInterval(() => {}, 1_000)
