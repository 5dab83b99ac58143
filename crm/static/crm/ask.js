// Whoever closes a page on which they wrote something that is not saved is asked. Its own buttons
// send what was written along, and the server asks: that works without this file, too.
(() => {
  const form = document.querySelector("form[data-ask]");
  if (!form) return;
  const ask = (event) => event.preventDefault();
  const changed = () => addEventListener("beforeunload", ask);
  form.addEventListener("input", changed);
  form.addEventListener("submit", () => removeEventListener("beforeunload", ask));
  if (form.dataset.ask === "changed") changed();
})();
