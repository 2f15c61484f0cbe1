/*
 * Totals, sums and rules of a budget, while it is being written. The server computes them again and its numbers are the ones
 * that count; the page works without.
 */
(() => {
  'use strict'

  const status = document.getElementById('bando-status')
  const announce = (text) => {
    if (!status) return
    status.textContent = ''
    setTimeout(() => { status.textContent = text }, 100)
  }

  /**
   * A number as people write it: { digits: BigInt, scale: how many of them are decimals }, or null when it is not one.
   * The rule is the server's (applications/amounts.py): a lone comma starts the decimals, a point before exactly three
   * digits separates thousands, with both the last one starts the decimals, and what could mean two numbers is refused.
   */
  const number = (text) => {
    const kept = text.replace(/[ \t\n\r\u00a0\u2009\u202f'\u2019]+/g, ' ').replace(/^ | $/g, '')
    const comma = kept.lastIndexOf(',')
    const point = kept.lastIndexOf('.')
    let at = Math.max(comma, point)
    if (comma >= 0 && point < 0 && kept.indexOf(',') !== comma) at = -1
    if (point >= 0 && comma < 0 && (kept.indexOf('.') !== point || kept.length - point - 1 === 3)) at = -1
    const whole = at < 0 ? kept : kept.slice(0, at)
    const decimals = at < 0 ? '' : kept.slice(at + 1)
    const grouped = [',', '.', ' '].some((mark) => {
      const [first, ...others] = whole.split(mark)
      return /^[0-9]{1,3}$/.test(first) && others.every((group) => /^[0-9]{3}$/.test(group))
    })
    if (!/^[0-9]+$/.test(whole) && !grouped) return null
    if (!/^[0-9]{0,15}$/.test(decimals)) return null
    const digits = whole.replace(/[., ]/g, '')
    return digits.replace(/^0+/, '').length > 15 ? null : { digits: BigInt(digits + decimals), scale: decimals.length }
  }

  /** An amount in cents; null when it is not one. An empty field counts as nothing. */
  const cents = (text) => {
    if (text.trim() === '') return 0n
    const kept = text.replace(/[ \t\n\r\u00a0\u2009\u202f'\u2019]+/g, ' ').replace(/^ | $/g, '')
    const read = number(kept.replace(/^(?:€|euro|eur)|(?:€|euro|eur)$/gi, ''))
    return read === null || read.scale > 2 ? null : read.digits * 10n ** BigInt(2 - read.scale)
  }

  /** Hours, counted by halves; null when they are not. */
  const halves = (text) => {
    const read = number(text)
    if (read === null) return null
    const one = 10n ** BigInt(read.scale)
    const twice = read.digits * 2n
    return twice % one || twice === 0n || twice > 2000000n * one ? null : twice / one
  }

  const english = document.documentElement.lang.startsWith('en')
  const euro = (amount) => {
    const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0')
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, english ? ',' : '.')
    const sign = amount < 0n ? '-' : ''
    return english ? `${sign}€${whole}.${digits.slice(-2)}` : `${sign}${whole},${digits.slice(-2)}\u00a0€`
  }
  const floor = (part, whole) => (part >= 0n ? part / whole : -((-part + whole - 1n) / whole))
  const ceil = (part, whole) => -floor(-part, whole)
  const tidy = (amount) => euro(amount).replace(/[\u00a0€]/g, '')

  /** <table data-totals>, <input data-column="cost">, <output data-row-result="cost-own">, foot <output data-total="cost">. */
  const addUp = (table) => {
    const totals = {}
    const broken = new Set()
    for (const row of table.querySelectorAll('tbody tr')) {
      const amounts = {}
      for (const input of row.querySelectorAll('[data-column]')) {
        const amount = cents(input.value)
        if (amount === null) broken.add(input.dataset.column)
        amounts[input.dataset.column] = amount
      }
      for (const output of row.querySelectorAll('[data-row-result]')) {
        const [first, second] = output.dataset.rowResult.split('-')
        const known = amounts[first] != null && amounts[second] != null
        const result = known ? amounts[first] - amounts[second] : null
        output.textContent = known ? euro(result) : '–'
        amounts[output.dataset.rowResult] = result
        if (!known) broken.add(output.dataset.rowResult)
      }
      for (const [column, amount] of Object.entries(amounts)) totals[column] = (totals[column] ?? 0n) + (amount ?? 0n)
    }
    for (const output of table.querySelectorAll('[data-total]')) {
      output.textContent = broken.has(output.dataset.total) ? '–' : euro(totals[output.dataset.total] ?? 0n)
    }
  }

  for (const table of document.querySelectorAll('[data-totals]')) {
    let pause
    const said = table.closest('[data-budget]') ? null : table.querySelector('[data-total][data-spoken]')
    table.addEventListener('input', () => {
      addUp(table)
      clearTimeout(pause)
      if (said) pause = setTimeout(() => announce(`${said.dataset.spoken} ${said.textContent}`), 1000)
    })
    addUp(table)
  }

  // What is an amount is tidied on leaving its field. What is not stays as it was written: the server says what is wrong.
  document.addEventListener('focusout', ({ target }) => {
    if (!target.matches?.('[data-column]:not([data-column="hours"])') || target.value.trim() === '') return
    const amount = cents(target.value)
    if (amount !== null) target.value = tidy(amount)
  })

  /** What a row says: null for a blank one, and for one that the server could not read whole. */
  const parts = (row) => {
    const found = {}
    for (const select of row.querySelectorAll('[data-part]')) found[select.dataset.part] = select.value
    return Object.values(found).includes('') ? null : found
  }
  const typed = (row, column) => row.querySelector(`[data-column="${column}"]`).value
  const line = (row) => {
    const at = row.dataset.item ? { item: row.dataset.item } : parts(row)
    const total = cents(typed(row, 'cost'))
    const own = cents(typed(row, 'own'))
    const missing = !row.dataset.item && typed(row, 'cost').trim() === ''
    return at === null || missing || total === null || own === null || own > total ? null : { at, total, own, hours: 0n, hourly: 0n }
  }
  const hours = (row) => {
    const at = parts(row)
    const time = halves(typed(row, 'hours'))
    const hourly = typed(row, 'hourly').trim() === '' ? null : cents(typed(row, 'hourly'))
    const activity = row.querySelector('input').value.trim()
    if (at === null || time === null || hourly === null || activity === '') return null
    const value = time * hourly / 2n // a half cent falls away, as on the server
    return { at, total: value, own: value, hours: value, hourly }
  }

  const sum = (rows, key) => rows.reduce((whole, row) => whole + row[key], 0n)

  /** Each rule of the call: { passed, amount, gap }, or null when there is nothing to judge. */
  const judged = (rule, all, facts) => {
    const [limit, by] = rule.limit.map(BigInt)
    const mine = all.lines.filter((row) => row.at.item === rule.item)
    const most = (amount) => ({ passed: amount <= limit, shown: euro(amount), gap: amount - limit })
    const shown = (part, whole, round) => {
      const digits = (whole ? round(part * 10000n, whole) : 0n).toString().padStart(3, '0')
      const decimals = digits.slice(-2).replace(/0+$/, '')
      return digits.slice(0, -2) + (decimals && (english ? '.' : ',') + decimals)
    }
    const least = (own, total) => {
      const gap = ceil(total * limit, by * 100n) - own
      return { passed: gap <= 0n, shown: shown(own, total, floor), gap }
    }
    const greatest = (part, total) => {
      const gap = part - floor(total * limit, by * 100n)
      return { passed: gap <= 0n, shown: shown(part, total, ceil), gap }
    }
    switch (rule.rule) {
      case 'max_grant': return most(all.total - all.own)
      case 'min_own_share': return least(all.own, all.total)
      case 'max_indirect': return greatest(sum(all.lines.filter((row) => facts.indirect.includes(row.at.item)), 'total'), all.total)
      case 'min_item_own': return sum(mine, 'total') ? least(sum(mine, 'own'), sum(mine, 'total')) : null
      case 'max_item': return greatest(sum(mine, 'total'), all.total)
      case 'max_hourly': return all.hours.length ? most(all.hours.reduce((top, row) => (row.hourly > top ? row.hourly : top), 0n)) : null
      case 'max_volunteers': {
        if (!all.hours.length) return null
        const passed = all.volunteered * 100n * by <= all.own * limit
        const gap = passed ? 0n : all.volunteered - floor((all.own - all.volunteered) * limit, 100n * by - limit)
        return { passed, shown: shown(all.volunteered, all.own, ceil), gap }
      }
    }
  }

  for (const root of document.querySelectorAll('[data-budget]')) {
    const facts = JSON.parse(root.dataset.budget)
    const copy = (name) => root.querySelector(`template[data-rules-of="${name}"]`).content.cloneNode(true)
    const rows = (kind, read) => [...root.querySelectorAll(`tr[data-${kind}]`)].map((row) => {
      const found = read(row)
      const result = row.querySelector('[data-result]')
      if (result) result.textContent = found === null ? '–' : euro(kind === 'hours' ? found.total : found.total - found.own)
      if (found !== null && !('partner' in found.at)) found.at.partner = facts.partner
      return found
    }).filter((found) => found !== null)

    const showSums = (all) => {
      for (const table of root.querySelectorAll('[data-sums]')) {
        const part = table.dataset.sums
        const key = (row) => (all.hours.includes(row) && part !== 'partner' ? '' : row.at[part] ?? '')
        for (const shown of table.querySelectorAll('[data-key]')) {
          const mine = [...all.lines, ...all.hours].filter((row) => key(row) === shown.dataset.key)
          const amounts = { total: sum(mine, 'total'), own: sum(mine, 'own') }
          amounts.grant = amounts.total - amounts.own
          for (const output of shown.querySelectorAll('[data-sum]')) output.textContent = euro(amounts[output.dataset.sum])
        }
      }
    }

    const showRules = (all) => {
      const place = root.querySelector('[data-budget-rules]')
      place.replaceChildren()
      if (!all.total) return []
      place.append(copy('all'))
      const broken = []
      for (const rule of facts.rules) {
        const found = judged(rule, all, facts)
        if (found === null) continue
        const pattern = found.passed ? rule.pass : found.gap === 1n ? rule.failOne : rule.failMany
        const words = pattern.replace('{amount}', found.shown).replace('{gap}', euro(found.gap))
        const row = copy(found.passed ? 'met' : 'unmet')
        row.querySelector('[data-words]').textContent = words
        place.querySelector('ul').append(row)
        if (!found.passed) broken.push(words)
      }
      return broken
    }

    let pause
    const show = () => {
      const lines = rows('line', line)
      const volunteering = rows('hours', hours)
      const all = { lines, hours: volunteering, volunteered: sum(volunteering, 'total'), spent: sum(lines, 'total'), paid: sum(lines, 'own') }
      all.total = all.spent + all.volunteered
      all.own = all.paid + all.volunteered
      all.grant = all.total - all.own
      for (const output of root.querySelectorAll('[data-budget-total]')) output.textContent = euro(all[output.dataset.budgetTotal])
      showSums(all)
      const broken = showRules(all)
      clearTimeout(pause)
      const total = root.dataset.spoken.replace('{total}', euro(all.total)).replace('{grant}', euro(all.grant))
      pause = setTimeout(() => announce([total, ...broken].join(' ')), 1000)
    }

    // The cells of a line are called after its item: "Personale, riga 2: costo totale in euro".
    const rename = (row) => {
      const list = row.closest('[data-named]')
      const item = row.querySelector('[data-part="item"]')
      if (!list || !item) return
      const name = item.value ? item.selectedOptions[0].textContent : ''
      for (const control of row.querySelectorAll('[aria-label]')) {
        const column = control.getAttribute('aria-label').split(': ').pop()
        const number = control.name.split('__')[1]
        const label = (name ? list.dataset.named : list.dataset.unnamed).replace('{row}', number).replace('{column}', column)
        control.setAttribute('aria-label', label.replace('{item}', name))
      }
    }

    root.addEventListener('input', ({ target }) => {
      const row = target.closest('tr[data-row]')
      if (row) rename(row)
      show()
    })
  }
})()
