/** The little Markdown that generated pages need. */

export function page(title: string, ...parts: readonly string[]): string {
  const note = '<!-- Made by `npm run docs` from the source; a test compares. Do not edit. -->'
  return [`# ${title}`, note, ...parts].join('\n\n').concat('\n')
}

export function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(titles), `|${' --- |'.repeat(titles.length)}`, ...rows.map(line)].join('\n')
}

export function code(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('`', "'")}\``
}

/** A cell ends at a bar and at a line end, and would take angle brackets for HTML. */
function cell(text: string): string {
  return text
    .replaceAll('|', String.raw`\|`)
    .replaceAll(/\s+/g, ' ')
    .replaceAll('<', '&lt;')
}
