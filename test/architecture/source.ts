/** The source files as the architecture tests see them. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

export interface SourceFile {
  /** From the root of its tree, e.g. `store/sqlite/store.ts`. */
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
  /** Relative imports, resolved from the root of the tree; those that leave it begin with `..`. */
  readonly imports: readonly string[]
}

export function sourceFiles(
  tree: 'src' | 'engines' | 'test' | 'scripts' | 'bench',
): readonly SourceFile[] {
  const root = join(ROOT, tree)
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(
        (match) => match[1] ?? '',
      )
      const imports = found.map((target) => relative(root, resolve(root, dirname(path), target)))
      return { path, text, lines: text.split('\n'), imports }
    })
}
