/** The programs as the published package has them. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildPrograms } from '../scripts/build/program.ts'

const ROOT = join(import.meta.dirname, '..')

/** In a new folder, below this checkout for the packages that it needs: the place of the program of StarRocks' engine. */
export async function builtEngine(folder: string): Promise<string> {
  mkdirSync(folder)
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  await buildPrograms(ROOT, join(folder, 'dist'))
  return join(folder, 'dist/engines/starrocks/src/main.js')
}
