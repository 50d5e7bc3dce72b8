/** Every setting, from its declaration. */
import { settings } from '../../src/config/setting.ts'
import { code, page, tableOf } from './markdown.ts'

/** Default folders depend on who runs the server and where. */
const FOLDERS: Readonly<Record<string, string>> = {
  'data-dir': '$XDG_DATA_HOME/emrys or ~/.local/share/emrys',
  'engines.cache': '$XDG_CACHE_HOME/emrys or ~/.cache/emrys',
}

export function configPage(): string {
  return page(
    'Settings',
    'Flags of `emrys serve` win over the environment, the environment wins over the file that `--config` (or `EMRYS_CONFIG`) names. A setting `a.b` is `a: { b: … }` in the file. `emrys config` shows what is in force in a running server and where it came from; `emrys config --local` what one would run with that was started here.',
    tableOf(
      ['Setting', 'Default', 'What it does', 'Flag', 'Environment'],
      settings.map((it) => [
        code(it.name),
        code(FOLDERS[it.name] ?? it.default),
        it.description,
        code(it.flag ?? ''),
        code(it.env),
      ]),
    ),
  )
}
