/**
 * A row of the table of the founding documents: a name as its document spells it, one sentence about what it does here, where
 * that is to be seen, and a check that proves exactly that sentence over the wire. A parameter is shown by its effect: that it
 * is accepted shows nothing.
 */
import type { TestContext } from 'node:test'
import type { Cloud } from '../support/fixture/cloud.ts'
import type { CloudEnvironment } from '../support/fixture/environment-cloud.ts'

export interface Row<Stage> {
  readonly name: string
  readonly does: string
  /** An action and its field, an answer, or a page under `/_emrys/`. */
  readonly seen: string
  /** A server of its own with this environment; rows without one share a server. */
  readonly environment?: CloudEnvironment | ((t: TestContext) => Promise<Cloud>)
  show(it: Stage): Promise<unknown>
}

/** Rows of one file, which the page names as the test that showed them. */
export interface Area<Stage> {
  readonly file: string
  readonly rows: readonly Row<Stage>[]
}

export interface FoundingDocument<Stage> {
  readonly title: string
  readonly sections: readonly {
    readonly title: string
    /** Every name that the document has; each needs a row, and no row may have another. */
    readonly names: readonly string[]
    readonly areas: readonly Area<Stage>[]
  }[]
  stage(cloud: Cloud, t: TestContext): Stage
}

export function rowsOf<Stage>(section: {
  readonly areas: readonly Area<Stage>[]
}): readonly (Row<Stage> & { readonly file: string })[] {
  return section.areas.flatMap(({ file, rows }) => rows.map((row) => ({ ...row, file })))
}
