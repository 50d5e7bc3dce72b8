/** Every setting, from its declaration. */
import { settings } from '../../src/config/setting.ts'
import { code, page, tableOf } from './markdown.ts'

export function configPage(): string {
  return page(
    'Settings',
    'Flags of `emrys serve` win over the environment, the environment wins over the file that `--config` (or `EMRYS_CONFIG`) names. A setting `a.b` is `a: { b: … }` in the file. `emrys config` shows what is in force in a running server and where it came from; `emrys config --local` what one would run with that was started here.',
    tableOf(
      ['Setting', 'Default', 'What it does', 'Flag', 'Environment'],
      settings.map((it) => [
        code(it.name),
        // The default folder depends on who runs the server and where.
        code(it.name === 'data-dir' ? '$XDG_DATA_HOME/emrys or ~/.local/share/emrys' : it.default),
        it.description,
        code(it.flag ?? ''),
        code(it.env),
      ]),
    ),
  )
}
