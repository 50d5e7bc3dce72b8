/** The programs as the published package has them. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildPrograms } from '../scripts/build/program.ts'

const ROOT = join(import.meta.dirname, '..')

export interface BuiltPackage {
  /** Of StarRocks' engine. */
  readonly engine: string
  /** Of the command. */
  readonly command: string
}

/** In a new folder, below this checkout for the packages that it needs: where its programs are. */
export async function builtPackage(folder: string): Promise<BuiltPackage> {
  mkdirSync(folder, { recursive: true })
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  await buildPrograms(ROOT, join(folder, 'dist'))
  const dist = (program: string) => join(folder, 'dist', program)
  return { engine: dist('engines/starrocks/src/main.js'), command: dist('src/cli/start.js') }
}
