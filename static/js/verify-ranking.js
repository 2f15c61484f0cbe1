/* Computes a published ranking again (docs/verify.md). It is the same calculation as bin/verify_ranking, written for a Worker:
   it is given the bytes of a file, { bytes }, and answers { step, of, what } on the way and { result } at the end. It loads
   nothing, asks nobody, and has no floating point: fractions of BigInt. A difference is
   { where: [part, ...], given, expected } or { where, why: [italian, english] }; what can't be read is { unreadable: [it, en] }. */
(() => {
  'use strict'

  const SCHEMA = 'bando/ranking/2'
  const UNIT = 10000n
  const COEFFICIENT_DIGITS = 4
  const MOST_HEX_DIGITS = 3250 // the 13,000 bits of the program
  const MOST_RULES = 500
  const DEEPEST = 100

  class Unreadable extends Error {
    constructor(italian, english) { super(english); this.words = [italian, english] }
  }
  const wrong = (where, italian, english) => new Unreadable(`${where}: ${italian}.`, `${where}: ${english}.`)

  // --- SHA-256, FIPS 180-4: here and not of the browser, which has it only on pages that came over https -----------------

  const ROOTS = (() => {
    const primes = []
    for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n)
    // The first 32 bits of the fraction of a root, by integers: floor(root(p * 2^(32 * degree))) mod 2^32.
    const root = (prime, degree) => {
      const wanted = BigInt(prime) << BigInt(32 * degree)
      let low = 0n, high = 1n << 40n
      while (high - low > 1n) {
        const middle = (low + high) >> 1n
        if (middle ** BigInt(degree) <= wanted) low = middle
        else high = middle
      }
      return Number(BigInt.asUintN(32, low))
    }
    return { cube: Uint32Array.from(primes, (p) => root(p, 3)), square: primes.slice(0, 8).map((p) => root(p, 2)) }
  })()

  const sha256 = (bytes) => {
    const state = Uint32Array.from(ROOTS.square)
    const words = new Uint32Array(64)
    const length = bytes.length
    const tail = new Uint8Array(length % 64 < 56 ? 64 : 128)
    tail.set(bytes.subarray(length - length % 64))
    tail[length % 64] = 0x80
    new DataView(tail.buffer).setBigUint64(tail.length - 8, BigInt(length) * 8n)
    const run = (block, from) => {
      for (let i = 0; i < 16; i += 1) {
        const at = from + i * 4
        words[i] = block[at] << 24 | block[at + 1] << 16 | block[at + 2] << 8 | block[at + 3]
      }
      for (let i = 16; i < 64; i += 1) {
        const x = words[i - 15], y = words[i - 2]
        const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3
        const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10
        words[i] = words[i - 16] + s0 + words[i - 7] + s1
      }
      let [a, b, c, d, e, f, g, h] = state
      for (let i = 0; i < 64; i += 1) {
        const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)
        const first = h + s1 + (e & f ^ ~e & g) + ROOTS.cube[i] + words[i] | 0
        const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)
        const second = s0 + (a & b ^ a & c ^ b & c) | 0
        h = g; g = f; f = e; e = d + first | 0; d = c; c = b; b = a; a = first + second | 0
      }
      for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] += word
    }
    for (let from = 0; from + 64 <= length; from += 64) run(bytes, from)
    for (let from = 0; from < tail.length; from += 64) run(tail, from)
    return [...state].map((word) => word.toString(16).padStart(8, '0')).join('')
  }

  // --- JSON: fractions and a key twice are refused, which the browser's own reader lets through --------------------------

  const CONTROL = /[\u0000-\u001f]/ // eslint-disable-line no-control-regex
  const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/
  const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y

  const load = (bytes, tell) => {
    let source
    try {
      source = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      throw new Unreadable('Il file non è JSON: non è un testo.', 'The file is not JSON: it is no text.')
    }
    let at = 0, told = 0
    const not = () => new Unreadable(`Il file non è JSON: carattere ${at + 1}.`, `The file is not JSON: character ${at + 1}.`)
    const skip = () => {
      for (;;) {
        const code = source.charCodeAt(at)
        if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
        at += 1
      }
    }
    const string = () => {
      const from = at + 1
      let end = source.indexOf('"', from)
      if (end < 0) throw not()
      let plain = source.slice(from, end)
      if (!plain.includes('\\')) {
        if (CONTROL.test(plain)) throw not()
        at = end + 1
        return plain
      }
      for (end = from; source[end] !== '"'; end += source[end] === '\\' ? 2 : 1) if (end >= source.length) throw not()
      try {
        plain = JSON.parse(source.slice(at, end + 1))
      } catch {
        throw not()
      }
      if (HALF.test(plain)) throw new Unreadable("C'è mezzo carattere.", 'There is half a character.')
      at = end + 1
      return plain
    }
    const value = (depth) => {
      if (depth > DEEPEST) {
        throw new Unreadable("Il file ha troppe parti una dentro l'altra.", 'The file has too many parts inside each other.')
      }
      skip()
      switch (source[at]) {
        case '"':
          return string()
        case '{':
          return object(depth)
        case '[':
          return list(depth)
        default:
          return word()
      }
    }
    const word = () => {
      for (const [text, meant] of [['null', null], ['true', true], ['false', false]]) {
        if (source.startsWith(text, at)) { at += text.length; return meant }
      }
      NUMBER.lastIndex = at
      const found = NUMBER.exec(source)
      if (!found) throw not()
      if (found[1] || found[2]) {
        throw new Unreadable(
          `C'è un numero con la virgola mobile, ${found[0]}: in questi file i numeri sono testi.`,
          `There is a floating point number, ${found[0]}: in these files numbers are texts.`
        )
      }
      if (found[0].length > 15) {
        throw new Unreadable("C'è un numero di più di quindici cifre.", 'There is a number of more than fifteen digits.')
      }
      at += found[0].length
      return Number(found[0]) + 0
    }
    const list = (depth) => {
      const items = []
      at += 1
      skip()
      if (source[at] === ']') { at += 1; return items }
      for (;;) {
        items.push(value(depth + 1))
        skip()
        if (source[at] === ']') { at += 1; return items }
        if (source[at] !== ',') throw not()
        at += 1
      }
    }
    const object = (depth) => {
      const made = Object.create(null)
      at += 1
      skip()
      if (source[at] === '}') { at += 1; return made }
      for (;;) {
        skip()
        if (source[at] !== '"') throw not()
        const key = string()
        if (key in made) {
          throw new Unreadable(`La voce «${key}» c'è due volte nello stesso posto.`, `The key ‘${key}’ is twice in the same place.`)
        }
        skip()
        if (source[at] !== ':') throw not()
        at += 1
        made[key] = value(depth + 1)
        if (at - told > 2000000) { told = at; tell('read', at, source.length) }
        skip()
        if (source[at] === '}') { at += 1; return made }
        if (source[at] !== ',') throw not()
        at += 1
      }
    }
    const whole = value(0)
    skip()
    if (at < source.length) throw not()
    return whole
  }

  const typeOf = (value) => value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  const thing = (value, where, keys = []) => {
    if (typeOf(value) !== 'object') throw wrong(where, 'qui ci vuole un oggetto', 'an object is needed here')
    for (const key of keys) if (!(key in value)) throw wrong(where, `manca «${key}»`, `‘${key}’ is missing`)
    return value
  }
  const many = (value, where, most = Infinity) => {
    if (!Array.isArray(value)) throw wrong(where, 'qui ci vuole un elenco', 'a list is needed here')
    if (value.length > most) throw wrong(where, `sono più di ${most}`, `they are more than ${most}`)
    return value
  }
  const text = (value, where) => {
    if (typeof value !== 'string') throw wrong(where, 'qui ci vuole un testo', 'a text is needed here')
    return value
  }
  const texts = (value, where) => many(value, where).map((item) => text(item, where))
  const oneOf = (value, choices, where) => {
    if (typeof value === 'string' && choices.includes(value)) return value
    throw wrong(where, `ci vuole uno tra ${choices.join(', ')}`, `one of these is needed: ${choices.join(', ')}`)
  }
  const whole = (value, where, most = 1e9) => {
    if (typeof value === 'number' && value >= 0 && value <= most) return value
    throw wrong(where, `ci vuole un numero intero da 0 a ${most}`, `a whole number from 0 to ${most} is needed`)
  }
  const truth = (value, where) => {
    if (typeof value !== 'boolean') throw wrong(where, 'ci vuole true o false', 'true or false is needed')
    return value
  }

  // --- exact numbers: { n, d }, in lowest terms, d above zero ------------------------------------------------------------

  const abs = (n) => n < 0n ? -n : n
  const gcd = (a, b) => { while (b) [a, b] = [b, a % b]; return a }
  const fraction = (n, d = 1n) => {
    if (d < 0n) { n = -n; d = -d }
    if (d === 1n) return { n, d }
    const common = gcd(abs(n), d)
    return { n: n / common, d: d / common }
  }
  const ZERO = fraction(0n), ONE = fraction(1n)
  const add = (a, b) => a.d === b.d ? fraction(a.n + b.n, a.d) : fraction(a.n * b.d + b.n * a.d, a.d * b.d)
  const minus = (a, b) => add(a, { n: -b.n, d: b.d })
  const times = (a, b) => fraction(a.n * b.n, a.d * b.d)
  const by = (a, b) => fraction(a.n * b.d, a.d * b.n)
  const compare = (a, b) => { const d = a.n * b.d - b.n * a.d; return d < 0n ? -1 : d > 0n ? 1 : 0 }
  const least = (a, b) => compare(a, b) <= 0 ? a : b
  const greatest = (values) => values.reduce((one, two) => compare(one, two) >= 0 ? one : two)
  const sum = (values) => values.reduce(add, ZERO)
  const tenTo = (digits) => 10n ** BigInt(digits)

  const unitsOf = (n, d, digits, mode) => {
    const scaled = abs(n) * tenTo(digits)
    let units = scaled / d
    const twice = scaled % d * 2n
    if (mode === 'half_up' && twice >= d) units += 1n
    if (mode === 'half_even' && (twice > d || (twice === d && units % 2n === 1n))) units += 1n
    return n < 0n ? -units : units
  }
  const rounded = (value, rule) => rule ? fraction(unitsOf(value.n, value.d, rule.digits, rule.mode), tenTo(rule.digits)) : value

  /** weight x ratio^(a/b), rounded, by comparing b-th powers of integers: a root without an end is never approximated. */
  const roundedPower = (weight, ratio, exponent, { digits, mode }) => {
    const scale = times(weight, fraction(tenTo(digits)))
    const above = scale.n ** exponent.d * ratio.n ** exponent.n
    const below = scale.d ** exponent.d * ratio.d ** exponent.n
    let low = 0n, high = scale.n / scale.d + 1n
    while (high - low > 1n) {
      const middle = (low + high) / 2n
      if (middle ** exponent.d * below <= above) low = middle
      else high = middle
    }
    const half = (2n * low + 1n) ** exponent.d * below, limit = 2n ** exponent.d * above
    if (mode !== 'truncate' && (half < limit || (half === limit && (mode === 'half_up' || low % 2n === 1n)))) low += 1n
    return fraction(low, tenTo(digits))
  }

  const decimalText = (units, digits) => {
    const shown = abs(units).toString().padStart(digits + 1, '0')
    const sign = units < 0n ? '-' : ''
    return digits ? `${sign}${shown.slice(0, -digits)}.${shown.slice(-digits)}` : `${sign}${shown}`
  }
  const markText = (units) => decimalText(units, 4).replace(/0+$/, '').replace(/\.$/, '')
  const inUnits = (value) => value.n * UNIT / value.d

  const DECIMAL = /^(-?)(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,10}))?$/
  const number = (value, where, { low = null, high = null, decimals = 10 } = {}) => {
    const found = typeof value === 'string' && !value.includes('\n') ? DECIMAL.exec(value) : null
    if (!found || (found[3] || '').length > decimals) {
      throw wrong(where, 'ci vuole un numero scritto come testo, per esempio «0.8»', 'a number as text is needed, such as ‘0.8’')
    }
    const places = found[3] || ''
    const digits = BigInt(found[2] + places)
    const result = fraction(found[1] ? -digits : digits, tenTo(places.length))
    if ((low && compare(result, low) < 0) || (high && compare(result, high) > 0)) {
      throw wrong(where, `il numero ${value} è fuori dai limiti`, `the number ${value} is out of bounds`)
    }
    return result
  }
  const optional = (value, where, limits) => value === null || value === undefined ? null : number(value, where, limits)
  const POSITIVE = { low: ZERO }

  /** Texts in the order of their characters' numbers, which is not that of UTF-16 beyond the first plane. */
  const inOrder = (a, b) => {
    if (a === b) return 0
    if (!/[\ud800-\udfff]/.test(a + b)) return a < b ? -1 : 1
    const one = [...a], two = [...b]
    for (let i = 0; i < one.length && i < two.length; i += 1) {
      const difference = one[i].codePointAt(0) - two[i].codePointAt(0)
      if (difference) return difference
    }
    return one.length - two.length
  }

  // --- the rules of the call ---------------------------------------------------------------------------------------------

  const TYPES = ['coefficient', 'levels', 'points', 'pairwise', 'count', 'bands', 'yes_no', 'formula', 'penalty']
  const JUDGED = ['coefficient', 'levels', 'points', 'pairwise']
  const ROUNDING_POINTS = ['coefficient', 'mean', 'product', 'total']
  const MODES = ['half_up', 'half_even', 'truncate']
  const ENDS = ['at_least', 'more_than', 'at_most', 'less_than']
  const orElse = (thing, key, other) => key in thing ? thing[key] : other

  const readCriterion = (data, place) => {
    thing(data, place, ['code', 'title', 'max_points', 'block', 'letter', 'guidance', 'threshold'])
    const code = text(data.code, `${place}.code`)
    const where = `grid.criteria[${code}]`
    const made = {
      code,
      where,
      title: text(data.title, `${where}.title`),
      block: text(data.block, `${where}.block`),
      most: number(data.max_points, `${where}.max_points`, POSITIVE),
      threshold: optional(data.threshold, `${where}.threshold`),
      thresholdText: data.threshold,
      type: oneOf(orElse(data, 'type', 'coefficient'), TYPES, `${where}.type`),
      levels: many(orElse(data, 'levels', []), `${where}.levels`).map((level) =>
        number(thing(level, `${where}.levels`, ['points']).points, `${where}.levels`, POSITIVE)),
      step: optional(data.step, `${where}.step`, { low: fraction(1n, UNIT) }),
      perUnit: optional(data.per_unit, `${where}.per_unit`, POSITIVE),
      penalty: optional(data.penalty, `${where}.penalty`, POSITIVE),
      bands: many(orElse(data, 'bands', []), `${where}.bands`).map((band) => {
        thing(band, `${where}.bands`, ['points', ...ENDS])
        const limits = ENDS.map((end) => optional(band[end], `${where}.bands.${end}`))
        return { points: number(band.points, `${where}.bands.points`, POSITIVE), limits }
      })
    }
    if (made.type === 'formula') {
      const formula = thing(data.formula, `${where}.formula`, ['kind', 'best', 'exponent', 'knee'])
      made.formula = oneOf(formula.kind, ['linear', 'power', 'bilinear'], `${where}.formula.kind`)
      made.best = oneOf(formula.best, ['higher', 'lower'], `${where}.formula.best`)
      const limits = { low: fraction(1n, 100n), high: fraction(10n), decimals: 2 }
      made.exponent = optional(formula.exponent, `${where}.formula.exponent`, limits)
      made.knee = optional(formula.knee, `${where}.formula.knee`, { low: ZERO, high: ONE })
      if ((made.formula === 'power' && !made.exponent) || (made.formula === 'bilinear' && !made.knee)) {
        throw wrong(`${where}.formula`, 'manca il numero della formula', 'the number of the formula is missing')
      }
      if (made.formula === 'bilinear' && made.best !== 'higher') {
        const italian = 'con bilinear vince la quantità più alta'
        throw wrong(`${where}.formula.best`, italian, 'with bilinear the higher quantity wins')
      }
    }
    if (made.type === 'pairwise') {
      const pairwise = thing(data.pairwise, `${where}.pairwise`, ['variant', 'halves', 'fewest'])
      made.pairwise = oneOf(pairwise.variant, ['sum', 'mean'], `${where}.pairwise.variant`)
      made.halves = truth(pairwise.halves, `${where}.pairwise.halves`)
      made.fewest = whole(pairwise.fewest, `${where}.pairwise.fewest`)
    }
    const needed = { count: made.perUnit, penalty: made.penalty, levels: made.levels[0], bands: made.bands[0] }
    if (made.type in needed && !needed[made.type]) {
      throw wrong(where, 'manca la regola che dà i punti', 'the rule that gives the points is missing')
    }
    return made
  }

  const GRID_KEYS = [
    'code', 'title', 'scale', 'blocks', 'criteria', 'rounding', 'comparison', 'threshold', 'tie_chain', 'published_digits'
  ]

  const readGrid = (data) => {
    thing(data, 'grid', GRID_KEYS)
    const criteria = many(data.criteria, 'grid.criteria', MOST_RULES).map((item, i) => readCriterion(item, `grid.criteria[${i}]`))
    const blocks = new Map()
    for (const item of many(data.blocks, 'grid.blocks', MOST_RULES)) {
      const code = text(thing(item, 'grid.blocks', ['code', 'title', 'max_points', 'threshold']).code, 'grid.blocks.code')
      const where = `grid.blocks[${code}]`
      if (blocks.has(code)) throw wrong(where, "c'è due volte", 'it is there twice')
      blocks.set(code, {
        most: number(item.max_points, `${where}.max_points`, POSITIVE),
        threshold: optional(item.threshold, `${where}.threshold`),
        thresholdText: item.threshold
      })
    }
    const codes = criteria.map((criterion) => criterion.code)
    if (new Set(codes).size !== codes.length) {
      throw wrong('grid.criteria', 'due criteri hanno lo stesso codice', 'two criteria have the same code')
    }
    for (const { block, where } of criteria) {
      if (!blocks.has(block)) throw wrong(`${where}.block`, "questo gruppo non c'è", 'there is no such group')
    }
    for (const level of many(data.scale, 'grid.scale')) {
      number(thing(level, 'grid.scale', ['coefficient']).coefficient, 'grid.scale', { low: ZERO, high: ONE })
    }
    const rounding = {}
    for (const rule of many(data.rounding, 'grid.rounding')) {
      const at = oneOf(thing(rule, 'grid.rounding', ['at', 'digits', 'mode']).at, ROUNDING_POINTS, 'grid.rounding.at')
      if (at in rounding) throw wrong(`grid.rounding[${at}]`, "c'è due volte", 'it is there twice')
      rounding[at] = { digits: whole(rule.digits, 'grid.rounding.digits', 6), mode: oneOf(rule.mode, MODES, 'grid.rounding.mode') }
    }
    for (const criterion of criteria) {
      if (criterion.formula === 'power' && criterion.exponent.d !== 1n && !rounding.product) {
        throw wrong(
          criterion.where,
          'una potenza con esponente non intero vuole un arrotondamento dei punti (product)',
          'a power whose exponent is not whole needs a rounding of the points (product)'
        )
      }
    }
    const chain = []
    let hasDraw = false
    for (const step of many(data.tie_chain, 'grid.tie_chain', MOST_RULES)) {
      thing(step, 'grid.tie_chain', ['kind', 'code'])
      const kind = oneOf(step.kind, ['block', 'criterion', 'draw'], 'grid.tie_chain.kind')
      const code = text(step.code, 'grid.tie_chain.code')
      if (kind === 'draw') hasDraw = true
      else if (!(kind === 'block' ? blocks.has(code) : codes.includes(code))) {
        throw wrong('grid.tie_chain', `«${code}» non è nella griglia`, `‘${code}’ is not in the grid`)
      } else if (!hasDraw) chain.push({ kind, code })
    }
    return {
      criteria,
      blocks,
      codes,
      rounding,
      chain,
      hasDraw,
      published: oneOf(data.comparison, ['exact', 'published'], 'grid.comparison') === 'published',
      digits: whole(data.published_digits, 'grid.published_digits', 6),
      mode: rounding.total ? rounding.total.mode : 'half_up',
      threshold: optional(data.threshold, 'grid.threshold'),
      thresholdText: data.threshold,
      adds: oneOf(orElse(data, 'composition', 'mean'), ['mean', 'sum'], 'grid.composition') === 'sum',
      rescaling: many(orElse(data, 'rescaling', []), 'grid.rescaling').map((step) =>
        oneOf(step, ['criterion', 'block', 'total'], 'grid.rescaling')),
      rescalesAlone: truth(orElse(data, 'rescales_alone', false), 'grid.rescales_alone'),
      collegial: oneOf(orElse(data, 'marking', 'individual'), ['individual', 'collegial'], 'grid.marking'),
      most: sum(criteria.map((criterion) => criterion.most))
    }
  }

  // --- the file ----------------------------------------------------------------------------------------------------------

  const HEAD_KEYS = [
    'schema', 'licence', 'demonstration', 'version', 'call', 'area', 'act', 'grid', 'commissioners', 'marks_order', 'seats',
    'places', 'vacated', 'unfilled', 'unfilled_reason', 'contested', 'lots', 'out', 'draws', 'ties', 'pairs', 'rows'
  ]
  const ROW_KEYS = [
    'position', 'outcome', 'tied', 'application', 'body', 'title', 'lot', 'marks', 'criteria', 'blocks', 'total', 'explanation'
  ]
  const LOT_KEYS = ['code', 'title', 'places', 'vacated', 'unfilled', 'contested']
  const OUT = ['excluded', 'renounced', 'forfeited']
  const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/ // eslint-disable-line no-control-regex

  /** What decides the turn of one proposal in a draw: the lower comes first. */
  const turnHash = (commitment, value, application) => {
    const normal = value.normalize('NFC').split(SPACES).filter(Boolean).join(' ')
    return sha256(new TextEncoder().encode(`${commitment}\n${normal}\n${application}`))
  }

  const equal = (one, two) => {
    const type = typeOf(one)
    if (type !== typeOf(two)) return false
    if (type === 'array') return one.length === two.length && one.every((item, i) => equal(item, two[i]))
    if (type !== 'object') return one === two
    const keys = Object.keys(one)
    return keys.length === Object.keys(two).length && keys.every((key) => Object.hasOwn(two, key) && equal(one[key], two[key]))
  }

  /** How the items of a list are called: by their code, or by their place. */
  const namesOf = (things) => things.map((item, index) => {
    const parts = typeOf(item) === 'object' ? [item.on, item.code] : []
    return parts.filter((part) => typeof part === 'string' && part).join(' ') || String(index + 1)
  })

  class Calculation {
    constructor(data, tell) {
      if (typeOf(data) !== 'object' || data.schema !== SCHEMA) {
        throw new Unreadable(
          `Questo file non è una graduatoria che so leggere: ci vuole «schema»: «${SCHEMA}».`,
          `This file is no ranking that I can read: it needs ‘schema’: ‘${SCHEMA}’.`
        )
      }
      this.data = thing(data, 'file', HEAD_KEYS)
      this.tell = tell
      this.numbers = 0
      this.order = []
      this.found = []
      this.figures = new Map()
      for (const [where, keys] of [['call', ['id', 'title', 'notice_sha256']], ['area', ['code', 'title']]]) {
        for (const key of keys) text(thing(data[where], where, keys)[key], `${where}.${key}`)
      }
      for (const where of ['licence', 'demonstration', 'unfilled_reason']) text(data[where], where)
      this.readVersion(data.version, data.act)
      this.grid = readGrid(data.grid)
      this.seats = whole(data.seats, 'seats', 1000)
      this.sorted = oneOf(data.marks_order, ['member', 'sorted'], 'marks_order') === 'sorted'
      if (texts(data.commissioners, 'commissioners').length !== (this.sorted ? 0 : this.seats)) {
        const italian = 'i commissari non sono quanti dice «seats»'
        throw wrong('commissioners', italian, 'the commissioners are not as many as ‘seats’ says')
      }
      this.readPlaces()
      this.readRows()
      this.readDraws(data.draws)
      this.readPairs()
    }

    readVersion(version, act) {
      if (version !== null) {
        thing(version, 'version', ['number', 'kind', 'replaces', 'note'])
        whole(version.number, 'version.number')
        oneOf(version.kind, ['provisional', 'final'], 'version.kind')
        text(version.note, 'version.note')
        if (version.replaces !== null) text(version.replaces, 'version.replaces')
      }
      if (act !== null) for (const key of ['number', 'date']) text(thing(act, 'act', ['number', 'date'])[key], `act.${key}`)
    }

    readPlaces() {
      this.lots = new Map()
      for (const item of many(this.data.lots, 'lots')) {
        const code = text(thing(item, 'lots', LOT_KEYS).code, 'lots.code')
        if (!code || this.lots.has(code)) throw wrong(`lots[${code}]`, 'ogni lotto ha un codice suo', 'each lot has a code of its own')
        this.lots.set(code, this.placesOf(item, `lots[${code}].`))
      }
      if (!this.lots.size) {
        this.lots.set('', this.placesOf(this.data, ''))
        return
      }
      const all = [...this.lots.values()]
      const limited = all.every(({ places }) => places !== null)
      this.same(['places'], this.data.places, limited ? all.reduce((total, { places }) => total + places, 0) : null)
      this.same(['vacated'], this.data.vacated, all.reduce((total, { vacated }) => total + vacated, 0))
    }

    placesOf(item, where) {
      const places = item.places === null ? null : whole(item.places, `${where}places`)
      return { places, vacated: whole(item.vacated, `${where}vacated`, places === null ? 1e9 : places) }
    }

    readRows() {
      this.rows = new Map()
      const rows = many(this.data.rows, 'rows')
      this.compared = new Set(this.grid.criteria.filter((c) => c.pairwise && rows.length >= c.fewest).map((c) => c.code))
      const wanted = this.grid.codes.filter((code) => !this.compared.has(code))
      const known = new Map([[null, null]])
      for (const [index, data] of rows.entries()) {
        thing(data, `rows[${index}]`, ROW_KEYS)
        const application = text(data.application, `rows[${index}].application`)
        if (!application || this.rows.has(application)) {
          throw wrong(`rows[${index}].application`, 'ogni domanda sta in una riga sola', 'each application is in one row only')
        }
        const where = `rows[${application}]`
        if (!this.lots.has(text(data.lot, `${where}.lot`))) throw wrong(`${where}.lot`, "questo lotto non c'è", 'there is no such lot')
        text(data.body, `${where}.body`)
        text(data.title, `${where}.title`)
        const given = thing(data.marks, `${where}.marks`, wanted)
        if (Object.keys(given).length !== wanted.length) {
          throw wrong(`${where}.marks`, "c'è un criterio in più", 'there is a criterion too many')
        }
        const marks = new Map()
        for (const code of wanted) {
          const cells = many(given[code], `${where}.marks.${code}`)
          marks.set(code, cells.map((cell) => {
            if (!known.has(cell)) {
              const units = inUnits(number(cell, `${where}.marks.${code}`, { decimals: 4 }))
              if (markText(units) !== cell) {
                const italian = `il voto ${cell} ha zeri di troppo`
                throw wrong(`${where}.marks.${code}`, italian, `the mark ${cell} has idle zeros`)
              }
              known.set(cell, units)
            }
            return known.get(cell)
          }))
          if (cells.length !== this.seats) {
            const italian = 'i voti non sono quanti dice «seats»'
            throw wrong(`${where}.marks.${code}`, italian, 'the marks are not as many as ‘seats’ says')
          }
        }
        this.rows.set(application, { data, application, lot: data.lot, marks, parts: [], missed: [] })
      }
      this.out = new Map()
      for (const item of many(this.data.out, 'out')) {
        const application = text(thing(item, 'out', ['application', 'outcome', 'reason']).application, 'out.application')
        text(item.reason, 'out.reason')
        if (!this.rows.has(application) || this.out.has(application)) {
          throw wrong(
            `out[${application}]`,
            'questa domanda non è tra le righe, o è qui due volte',
            'this application is not among the rows, or is here twice'
          )
        }
        this.out.set(application, oneOf(item.outcome, OUT, `out[${application}].outcome`))
      }
    }

    readDraws(draws) {
      this.draws = many(draws, 'draws').map((draw, index) => {
        const where = `draws[${index}]`
        thing(draw, where, ['order', 'sha256', 'source', 'value'])
        const order = texts(draw.order, `${where}.order`)
        for (const key of ['sha256', 'source', 'value']) text(draw[key], `${where}.${key}`)
        const turns = new Map(order.map((application, i) => [application, i + 1]))
        if (turns.size !== order.length) {
          throw wrong(`${where}.order`, 'una domanda è stata estratta due volte', 'an application was drawn twice')
        }
        return { commitment: draw.sha256, value: draw.value, turns }
      })
      if (this.draws.length && !this.grid.hasDraw) {
        this.no(['draws'], "c'è un sorteggio che l'avviso non prevede", 'there is a draw that the call does not have')
        this.draws = []
      }
    }

    readPairs() {
      const pairs = thing(this.data.pairs, 'pairs')
      const codes = Object.keys(pairs)
      if (codes.length !== this.compared.size || !codes.every((code) => this.compared.has(code))) {
        throw wrong(
          'pairs',
          "i criteri confrontati a coppie non sono quelli che l'avviso dice per questo numero di proposte",
          'the criteria compared in pairs are not those that the call says for this number of proposals'
        )
      }
      this.pairs = new Map()
      for (const criterion of this.grid.criteria.filter((one) => this.compared.has(one.code))) {
        const where = `pairs[${criterion.code}]`
        const tables = many(pairs[criterion.code], where)
        if (tables.length !== this.seats) {
          throw wrong(where, 'le tabelle non sono quante dice «seats»', 'the tables are not as many as ‘seats’ says')
        }
        if (tables.every((table) => table === null)) throw wrong(where, 'ci vuole almeno una tabella', 'at least one table is needed')
        const read = tables.map((table, i) => table === null ? null : this.tableOf(criterion, table, `${where}[${i}]`))
        this.pairs.set(criterion.code, read)
      }
    }

    /** The points that one member's preferences give to each proposal. */
    tableOf(criterion, table, where) {
      const points = new Map([...this.rows.keys()].map((application) => [application, ZERO]))
      const limits = { low: ONE, high: fraction(6n), decimals: 1 }
      let last = null, inLine = true
      for (const item of many(table, where)) {
        if (many(item, where).length !== 3) throw wrong(where, 'un confronto ha tre parti', 'a comparison has three parts')
        const preferred = text(item[0], where), other = text(item[1], where)
        const degree = number(item[2], where, limits)
        if (!points.has(preferred) || !points.has(other) || preferred === other) {
          throw wrong(
            where,
            "c'è un confronto con una domanda che non è tra le righe",
            'a comparison is with an application that is not among the rows'
          )
        }
        if (degree.d !== 1n && !(criterion.halves && degree.d === 2n && degree.n > 4n)) {
          throw wrong(where, `il grado ${item[2]} non è dell'avviso`, `the degree ${item[2]} is not of the call`)
        }
        const before = inOrder(preferred, other) < 0
        if (degree.n === 1n && degree.d === 1n) {
          points.set(other, add(points.get(other), ONE))
          if (!before) throw wrong(where, 'in una parità va prima il numero minore', 'in a parity the lower number goes first')
        }
        points.set(preferred, add(points.get(preferred), degree))
        const pair = before ? [preferred, other] : [other, preferred]
        if (last && (inOrder(last[0], pair[0]) || inOrder(last[1], pair[1])) >= 0) inLine = false
        last = pair
      }
      if (!inLine || table.length !== points.size * (points.size - 1) / 2) {
        throw wrong(where, 'ogni coppia va una volta sola, in ordine di numero', 'each pair goes once, in order of number')
      }
      return points
    }

    // What was found wrong

    no(where, italian, english) { this.found.push({ where, why: [italian, english] }) }

    /** Compare two values of JSON; nothing is `undefined`. */
    same(where, given, expected) {
      const type = typeOf(expected)
      if (type !== typeOf(given)) this.found.push({ where, given, expected })
      else if (type === 'object') {
        const keys = Object.keys(expected)
        for (const key of [...keys, ...Object.keys(given).filter((key) => !keys.includes(key))]) {
          this.same([...where, key], given[key], Object.hasOwn(expected, key) ? expected[key] : undefined)
        }
      } else if (type === 'array') {
        const names = namesOf(expected)
        if (equal(namesOf(given), names)) names.forEach((name, i) => this.same([...where, name], given[i], expected[i]))
        else this.found.push({ where, given, expected })
      } else if (given !== expected) this.found.push({ where, given, expected })
    }

    // Marks

    /** Whether each mark is one that the call allows; where one is not, nothing can be computed. */
    checkMarks() {
      const allowed = new Map(this.grid.criteria.map((criterion) => [criterion.code, new Map()]))
      for (const row of this.rows.values()) {
        let judges = null
        for (const criterion of this.grid.criteria) {
          if (this.compared.has(criterion.code)) continue
          const marks = row.marks.get(criterion.code)
          const where = [row.application, 'marks', criterion.code]
          const present = marks.filter((mark) => mark !== null)
          if (this.sorted && !marks.every((mark, i) => !i || mark === null || (marks[i - 1] !== null && marks[i - 1] >= mark))) {
            this.no(where, 'i voti non sono in ordine dal più alto', 'the marks are not in order from the highest')
          }
          const those = this.sorted ? String(present.length) : marks.map((mark) => mark === null ? '-' : '+').join('')
          judges ??= those
          if (those !== judges) {
            this.no(where, "manca un voto, o ce n'è uno di chi qui non vota", 'a mark is missing, or one is too many')
          }
          const known = allowed.get(criterion.code)
          for (const mark of present) if (!known.has(mark)) known.set(mark, this.allows(criterion, mark))
          if (!present.length) this.no(where, "non c'è nessun voto", 'there is no mark')
          else if (!JUDGED.includes(criterion.type) && present.some((mark) => mark !== present[0])) {
            this.no(where, 'è un fatto, e i commissari ne trovano due', 'it is a fact, and the members found two')
          } else if (!present.every((mark) => known.get(mark))) {
            this.no(where, "c'è un voto che l'avviso non permette", 'there is a mark that the call does not allow')
          }
        }
      }
    }

    allows(criterion, mark) {
      const value = fraction(mark, UNIT)
      switch (criterion.type) {
        case 'coefficient':
        case 'pairwise':
          return mark >= 0n && mark <= UNIT
        case 'levels':
          return criterion.levels.some((level) => compare(level, value) === 0)
        case 'points': {
          const most = this.grid.adds ? by(criterion.most, fraction(BigInt(this.seats))) : criterion.most
          const steps = criterion.step && criterion.step.n ? by(value, criterion.step).d === 1n : true
          return mark >= 0n && compare(value, most) <= 0 && steps
        }
        case 'yes_no':
        case 'penalty':
          return mark === 0n || mark === UNIT
        default:
          return mark >= 0n
      }
    }

    // From the marks to the points of each criterion: a part is { fields, points, count of the numbers in fields }

    measure(criterion) {
      if (this.compared.has(criterion.code)) return this.measurePairs(criterion)
      if (JUDGED.includes(criterion.type)) return this.measureJudgments(criterion)
      if (criterion.type === 'formula') return this.measureFormula(criterion)
      const known = new Map()
      for (const row of this.rows.values()) {
        const quantity = row.marks.get(criterion.code).find((mark) => mark !== null)
        if (!known.has(quantity)) {
          const points = rounded(this.fact(criterion, fraction(quantity, UNIT)), this.grid.rounding.product)
          known.set(quantity, { fields: { quantity: markText(quantity) }, points, count: 1 })
        }
        row.parts.push(known.get(quantity))
      }
    }

    fact(criterion, quantity) {
      if (criterion.type === 'count') return least(times(quantity, criterion.perUnit), criterion.most)
      if (criterion.type === 'yes_no') return times(quantity, criterion.most)
      if (criterion.type === 'penalty') return minus(ZERO, times(quantity, criterion.penalty))
      const band = criterion.bands.find(({ limits: [atLeast, moreThan, atMost, lessThan] }) =>
        (!atLeast || compare(quantity, atLeast) >= 0) &&
        (!moreThan || compare(quantity, moreThan) > 0) &&
        (!atMost || compare(quantity, atMost) <= 0) &&
        (!lessThan || compare(quantity, lessThan) < 0))
      return band ? band.points : ZERO
    }

    /** What each member gave is rounded, then composed, then rounded, then becomes points, then is rounded: where the call says
        so. A sum is the mean times the seats, so that nobody loses the mark of a member who may not mark them. */
    measureJudgments(criterion) {
      const { rounding, adds } = this.grid
      const each = rounding.coefficient
      const inPoints = criterion.type === 'levels' || criterion.type === 'points'
      const seats = adds && inPoints ? BigInt(this.seats) : 1n
      const scale = each ? tenTo(each.digits) : UNIT
      const names = inPoints ? ['found', 'counted'] : ['mean', 'coefficient']
      const known = new Map(), seen = new Map()
      for (const row of this.rows.values()) {
        const marks = row.marks.get(criterion.code)
        const cells = marks.join()
        let part = seen.get(cells)
        if (!part) {
          const present = marks.filter((mark) => mark !== null)
          const total = present.reduce((one, two) => one + two, 0n)
          const counting = each
            ? present.reduce((one, mark) => one + unitsOf(mark, UNIT, each.digits, each.mode), 0n)
            : total
          const key = `${total} ${counting} ${present.length}`
          part = known.get(key)
          if (!part) {
            const found = fraction(counting * seats, scale * BigInt(present.length))
            const counted = rounded(found, rounding.mean)
            const points = rounded(inPoints ? counted : times(counted, criterion.most), rounding.product)
            const fields = {
              sum: markText(total),
              [names[0]]: this.figure(found, COEFFICIENT_DIGITS),
              [names[1]]: this.figure(counted, COEFFICIENT_DIGITS)
            }
            known.set(key, part = { fields, points, count: 3 })
          }
          seen.set(cells, part)
        }
        row.parts.push(part)
      }
    }

    /** The best and the mean are those of all the proposals, whatever thresholds they reach. */
    measureFormula(criterion) {
      if (!this.rows.size) return
      const marks = [...this.rows.values()].map((row) => row.marks.get(criterion.code).find((mark) => mark !== null))
      const higher = criterion.best === 'higher'
      const bestMark = marks.reduce((one, two) => (one > two) === higher ? one : two)
      const best = fraction(bestMark, UNIT)
      const mean = fraction(marks.reduce((one, two) => one + two, 0n), UNIT * BigInt(marks.length))
      const shared = { best: markText(bestMark), mean: this.figure(mean, COEFFICIENT_DIGITS) }
      const known = new Map()
      let index = 0
      for (const row of this.rows.values()) {
        const mark = marks[index++]
        if (!known.has(mark)) {
          const points = this.byFormula(criterion, fraction(mark, UNIT), best, mean)
          known.set(mark, { fields: { quantity: markText(mark), ...shared }, points, count: 3 })
        }
        row.parts.push(known.get(mark))
      }
    }

    byFormula(criterion, quantity, best, mean) {
      const rule = this.grid.rounding.product
      let ratio
      if (criterion.best === 'higher') {
        if (best.n === 0n) return ZERO // nobody offers anything
        ratio = by(quantity, best)
      } else {
        if (quantity.n === 0n) return criterion.most // and so the best
        ratio = by(best, quantity)
      }
      if (criterion.formula === 'power') {
        const { n, d } = criterion.exponent
        if (d !== 1n) return roundedPower(criterion.most, ratio, criterion.exponent, rule)
        ratio = fraction(ratio.n ** n, ratio.d ** n)
      } else if (criterion.formula === 'bilinear') {
        const knee = criterion.knee
        ratio = compare(quantity, mean) > 0
          ? add(knee, by(times(minus(ONE, knee), minus(quantity, mean)), minus(best, mean)))
          : by(times(knee, quantity), mean)
      }
      return rounded(times(criterion.most, ratio), rule)
    }

    measurePairs(criterion) {
      const tables = this.pairs.get(criterion.code)
      const tops = tables.map((table) => table && greatest([...table.values()]))
      const found = new Map()
      for (const application of this.rows.keys()) {
        const given = tables.map((table) => table && table.get(application))
        const shares = given.map((points, i) => points && (tops[i].n ? by(points, tops[i]) : ZERO)).filter(Boolean)
        const result = criterion.pairwise === 'sum'
          ? sum(given.filter(Boolean))
          : by(sum(shares), fraction(BigInt(shares.length)))
        found.set(application, { given, result })
      }
      const top = greatest([...found.values()].map(({ result }) => result))
      for (const [application, { given, result }] of found) {
        const counted = rounded(top.n ? by(result, top) : ZERO, this.grid.rounding.mean)
        const fields = {
          given: given.map((points) => points && markText(inUnits(points))),
          found: this.figure(result, COEFFICIENT_DIGITS),
          counted: this.figure(counted, COEFFICIENT_DIGITS)
        }
        const points = rounded(times(counted, criterion.most), this.grid.rounding.product)
        this.rows.get(application).parts.push({ fields, points, count: 2 + tables.length })
      }
    }

    // Blocks, totals, thresholds, rescaling

    addUp(row) {
      row.blocks = new Map([...this.grid.blocks.keys()].map((code) => [code, ZERO]))
      this.grid.criteria.forEach(({ block }, i) => {
        if (row.points[i].n) row.blocks.set(block, add(row.blocks.get(block), row.points[i]))
      })
      row.total = rounded(sum([...row.blocks.values()]), this.grid.rounding.total)
    }

    /** Every threshold that the raw points do not reach: they are joined by AND, and reaching one exactly is enough. */
    judge(row) {
      const miss = (on, code, points, { threshold, thresholdText }) => {
        if (threshold && compare(points, threshold) < 0) row.missed.push({ on, code, points, threshold: thresholdText })
      }
      this.grid.criteria.forEach((criterion, i) => miss('criterion', criterion.code, row.points[i], criterion))
      for (const [code, block] of this.grid.blocks) miss('block', code, row.blocks.get(code), block)
      miss('total', '', row.total, this.grid)
    }

    /** After the thresholds, among those who reached them all, who is out included; the others keep their raw points. */
    rescale() {
      const { grid } = this
      const pool = [...this.rows.values()].filter((row) => !row.missed.length)
      if (!grid.rescaling.length || pool.length < (grid.rescalesAlone ? 1 : 2)) return
      const factor = (most, values) => {
        const best = greatest(values)
        return best.n > 0n && most.n > 0n ? by(most, best) : null
      }
      if (grid.rescaling.includes('criterion')) {
        grid.criteria.forEach((criterion, i) => {
          const by = factor(criterion.most, pool.map((row) => row.points[i]))
          if (by) for (const row of pool) row.points[i] = rounded(times(row.points[i], by), grid.rounding.product)
        })
        for (const row of pool) this.addUp(row)
      }
      if (grid.rescaling.includes('block')) {
        for (const [code, { most }] of grid.blocks) {
          const by = factor(most, pool.map((row) => row.blocks.get(code)))
          if (by) for (const row of pool) row.blocks.set(code, times(row.blocks.get(code), by))
        }
        for (const row of pool) row.total = rounded(sum([...row.blocks.values()]), grid.rounding.total)
      }
      if (grid.rescaling.includes('total')) {
        const by = factor(grid.most, pool.map((row) => row.total))
        if (by) for (const row of pool) row.total = rounded(times(row.total, by), grid.rounding.total)
      }
    }

    // The order

    /** What decides, in its order: the total, then the links of the chain; exact or as published, as the call says. */
    figuresOf(row) {
      const { grid } = this
      const values = [row.total, ...grid.chain.map(({ kind, code }) =>
        kind === 'block' ? row.blocks.get(code) : row.points[grid.codes.indexOf(code)])]
      return grid.published ? values.map((value) => rounded(value, grid)) : values
    }

    /** The proposals from the best, those with the same figures together, in order of number. */
    together(rows) {
      const byFigures = new Map()
      for (const row of rows) {
        const figures = this.figuresOf(row)
        const key = figures.map(({ n, d }) => `${n}/${d}`).join()
        if (!byFigures.has(key)) byFigures.set(key, { figures, rows: [] })
        byFigures.get(key).rows.push(row)
      }
      const groups = [...byFigures.values()].sort((one, two) => {
        for (let i = 0; i < one.figures.length; i += 1) {
          const difference = compare(two.figures[i], one.figures[i])
          if (difference) return difference
        }
        return 0
      })
      for (const group of groups) group.rows.sort((one, two) => inOrder(one.application, two.application))
      return groups
    }

    /** Those who are equal, apart in the order of the last draw in which all of them were drawn. */
    drawn({ figures, rows }) {
      const draw = this.draws.filter(({ turns }) => rows.every((row) => turns.has(row.application))).pop()
      if (rows.length === 1 || !draw) return [{ figures, rows, turn: 0 }]
      const { commitment, value, turns } = draw
      const turn = (row) => turns.get(row.application)
      const apart = [...rows].sort((one, two) => turn(one) - turn(two))
      const hashes = apart.map((row) => turnHash(commitment, value, row.application))
      if (hashes.some((hash, i) => i && hashes[i - 1] > hash)) {
        const names = apart.map((row) => row.application).join(', ')
        this.no(
          ['draws', 'order', names],
          `il sorteggio non dà questo ordine alle domande ${names}`,
          `the draw does not give this order to the applications ${names}`
        )
      }
      return apart.map((row) => ({ figures, rows: [row], turn: turn(row) }))
    }

    /** The rows of a lot in their order: ranked, below a threshold, out; and what the head says of it. */
    rank(lot) {
      const here = [...this.rows.values()].filter((row) => row.lot === lot)
      const stays = here.filter((row) => !this.out.has(row.application))
      const ranked = this.together(stays.filter((row) => !row.missed.length)).flatMap((group) => this.drawn(group))
      const given = this.lots.get(lot)
      const places = given.places === null ? null : given.places - given.vacated
      let position = 1, contested = 0
      for (const group of ranked) {
        group.first = position
        group.last = position + group.rows.length - 1
        if (places === null || group.last <= places) group.outcome = 'selected'
        else if (group.first > places) group.outcome = 'waiting'
        else {
          group.outcome = 'tie_pending'
          contested = places - group.first + 1
        }
        position = group.last + 1
      }
      const expected = []
      ranked.forEach((group, i) => {
        const takes = places !== null && group.outcome !== 'waiting'
        const explanation = {
          behind: i ? this.decision(group, ranked[i - 1]) : null,
          ahead: i + 1 < ranked.length ? this.decision(group, ranked[i + 1]) : null,
          places: takes ? [group.first, Math.min(group.last, places)] : null,
          below: []
        }
        for (const row of group.rows) {
          expected.push({ row, position: group.first, outcome: group.outcome, tied: group.rows.length > 1, explanation })
        }
      })
      const last = [
        ...this.together(stays.filter((row) => row.missed.length)),
        ...this.together(here.filter((row) => this.out.has(row.application)))
      ]
      for (const row of last.flatMap((group) => group.rows)) {
        const below = row.missed.map((missed) => ({ ...missed, points: this.figure(missed.points, this.grid.digits) }))
        const explanation = { behind: null, ahead: null, places: null, below }
        expected.push({ row, position: null, outcome: this.out.get(row.application) || 'below_threshold', tied: false, explanation })
      }
      const ties = ranked.filter((group) => group.rows.length > 1).map((group) => ({
        position: group.first,
        outcome: group.outcome,
        applications: group.rows.map((row) => row.application),
        lot
      }))
      return { expected, ties, unfilled: places === null ? 0 : Math.max(0, places - position + 1), contested }
    }

    decision(own, other) {
      const links = [{ kind: 'total', code: '' }, ...this.grid.chain]
      const at = links.findIndex((_, i) => compare(own.figures[i], other.figures[i]))
      const figure = (group) => at < 0
        ? this.figure(fraction(BigInt(group.turn)), 0)
        : this.figure(group.figures[at], this.grid.digits)
      const link = at < 0 ? { kind: 'draw', code: '' } : links[at]
      return { link, position: other.first, own: figure(own), other: figure(other) }
    }

    // Against the file

    /** A number as the file writes it: the exact fraction, and the figure that people read. */
    figure(value, digits) {
      const key = `${value.n}/${value.d} ${digits}`
      let written = this.figures.get(key)
      if (!written) {
        if (Math.max(value.n.toString(16).length, value.d.toString(16).length) > MOST_HEX_DIGITS) {
          throw new Unreadable('Viene un numero di migliaia di cifre.', 'A number of thousands of digits comes out.')
        }
        const exact = value.d === 1n ? `${value.n}` : `${value.n}/${value.d}`
        written = { exact, published: decimalText(unitsOf(value.n, value.d, digits, this.grid.mode), digits) }
        this.figures.set(key, written)
      }
      return written
    }

    differences() {
      this.checkMarks()
      if (this.found.some(({ where }) => where[1] === 'marks')) return this.found
      this.grid.criteria.forEach((criterion, i) => {
        this.measure(criterion)
        this.tell('measure', i + 1, this.grid.criteria.length)
      })
      for (const row of this.rows.values()) {
        row.points = row.parts.map(({ points }) => points)
        this.addUp(row)
        row.rawBlocks = row.blocks
        row.blocks = new Map(row.blocks)
        row.rawTotal = row.total
        this.judge(row)
      }
      this.rescale()
      const lots = [...this.lots.keys()].map((lot) => this.rank(lot))
      const expected = lots.flatMap((lot) => lot.expected)
      this.compareHead(lots)
      this.order = expected
      const given = [...this.rows.keys()]
      expected.forEach(({ row }, i) => {
        if (given[i] !== row.application) {
          this.found.push({ where: ['rows', String(i + 1)], given: given[i], expected: row.application })
        }
      })
      expected.forEach((one, i) => {
        this.compareRow(one)
        if (i % 500 === 0) this.tell('compare', i, expected.length)
      })
      return this.found
    }

    compareHead(lots) {
      const { data, grid } = this
      const total = (key) => lots.reduce((sum, lot) => sum + lot[key], 0)
      const ties = lots.flatMap((lot) => lot.ties)
      const surplus = ['questa voce non dovrebbe esserci', 'this key should not be there']
      for (const key of Object.keys(data)) if (!HEAD_KEYS.includes(key)) this.no([key], ...surplus)
      this.same(['unfilled'], data.unfilled, total('unfilled'))
      this.same(['contested'], data.contested, total('contested'))
      this.same(['ties'], data.ties, ties)
      data.lots.forEach((item, i) => {
        for (const key of ['unfilled', 'contested']) this.same(['lots', item.code, key], item[key], lots[i][key])
      })
      this.numbers += 2 + ties.length + 2 * data.lots.length
      if (this.sorted) {
        for (const [code, tables] of Object.entries(data.pairs)) {
          const written = tables.map((table) => JSON.stringify(table))
          if (written.some((table, i) => i && inOrder(written[i - 1], table) > 0)) {
            this.no(['pairs', code], 'le tabelle non sono in ordine', 'the tables are not in order')
          }
        }
      }
      for (const [code, { most }] of grid.blocks) {
        if (compare(sum(grid.criteria.filter((c) => c.block === code).map((c) => c.most)), most)) {
          this.no(
            ['grid', 'blocks', code],
            'il massimo del gruppo non è la somma dei suoi criteri',
            'the maximum of the group is not the sum of its criteria'
          )
        }
      }
    }

    compareRow({ row, position, outcome, tied, explanation }) {
      const { grid } = this
      const { data, application } = row
      const raw = grid.rescaling.length > 0
      const surplus = ['questa voce non dovrebbe esserci', 'this key should not be there']
      for (const key of Object.keys(data)) if (!ROW_KEYS.includes(key)) this.no([application, key], ...surplus)
      this.same([application, 'position'], data.position, position)
      this.same([application, 'outcome'], data.outcome, outcome)
      this.same([application, 'tied'], data.tied, tied)
      this.numbers += 3 + grid.blocks.size
      const counting = (points, before) => {
        const written = { points: this.figure(points, grid.digits) }
        if (raw) written.raw = this.figure(before, grid.digits)
        return written
      }
      const criteria = grid.criteria.map(({ code }, i) => {
        const { fields, points, count } = row.parts[i]
        this.numbers += count + 1
        return { code, ...fields, ...counting(row.points[i], points) }
      })
      const blocks = [...row.blocks].map(([code, points]) => ({ code, ...counting(points, row.rawBlocks.get(code)) }))
      const total = { ...this.figure(row.total, grid.digits) }
      if (raw) total.raw = this.figure(row.rawTotal, grid.digits)
      const made = { criteria, blocks, total, explanation }
      for (const [key, expected] of Object.entries(made)) {
        if (!equal(data[key], expected)) this.same([application, key], data[key], expected)
      }
      this.numbers += 2 * [explanation.behind, explanation.ahead].filter(Boolean).length + explanation.below.length
    }
  }

  const verify = (bytes, tell) => {
    const result = { sha256: sha256(bytes), unreadable: null, differences: [], order: [], numbers: 0 }
    try {
      const data = load(bytes, tell)
      const calculation = new Calculation(data, tell)
      result.differences = calculation.differences()
      result.numbers = calculation.numbers
      result.order = calculation.order.map(({ row, position, outcome, tied }) => ({
        application: row.application,
        body: row.data.body,
        lot: row.lot,
        position,
        outcome,
        tied,
        total: calculation.figure(row.total, calculation.grid.digits).published
      }))
      result.head = {
        call: data.call.title,
        area: data.area.title,
        lots: data.lots.map(({ code, title }) => [code, title]),
        draws: data.draws.length,
        rows: calculation.rows.size
      }
    } catch (problem) {
      if (!(problem instanceof Unreadable)) throw problem
      result.unreadable = problem.words
    }
    return result
  }

  self.addEventListener('message', ({ data }) => {
    let last = 0
    const tell = (what, step, of) => {
      const now = Date.now()
      if (now - last < 100) return
      last = now
      self.postMessage({ what, step, of })
    }
    self.postMessage({ result: verify(new Uint8Array(data.bytes), tell) })
  })
})()
