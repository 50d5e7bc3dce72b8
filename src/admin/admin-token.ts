/**
 * The admin token: who can read its file administers the server, which is the server's own user and root. It is made on the first
 * start, kept over restarts, and recreated by a start that finds none. It is never seeded, shown or logged.
 */
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { equalText } from '../kernel/digest.ts'
import type { DataDirectory } from '../store/data-directory.ts'
import { writeWhole } from '../store/whole-file.ts'

export interface AdminToken {
  /** Where whoever may administer reads it. */
  readonly file: string
  readonly text: string
}

/** In the data directory. */
export const ADMIN_TOKEN_FILE = 'admin-token'

/** 32 bytes in base64url. */
const FORM = /^[\w-]{43}$/

export function isAdminToken(text: string): boolean {
  return FORM.test(text)
}

/** Throws when the directory takes no file. */
export function keptAdminToken(directory: Pick<DataDirectory, 'file' | 'kept'>): AdminToken {
  const kept = directory.kept(ADMIN_TOKEN_FILE)?.trim() ?? ''
  const text = isAdminToken(kept) ? kept : randomBytes(32).toString('base64url')
  // Written by every start: a file that was given another mode is a private one again.
  const file = directory.file(ADMIN_TOKEN_FILE)
  writeWhole(file, Buffer.from(`${text}\n`))
  return { file: resolve(file), text }
}

/** Whether an `Authorization` header carries it (RFC 6750). */
export function carriesToken(authorization: string | undefined, { text }: AdminToken): boolean {
  const sent = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  return sent !== undefined && equalText(sent, text)
}
