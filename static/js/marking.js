/* The sheet of a commissioner: the proposal follows the criterion one is on, keys go from one to the next, and the choices of how
   it all looks stay on this device. Everything here is a link or a button of the page already; saving is saving.js. */
(() => {
  'use strict'

  const desk = document.querySelector('[data-desk]')
  if (!desk) return
  const form = desk.querySelector('form')
  const proposal = desk.querySelector('.is-proposal')
  const criteria = [...desk.querySelectorAll('[data-criterion]')]
  const wide = window.matchMedia('(min-width: 1200px)')
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)')

  const remembered = (name) => { try { return localStorage.getItem(`bando-desk-${name}`) } catch { return null } }
  const remember = (name, value) => { try { localStorage.setItem(`bando-desk-${name}`, value) } catch { /* only for now */ } }

  // --- two panes, or one at a time on a small screen: the address says which ------------------------------------------

  const tabs = [...document.querySelectorAll('[data-desk-tab]')]
  const show = (pane) => {
    desk.dataset.view = pane
    for (const tab of tabs) {
      if (tab.hash === `#${pane}`) tab.setAttribute('aria-current', 'true')
      else tab.removeAttribute('aria-current')
    }
  }
  const paneOf = (id) => {
    const target = id && document.getElementById(id)
    return target && desk.contains(target) ? target.closest('.bando-desk-pane') : null
  }
  const follow = () => {
    const id = decodeURIComponent(location.hash.slice(1))
    const pane = paneOf(id)
    if (!pane) return
    show(pane.id)
    const target = document.getElementById(id)
    const section = target.closest('[data-criterion]')
    if (section) stand(section)
    if (!wide.matches) target.scrollIntoView()
  }

  // --- the criterion one is on ------------------------------------------------------------------------------------------

  let current = null
  const pills = new Map([...desk.querySelectorAll('[data-pill]')].map((pill) => [pill.dataset.pill, pill]))
  const stand = (section) => {
    if (section === current) return
    current?.classList.remove('is-current')
    pills.get(current?.dataset.criterion)?.removeAttribute('aria-current')
    current = section
    current.classList.add('is-current')
    pills.get(current.dataset.criterion)?.setAttribute('aria-current', 'true')
    const place = current.querySelector('[data-place]')
    if (place && wide.matches) bring(document.getElementById(place.hash.slice(1)))
  }
  /** Scrolls the proposal to one of its parts and leaves the marks where they are. */
  const bring = (part) => {
    const top = part.getBoundingClientRect().top - proposal.getBoundingClientRect().top + proposal.scrollTop - 16
    proposal.scrollTo({ top, behavior: calm.matches ? 'auto' : 'smooth' })
    for (const other of proposal.querySelectorAll('.is-pointed')) other.classList.remove('is-pointed')
    part.classList.add('is-pointed')
  }
  desk.addEventListener('focusin', ({ target }) => {
    const section = target.closest('[data-criterion]')
    if (section) stand(section)
  })
  desk.addEventListener('click', (event) => {
    const link = event.target.closest('[data-jump]')
    const part = link && document.getElementById(link.hash.slice(1))
    if (!part || !wide.matches) return // on a small screen the link changes the pane, by its address
    event.preventDefault()
    history.replaceState(null, '', link.hash)
    bring(part)
    part.focus({ preventScroll: true })
  })
  const go = (section) => {
    if (!section) return
    stand(section)
    history.replaceState(null, '', `#${section.id}`)
    show('punteggio')
    const first = section.querySelector('input:checked') ?? section.querySelector('input:not([type="hidden"]), textarea') ?? section
    section.scrollIntoView({ block: 'start' })
    first.focus({ preventScroll: true })
    const box = first.getBoundingClientRect()
    if (box.bottom > window.innerHeight) first.scrollIntoView({ block: 'center' })
  }
  for (const [code, pill] of pills) {
    pill.addEventListener('click', (event) => { event.preventDefault(); go(criteria.find((one) => one.dataset.criterion === code)) })
  }

  // --- how it looks, and the keys ---------------------------------------------------------------------------------------

  const tools = document.querySelector('[data-desk-tools]')
  tools.hidden = false
  const widths = [...tools.querySelectorAll('[name="desk-width"]')]
  const widen = (value) => { for (const radio of widths) desk.classList.toggle(`is-${radio.value}`, radio.value === value) }
  for (const radio of widths) {
    radio.checked = radio.value === (remembered('width') ?? '60')
    radio.addEventListener('change', () => { widen(radio.value); remember('width', radio.value) })
  }
  widen(widths.find((radio) => radio.checked)?.value ?? '60')
  const one = tools.querySelector('[data-desk-one]')
  const single = () => {
    desk.classList.toggle('is-one', one.checked)
    if (one.checked && !current && criteria[0]) stand(criteria[0])
  }
  one.checked = remembered('one') === 'yes'
  one.addEventListener('change', () => { single(); remember('one', one.checked ? 'yes' : 'no') })
  const keys = tools.querySelector('[data-desk-keys]')
  keys.checked = remembered('keys') !== 'no'
  keys.addEventListener('change', () => remember('keys', keys.checked ? 'yes' : 'no'))

  document.addEventListener('keydown', (event) => {
    if (!keys.checked || event.defaultPrevented || event.metaKey || event.shiftKey) return
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (event.altKey && !event.ctrlKey && step) {
      event.preventDefault()
      const at = criteria.indexOf(current)
      go(at < 0 ? criteria[0] : criteria[at + step])
    } else if (event.ctrlKey && !event.altKey && event.key === 'Enter' && form) {
      event.preventDefault()
      form.requestSubmit(form.querySelector('[data-finish]'))
    }
  })

  // --- what was saved ---------------------------------------------------------------------------------------------------

  form?.addEventListener('bando:saved', ({ detail: { standing } }) => {
    desk.querySelector('[data-total]').textContent = standing.total
    desk.querySelector('[data-progress]').textContent = standing.progress
    for (const section of criteria) {
      const part = standing.parts[section.dataset.criterion]
      section.querySelector('[data-points]').textContent = part.points
      for (const sign of pills.get(section.dataset.criterion).querySelectorAll('[data-done]')) sign.hidden = !part.done
    }
  })

  show('punteggio')
  follow()
  single()
  window.addEventListener('hashchange', follow)
})()
