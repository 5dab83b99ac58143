// Blocks of a text are moved by dragging their number, by Alt+Up and Alt+Down from anywhere within
// them, and by their buttons, which then need no new page. Without this file the buttons ask the
// server. Where a block stands among the others is its place in what is sent.
(() => {
  const said = document.querySelector("[data-moved]");
  const form = said?.closest("form");
  if (!form) return;
  let held = null; // the block that is dragged
  let began = 0; // its place before

  const blocks = () => [...form.querySelectorAll(":scope > fieldset")];
  const next = (block, by) => blocks()[blocks().indexOf(block) + Math.sign(by)];

  // The other one is moved, so that a block keeps the focus and the pointer.
  const step = (block, by) => block[by < 0 ? "after" : "before"](next(block, by));

  // A block stays where one looks at it.
  const steadily = (block, change) => {
    const before = block.getBoundingClientRect().top;
    change();
    scrollBy({ top: block.getBoundingClientRect().top - before, behavior: "instant" });
  };

  const tell = (block) => {
    const all = blocks();
    all.forEach((each, n) => {
      for (const place of each.querySelectorAll("[data-place]")) place.textContent = n + 1;
      each.querySelector("[name=below]").formAction = `#block-${n + 1}`;
      each.querySelector("[name=remove]").formAction = `#block-${n - 1}`;
      // Behind which block a snippet is put: the words end with its place and name.
      const behind = form.querySelector(`#place [value="${n + 1}"]`);
      if (behind) behind.text = behind.text.replace(/\d+\. .*/, `${n + 1}. ${each.dataset.name}`);
    });
    const words = { name: block.dataset.name, n: all.indexOf(block) + 1, all: all.length };
    said.textContent = said.dataset.moved.replace(/\{(\w+)\}/g, (_, word) => words[word]);
    form.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const move = (block, by) => {
    if (!next(block, by)) return;
    steadily(block, () => step(block, by));
    tell(block);
  };

  const drop = (stays) => {
    const block = held;
    held = null;
    steadily(block, () => {
      form.classList.remove("arranging");
      block.classList.remove("held");
      const back = began - blocks().indexOf(block);
      for (let n = 0; !stays && n < Math.abs(back); n++) step(block, back);
    });
    if (blocks()[began] !== block) tell(block);
  };

  document.addEventListener("keydown", (event) => {
    if (held && event.key === "Escape") return drop(false);
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const block = event.target.closest("form > fieldset");
    if (!by || !block || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.matches("select")) return; // it opens by these keys
    event.preventDefault();
    move(block, by);
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[name=up], [name=down]");
    if (!button) return;
    event.preventDefault();
    move(button.closest("fieldset"), button.name === "up" ? -1 : 1);
    if (!button.checkVisibility()) {
      // At the end of its way it is gone: the other one takes the focus.
      button.parentElement.querySelector(`[name=${button.name === "up" ? "down" : "up"}]`).focus();
    }
  });

  form.addEventListener("pointerdown", (event) => {
    if (event.button || !event.target.matches(".grip")) return;
    event.preventDefault(); // no words are chosen by it
    event.target.setPointerCapture(event.pointerId);
    held = event.target.closest("fieldset");
    began = blocks().indexOf(held);
    held.classList.add("held");
    steadily(held, () => form.classList.add("arranging"));
  });

  form.addEventListener("pointermove", ({ clientY }) => {
    if (!held) return;
    const past = (block, by) => {
      const { top, height } = block.getBoundingClientRect();
      return by * (clientY - top - height / 2) > 0;
    };
    for (const by of [-1, 1]) while (next(held, by) && past(next(held, by), by)) step(held, by);
    if (clientY < 48 || clientY > innerHeight - 48) scrollBy(0, clientY < 48 ? -24 : 24);
  });

  form.addEventListener("pointerup", () => held && drop(true));
  form.addEventListener("pointercancel", () => held && drop(false));
  form.classList.add("movable");
})();
