/** What is kept of a cluster when Kubernetes, or we, refuse what is wanted of it. */
interface Refusable {
  readonly changedMs: number
  readonly refused?: string
}

/** What runs continues as it was, where anything runs. */
export function refusedNote<Note extends Refusable>(
  was: Note | undefined,
  next: Note,
  refused: string,
): Note {
  const changedMs = was?.refused === refused ? was.changedMs : next.changedMs
  return was ? { ...was, changedMs, refused } : { ...next, refused }
}
