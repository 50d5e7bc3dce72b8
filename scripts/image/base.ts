/**
 * The lowest layer: what Node and DuckDB need of a system. The C library, that of C++ and the authorities of the web come from Debian's
 * packages, whose index apt proves; no shell, no package manager. What they are is kept where scanners look (`/var/lib/dpkg/status.d`).
 */
import {
  chmodSync,
  globSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { runProgram } from './program.ts'

const PACKAGES = ['ca-certificates', 'libc6', 'libgcc-s1', 'libstdc++6']

/** Of their files, those that nothing in the image reads. */
const UNREAD = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/lintian',
  'usr/share/gcc',
  'usr/share/gdb',
  'usr/share/locale',
  'usr/sbin',
  'usr/lib/*/gconv',
  'usr/lib/*/audit',
]

/** The user that everything runs as; it owns nothing but its data. */
export const USER = 10_001
export const HOME = '/var/lib/emrys'

/** Fills the directory. Answers with what each package is: its name and version. */
export function makeBase(base: string, scratch: string): readonly string[] {
  const packages = join(scratch, 'packages')
  mkdirSync(packages, { recursive: true })
  // Its sandbox's user could not write into a directory of ours.
  runProgram('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', ...PACKAGES], packages)
  const files = readdirSync(packages).sort()
  const status = join(base, 'var/lib/dpkg/status.d')
  mkdirSync(status, { recursive: true })
  const versions = files.map((file) => {
    const path = join(packages, file)
    runProgram('dpkg-deb', ['-x', path, base])
    const name = runProgram('dpkg-deb', ['-f', path, 'Package']).trim()
    writeFileSync(join(status, name), runProgram('dpkg-deb', ['-f', path]))
    return `${name}=${runProgram('dpkg-deb', ['-f', path, 'Version']).trim()}`
  })
  keepCopyrights(base)
  for (const pattern of UNREAD)
    for (const path of globSync(pattern, { cwd: base }))
      rmSync(join(base, path), { recursive: true })
  trustAuthorities(base)
  nameUsers(base)
  rmSync(packages, { recursive: true })
  return versions
}

/** They come with what they permit. */
function keepCopyrights(base: string): void {
  const directory = join(base, 'usr/share/licenses')
  mkdirSync(directory, { recursive: true })
  for (const path of globSync('usr/share/doc/*/copyright', { cwd: base })) {
    const name = path.split('/').at(-2) ?? ''
    writeFileSync(join(directory, name), readFileSync(join(base, path)))
  }
}

/** As the package's own script does it at installation. */
function trustAuthorities(base: string): void {
  const directory = join(base, 'etc/ssl/certs')
  mkdirSync(directory, { recursive: true })
  const paths = globSync('usr/share/ca-certificates/**/*.crt', { cwd: base }).sort()
  const text = paths.map((path) => readFileSync(join(base, path), 'utf8')).join('')
  writeFileSync(join(directory, 'ca-certificates.crt'), text)
  rmSync(join(base, 'usr/share/ca-certificates'), { recursive: true })
}

function nameUsers(base: string): void {
  const files = {
    passwd: `root:x:0:0:root:/root:/sbin/nologin\nemrys:x:${USER}:${USER}:emrys:${HOME}:/sbin/nologin\n`,
    group: `root:x:0:\nemrys:x:${USER}:\n`,
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(base, 'etc', name), text)
    chmodSync(join(base, 'etc', name), 0o644)
  }
}
