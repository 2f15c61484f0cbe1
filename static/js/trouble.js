/* What this device takes for the time when the report is sent. The server's own moment is the one that counts. */
(() => {
  'use strict'

  const clock = document.querySelector('[data-device-clock]')
  clock?.form.addEventListener('submit', () => {
    const now = new Date()
    const offset = -now.getTimezoneOffset()
    const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, '0')
    clock.value = `${now.toISOString()} ${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`
  })
})()
