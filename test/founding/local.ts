/**
 * What becomes of a parameter where the cluster really runs on this machine: a row beside the table of its document. What has an effect
 * there, or is refused by name, is shown by the row itself or by a test that knows it by its name.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface LocalRow<Stage> {
  /** All that go the same way. */
  readonly names: string
  /** `server`: done by the server, whatever runs the cluster. `shown`: kept and shown, as its row in the table above proves, without an effect here. */
  readonly kind: 'effect' | 'refused' | 'shown' | 'server'
  readonly does: string
  /** Tests below `test` that show it. */
  readonly by?: readonly string[]
  /** What these know it by, where that is not the last part of its name. */
  readonly as?: string
  show?(it: Stage): Promise<unknown>
}

export function namesIn({ names }: Pick<LocalRow<never>, 'names'>): readonly string[] {
  return names.trim().split(/\s+/)
}

const TESTS = resolve(import.meta.dirname, '..')

/** Throws when nothing shows what it says. */
export function requireShown<Stage>(row: LocalRow<Stage>): void {
  if (row.kind === 'shown' || row.kind === 'server') return
  assert.ok(row.show || (row.by?.length ?? 0) > 0, `${row.names}: nothing shows it`)
  const texts = (row.by ?? []).map((path) => readFileSync(join(TESTS, `${path}.test.ts`), 'utf8'))
  if (texts.length === 0) return
  for (const name of namesIn(row)) {
    const word = row.as ?? name.replace(/\.N$/, '').split('.').at(-1) ?? name
    assert.ok(
      texts.some((text) => text.includes(word)),
      `${name}: no test of ${row.by?.join(', ')} has ${word}`,
    )
  }
}
