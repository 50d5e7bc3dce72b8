#!/usr/bin/env node
/**
 * What the installed `emrys` begins with: a Node that is too old is refused before anything is loaded that needs a newer one. The
 * floor is that of package.json, which npm warns of.
 */
import { tooOld } from './node-version.ts'

const problem = tooOld(process.versions.node)
if (problem === undefined) await import('./main.ts')
else {
  process.stderr.write(`emrys: ${problem}\n`)
  process.exitCode = 1
}
