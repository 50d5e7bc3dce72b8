/**
 * The table that cannot lie: every name of the founding documents has a row, every row is proved over the wire by the vendor's
 * own client, and docs/generated/founding-documents.md is what this run proved (`npm run docs` writes it, by running this).
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test, type TestContext } from 'node:test'
import { code, page, tableOf } from '../../scripts/docs/markdown.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { environmentCloud } from '../support/fixture/environment-cloud.ts'
import { alibabaDocument } from './alibaba-document.ts'
import { rowsOf, type FoundingDocument, type Row } from './row.ts'
import { alibabaLocal, engineStage } from './alibaba-local.ts'
import * as alibabaNames from './alibaba-names.ts'
import { namesIn, requireShown, type LocalRow } from './local.ts'
import { tencentLocal } from './tencent-local.ts'
import * as tencentNames from './tencent-names.ts'
import { tencentStage } from './tencent-stage.ts'
import { tencentDocument } from './tencent-document.ts'

const PAGE = join(resolve(import.meta.dirname, '../..'), 'docs/generated/founding-documents.md')
const shown = new Set<unknown>()

holds(tencentDocument)
holds(alibabaDocument)

const tencentNamesHere = [...tencentNames.parameters, ...tencentNames.resourceParameters]
const alibabaNamesHere = [...alibabaNames.parameters, ...alibabaNames.groupParameters]
holdsHere(tencentDocument.title, tencentNamesHere, {
  rows: tencentLocal,
  stage: async (t) => tencentStage(await startCloud(t), t),
})
holdsHere(alibabaDocument.title, alibabaNamesHere, { rows: alibabaLocal, stage: engineStage })

test('the document of Tencent Cloud has 67 error codes', () => {
  assert.equal(tencentNames.errorCodes.length, 67)
  assert.equal(new Set(tencentNames.errorCodes).size, 67)
})

test('the page says what this run has shown', () => {
  const sections = [
    ...sectionsOf(tencentDocument),
    sectionHere(tencentNamesHere, tencentLocal),
    ...sectionsOf(alibabaDocument),
    sectionHere(alibabaNamesHere, alibabaLocal),
  ]
  const text = page('The founding documents', INTRODUCTION, ...sections)
  if (process.env['EMRYS_DOCS'] === 'write') {
    const open = [
      ...notShown(tencentDocument),
      ...notShown(alibabaDocument),
      ...[...tencentLocal, ...alibabaLocal]
        .filter((row) => !shown.has(row))
        .map(({ names }) => names),
    ]
    assert.deepEqual(open, [], 'the page is written only when every row was shown')
    return writeFileSync(PAGE, text)
  }
  assert.ok(readFileSync(PAGE, 'utf8') === text, 'it is old; run `npm run docs`')
})

const INTRODUCTION =
  'Emrys was founded on two documents. This is every name in them: what it does here, where that is to be seen, and the test in `test/founding` that showed it in the run that wrote this page, by the official client of its cloud. A name without a row and a row that is not shown fail the build. For each parameter a second table says what becomes of it where the cluster really runs on this machine.'

function holds<Stage>(document: FoundingDocument<Stage>): void {
  for (const section of document.sections) {
    const title = `${document.title}, ${section.title}`
    const rows = rowsOf(section)

    test(`${title}: every name has one row, and every row a name`, () => {
      assert.deepEqual(rows.map(({ name }) => name).toSorted(), section.names.toSorted())
    })

    test(title, async (t) => {
      const shared = await startCloud(t)
      for (const row of rows)
        await t.test(`${row.name}: ${row.does}`, async (inner) => {
          const cloud = row.environment ? await cloudOf(inner, row.environment) : shared
          await row.show(document.stage(cloud, inner))
          shown.add(row.show)
        })
    })
  }
}

interface Here<Stage> {
  readonly rows: readonly LocalRow<Stage>[]
  stage(t: TestContext): Promise<Stage>
}

/** What becomes of each parameter where clusters run on this machine. */
function holdsHere<Stage>(title: string, names: readonly string[], { rows, stage }: Here<Stage>) {
  test(`${title}: every parameter has one row of what becomes of it on this machine`, () => {
    assert.deepEqual(rows.flatMap(namesIn).toSorted(), names.toSorted())
  })

  test(`${title}, on this machine`, async (t) => {
    const it = await stage(t)
    for (const row of rows)
      await t.test(`${row.names}: ${row.does}`, async () => {
        requireShown(row)
        await row.show?.(it)
        shown.add(row)
      })
  })
}

function sectionHere<Stage>(names: readonly string[], rows: readonly LocalRow<Stage>[]): string {
  const cells = names.flatMap((name) => {
    const row = rows.find((each) => namesIn(each).includes(name) && shown.has(each))
    return row ? [[code(name), KINDS[row.kind], row.does, byOf(row).map(code).join(', ')]] : []
  })
  const table = tableOf(['Name', 'On this machine', 'What it does there', 'Shown by'], cells)
  return `### Parameters on this machine\n\n${table}`
}

const KINDS = {
  effect: 'has its effect',
  refused: 'refused by name',
  shown: 'shown only',
  server: 'as everywhere',
} as const

function byOf<Stage>({ by = [], show }: LocalRow<Stage>): readonly string[] {
  return [...(show ? ['founding'] : []), ...by]
}

function cloudOf(t: TestContext, environment: NonNullable<Row<unknown>['environment']>) {
  return typeof environment === 'function' ? environment(t) : environmentCloud(t, environment)
}

function notShown<Stage>(document: FoundingDocument<Stage>): readonly string[] {
  const rows = document.sections.flatMap((section) => rowsOf(section))
  return rows.filter(({ show }) => !shown.has(show)).map(({ name }) => name)
}

/** In the order of the names; what was not shown is left out, so that the page of a failing run differs. */
function sectionsOf<Stage>(document: FoundingDocument<Stage>): readonly string[] {
  const sections = document.sections.map((section) => {
    const rows = rowsOf(section).filter(({ show }) => shown.has(show))
    const ordered = rows.toSorted(
      (one, other) => section.names.indexOf(one.name) - section.names.indexOf(other.name),
    )
    const cells = ordered.map(({ name, does, seen, file }) => [code(name), does, seen, code(file)])
    const table = tableOf(['Name', 'What it does here', 'Where it is seen', 'Shown by'], cells)
    return `### ${section.title}\n\n${table}`
  })
  return [`## ${document.title}`, ...sections]
}
