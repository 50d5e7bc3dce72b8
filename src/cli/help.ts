/**
 * Help that fits the terminal. Commander leaves what stands beside long options, and every text after its own, as wide as it is: sentences are
 * wrapped here, and an explanation that has too little room beside what it explains goes below it. What people copy is never broken.
 */

/** Less is no room for a sentence. */
const ROOM_MIN = 40
const BELOW = 6
const GAP = 2
/** A line that begins further right continues what stands above it. */
const CONTINUED_FROM = 8

export function fittedHelp(text: string, width: number): string {
  const blocks: string[][] = []
  for (const line of text.split('\n')) {
    const block = blocks.at(-1)
    if (block && kindOf(block[0] ?? '') === kindOf(line)) block.push(line)
    else blocks.push([line])
  }
  return blocks.flatMap((block) => fittedBlock(block, width)).join('\n')
}

type Kind = 'blank' | 'prose' | 'items'

function kindOf(line: string): Kind {
  if (line.trim() === '') return 'blank'
  return line.startsWith('  ') ? 'items' : 'prose'
}

function fittedBlock(block: readonly string[], width: number): readonly string[] {
  if (block.every((line) => line.length <= width)) return block
  return kindOf(block[0] ?? '') === 'items'
    ? fittedItems(block, width)
    : wrapped(block.join(' '), width)
}

/** Something to type, and what it does. */
interface Item {
  readonly term: string
  text: string
}

/** All of a block are laid out alike. */
function fittedItems(block: readonly string[], width: number): readonly string[] {
  const items: Item[] = []
  for (const line of block) {
    const last = items.at(-1)
    const isContinued =
      last !== undefined && line.length - line.trimStart().length >= CONTINUED_FROM
    if (isContinued) last.text = [last.text, line.trim()].filter((part) => part !== '').join(' ')
    else items.push(itemOf(line))
  }
  const terms = items.filter(({ text }) => text !== '').map(({ term }) => term.length)
  const column = Math.max(0, ...terms) + GAP
  const isBelow = width - column < ROOM_MIN
  return items.flatMap(({ term, text }) => {
    if (text === '') return [term]
    if (isBelow) return [term, ...indented(wrapped(text, width - BELOW), BELOW)]
    const [first = '', ...more] = wrapped(text, width - column)
    return [`${term.padEnd(column)}${first}`, ...indented(more, column)]
  })
}

function itemOf(line: string): Item {
  const [, term = '', text = ''] = /^( +\S+(?: \S+)*)(?: {2,}(.*))?$/.exec(line) ?? []
  return { term, text }
}

const indented = (lines: readonly string[], by: number) =>
  lines.map((line) => ' '.repeat(by) + line)

/** A word that is wider than a line stays whole. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(/ +/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
