/* Files in parts: they start when they are chosen and go on where they stopped. Without this file the page's own forms send
   them whole. The server says at each answer how much it has; that, and nothing remembered here, is where we go on. */
(() => {
  'use strict'

  const board = document.getElementById('bando-uploads')
  if (!board) return
  const words = board.dataset
  const model = board.querySelector('template').content.firstElementChild
  const AT_ONCE = 2
  const PAUSES = [0, 3, 5, 10, 20]
  const SMALLEST = 128 * 1024
  const FIRST = 1024 * 1024
  const SILENCE = 60000
  const LONGEST_TO_HASH = 32 * 1024 * 1024
  let token = words.token
  const queue = []
  const say = (text, facts) => Object.entries(facts).reduce((said, [name, fact]) => said.replaceAll(`{${name}}`, fact), text)

  const status = document.getElementById('bando-status')
  const waiting = []
  /** Says a text to screen readers, one after the other. */
  const announce = (text) => {
    if (waiting.push(text) === 1) speak()
  }
  const speak = () => {
    if (!waiting.length) return
    if (status) status.textContent = waiting[0]
    setTimeout(() => { waiting.shift(); speak() }, 1500)
  }

  /** Bytes as the pages of the server write them: 1258291 -> 1,2 MB. */
  const weight = (bytes) => {
    let amount = bytes
    let unit = 0
    while (unit < 3 && amount >= 1023.95) { amount /= 1024; unit += 1 }
    const digits = { maximumFractionDigits: unit > 1 ? 1 : 0, useGrouping: false }
    return `${amount.toLocaleString(words.lang, digits)}\u00a0${['byte', 'kB', 'MB', 'GB'][unit]}`
  }

  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const sha256 = async (blob) => hex(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()))

  // The moment of the server, advanced by a clock that nobody can set.
  const served = Date.parse(words.now) - performance.now()
  const beforeDeadline = () => Date.parse(words.deadline) - served - performance.now()

  class Stop extends Error {
    /** `kind`: network, session, token, refused, gone, other, broken, cancelled. */
    constructor(kind, reasons = [], more = {}) { super(kind); Object.assign(this, { kind, reasons, ...more }) }
  }

  /** One request with its progress. Answers the JSON, or throws a Stop. */
  const ask = (item, method, url, body, headers = {}) => new Promise((resolve, reject) => {
    if (item.cancelled) throw new Stop('cancelled')
    const request = item.request = new XMLHttpRequest()
    let silence
    const alive = () => {
      clearTimeout(silence)
      silence = setTimeout(() => request.abort(), SILENCE)
    }
    request.open(method, url)
    request.setRequestHeader('Accept', 'application/json')
    if (method !== 'GET') request.setRequestHeader('X-CSRFToken', token)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => { alive(); if (body instanceof Blob) item.moved(event.loaded) }
    request.onloadend = () => {
      clearTimeout(silence)
      if (item.cancelled) return reject(new Stop('cancelled'))
      let said = null
      try { said = JSON.parse(request.responseText) } catch { /* a page, or nothing */ }
      if (said?.token) token = said.token
      if (request.status >= 200 && request.status < 300) return resolve(said)
      if (request.status === 401) return reject(new Stop('session'))
      if ([409, 422].includes(request.status) && said) return reject(new Stop('refused', said.reasons, { doubt: said.doubt }))
      if (request.status === 403) return reject(new Stop('token'))
      if (request.status === 404) return reject(new Stop('gone'))
      reject(new Stop([0, 400, 408, 429, 502, 503, 504].includes(request.status) ? 'network' : 'broken'))
    }
    alive()
    request.send(body)
  })

  /** This page as the server writes it now; null when it does not. */
  const page = async () => {
    try {
      const answer = await fetch(location.href.split('#')[0], { headers: { Accept: 'text/html' } })
      return answer.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null
    } catch { return null }
  }

  class Item {
    constructor(place, file) {
      Object.assign(this, { place, file, offset: 0, part: FIRST, tries: 0, stage: 'queued', anyway: false, half: false })
      this.fingerprint = String(file.lastModified)
      this.row = model.cloneNode(true)
      for (const name of this.row.querySelectorAll('[data-name]')) name.textContent = file.name
      this.find('size').textContent = `(${weight(file.size)})`
      this.bar = this.find('bar')
      this.bar.setAttribute('aria-label', file.name)
      this.find('cancel').addEventListener('click', () => this.cancel())
      this.find('resume').addEventListener('click', () => this.resume())
      this.find('anyway').addEventListener('click', () => { this.anyway = true; this.resume() })
      place.list.append(this.row)
      place.list.hidden = false
      this.show('queued', words.queued)
    }

    find(name) { return this.row.querySelector(`[data-${name}]`) }

    get percent() { return this.file.size ? Math.floor((100 * Math.min(this.sent ?? this.offset, this.file.size)) / this.file.size) : 0 }

    show(stage, text) {
      this.stage = stage
      const box = this.row.firstElementChild
      box.classList.toggle('is-error', stage === 'refused')
      box.classList.toggle('is-waiting', stage !== 'refused')
      this.find('state').textContent = text
      this.bar.hidden = stage === 'refused'
      this.bar.value = this.percent
      this.find('resume').hidden = !['stopped', 'session', 'broken'].includes(stage)
      this.find('enter').hidden = stage !== 'session'
      this.find('anyway').hidden = !(stage === 'refused' && this.doubt)
      if (stage !== 'moving') this.find('near').hidden = true
    }

    /** Bytes of the part that is under way. */
    moved(bytes) {
      this.sent = Math.min(this.offset + bytes, this.file.size)
      if (this.sent === this.file.size) return this.show('checking', words.checking)
      const now = performance.now()
      const seconds = (now - this.since) / 1000
      const speed = seconds > 2 ? (this.sent - this.from) / seconds : 0
      const left = speed > 0 ? (this.file.size - this.sent) / speed : null
      const minutes = left === null ? null : Math.round(left / 60)
      let text = say(words.moving, { percent: this.percent, done: weight(this.sent), size: weight(this.file.size) })
      if (minutes !== null) text += `. ${minutes < 1 ? words.leftLess : minutes === 1 ? words.leftOne : say(words.leftMany, { minutes })}`
      this.show('moving', text)
      const near = this.find('near')
      const hours = beforeDeadline() / 3600000
      near.hidden = !(minutes >= 1 && hours > 0 && hours < 24)
      if (!near.hidden) near.textContent = minutes === 1 ? words.nearOne : say(words.nearMany, { minutes })
      if (!this.half && this.percent >= 50) {
        this.half = true
        announce(say(words.saidHalf, { name: this.file.name }))
      }
    }

    async run() {
      this.show('moving', words.preparing)
      if (!this.told) announce(say(words.saidStart, { name: this.file.name }))
      this.told = true
      for (;;) {
        try {
          await this.send()
          return await this.finished()
        } catch (stop) {
          if (!(stop instanceof Stop)) return this.refuse([words.unreadable])
          if (stop.kind === 'token' && !this.renewed) {
            this.renewed = true // signing in again makes the page's own token useless
            token = (await page())?.getElementById('bando-uploads')?.dataset.token ?? token
            continue
          }
          if (stop.kind === 'other' || (stop.kind === 'gone' && this.url)) { this.url = null; this.offset = 0; continue }
          if (stop.kind === 'cancelled') return
          if (stop.kind === 'refused') { this.doubt = stop.doubt; return this.refuse(stop.reasons) }
          if (stop.kind === 'session') return this.stop('session', words.session)
          if (stop.kind !== 'network') return this.stop('broken', words.broken)
          this.sent = this.offset
          this.part = Math.max(SMALLEST, this.part / 2)
          if (this.tries >= PAUSES.length) return this.stop('stopped', say(words.stopped, { percent: this.percent }))
          await this.wait(PAUSES[this.tries])
          this.tries += 1
          if (this.cancelled) return
        }
      }
    }

    /** From the offset that the server says to the end of the file. */
    async send() {
      if (!this.url) {
        const { name, size } = this.file
        const hash = crypto.subtle && size <= LONGEST_TO_HASH ? await sha256(this.file) : ''
        const asked = { rule: this.place.rule, name, size, fingerprint: this.fingerprint, sha256: hash, anyway: this.anyway }
        const begun = await ask(this, 'POST', words.begin, JSON.stringify(asked), { 'Content-Type': 'application/json' })
        Object.assign(this, { url: begun.url, largest: begun.largest })
        await this.take(begun)
      } else await this.take(await ask(this, 'GET', this.url))
      this.since = performance.now()
      this.from = this.offset
      while (!this.done) {
        const part = this.file.slice(this.offset, this.offset + Math.min(this.part, this.largest))
        const started = performance.now()
        const before = this.offset
        const said = await ask(this, 'POST', this.url, part, { 'Content-Type': 'application/octet-stream', 'Upload-Offset': String(this.offset) })
        this.offset = said.offset
        this.done = said.done
        if (this.offset <= before && !this.done) throw new Stop('network')
        this.tries = 0
        if (performance.now() - started < 3000) this.part = Math.min(this.largest, this.part * 2)
        this.moved(0)
      }
    }

    /** What the server has already is of this very file, or we start again. */
    async take({ offset, done, parts }) {
      this.done = done
      this.offset = this.sent = offset
      if (done || !offset || this.compared || !crypto.subtle) return
      for (const part of parts) {
        if (await sha256(this.file.slice(part.offset, part.offset + part.size)) === part.sha256) continue
        this.show('moving', words.other)
        await ask(this, 'DELETE', this.url)
        this.url = null
        throw new Stop('other')
      }
      this.compared = true
    }

    wait(seconds) {
      this.show('moving', seconds ? say(words.retry, { seconds }) : words.retryNow)
      return new Promise((resolve) => {
        this.hurry = resolve
        setTimeout(resolve, seconds * 1000)
      })
    }

    stop(stage, text) {
      this.show(stage, text)
      announce(text)
    }

    refuse(reasons) {
      this.url = null
      this.offset = this.sent = 0
      const text = [words.again, ...reasons].join(' ')
      this.show('refused', text)
      announce(text)
    }

    resume() {
      this.tries = 0
      this.renewed = false
      this.part = Math.min(this.part, FIRST)
      this.show('queued', words.queued)
      next()
    }

    async finished() {
      this.bar.value = 100
      this.show('checking', words.checking)
      await refresh(this.place)
      this.remove()
      announce(say(words.saidEnd, { name: this.file.name }))
    }

    cancel() {
      this.cancelled = true
      this.hurry?.()
      this.request?.abort()
      // Its last part may have come already: the page says what became of it.
      if (this.url) ask({ moved() {} }, 'DELETE', this.url).catch(() => {}).then(() => refresh(this.place))
      this.remove()
      this.place.input.focus()
      next()
    }

    remove() {
      this.row.remove()
      queue.splice(queue.indexOf(this), 1)
      if (!this.place.list.children.length) this.place.list.hidden = true
    }
  }

  /** Two at once; the others wait for their turn. */
  const next = () => {
    for (const item of queue) {
      if (queue.filter((other) => other.running).length >= AT_ONCE) return
      if (item.stage !== 'queued' || item.running) continue
      item.running = true
      item.run().finally(() => { item.running = false; next() })
    }
  }

  /** What the page of the server says now of the files of a place. */
  const refresh = async (place) => {
    const fresh = await page()
    if (!fresh) return // the file is kept all the same, and is there when the page is opened again
    const about = (name, where) => where.querySelector(`[data-upload${name}="${place.rule}"]`)
    for (const name of ['-kept', '-room', '-plain']) {
      const [old, now] = [about(name, document), about(name, fresh)]
      if (old && now) old.replaceWith(now)
    }
    place.box.hidden = !about('', fresh)
    plain(place)
    for (const button of about('-kept', document)?.querySelectorAll('[data-copy]') ?? []) {
      if (!navigator.clipboard) break
      button.hidden = false
      button.addEventListener('click', () => navigator.clipboard.writeText(button.dataset.copy).then(() => announce(button.dataset.copied)))
    }
    place.box.closest('.bando-field')?.classList.remove('has-error')
    for (const told of place.box.parentElement.querySelectorAll('.invalid-feedback')) told.remove()
  }

  /** What does without this file is shown where this file has no place for one more. */
  const plain = (place) => {
    for (const element of document.querySelectorAll(`[data-upload-plain="${place.rule}"]`)) {
      element.hidden = !place.box.hidden
      // The list of what is missing leads to the control that does the same.
      const button = element.querySelector('button')
      if (element.hidden && button?.id) for (const link of document.querySelectorAll(`a[href="#${button.id}"]`)) link.hash = place.input.id
    }
  }

  for (const box of document.querySelectorAll('[data-upload]')) {
    const input = box.querySelector('input[type="file"]')
    const list = document.createElement('ul')
    list.className = 'bando-files'
    list.hidden = true
    box.before(list)
    const place = { rule: box.dataset.upload, box, input, list }
    box.hidden = false
    plain(place)
    input.multiple = Number(box.dataset.room) > 1
    const unfinished = [...document.querySelectorAll(`[data-upload-unfinished="${place.rule}"]`)]
    for (const row of unfinished) {
      row.parentElement.hidden = false
      row.querySelector('[data-choose]').addEventListener('click', () => input.click())
      row.querySelector('[data-forget]').addEventListener('click', () => {
        ask({ moved() {} }, 'DELETE', row.dataset.url).catch(() => {})
        row.remove()
        input.focus()
      })
    }
    input.addEventListener('change', () => {
      for (const file of input.files) {
        unfinished.find((row) => row.dataset.name === file.name && Number(row.dataset.size) === file.size)?.remove()
        const again = queue.find((item) => item.place === place && item.file.name === file.name && item.file.size === file.size)
        if (again?.running) continue
        again?.remove()
        queue.push(new Item(place, file))
      }
      input.value = ''
      next()
    })
  }

  const wake = (stages) => {
    for (const item of queue) if (stages.includes(item.stage) && !item.running) item.resume()
  }
  window.addEventListener('online', () => { for (const item of queue) item.hurry?.(); wake(['stopped']) })
  // Back from the tab in which one has signed in.
  document.addEventListener('visibilitychange', () => { if (!document.hidden) wake(['session']) })
  window.addEventListener('beforeunload', (event) => { if (queue.some((item) => item.running)) event.preventDefault() })
})()
