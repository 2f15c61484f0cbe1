// Builds what the pages serve: static/css/bando.css, static/fonts, static/icons/sprite.svg.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const modules = join(here, 'node_modules')
const library = join(modules, 'bootstrap-italia')
const out = join(here, '..', 'static')

for (const folder of ['css', 'fonts/pdf', 'icons']) mkdirSync(join(out, folder), { recursive: true })

// Style sheet. The library is written with @import, which Sass will drop one day: the pinned version still has it.
const { css } = sass.compile(join(here, 'scss/bando.scss'), {
  style: 'compressed',
  loadPaths: [modules, join(library, 'src/scss')],
  quietDeps: true,
  silenceDeprecations: ['import', 'global-builtin', 'color-functions', 'if-function', 'mixed-decls'],
  logger: sass.Logger.silent,
})
// The library draws some icons as data: images. The Content-Security-Policy refuses them, and no template needs them.
const clean = css.replace(/url\("data:[^"]*"\)/g, 'none')
writeFileSync(join(out, 'css/bando.css'), clean)

// Fonts: woff2 for browsers, TrueType for the PDF engine.
const titillium = (weight) => `Titillium_Web/titillium-web-v10-latin-ext_latin-${weight}`
const lora = (weight) => `Lora/lora-v20-latin-ext_latin-${weight}`
const mono = 'Roboto_Mono/roboto-mono-v13-latin-ext_latin-regular'
const fonts = [
  [titillium('regular'), 'titillium-web-400', 'woff2'],
  [titillium('600'), 'titillium-web-600', 'woff2'],
  [titillium('700'), 'titillium-web-700', 'woff2'],
  [lora('regular'), 'lora-400', 'woff2'],
  [lora('700'), 'lora-700', 'woff2'],
  [mono, 'roboto-mono-400', 'woff2'],
  [mono, 'pdf/roboto-mono-400', 'ttf'],
  [titillium('regular'), 'pdf/titillium-web-400', 'ttf'],
  [titillium('italic'), 'pdf/titillium-web-400-italic', 'ttf'],
  [titillium('600'), 'pdf/titillium-web-600', 'ttf'],
  [titillium('700'), 'pdf/titillium-web-700', 'ttf'],
  [lora('regular'), 'pdf/lora-400', 'ttf'],
  [lora('700'), 'pdf/lora-700', 'ttf'],
]
for (const [from, to, kind] of fonts)
  copyFileSync(join(library, 'dist/fonts', `${from}.${kind}`), join(out, 'fonts', `${to}.${kind}`))

// Icons: the library's symbols under our names, plus the drawings of icons/own.svg.
const names = {
  check: 'check', 'check-circle': 'check-circle', warning: 'warning-circle', error: 'error', info: 'info-circle',
  'arrow-left': 'arrow-left', 'arrow-right': 'arrow-right', 'arrow-up': 'arrow-up', 'arrow-down': 'arrow-down',
  'chevron-left': 'chevron-left', 'chevron-right': 'chevron-right', 'chevron-down': 'expand', 'chevron-up': 'collapse',
  calendar: 'calendar', file: 'file', pdf: 'file-pdf-ext', signed: 'file-signed', sheet: 'file-sheet',
  download: 'download', upload: 'upload', clip: 'clip', copy: 'copy', delete: 'delete',
  user: 'user', key: 'key', logout: 'logout', pin: 'map-marker-circle', clock: 'clock', search: 'search', filter: 'funnel',
  external: 'external-link', link: 'link', star: 'star-full', list: 'list', burger: 'burger', lock: 'locked',
  phone: 'telephone', mail: 'mail', print: 'print', plus: 'plus', minus: 'minus', close: 'close', pencil: 'pencil',
  flag: 'flag', help: 'help-circle', refresh: 'refresh', note: 'note', chart: 'chart-line', box: 'box', horn: 'horn',
}
const sprite = readFileSync(join(library, 'dist/svg/sprites.svg'), 'utf8')
const symbols = Object.entries(names).map(([ours, theirs]) => {
  const found = sprite.match(new RegExp(`<symbol id="it-${theirs}"[^>]*>.*?</symbol>`, 's'))
  if (!found) throw new Error(`No symbol it-${theirs} in the library`)
  return found[0].replace(`id="it-${theirs}"`, `id="${ours}"`)
})
const own = readFileSync(join(here, 'icons/own.svg'), 'utf8').match(/<symbol.*<\/symbol>/s)[0]
writeFileSync(
  join(out, 'icons/sprite.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg">\n${[...symbols, own].join('\n')}\n</svg>\n`,
)

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`
console.log(`bando.css ${kilobytes(clean.length)}, ${kilobytes(gzipSync(clean).length)} with gzip`)
console.log(`sprite.svg ${symbols.length} icons of the library`)
