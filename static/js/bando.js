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

  // What this device keeps of texts not saved yet (saving.js) goes with the person who signs out.
  for (const form of document.querySelectorAll('form[data-sign-out]')) {
    form.addEventListener('submit', () => {
      try {
        for (const name of Object.keys(localStorage)) if (name.startsWith('bando:')) localStorage.removeItem(name)
      } catch { /* a browser that keeps nothing */ }
    })
  }

  // Buttons of the page that need this file.
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  }
})()
