/**
 * The figures of engines beside the server's own, in one page of Prometheus' text form: a family is declared once, its samples of
 * every engine below each other, each with the label `cluster`. `emrys_engine_up` says which engines answered.
 */

/** `pages` is each engine's own page by cluster, empty for one that did not answer. */
export function withEngines(own: string, pages: ReadonlyMap<string, string>): string {
  const families = new Map<string, Family>()
  gather(own, families)
  if (pages.size > 0) gather(upPage(pages), families)
  for (const [cluster, text] of pages) gather(text, families, cluster)
  return [...families.values()]
    .map(({ head, samples }) => [...head.values(), ...samples.values()].join('\n'))
    .join('\n\n')
    .concat('\n')
}

interface Family {
  /** The HELP and TYPE lines: the first ones read. */
  readonly head: Map<string, string>
  /** By series, so that none appears twice. */
  readonly samples: Map<string, string>
}

function upPage(pages: ReadonlyMap<string, string>): string {
  const lines = [...pages].map(
    ([cluster, text]) => `emrys_engine_up{cluster="${cluster}"} ${text === '' ? 0 : 1}`,
  )
  return [
    '# HELP emrys_engine_up Whether an engine on this machine reported its figures in time.',
    '# TYPE emrys_engine_up gauge',
    ...lines,
  ].join('\n')
}

/** Lines that are none of the form are left out: one strange engine must not spoil the page. */
function gather(text: string, families: Map<string, Family>, cluster?: string): void {
  let current = ''
  for (const line of text.split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) /.exec(line)
    if (comment) {
      const [, kind = '', name = ''] = comment
      current = name
      const { head } = familyOf(families, name)
      if (!head.has(kind)) head.set(kind, line)
      continue
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)( -?\d+)?$/.exec(line)
    if (!sample) continue
    const [, name = '', given = '', value = ''] = sample
    const label = cluster === undefined ? '' : `cluster="${cluster}"`
    const labels = [label, given].filter((each) => each !== '').join(',')
    const series = labels === '' ? name : `${name}{${labels}}`
    // `x_bucket` and `x_sum` belong to the histogram `x` that they stand below.
    const { samples } = familyOf(families, name.startsWith(current) ? current : name)
    if (!samples.has(series)) samples.set(series, `${series} ${value}`)
  }
}

function familyOf(families: Map<string, Family>, name: string): Family {
  const known = families.get(name)
  if (known) return known
  const made: Family = { head: new Map(), samples: new Map() }
  families.set(name, made)
  return made
}
