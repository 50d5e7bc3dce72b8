/**
 * The log of a volume in its object store. Who appends a record is the only one who has its number: a process that continues after another
 * one has begun finds its next number taken, and writes nothing more. The store has to refuse to write over an object; one that does not is
 * found at the start.
 */
import { StoreError, type ObjectFolder } from '../../../../src/kernel/object-folder.ts'
import {
  decodeRecord,
  encodeRecord,
  RECORD_BYTES,
  recordFolder,
  recordName,
  recordNumber,
  VolumeError,
  type LogRecord,
  type RecordHeader,
} from './log-record.ts'

/** What the records up to `last` say together. */
export interface VolumeState {
  readonly last: number
  readonly base: number
  readonly fileBytes: number
  /** The digest of each piece of the file, with the record that it came with. */
  readonly pieces: readonly { readonly digest: string; readonly record: number }[]
  /** Bytes of the write-ahead log, whole commits only. */
  readonly logBytes: number
}

export interface VolumeLog {
  /** Number of the last record, once it is taken over. */
  readonly last: number
  /** A new record, with the next number. Throws TakenOverError when another process has it. */
  append(record: {
    readonly header: Omit<RecordHeader, 'format' | 'number' | 'writer'>
    readonly bytes: Uint8Array
  }): Promise<void>
  /** The records from the base to the last one, one after the other. */
  read(base: number): AsyncIterable<LogRecord>
  /** The last record's header; undefined when there is none. */
  header(): Promise<RecordHeader | undefined>
  /** Removes the records before this one. */
  removeBefore(number: number): Promise<void>
}

/** Another process works with the volume now. */
class TakenOverError extends VolumeError {
  constructor() {
    super('another process has taken over the data of this instance')
    this.name = 'TakenOverError'
  }
}

/** Read side by side: they are small, as each is a commit or a few. */
const READ_AHEAD = 8

async function openVolumeLog(folder: ObjectFolder, writer: string): Promise<VolumeLog> {
  let numbers = await listNumbers(folder)
  let last = numbers.at(-1) ?? 0
  const get = async (number: number): Promise<LogRecord> => {
    const content = await folder.get(recordName(number), RECORD_BYTES)
    if (!content) throw new VolumeError(`record ${number} of the volume is missing`)
    return decodeRecord(content, number)
  }
  const isMine = async (record: LogRecord): Promise<boolean> => {
    const content = await folder.get(recordName(record.header.number), RECORD_BYTES)
    if (!content) throw new StoreError('the store says that an object is there, and has none')
    return content.equals(encodeRecord(record))
  }
  return {
    get last() {
      return last
    },
    async append({ header, bytes }) {
      const number = last + 1
      const record = { header: { format: 1, number, writer, ...header } as const, bytes }
      const isNew = await folder.putNew(recordName(number), encodeRecord(record))
      // An earlier try may have arrived whose answer did not.
      if (!isNew && !(await isMine(record))) throw new TakenOverError()
      last = number
      numbers.push(number)
    },
    async *read(base) {
      for (let at = base; at <= last; at += READ_AHEAD) {
        const count = Math.min(READ_AHEAD, last - at + 1)
        yield* await Promise.all(Array.from({ length: count }, (_, step) => get(at + step)))
      }
    },
    header: async () => (last === 0 ? undefined : (await get(last)).header),
    async removeBefore(number) {
      const old = numbers.filter((each) => each < number)
      for (const each of old) await folder.remove(recordName(each))
      numbers = numbers.filter((each) => each >= number)
    },
  }
}

async function listNumbers(folder: ObjectFolder): Promise<number[]> {
  const names = await folder.list(recordFolder)
  return names.flatMap((name) => recordNumber(name) ?? [])
}

/**
 * Takes the volume over with a record of its own, so that no other process writes from then on. Undefined when the volume is empty: the
 * base that begins it takes it over.
 */
export async function takeOver(
  folder: ObjectFolder,
  writer: string,
): Promise<{ readonly log: VolumeLog; readonly header: RecordHeader | undefined }> {
  await demandNoOverwriting(folder)
  for (;;) {
    const log = await openVolumeLog(folder, writer)
    const header = await log.header()
    if (!header) return { log, header }
    const { base, fileBytes, logEnd } = header
    try {
      await log.append({
        // What was begun and not brought to an end is cut off.
        header: { base, pieces: [], fileBytes, logFrom: logEnd, logEnd },
        bytes: new Uint8Array(),
      })
      return { log, header }
    } catch (error) {
      // Whoever had it has written again meanwhile.
      if (!(error instanceof TakenOverError)) throw error
    }
  }
}

/** Without this, two processes could both believe that they wrote last. */
async function demandNoOverwriting(folder: ObjectFolder): Promise<void> {
  const probe = 'probe'
  await folder.put(probe, new Uint8Array())
  if (await folder.putNew(probe, new Uint8Array()))
    throw new VolumeError('the store overwrites objects in spite of If-None-Match')
}

/** What the log says; `keep` gets the bytes of the write-ahead log, each with its place. */
export async function foldLog(
  log: VolumeLog,
  base: number,
  keep: (at: number, bytes: Uint8Array) => Promise<void>,
): Promise<VolumeState> {
  const pieces: { digest: string; record: number }[] = []
  let fileBytes = 0
  let logBytes = 0
  for await (const { header, bytes } of log.read(base)) {
    for (const [index, digest] of header.pieces) pieces[index] = { digest, record: header.number }
    fileBytes = header.fileBytes
    await keep(header.logFrom, bytes)
    logBytes = header.logEnd
  }
  return { last: log.last, base, fileBytes, pieces, logBytes }
}
