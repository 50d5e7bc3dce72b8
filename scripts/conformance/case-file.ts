/**
 * Case files of StarRocks' SQL suite (its R files): cases that begin with `-- name:`, statements that end with `;`, each perhaps
 * with a recorded result. The rules of its reader, in so far as they decide where a statement ends, are in the suite's README.
 */
export interface Step {
  readonly kind: 'sql' | 'shell' | 'function' | 'block'
  readonly text: string
  /** What was recorded; empty says no more than "no error". */
  readonly expected: string
  /** `[UC]`: run, not compared. */
  readonly unchecked: boolean
  /** `[ORDER]`: rows in this order. */
  readonly ordered: boolean
  /** `name=statement`: the result is kept for later statements. */
  readonly variable?: string
}

export interface Case {
  readonly name: string
  readonly tags: readonly string[]
  readonly steps: readonly Step[]
}

export function parseCaseFile(text: string): readonly Case[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  const cases: { name: string; tags: string[]; steps: Step[] }[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] ?? ''
    if (line.startsWith(NAME)) {
      const name = /name: ([A-Za-z0-9_-]+)/.exec(line)?.[1] ?? '?'
      cases.push({
        name,
        tags: [...line.matchAll(/@([\w-]+)/g)].map((tag) => tag[1] ?? ''),
        steps: [],
      })
      at++
      continue
    }
    if (line.trim() === '' || line.startsWith('--')) {
      at++
      continue
    }
    const read = /^(LOOP|CONCURRENCY)\s*\{/.test(line) ? readBlock(lines, at) : readStep(lines, at)
    cases.at(-1)?.steps.push(read.step)
    at = read.next
  }
  return cases.filter((each) => each.steps.length > 0)
}

const NAME = '-- name: '

interface Read {
  readonly step: Step
  readonly next: number
}

function readStep(lines: readonly string[], start: number): Read {
  const first = lines[start] ?? ''
  const command = [first]
  let at = start + 1
  const bare = first.replace(/^\[UC\]/, '')
  if (!/^(shell|function): /.test(bare) && !bare.endsWith(';')) {
    for (; at < lines.length; at++) {
      const line = lines[at] ?? ''
      if (line.startsWith('--')) continue
      command.push(line)
      if (line.endsWith(';')) {
        at++
        break
      }
    }
  }
  const expected: string[] = []
  if (lines[at]?.trimStart().startsWith('-- result:')) {
    for (at++; at < lines.length && !lines[at]?.startsWith('-- !result'); at++)
      expected.push(lines[at] ?? '')
    at++
  }
  return { step: stepOf(command.join('\n'), expected.join('\n')), next: at }
}

/** A loop or several clients at once: kept as one step, which says what it is. */
function readBlock(lines: readonly string[], start: number): Read {
  let at = start
  while (at < lines.length && !/^\s*\}\s*END (LOOP|CONCURRENCY)/.test(lines[at] ?? '')) at++
  const text = lines.slice(start, at + 1).join('\n')
  return {
    step: { kind: 'block', text, expected: '', unchecked: false, ordered: false },
    next: at + 1,
  }
}

function stepOf(command: string, expected: string): Step {
  let text = command
  const take = (flag: string): boolean => {
    if (!text.startsWith(flag)) return false
    text = text.slice(flag.length)
    return true
  }
  const unchecked = take('[UC]')
  const kind = take('shell: ') ? 'shell' : take('function: ') ? 'function' : 'sql'
  const ordered = kind === 'sql' && take('[ORDER]')
  const variable = /^([A-Za-z0-9_-]+)=/.exec(text)?.[1]
  if (variable !== undefined) take(`${variable}=`)
  return { kind, text, expected, unchecked, ordered, ...(variable !== undefined && { variable }) }
}
