// Keys of the lists: / searches, j and k move, x chooses, Enter opens, e edits, ? shows the keys.
// Without this file everything is reached by Tab.
(() => {
  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  const writing = (at) => at.closest("input:not([type=checkbox]), select, textarea, dialog[open]");
  const here = () => rows().indexOf(document.activeElement?.closest("tr[data-row]"));

  const go = (to) => {
    const all = rows();
    if (all.length) all[Math.max(0, Math.min(all.length - 1, to))].querySelector("th a").focus();
  };

  const keys = {
    "/": () => document.querySelector(".search")?.focus(),
    "?": () => document.querySelector("#keys")?.showModal(),
    j: () => go(here() + 1),
    k: () => go(here() < 0 ? 0 : here() - 1),
    x: () => rows()[here()]?.querySelector("input[name=ids]")?.click(),
    e: () => rows()[here()]?.querySelector("a.edit")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape" && at.closest("form.cell")) {
      at.closest("form.cell").querySelector("a.cancel")?.click();
      return;
    }
    if (writing(at)) return;
    const arrow = { ArrowDown: "j", ArrowUp: "k" }[event.key];
    const act = keys[arrow && here() >= 0 ? arrow : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("#pick-all")) {
      for (const box of document.querySelectorAll("input[name=ids]")) {
        box.checked = event.target.checked;
      }
    }
    const chosen = document.querySelectorAll("input[name=ids]:checked").length;
    const count = document.querySelector("#chosen");
    if (count && event.target.matches("#pick-all, input[name=ids]")) count.textContent = chosen || "";
  });

  // What was opened for writing takes the focus; what was saved gives it back to its row.
  document.addEventListener("htmx:afterSwap", (event) => {
    const cell = event.target.closest?.("td, tbody th");
    if (cell) (cell.querySelector("form input:not([type=hidden]), form select, a.edit"))?.focus();
  });
})();
