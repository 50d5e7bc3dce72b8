/** The layers above the base: Node, the packages that Emrys depends on, and Emrys. All of it is copied from the checkout; nothing is fetched. */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'

const NODE = '/usr/bin/node'
export const COMMAND = '/usr/bin/emrys'
const APPLICATION = 'opt/emrys'

export function makeNode(root: string, layer: string): void {
  mkdirSync(join(layer, 'usr/bin'), { recursive: true })
  const bin = join(root, 'node_modules/node/bin/node')
  if (!existsSync(bin)) throw new Error(`${bin} is missing: npm install brings it`)
  copyFileSync(bin, join(layer, NODE))
}

/** Of a package, what only people and compilers read. */
const UNREAD = /\.(d\.[cm]?ts|map|md|markdown)$/

/** Those that the lock file has for running, as far as they are for this platform. */
export function makeDependencies(root: string, layer: string): void {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>
  }
  const paths = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true && existsSync(join(root, path)))
    .map(([path]) => path)
    // Types alone.
    .filter((path) => !path.startsWith('node_modules/@types/'))
  for (const path of paths)
    cpSync(join(root, path), join(layer, APPLICATION, path), {
      recursive: true,
      dereference: true,
      filter: (source) => !UNREAD.test(source) && basename(source) !== 'node_modules',
    })
}

export function makeApplication(root: string, dist: string, layer: string): void {
  const to = join(layer, APPLICATION)
  mkdirSync(join(layer, 'usr/bin'), { recursive: true })
  for (const name of ['src', 'engines', 'part', 'console', 'LICENSES.txt'])
    cpSync(join(dist, name), join(to, 'dist', name), {
      recursive: true,
      filter: (source) => !source.endsWith('.map'),
    })
  for (const file of ['package.json', 'LICENSE']) copyFileSync(join(root, file), join(to, file))
  // There is no shell, and no `env`: the kernel starts it by its first line.
  const text = `#!${NODE}\nimport '/${APPLICATION}/dist/src/cli/start.js'\n`
  writeFileSync(join(layer, COMMAND), text)
  chmodSync(join(layer, COMMAND), 0o755)
}
