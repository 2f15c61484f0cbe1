/* Sending an application when the network is poor. The page works without this file: the button is a plain form.

   The request carries an identifier alone, and asking twice gives the same receipt: so when an answer is lost this page asks
   again by itself, and says in words that nobody knows yet. It never says "sent" before the server did. */
(() => {
  'use strict'

  const TIMEOUT = 20000
  const WAITS = [1000, 2000, 4000, 8000, 15000]
  const LONGEST = 5 * 60 * 1000

  const form = document.querySelector('form[data-sending]')
  if (!form || !window.fetch || !window.AbortController) return
  const place = form.querySelector('[data-said]')
  const button = form.querySelector('button[type="submit"]')
  const words = form.dataset

  const say = (kind, sentences, link) => {
    place.textContent = ''
    const box = document.createElement('div')
    box.className = `alert alert-${kind}`
    for (const sentence of sentences) {
      const line = document.createElement('p')
      line.className = 'mb-0'
      line.textContent = sentence
      box.append(line)
    }
    if (link) {
      const anchor = document.createElement('a')
      anchor.href = link.url
      anchor.textContent = link.label
      box.append(anchor)
    }
    place.append(box)
  }

  /** One try: what the server said, or null when nobody knows. */
  const ask = async () => {
    const control = new AbortController()
    const timer = setTimeout(() => control.abort(), TIMEOUT)
    try {
      const response = await fetch(form.action, {
        method: 'POST',
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: 'application/json' },
        credentials: 'same-origin',
        signal: control.signal,
      })
      if (response.status === 403) return { again: true }
      if (![200, 401, 409].includes(response.status)) return null
      return await response.json()
    } catch {
      return null
    } finally {
      clearTimeout(timer)
    }
  }

  const free = () => {
    button.removeAttribute('aria-disabled')
    delete form.dataset.busy
  }

  const send = async () => {
    const began = performance.now()
    say('info', [words.wordsSending])
    for (let tries = 0; ; tries += 1) {
      const answer = await ask()
      if (answer?.receipt) { free(); window.location.assign(answer.receipt); return }
      if (answer) {
        if (answer.sign_in) say('warning', [words.wordsSignedOut], { url: answer.sign_in, label: words.wordsSignIn })
        else if (answer.reasons) say('danger', [words.wordsRefused, ...answer.reasons], { url: window.location.href, label: words.wordsAgain })
        else { free(); form.submit(); return } // the token of the page is not the session's any more: the server says what to do
        place.focus()
        free()
        return
      }
      if (performance.now() - began > LONGEST) { say('danger', [words.wordsTired]); place.focus(); free(); return }
      if (tries === 0) { say('warning', [words.wordsUnsure]); place.focus() }
      await new Promise((resolve) => { setTimeout(resolve, WAITS[Math.min(tries, WAITS.length - 1)]) })
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    event.stopImmediatePropagation() // the guard against a second click is here
    if (form.dataset.busy) return
    form.dataset.busy = 'yes'
    button.setAttribute('aria-disabled', 'true')
    send()
  }, { capture: true })

  window.addEventListener('beforeunload', (event) => { if (form.dataset.busy) event.preventDefault() })
})()
