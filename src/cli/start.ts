#!/usr/bin/env node
/**
 * What the installed `emrys` begins with: a Node that is too old is refused before anything is loaded that needs a newer one. The
 * floor is that of package.json, which npm warns of. What Node compiles it keeps for the next start, where it may write.
 */
import module from 'node:module'
import { join } from 'node:path'
import { isCheckout, userCache } from '../kernel/place.ts'
import { tooOld } from './node-version.ts'

const problem = tooOld(process.versions.node)
if (problem === undefined) {
  // Not in Node's own place below /tmp, where others could lay something ready for us.
  module.enableCompileCache(join(userCache(), 'compiled'))
  if (isCheckout) (await import('./source-import.ts')).findSourcesByName()
  await import('./main.ts')
} else {
  process.stderr.write(`emrys: ${problem}\n`)
  process.exitCode = 1
}
