// Says in the page what the browser says of passkeys: allauth's script only tells the console.
const wrong = document.querySelector("[data-passkey-wrong]")

document.addEventListener("allauth.error", (event) => {
  event.preventDefault()
  if (wrong) wrong.hidden = false
})

for (const part of document.querySelectorAll("[data-passkey]")) {
  part.hidden = !window.PublicKeyCredential
}
