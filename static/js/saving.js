/* Keeps what is typed in a section, field by field. What is not saved yet waits on this device; the button of the form works
   without this file. A unit is what one person writes at once (applications/sections/units.py); its base is the fingerprint of
   what the page was shown of it, and only the server computes it. */
(() => {
  'use strict'

  const form = document.querySelector('form[data-saving]')
  const bar = document.querySelector('[data-saving-bar]')
  if (!form || !bar || !window.AbortController) return
  const { saving: url, state: stateUrl, signIn, user, journal: prefix } = form.dataset
  const words = bar.dataset
  const PAUSE = 1500, PATIENCE = 20000, WEEK = 7 * 86400000, KEEPALIVE = 60000, WARNING = 5 * 60000
  const WAITS = [2000, 4000, 8000, 15000, 30000, 60000]

  const status = document.getElementById('bando-status')
  const announce = (text) => {
    if (!status) return
    status.textContent = ''
    setTimeout(() => { status.textContent = text }, 100)
  }

  // --- units ---------------------------------------------------------------------------------------------------------

  const bases = JSON.parse(form.dataset.bases) // not from the hidden input: Back with the browser brings an old value back
  const codes = Object.keys(bases)
  const names = new Map(Object.entries(JSON.parse(form.dataset.units ?? '{}'))) // a form whose inputs are not named after units
  const unitOf = (name) => {
    if (!names.has(name)) {
      const found = codes.filter((code) => name === code || name.startsWith(`${code}__`))
      names.set(name, found.sort((one, other) => other.length - one.length)[0])
    }
    return names.get(name)
  }
  const controls = (unit) => [...form.elements].filter((control) => control.name && control.type !== 'hidden' && unitOf(control.name) === unit)
  /** What stands in a unit, by name of the input; `shown` as the server drew it. */
  const collect = (unit, shown = false) => {
    const typed = {}
    for (const control of controls(unit)) {
      const { name, type } = control
      const checked = shown ? control.defaultChecked : control.checked
      if (type === 'checkbox') typed[name] = [...(typed[name] ?? []), ...(checked ? [control.value] : [])]
      else if (type === 'radio') typed[name] = checked ? control.value : typed[name] ?? ''
      else if (shown && control.options) typed[name] = ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value ?? ''
      else typed[name] = shown ? control.defaultValue : control.value
    }
    return typed
  }
  /** Rows of a table that the page has not opened yet (answers.js). */
  const makeRoom = (unit, typed) => {
    const add = controls(unit)[0]?.closest('[data-rows]')?.querySelector('[data-rows-add]')
    for (const [name, text] of Object.entries(typed)) {
      for (let row = 0; add && text.length && !add.hidden && row < 200 && !form.elements[name]; row += 1) add.click()
    }
  }
  let filling = false
  const fill = (unit, typed) => {
    filling = true
    makeRoom(unit, typed)
    for (const control of controls(unit)) {
      const text = typed[control.name] ?? ''
      if (control.type === 'checkbox' || control.type === 'radio') control.checked = [].concat(text).includes(control.value)
      else control.value = [].concat(text)[0] ?? ''
      const row = control.closest('[data-row]')
      if (row && control.value) row.hidden = false
    }
    const all = controls(unit)
    for (const control of all.filter((one) => one === all[0] || one.matches('textarea'))) { // a textarea has its own counter
      for (const kind of ['input', 'change']) control.dispatchEvent(new Event(kind, { bubbles: true }))
    }
    filling = false
  }
  /** Two texts are the same when their keys are: blanks say nothing. */
  const key = (typed) => JSON.stringify(Object.entries(typed).filter(([, text]) => text.length).sort(([one], [other]) => (one < other ? -1 : 1)))

  // --- the journal: what the server has not acknowledged --------------------------------------------------------------

  const unheard = {} // sent while the page was going away: nobody read the answer
  const write = (unit) => {
    try {
      const sent = unheard[unit] ?? head?.fields[unit]?.typed
      localStorage.setItem(prefix + unit, JSON.stringify({ typed: collect(unit), base: bases[unit], sent, when: Date.now() }))
    } catch { /* full, or not allowed: the text is still on the page */ }
  }
  const read = (unit) => {
    try {
      return JSON.parse(localStorage.getItem(prefix + unit))
    } catch { return null }
  }
  const forget = (unit) => { try { localStorage.removeItem(prefix + unit) } catch { /* nothing to forget */ } }

  // --- what the page says ---------------------------------------------------------------------------------------------

  const line = bar.querySelector('[data-saving-status]')
  const others = bar.querySelector('[data-saving-others]')
  const clock = bar.querySelector('[data-saving-clock]')
  const again = bar.querySelector('[data-saving-retry]')
  const enter = bar.querySelector('[data-saving-sign-in]')
  const stay = bar.querySelector('[data-saving-stay]')
  const say = (kind, text, action = null) => {
    bar.hidden = false
    bar.classList.toggle('is-failing', kind === 'failed')
    if (line.textContent !== text) line.textContent = text
    for (const button of [again, enter, stay]) button.hidden = button !== action
  }

  // --- saving ---------------------------------------------------------------------------------------------------------

  const saved = Object.fromEntries(codes.map((unit) => [unit, key(collect(unit, true))]))
  const touched = new Set()
  const held = new Map() // units of which two people wrote different texts, until the person chooses
  let head = null // what is being sent; sent again as it is until the server answers
  let running = null
  let pause, retry
  let attempts = 0
  let trouble = '' // offline, failed, session or closed
  let missed = '' // the trouble that is over, until all is saved
  let insists = false
  let succeeded = false
  let typedAt = 0

  const token = () => form.elements.csrfmiddlewaretoken.value
  const wrong = {} // what the server can't keep, as it was typed: it is not sent again until it changes
  const changed = () => [...touched].filter((unit) => !held.has(unit) && key(collect(unit)) !== saved[unit])
  const dirty = () => changed().filter((unit) => key(collect(unit)) !== wrong[unit])
  const pack = (units) => {
    const fields = {}, keys = {}
    for (const unit of units) {
      const typed = collect(unit)
      keys[unit] = key(typed)
      fields[unit] = { typed, base: bases[unit], ...(unheard[unit] ? { sent: unheard[unit] } : {}) }
    }
    return { fields, keys }
  }
  const message = (fields) => JSON.stringify({ fields, version: Number(form.elements.__version?.value ?? 0), device_clock: new Date().toISOString() })
  const request = (body, options = {}) => fetch(url, {
    method: 'POST', body, credentials: 'same-origin', headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token() }, ...options
  })
  const post = async (body) => {
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(), PATIENCE)
    try {
      const response = await request(body, { signal: patience.signal })
      return { status: response.status, answer: response.headers.get('Content-Type')?.includes('json') ? await response.json() : {} }
    } finally { clearTimeout(timer) }
  }

  /** Sends what is waiting, one request after the other; true when nothing is left. */
  const flush = () => {
    clearTimeout(pause)
    clearTimeout(retry)
    running ??= drain().finally(() => { running = null })
    return running
  }
  const drain = async () => {
    let renewed = false
    while (trouble !== 'closed') {
      head ??= dirty().length ? pack(dirty()) : null
      if (!head) return !held.size
      if (!trouble) say('busy', words.saving)
      let found
      try {
        found = await post(message(head.fields))
      } catch (error) {
        return fail(error instanceof TypeError && !navigator.onLine ? 'offline' : 'failed')
      }
      if (found.status === 200) accept(found.answer)
      else if (found.status === 403 && !renewed && (await renew())) renewed = true
      else if (found.status === 401 || found.status === 403) {
        head = null // it was not taken: what goes on afterwards is the text as it stands then
        return end()
      }
      else if (found.status >= 500) return fail('failed')
      else return refuse(found)
    }
    return false
  }
  const accept = (answer) => {
    if (form.elements.__version) form.elements.__version.value = answer.version
    for (const unit of Object.keys(head.fields)) {
      delete wrong[unit]
      if (answer.wrong?.[unit]) { wrong[unit] = head.keys[unit]; continue }
      const conflict = answer.conflicts.find((other) => other.unit === unit)
      if (unheard[unit] === head.fields[unit].sent) delete unheard[unit]
      if (conflict) { hold(unit, conflict); continue }
      if (unit in answer.bases) bases[unit] = answer.bases[unit]
      saved[unit] = head.keys[unit]
      if (key(collect(unit)) === saved[unit]) forget(unit)
      else write(unit)
    }
    head = null
    attempts = 0
    insists = false
    missed ||= trouble
    trouble = ''
    form.dispatchEvent(new CustomEvent('bando:saved', { detail: answer }))
    const faults = changed().filter((unit) => wrong[unit]).map((unit) => answer.wrong?.[unit]).filter(Boolean).join(' ')
    if (held.size) say('failed', words.both)
    else if (faults) say('failed', `${words.notKept} ${faults}`)
    else if (!dirty().length) {
      const time = new Intl.DateTimeFormat('it-IT', { timeZone: 'Europe/Rome', hour: '2-digit', minute: '2-digit' })
      const text = missed === 'offline' ? words.back.replace('#', time.format(new Date(answer.saved_at))) : answer.said
      say('saved', text)
      if (missed || !succeeded) announce(text)
      succeeded = true
      missed = ''
    }
    others.textContent = answer.others.join(' ')
    if (answer.clock && !told) { told = true; clock.textContent = answer.clock }
  }
  let told = false
  const fail = (kind) => {
    const text = kind === 'offline' ? words.offline : words.failed
    say('failed', text, again)
    if (trouble !== kind) announce(text)
    trouble = kind
    retry = setTimeout(flush, WAITS[Math.min(attempts, WAITS.length - 1)])
    attempts += 1
    return false
  }
  /** The server read it and will not take it: asking again in the same words would not help. */
  const refuse = ({ status: code, answer }) => {
    const text = [...(answer.reasons ?? [words.failed]), code === 409 ? words.here : ''].join(' ').trim()
    head = null
    trouble = code === 409 ? 'closed' : 'failed'
    say('failed', text, code === 409 ? null : again)
    announce(text)
    return false
  }

  // --- the session ----------------------------------------------------------------------------------------------------

  let lastField = ''
  const here = () => `${location.pathname}${lastField ? `#${lastField}` : ''}`
  const end = (text = words.ended) => {
    enter.href = `${signIn}?next=${encodeURIComponent(here())}`
    say('failed', text, enter)
    if (trouble !== 'session') announce(text)
    trouble = 'session'
    return false
  }
  /** Asks who is signed in; true when it is still this person, whose token the page then has. */
  const renew = async (method = 'GET') => {
    const response = await fetch(stateUrl, { method, credentials: 'same-origin', headers: { 'X-CSRFToken': token() } })
    if (!response.ok) return false
    const state = await response.json()
    if (String(state.user) !== user) { end(words.stranger); return false }
    for (const input of document.querySelectorAll('[name="csrfmiddlewaretoken"]')) input.value = state.csrf
    watch(Date.parse(state.session_ends) - Date.parse(state.now))
    return true
  }
  let ending
  const watch = (left) => {
    clearTimeout(ending)
    ending = setTimeout(nearEnd, Math.min(Math.max(left - WARNING, 0), 2 ** 31 - 1), left <= WARNING)
  }
  const nearEnd = async (sure) => {
    if (!sure) { await renew().catch(() => {}); return } // another tab may have made it last
    if (Date.now() - typedAt < 2 * WARNING) { await renew('POST').catch(() => {}); return }
    say('failed', words.ending, stay)
    announce(words.ending)
    ending = setTimeout(() => renew().then((signedIn) => { if (!signedIn) end() }, () => {}), WARNING + 1000)
  }
  stay.addEventListener('click', async () => {
    if (await renew('POST').catch(() => false)) say('saved', words.stayed)
    else end()
  })
  const look = async () => {
    if (document.hidden || trouble === 'closed') return
    if (!(await renew().catch(() => null))) return
    if (trouble === 'session') { trouble = 'failed'; attempts = 0 }
    flush()
  }
  let looked = 0
  const lookNow = () => { if (trouble === 'session' || Date.now() - looked > 60000) { looked = Date.now(); look() } }
  window.addEventListener('focus', lookNow)
  window.addEventListener('online', () => { attempts = 0; flush() })
  again.addEventListener('click', () => { attempts = 0; flush() })

  // --- two texts of one unit ------------------------------------------------------------------------------------------

  const named = (control) => control?.closest('fieldset')?.querySelector('legend') ?? form.querySelector(`label[for="${control?.id}"]`)
  const hold = (unit, { said, label, theirs, theirs_shown: shownText, base }) => {
    held.get(unit)?.panel.remove()
    const panel = document.querySelector('template[data-saving-both]').content.firstElementChild.cloneNode(true)
    const [first] = controls(unit)
    const part = (name) => panel.querySelector(`[data-${name}]`)
    panel.id = `saving-both-${unit}`
    part('label').textContent = label || named(first)?.textContent || unit
    part('said').textContent = said
    part('theirs').textContent = shownText || words.blank
    const mine = () => { part('mine').textContent = readable(unit) || words.blank }
    mine()
    const choose = (act) => () => {
      panel.remove()
      held.delete(unit)
      bases[unit] = base
      saved[unit] = key(theirs)
      touched.add(unit)
      act()
      if (key(collect(unit)) === saved[unit]) forget(unit)
      else write(unit)
      first?.focus()
      if (held.size || dirty().length) flush()
      else say('saved', words.chosen)
    }
    const joins = controls(unit).length === 1 && first.matches('textarea')
    part('join').hidden = !joins
    part('keep-mine').addEventListener('click', choose(() => {}))
    part('keep-theirs').addEventListener('click', choose(() => fill(unit, theirs)))
    part('join').addEventListener('click', choose(() => fill(unit, { [first.name]: `${first.value}\n\n${theirs[first.name] ?? ''}`.trim() })))
    ;(first?.closest('.bando-rows, fieldset.bando-field, .bando-field, .bando-table') ?? form.firstElementChild).before(panel)
    held.set(unit, { panel, mine })
    say('failed', words.both)
    announce(`${part('label').textContent}: ${said}`)
  }
  const readable = (unit) => controls(unit).map((control) => {
    if (['checkbox', 'radio'].includes(control.type)) return control.checked ? control.labels?.[0]?.textContent.trim() ?? control.value : ''
    return control.options ? (control.value ? control.selectedOptions[0]?.textContent : '') : control.value
  }).filter(Boolean).join('\n')

  // --- what happens on the page ---------------------------------------------------------------------------------------

  const notice = ({ target }) => {
    const unit = !filling && target.name && unitOf(target.name)
    if (!unit) return
    if (!typedAt) renew().catch(() => {}) // when the session ends is asked by who writes, not by who reads
    typedAt = Date.now()
    touched.add(unit)
    held.get(unit)?.mine()
    if (key(collect(unit)) !== saved[unit]) write(unit)
    else if (!held.has(unit)) forget(unit)
    clearTimeout(pause)
    if (trouble !== 'session') pause = setTimeout(flush, PAUSE)
  }
  const hurry = () => { if (!filling && !running && trouble !== 'session' && dirty().length) flush() }
  form.addEventListener('input', notice)
  form.addEventListener('change', (event) => { notice(event); hurry() })
  form.addEventListener('focusin', ({ target }) => { if (target.id) lastField = target.id })
  form.addEventListener('focusout', () => setTimeout(hurry))

  const leave = () => {
    if (trouble === 'session' || trouble === 'closed') return
    const units = dirty().filter((unit) => head?.keys[unit] !== key(collect(unit)))
    if (!units.length) return
    if (head) for (const unit of units) unheard[unit] ??= head.fields[unit]?.typed
    const { fields } = pack(units)
    const body = message(fields)
    if (new Blob([body]).size > KEEPALIVE) return
    request(body, { keepalive: true }).catch(() => {})
    for (const unit of units) { unheard[unit] = fields[unit].typed; write(unit) }
  }
  document.addEventListener('visibilitychange', () => { if (document.hidden) leave(); else lookNow() })
  window.addEventListener('pagehide', leave)

  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return // the second click of two
    form.elements.__bases.value = JSON.stringify(bases)
    if (!running && !head && !dirty().length) return
    if (insists && trouble !== 'session') return
    event.preventDefault()
    const { submitter } = event
    flush().then((all) => {
      delete form.dataset.sent // a second press is the person's again
      submitter?.removeAttribute('aria-disabled')
      if (all) form.requestSubmit(submitter)
      else {
        insists = true
        held.values().next().value?.panel.focus()
      }
    })
  })

  for (const link of document.querySelectorAll('[data-saving-forget]')) {
    link.addEventListener('click', () => { for (const unit of link.dataset.savingForget.split(' ')) forget(unit) })
  }

  // --- what this device still has -------------------------------------------------------------------------------------

  const restore = () => {
    form.elements.__bases.value = form.dataset.bases
    const asked = (form.dataset.conflict ?? '').split(' ')
    let found = false
    for (const unit of codes) {
      const [shown, entry] = [collect(unit, true), read(unit)]
      if (asked.includes(unit)) continue // the page itself asks which text to keep
      if (!entry || Date.now() - entry.when > WEEK || key(entry.typed) === key(shown)) {
        forget(unit)
        if (key(collect(unit)) !== key(shown)) fill(unit, shown) // what the browser brought back is older than the page
        continue
      }
      touched.add(unit)
      fill(unit, entry.typed)
      if (entry.base === bases[unit] || (entry.sent && key(entry.sent) === key(shown))) {
        write(unit)
        found = true
      } else {
        const theirs = Object.values(shown).flat().filter(Boolean).join('\n')
        hold(unit, { said: words.foundTwo, label: '', theirs: shown, theirs_shown: theirs, base: bases[unit] })
      }
    }
    if (!found) return
    say('busy', words.found)
    announce(words.found)
    setTimeout(flush, PAUSE)
  }
  /** Texts of more than a week, of whatever page. */
  const sweep = () => {
    try {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith('bando:') && !(Date.now() - JSON.parse(localStorage.getItem(name))?.when < WEEK)) localStorage.removeItem(name)
      }
    } catch { /* not ours, or not allowed */ }
  }
  sweep()
  restore()
  if (location.hash) {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (target && form.contains(target)) target.focus()
  }
})()
