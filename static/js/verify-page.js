/* The page that computes a published ranking again: takes the file that was chosen, or the published one that the page names,
   gives its bytes to a Worker (verify-ranking.js) and shows what comes back. Nothing leaves this device. */
(() => {
  'use strict'

  const board = document.querySelector('[data-verify]')
  if (!board || !window.Worker) return
  const words = board.dataset
  const input = board.querySelector('input[type=file]')
  const progress = board.querySelector('[data-progress]')
  const results = board.querySelector('[data-results]')
  const english = document.documentElement.lang.startsWith('en') ? 1 : 0
  const AT_ONCE = 200
  const MOST = 512 * 1024 * 1024

  const LABELS = {
    position: ['posizione', 'position'],
    outcome: ['esito', 'outcome'],
    tied: ['a pari merito', 'tied'],
    criteria: ['criterio', 'criterion'],
    blocks: ['gruppo di criteri', 'group'],
    marks: ['voti del criterio', 'marks of the criterion'],
    sum: ['somma dei voti', 'sum of the marks'],
    mean: ['media', 'mean'],
    coefficient: ['coefficiente', 'coefficient'],
    found: ['quello che i commissari hanno dato', 'what the members gave'],
    counted: ['quello che conta', 'what counts'],
    given: ['punti dei confronti', 'points of the comparisons'],
    quantity: ['quantità', 'quantity'],
    best: ['quantità migliore', 'best quantity'],
    points: ['punti', 'points'],
    raw: ['prima della riparametrazione', 'before the rescaling'],
    total: ['totale', 'total'],
    explanation: ['spiegazione', 'explanation'],
    behind: ['confronto con chi precede', 'compared with who is before'],
    ahead: ['confronto con chi segue', 'compared with who is after'],
    link: ['che cosa decide', 'what decides'],
    own: ['numero suo', 'own number'],
    other: ["numero dell'altra", 'number of the other'],
    places: ['posti', 'places'],
    vacated: ['posti liberati', 'vacated places'],
    below: ['soglie non raggiunte', 'thresholds missed'],
    threshold: ['soglia', 'threshold'],
    unfilled: ['posti non assegnati', 'unfilled places'],
    contested: ['posti contesi', 'contested places'],
    ties: ['pari merito', 'ties'],
    lots: ['lotto', 'lot'],
    draws: ['sorteggio', 'draw'],
    order: ['ordine', 'order'],
    pairs: ['tabelle delle coppie', 'tables of pairs'],
    grid: ['regole', 'rules'],
    exact: ['numero esatto', 'exact number'],
    published: ['cifra pubblicata', 'published figure']
  }
  const NAMED = ['criteria', 'blocks', 'marks', 'lots', 'pairs'].map((name) => LABELS[name][english])

  const say = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name])
  const count = (number) => number.toLocaleString(document.documentElement.lang)
  const status = document.getElementById('bando-status')
  const announce = (text) => {
    if (!status) return
    status.textContent = ''
    setTimeout(() => { status.textContent = text }, 100)
  }
  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name)
    if (text) made.textContent = text
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    return made
  }

  // --- a difference in words ---------------------------------------------------------------------------------------------

  const known = (part) => Object.hasOwn(LABELS, part) ? LABELS[part][english] : null
  const pathWords = (where) => {
    const said = known(where[0]) ? [] : [say(words.application, { number: where[0] })]
    for (const part of where.slice(said.length)) {
      const label = known(part)
      if (!label && NAMED.includes(said[said.length - 1])) said[said.length - 1] += ` ${part}`
      else said.push(label || part)
    }
    return said.join(', ')
  }
  const valueWords = (value) => {
    if (value === undefined) return words.nothing
    const written = typeof value === 'string' ? value : JSON.stringify(value)
    return written.length > 300 ? `${written.slice(0, 300)}…` : written
  }
  const differenceWords = ({ where, given, expected, why }) => {
    if (why) return say(words.why, { where: pathWords(where), why: why[english] })
    const values = { given: valueWords(given), expected: valueWords(expected) }
    if (where[0] === 'rows') return say(words.row, { row: where[1], ...values })
    return say(words.difference, { where: pathWords(where), ...values })
  }

  // --- what is shown -----------------------------------------------------------------------------------------------------

  const verdict = (kind, title, body) => {
    const box = element('div', '', { class: `alert alert-${kind}` })
    const inner = element('div', '', { class: 'alert-body' })
    const head = element('p')
    head.append(element('strong', title))
    inner.append(head, element('p', body))
    box.append(inner)
    results.append(box)
    announce(`${title}. ${body}`)
  }

  const hash = (own) => {
    results.append(element('p', words.sha, { class: 'mb-1' }))
    const box = element('div', '', { class: 'bando-hash' })
    const code = element('code', '', { translate: 'no' })
    for (const group of own.match(/.{8}/g)) code.append(element('span', group))
    box.append(code)
    results.append(box)
    if (words.sha256) results.append(element('p', own === words.sha256 ? words.hashSame : words.hashDiffers))
  }

  const list = (differences) => {
    const items = element('ul')
    for (const one of differences.slice(0, AT_ONCE)) items.append(element('li', differenceWords(one), { class: 'text-break' }))
    results.append(element('h3', words.differencesTitle), items)
    if (differences.length > AT_ONCE) {
      results.append(element('p', say(words.moreDifferences, { count: count(differences.length - AT_ONCE) })))
    }
  }

  const table = ({ order, head, differences }) => {
    if (!order.length) return
    const changed = new Set(differences.map(({ where }) => where[0]))
    for (const { where, given, expected } of differences) if (where[0] === 'rows') changed.add(given).add(expected)
    const lots = new Map(head.lots)
    const region = element('div', '', { class: 'bando-table', role: 'region', tabindex: '0', 'aria-labelledby': 'recomputed' })
    const grid = element('table', '', { class: 'table is-compact bando-stack' })
    grid.append(element('caption', say(words.caption, { area: head.area }), { id: 'recomputed' }))
    const titles = [words.place, words.proposal, words.total, words.outcome, words.numbers]
    const top = element('tr')
    titles.forEach((title, i) => top.append(element('th', title, { scope: 'col', class: i === 0 || i === 2 ? 'number' : '' })))
    const body = element('tbody')
    grid.append(element('thead'), body)
    grid.tHead.append(top)
    region.append(grid)
    const more = element('button', '', { type: 'button', class: 'btn btn-outline-primary' })
    let shown = 0
    const show = () => {
      for (const row of order.slice(shown, shown + AT_ONCE)) {
        const line = element('tr')
        const name = element('th', row.body, { scope: 'row' })
        const lot = lots.get(row.lot)
        name.append(element('br'), element('small', lot ? `${row.application}, ${lot}` : row.application, { class: 'fw-normal text-muted' }))
        const outcome = words[`outcome${row.outcome[0].toUpperCase()}${row.outcome.slice(1)}`]
        const place = element('td', row.position === null ? '' : String(row.position), { class: 'number', 'data-label': titles[0] })
        if (row.position === null) {
          const nowhere = element('span')
          nowhere.append(element('span', '–', { 'aria-hidden': 'true' }), element('span', words.noPlace, { class: 'visually-hidden' }))
          place.append(nowhere)
        }
        line.append(
          place,
          name,
          element('td', english ? row.total : row.total.replace('.', ','), { class: 'number', 'data-label': titles[2] }),
          element('td', row.tied ? `${outcome} (${words.tied})` : outcome, { 'data-label': titles[3] }),
          element('td', changed.has(row.application) ? words.different : words.equal, { 'data-label': titles[4] })
        )
        body.append(line)
      }
      shown = Math.min(order.length, shown + AT_ONCE)
      more.textContent = say(words.more, { count: count(Math.min(AT_ONCE, order.length - shown)) })
      more.hidden = shown >= order.length
    }
    more.addEventListener('click', () => {
      const from = shown
      show()
      const first = body.rows[from].cells[1]
      first.tabIndex = -1
      first.focus()
    })
    show()
    results.append(region, more)
  }

  const finished = (result) => {
    progress.hidden = true
    results.replaceChildren()
    if (result.unreadable) {
      verdict('warning', words.unreadable, result.unreadable[english])
      hash(result.sha256)
      return
    }
    const { differences, numbers, head } = result
    const facts = { numbers: count(numbers), rows: count(head.rows), count: count(differences.length) }
    if (differences.length) verdict('danger', words.differs, say(words.differsBody, facts))
    else verdict('success', words.same, say(words.sameBody, facts))
    results.append(element('p', say(words.which, { call: head.call, area: head.area })))
    hash(result.sha256)
    if (head.draws) results.append(element('p', words.draw))
    if (differences.length) list(differences)
    table(result)
  }

  // --- the road ----------------------------------------------------------------------------------------------------------

  let worker = null
  const failed = (body) => {
    progress.hidden = true
    results.replaceChildren()
    verdict('warning', words.unreadable, body)
  }
  const step = (text, done, of) => {
    progress.hidden = false
    progress.querySelector('[data-what]').textContent = text
    const bar = progress.querySelector('progress')
    if (of) { bar.max = of; bar.value = done } else bar.removeAttribute('value')
  }
  const begin = async (bytesOf, text) => {
    if (worker) worker.terminate()
    const mine = worker = new Worker(words.worker)
    results.replaceChildren()
    step(text)
    announce(text)
    mine.addEventListener('message', ({ data }) => {
      if (mine !== worker) return
      if (data.result) {
        mine.terminate()
        finished(data.result)
      } else step(words[data.what], data.step, data.of)
    })
    mine.addEventListener('error', (event) => {
      event.preventDefault()
      if (mine === worker) failed(words.broken)
    })
    try {
      const bytes = await bytesOf()
      if (mine === worker) mine.postMessage({ bytes }, [bytes])
    } catch {
      if (mine === worker) failed(words.missing)
    }
  }

  input.addEventListener('click', () => { input.value = '' }) // the same file again may have another content
  input.addEventListener('change', () => {
    const [file] = input.files
    if (!file) return
    delete words.sha256 // it is that of the published file, and this may be another
    if (file.size > MOST) failed(words.tooBig)
    else begin(() => file.arrayBuffer(), words.read)
  })
  board.hidden = false
  if (words.source) {
    begin(async () => {
      const answer = await fetch(words.source, { credentials: 'same-origin', headers: { Accept: 'application/json' } })
      if (!answer.ok) throw new Error(String(answer.status))
      return answer.arrayBuffer()
    }, words.fetching)
  }
})()
