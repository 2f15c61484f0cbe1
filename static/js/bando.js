/* Small helps for pages that already work without them. No page depends on this file. */
(() => {
  'use strict'

  const status = document.getElementById('bando-status')
  let speaking
  /** Says a text to screen readers, politely, in the one live region of the page. */
  const announce = (text) => {
    if (!status) return
    clearTimeout(speaking)
    status.textContent = ''
    speaking = setTimeout(() => { status.textContent = text }, 100)
  }

  // The error summary takes the focus, so that who listens hears it and who looks is brought there.
  document.querySelector('[data-focus]')?.focus()

  // A <details> menu closes with Escape and with a click elsewhere.
  for (const menu of document.querySelectorAll('details.bando-menu')) {
    document.addEventListener('click', (event) => { if (!menu.contains(event.target)) menu.open = false })
    menu.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !menu.open) return
      menu.open = false
      menu.querySelector('summary').focus()
    })
  }

  // Characters left. The server counts code points and one for a line break: so do we.
  const length = (text) => [...text.replace(/\r\n/g, '\n')].length
  for (const counter of document.querySelectorAll('[data-counter]')) {
    const control = document.getElementById(counter.dataset.counter)
    if (!control) continue
    const limit = Number(counter.dataset.limit)
    let pause
    const say = () => {
      const left = limit - length(control.value)
      const kind = left < 0 ? 'over' : 'left'
      const number = Math.abs(left)
      const words = counter.dataset[kind + (number === 1 ? 'One' : 'Many')]
      counter.textContent = words.replace('#', number)
      counter.classList.toggle('is-over', left < 0)
      return counter.textContent
    }
    say()
    control.addEventListener('input', () => {
      const text = say()
      clearTimeout(pause)
      pause = setTimeout(() => announce(text), 1000)
    })
  }

  // Time left: from the server's moment, advanced by a clock that nobody can set.
  const spoken = new Set([60, 30, 15, 10, 5, 2, 1])
  for (const box of document.querySelectorAll('[data-countdown]')) {
    const place = box.querySelector('[data-left]')
    const words = box.querySelector('template')?.content.firstElementChild?.dataset
    const deadline = Date.parse(box.dataset.deadline)
    const served = Date.parse(box.dataset.now)
    if (!place || !words || Number.isNaN(deadline) || Number.isNaN(served)) continue
    // The page was asked for before it arrived: what passed meanwhile counts.
    const started = performance.getEntriesByType('navigation')[0]?.requestStart ?? performance.now()
    const said = (unit, number) => words[unit + (number === 1 ? 'One' : 'Many')].replace('#', number)
    const sentence = (milliseconds) => {
      if (milliseconds < 0) return words.over
      const total = Math.floor(milliseconds / 1000)
      const days = Math.floor(total / 86400)
      const hours = Math.floor(total / 3600) % 24
      const minutes = Math.floor(total / 60) % 60
      const seconds = total % 60
      let parts
      if (days) parts = [['day', days], ['hour', hours]]
      else if (hours) parts = [['hour', hours], ['minute', minutes]]
      else if (minutes >= 10) parts = [['minute', minutes]]
      else if (minutes) parts = [['minute', minutes], ['second', seconds]]
      else if (seconds) parts = [['second', seconds]]
      else return words.instant
      const shown = parts.filter(([, number]) => number)
      if (shown.length === 2) return words.two.replace('{0}', said(...shown[0])).replace('{1}', said(...shown[1]))
      return words[shown[0][1] === 1 ? 'singleOne' : 'singleMany'].replace('{0}', said(...shown[0]))
    }
    let lastMinute = null
    let timer
    const tick = () => {
      const left = deadline - served - (performance.now() - started)
      const text = sentence(left)
      const shown = text.charAt(0).toUpperCase() + text.slice(1)
      if (place.textContent !== shown) place.textContent = shown
      box.classList.toggle('is-over', left < 0)
      box.classList.toggle('is-near', left >= 0 && left < 86400000)
      const minute = Math.ceil(left / 60000)
      if (lastMinute !== null && minute !== lastMinute && spoken.has(minute) && !('quiet' in box.dataset)) announce(shown)
      lastMinute = minute
      // By the second in the last eleven minutes, otherwise twice a minute; nothing is disabled when it ends:
      // only the server says what is late.
      clearTimeout(timer)
      if (left >= 0) timer = setTimeout(tick, left < 660000 ? (left % 1000) + 5 : 30000)
    }
    tick()
    document.addEventListener('visibilitychange', () => { if (!document.hidden) tick() })
  }

  // Copy a digest.
  if (navigator.clipboard) {
    for (const button of document.querySelectorAll('[data-copy]')) {
      button.hidden = false
      const label = button.querySelector('span')
      const before = label?.textContent
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText(button.dataset.copy)
        if (label) label.textContent = button.dataset.copied
        announce(button.dataset.copied)
        setTimeout(() => { if (label) label.textContent = before }, 3000)
      })
    }
  }

  /**
   * An amount as people write it, in cents (BigInt); null when it is not one. An empty field counts as nothing.
   * The rule is the server's (applications/amounts.py): a lone comma starts the decimals, a point before exactly three
   * digits separates thousands, with both the last one starts the decimals, and what could mean two numbers is refused.
   */
  const cents = (text) => {
    const kept = text.replace(/€|euro|eur/gi, '').replace(/[\s']+/g, ' ').trim()
    if (kept === '') return 0n
    const comma = kept.lastIndexOf(',')
    const point = kept.lastIndexOf('.')
    let at = Math.max(comma, point)
    if (comma >= 0 && point < 0 && kept.indexOf(',') !== comma) at = -1
    if (point >= 0 && comma < 0 && (kept.indexOf('.') !== point || kept.length - point - 1 === 3)) at = -1
    const whole = at < 0 ? kept : kept.slice(0, at)
    const decimals = at < 0 ? '' : kept.slice(at + 1)
    const grouped = [',', '.', ' '].some((mark) => /^[0-9]{1,3}$/.test(whole.split(mark)[0]) && whole.split(mark).slice(1).every((group) => /^[0-9]{3}$/.test(group)))
    if (!/^[0-9]+$/.test(whole) && !grouped) return null
    if (!/^[0-9]{0,2}$/.test(decimals)) return null
    const digits = whole.replace(/[., ]/g, '')
    return digits.replace(/^0+/, '').length > 15 ? null : BigInt(digits + decimals.padEnd(2, '0'))
  }
  const english = document.documentElement.lang.startsWith('en')
  const euro = (amount) => {
    const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0')
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, english ? ',' : '.')
    const sign = amount < 0n ? '-' : ''
    return english ? `${sign}€${whole}.${digits.slice(-2)}` : `${sign}${whole},${digits.slice(-2)}\u00a0€`
  }

  // Totals of a budget, while it is being written. The server computes them again and its numbers are the ones that count.
  // <table data-totals>, <input data-column="cost">, row result <output data-row-result="cost-own">, foot <output data-total="cost">.
  for (const table of document.querySelectorAll('[data-totals]')) {
    const sum = () => {
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
    let pause
    table.addEventListener('input', () => {
      sum()
      clearTimeout(pause)
      const spokenTotal = table.querySelector('[data-total][data-spoken]')
      if (spokenTotal) pause = setTimeout(() => announce(`${spokenTotal.dataset.spoken} ${spokenTotal.textContent}`), 1000)
    })
    table.addEventListener('focusout', ({ target }) => {
      if (!target.matches?.('[data-column]') || target.value.trim() === '') return
      const amount = cents(target.value)
      // What is not an amount stays as it was written: the server will say what is wrong with it.
      if (amount !== null) target.value = euro(amount).replace(/[\u00a0€]/g, '')
    })
    sum()
  }

  // A second click on a button that sends is ignored; the first one always goes through.
  for (const form of document.querySelectorAll('form')) {
    if ((form.getAttribute('method') || 'get').toLowerCase() !== 'post') continue
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent) { event.preventDefault(); return }
      form.dataset.sent = 'yes'
      event.submitter?.setAttribute('aria-disabled', 'true')
      // The answer may never come, or may be a file to keep: the form can be sent again after a while.
      setTimeout(() => release(form), 15000)
    })
  }
  const release = (form) => {
    delete form.dataset.sent
    for (const button of form.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled')
  }
  // Back with the browser shows the page as it was left.
  window.addEventListener('pageshow', (event) => { if (event.persisted) document.querySelectorAll('form').forEach(release) })

  // Buttons of the page that need this file.
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  }
})()
