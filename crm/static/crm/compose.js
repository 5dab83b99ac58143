// What is pasted into a text keeps its bold, links and lists: the server writes them in our markup.
// Without this file, and where that fails, the words alone are pasted.
(() => {
  const LARGEST = 1024 * 1024;

  const insert = (at, [from, to], text) => {
    at.focus();
    at.setSelectionRange(from, to);
    // The old way, for only what it inserts can be undone by keys.
    if (!document.execCommand("insertText", false, text)) at.setRangeText(text, from, to, "end");
  };

  document.addEventListener("paste", async (event) => {
    const at = event.target;
    const form = at.closest?.("form[data-paste]");
    if (!form || !at.matches("textarea[data-marked]")) return;
    const html = event.clipboardData.getData("text/html");
    const plain = event.clipboardData.getData("text/plain");
    if (!html || html.length > LARGEST) return;
    event.preventDefault();
    const place = [at.selectionStart, at.selectionEnd];
    let text = plain;
    try {
      const answer = await fetch(form.dataset.paste, {
        method: "POST",
        body: html,
        headers: {
          "Content-Type": "text/html",
          "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
        },
      });
      if (answer.ok) text = await answer.text();
    } catch {
      // The words alone, then.
    }
    insert(at, place, text);
  });
})();
