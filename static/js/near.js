/* "Usa la mia posizione": asks the browser, keeps three decimals (about 100 m) and writes them in the form. It sends nothing:
   the search is sent by its own button, to this site. Without JavaScript, or without a position to have, a place is typed. */
(() => {
  'use strict'

  const box = document.querySelector('[data-near]')
  if (!box || !navigator.geolocation) return
  const { form } = box.querySelector('button')
  const said = box.querySelector('[role=status]')
  box.hidden = false
  box.querySelector('button').addEventListener('click', () => {
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.elements.lat.value = coords.latitude.toFixed(3)
      form.elements.lon.value = coords.longitude.toFixed(3)
      form.elements.near.value = ''
      said.textContent = box.dataset.done
    }, () => { said.textContent = box.dataset.failed }, { maximumAge: 60000, timeout: 10000 })
  })
})()
