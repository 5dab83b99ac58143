// The mail as it will look, drawn anew a moment after a change: what stands in the form is sent into
// a frame of its own, which takes the other one's place when it is drawn. Nobody waits for it.
// Without this file a button does so.
(() => {
  const PAUSE = 600; // after the last change

  const button = document.querySelector("button[data-live]");
  if (!button) return;
  const form = button.form;
  const sheet = document.querySelector(".sheet");
  const page = button.formAction;
  let stale = "changed" in form.dataset;
  let seen = false; // whether somebody could look at it
  let busy = false;
  let leaving = false;
  let timer = 0;
  let number = 0;

  // The mail is shown from the block on in which somebody writes.
  const place = () => {
    const block = document.activeElement?.closest("form > fieldset");
    return block ? `#block-${[...form.querySelectorAll(":scope > fieldset")].indexOf(block)}` : "";
  };

  const show = () => {
    if (!stale || !seen || busy || leaving) return;
    stale = false;
    busy = true;
    const old = sheet.querySelector("iframe");
    const fresh = old.cloneNode(); // going on in the old one would be a step for the Back button
    fresh.removeAttribute("src");
    fresh.name = `preview-${++number}`;
    old.before(fresh); // beneath it
    const drawn = () => {
      old.remove();
      busy = false;
      show();
    };
    // Once it is painted, too.
    fresh.addEventListener("load", () => setTimeout(drawn, 50), { once: true });
    const files = form.querySelectorAll("[type=file]:enabled");
    for (const file of files) file.disabled = true; // they go with what is saved
    button.formAction = page + place();
    button.formTarget = fresh.name;
    form.requestSubmit(button);
    for (const file of files) file.disabled = false;
  };

  const changed = ({ target }) => {
    if ((target.form !== form && target !== form) || target.name === "width") return;
    stale = true;
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  };

  // A form goes one way at a time: sent into the frame now, it would not be saved.
  form.addEventListener("submit", (event) => {
    if (event.submitter !== button) leaving = true;
  });
  addEventListener("pageshow", () => {
    leaving = false;
  });
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  new IntersectionObserver((changes) => {
    seen = changes.at(-1).isIntersecting;
    show();
  }).observe(sheet);
  button.hidden = true;
})();
