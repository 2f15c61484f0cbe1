/* Helps in the editor of a call. Every page works without this file: it only shows sooner what the server shows after saving. */
(() => {
  'use strict'

  const form = document.querySelector('form[data-unsaved]')
  if (!form) return

  // Fields that depend on a choice follow it at once. What holds something stays, to be cleared by who reads why.
  const chosen = (name) => {
    const control = form.elements.namedItem(name)
    return control ? control.value : ''
  }
  const holds = (box) => [...box.querySelectorAll('input, textarea, select')].some((control) => {
    if (control.type === 'hidden' || 'default' in control.dataset) return false // what stands when nobody chooses is no value
    if (control.type === 'checkbox' || control.type === 'radio') return control.checked
    if (control.tagName === 'SELECT') return control.value !== ''
    return control.value.trim() !== ''
  }) || box.querySelector('.editor-row') !== null
  const follow = (name) => {
    for (const box of form.querySelectorAll('[data-of]')) {
      if (box.dataset.of !== name) continue
      const applies = box.dataset.for.split(' ').includes(chosen(name))
      box.hidden = !applies && (box.classList.contains('form-check') || !holds(box))
    }
  }
  const deciding = new Set([...form.querySelectorAll('[data-of]')].map((box) => box.dataset.of))
  form.addEventListener('change', (event) => { if (deciding.has(event.target.name)) follow(event.target.name) })
  deciding.forEach(follow)
  for (const button of form.querySelectorAll('.editor-refresh')) button.hidden = true

  // Sums of points while one types, in hundredths (BigInt), as the server counts them.
  const hundredths = (text) => {
    const found = /^([0-9]{1,7})(?:[.,]([0-9]{1,2}))?$/.exec(text.replace(/\s/g, ''))
    return found ? BigInt(found[1]) * 100n + BigInt((found[2] || '').padEnd(2, '0')) : null
  }
  const written = (number) => {
    const whole = number / 100n
    const rest = (number % 100n).toString().padStart(2, '0').replace(/0+$/, '')
    return rest ? `${whole},${rest}` : `${whole}`
  }
  const filled = (pattern, ...numbers) => pattern.replace(/#/g, () => written(numbers.shift() ?? 0n))
  const sums = [...form.querySelectorAll('[data-sum]')]
  const count = () => {
    for (const output of sums) {
      const inputs = form.querySelectorAll(`[data-points="${output.dataset.sum}"]`)
      let total = hundredths(output.dataset.plus) ?? 0n
      for (const input of inputs) total += hundredths(input.value) ?? 0n
      const goal = hundredths(output.dataset.goalInput ? chosen(output.dataset.goalInput) : output.dataset.goal)
      const data = output.dataset
      let words
      if (goal === null) words = filled(data.alone, total)
      else if (goal === total) words = filled(data.right, total, goal)
      else if (goal > total) words = filled(data.less, total, goal, goal - total)
      else words = filled(data.more, total, goal, total - goal)
      if (output.textContent !== words) output.textContent = words
      output.parentElement.classList.toggle('is-right', goal === total)
      output.parentElement.classList.toggle('is-wrong', goal !== total)
    }
  }
  if (sums.length) form.addEventListener('input', count)

  // Ctrl+S saves and stays, as in every editor.
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== 's') return
    const save = form.querySelector('button[name="do"][value="save"]')
    if (!save) return
    event.preventDefault()
    form.requestSubmit(save)
  })

  // Leaving a page with something unsaved asks first.
  let changed = form.dataset.changed === 'yes'
  form.addEventListener('input', () => { changed = true })
  form.addEventListener('submit', () => { changed = false })
  window.addEventListener('beforeunload', (event) => { if (changed) event.preventDefault() })
})()
