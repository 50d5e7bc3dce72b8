/**
 * What the bench found, as a section of docs/performance.md between two marks: the machine, the date, the figures. A section that is there is
 * replaced by the one of this run, so that no figure of it was written by hand.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

const FILE = join(import.meta.dirname, '..', 'docs', 'performance.md')

/** Cells by the heading of their column. */
export type DocumentRow = Readonly<Record<string, string>>

export interface Section {
  /** In the marks. */
  readonly name: string
  readonly heading: string
  readonly command: string
  readonly rows: readonly DocumentRow[]
  readonly remarks?: readonly string[]
}

export function writeSection(section: Section, file = FILE): void {
  writeFileSync(file, withSection(readFileSync(file, 'utf8'), section.name, sectionText(section)))
  console.log(`docs/performance.md: ${section.heading}`)
}

/** The text with the section instead of the earlier one, or at the end. */
export function withSection(text: string, name: string, section: string): string {
  const [begin, end] = [`<!-- bench: ${name} -->`, `<!-- bench: end of ${name} -->`]
  const written = `${begin}\n\n${section}\n\n${end}`
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < 0) return `${text.trimEnd()}\n\n${written}\n`
  return text.slice(0, from) + written + text.slice(to + end.length)
}

export function sectionText({ heading, command, rows, remarks = [] }: Section): string {
  const columns = Object.keys(rows[0] ?? {})
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const table = [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => row[column] ?? ''))),
  ]
  const notes = remarks.map((remark) => `- ${remark}`)
  const parts = [`## ${heading}`, machineText(command), table.join('\n')]
  return [...parts, ...(notes.length === 0 ? [] : [notes.join('\n')])].join('\n\n')
}

function machineText(command: string): string {
  const [processor] = cpus()
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ')
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0)
  const settings = Object.entries(process.env)
    .filter(([name]) => name.startsWith('BENCH_') && name !== 'BENCH_DIR')
    .map(([name, value]) => `${name}=${value}`)
  const asked = [...settings, command].join(' ')
  return `Written by \`${asked}\` on ${date} UTC: Node ${process.versions.node}, ${cpus().length} cores (${processor?.model.trim() ?? 'unknown'}), ${gibibytes} GiB, load ${loadavg()[0]?.toFixed(1)} at the end. Medians of the rounds, and their least and most.`
}
