/* Helps for the pages of an application: questions that depend on an answer, and tables that grow. The pages work without. */
(() => {
  'use strict'

  const status = document.getElementById('bando-status')
  const announce = (text) => { if (status) status.textContent = text }

  // Questions asked only after some answer of the same page: hidden, never emptied. The server decides again when it saves.
  const conditional = [...document.querySelectorAll('[data-when]')]
  const answers = (name) => {
    const found = []
    for (const input of document.getElementsByName(name)) {
      const picked = !['checkbox', 'radio'].includes(input.type) || input.checked
      // What stands in a question that is not asked is no answer.
      if (picked && input.type !== 'hidden' && !input.closest('[data-when][hidden]')) found.push(input.value)
    }
    return found
  }
  const ask = () => {
    for (const group of conditional) { // in the order of the page: each depends only on those before
      const wanted = group.dataset.whenIs.split(' ')
      group.hidden = !answers(group.dataset.when).some((answer) => wanted.includes(answer))
    }
    for (const block of document.querySelectorAll('[data-when-block]')) {
      const groups = [...block.querySelectorAll(':scope > [data-when]')]
      const others = block.querySelector(':scope > .bando-field:not([data-when]), :scope > fieldset')
      block.hidden = groups.length > 0 && !others && groups.every((group) => group.hidden)
    }
  }
  for (const group of conditional) group.querySelector('[data-when-words]').hidden = true
  if (conditional.length) {
    ask()
    document.addEventListener('change', ask)
    // Back with the browser brings the answers back after the page.
    window.addEventListener('pageshow', ask)
  }

  // Tables: one blank row at a time instead of some in sight and the others in a list that opens.
  for (const table of document.querySelectorAll('[data-rows]')) {
    const add = table.querySelector('[data-rows-add]')
    const body = table.querySelector('tbody')
    const rest = table.querySelector('[data-rows-rest]')
    if (rest) {
      body.append(...rest.querySelectorAll('[data-row]'))
      rest.remove()
    }
    const rows = [...body.querySelectorAll('[data-row]')]
    // A table that may have very many rows has a pattern of one, with __N__ for its number, instead of blank ones.
    const pattern = table.querySelector('template[data-row-pattern]')
    const room = () => pattern && rows.length < Number(table.dataset.rowsMost)
    const inputs = (row) => [...row.querySelectorAll('input, select, textarea')]
    const waiting = () => {
      const shown = rows.filter((row) => !row.hidden)
      const last = rows.indexOf(shown[shown.length - 1])
      return rows.slice(last + 1).find((row) => row.hidden) ?? rows.find((row) => row.hidden)
    }
    const grow = () => {
      const made = document.createElement('template')
      made.innerHTML = pattern.innerHTML.replaceAll('__N__', rows.length + 1)
      const row = made.content.querySelector('[data-row]')
      body.append(row)
      rows.push(row)
      prepare(row)
      return row
    }
    const settle = () => { add.hidden = !waiting() && !room() }
    const prepare = (row) => {
      for (const cell of row.querySelectorAll('[data-row-drop-cell]')) cell.hidden = false
      row.querySelector('[data-row-drop]').addEventListener('click', () => {
        for (const input of inputs(row)) input.value = ''
        const shown = rows.filter((other) => !other.hidden)
        const place = shown.indexOf(row)
        // The last one in sight stays, to be written in.
        if (shown.length > 1) {
          row.hidden = true
          inputs(shown[place + 1] ?? shown[place - 1])[0].focus()
        } else inputs(row)[0].focus()
        settle()
        // Whoever adds up or saves what is written hears of it.
        inputs(row)[0].dispatchEvent(new Event('input', { bubbles: true }))
      })
    }
    for (const cell of table.querySelectorAll('thead [data-row-drop-cell], tfoot [data-row-drop-cell]')) cell.hidden = false
    for (const more of table.querySelectorAll('[data-rows-more]')) more.hidden = true
    for (const row of rows) {
      const told = row.querySelector('.invalid-feedback')
      row.hidden = row.hasAttribute('data-row-blank') && !told && inputs(row).every((input) => input.value === '')
      prepare(row)
    }
    if (rows.every((row) => row.hidden)) rows[0].hidden = false
    settle()
    add.addEventListener('click', () => {
      const row = waiting() ?? grow()
      row.hidden = false
      settle()
      inputs(row)[0].focus()
      if (add.hidden) announce(table.dataset.rowsFull)
    })
  }
})()
