// What is being written is kept on the server a moment later, so that no crash and no closed tab
// loses a word. Nothing is saved by it: that is for the writer to do. Without this file, nothing
// is kept before it is saved.
(() => {
  const PAUSE = 2000; // after the last change
  const LONGEST = 10000; // after the first one that is not kept yet

  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const said = form.querySelector("[data-kept]");
  let since = 0; // when the first change was made that is not kept; 0: there is none
  let timer = 0;
  let leaving = false;

  const written = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  };

  const say = (words) => {
    if (said.textContent !== words) said.textContent = words; // is read out each time it is set
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  };

  const keep = async () => {
    const began = since;
    since = 0;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: written() });
      const plain = answer.headers.get("Content-Type")?.startsWith("text/plain");
      if (plain && !answer.redirected) say(await answer.text());
      else if (answer.status >= 500) throw new Error(answer.statusText);
      else say(said.dataset.kept); // signed out, or more than fits: saving says what to do
    } catch {
      since ||= began;
      say(said.dataset.kept);
      if (!leaving) timer = setTimeout(keep, LONGEST);
    }
  };

  // A browser lets a page that goes send 64 KB at most. Whoever leaves with more is asked, and what
  // they wrote is sent while they read the question.
  const left = (event) => {
    if (!since || leaving) return;
    if (navigator.sendBeacon(form.dataset.keep, written())) since = 0;
    else {
      keep();
      event.preventDefault();
    }
  };

  const changed = () => {
    since ||= Date.now();
    addEventListener("beforeunload", left);
    later();
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget) return; // goes into a frame
    leaving = true; // what is sent now is kept by what it is sent for
    clearTimeout(timer);
  });
  addEventListener("pageshow", () => {
    leaving = false;
  });
  addEventListener("pagehide", () => {
    removeEventListener("beforeunload", left);
    if (since && !leaving && !navigator.sendBeacon(form.dataset.keep, written())) keep();
  });
  if ("changed" in form.dataset) changed();
})();
