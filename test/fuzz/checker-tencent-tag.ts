/** Tags by the documents (reference: tencent-emr.md 2.3 Tag). */
import { asRecord, list, text, type CheckedRecord } from './checker-tencent-type.ts'
import type { Fields } from './verdict.ts'

export function checkTags(fields: Fields, read: CheckedRecord, most: number): void {
  const { notes: it, at } = read
  const tags = list(fields, 'Tags', read, false) ?? []
  if (tags.length > most) it.wrong(`${at}${tags.length} tags`)
  const seen = new Set<string>()
  for (const [index, tag] of tags.entries()) {
    const inner = asRecord(tag, `${at}Tags.${index}`, { read, members: ['TagKey', 'TagValue'] })
    if (!inner) {
      it.wrong(`${at}Tags.${index} is no tag`)
      continue
    }
    const key = text(inner.fields, 'TagKey', inner.read, true)
    const value = text(inner.fields, 'TagValue', inner.read, false)
    if (key === undefined) continue
    if (seen.has(key)) it.wrong(`${at}tag ${key} twice`)
    seen.add(key)
    checkWord(key, { read: inner.read, most: 255, least: 1 })
    if (value !== undefined) checkWord(value, { read: inner.read, most: 127, least: 0 })
    if (/^(qcloud|tencent|project)/.test(key)) it.wrong(`tag ${key} is reserved`)
    else if (/^(qcloud|tencent|project)/i.test(key)) it.open('a reserved word in capitals')
  }
}

interface Word {
  readonly read: CheckedRecord
  readonly most: number
  readonly least: number
}

/** Letters, digits and a few signs; the tag service takes a few more than EMR's page says. */
function checkWord(word: string, { read, most, least }: Word): void {
  const length = [...word].length
  if (length < least || length > most) read.notes.wrong(`${read.at}a word of ${length}`)
  if (/^[\p{L}\p{N}+=.@-]*$/u.test(word)) return
  if (/^[\p{L}\p{N}+=.@\-_:/()[\] ]*$/u.test(word)) read.notes.open(`${read.at}other signs`)
  else read.notes.wrong(`${read.at}forbidden signs`)
}
