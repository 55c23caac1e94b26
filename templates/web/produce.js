// Stories are dragged and moved by keys, and findings lead to their lines. Without this file the buttons and links do the same.
"use strict";

(() => {
  const bench = [...document.querySelectorAll(".bench")];
  const status = document.createElement("p");
  status.className = "note";
  status.setAttribute("role", "status");
  document.querySelector("main .opening").append(status);

  // What somebody types is not left by accident.
  const text = document.querySelector("#text");
  const typed = text?.value;
  let leaving = false;
  text?.form.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", (event) => {
    if (text && !leaving && text.value !== typed) event.preventDefault();
  });

  const date = location.pathname.split("/")[2];
  const feed = new EventSource("/events");
  feed.addEventListener("message", (message) => {
    if (JSON.parse(message.data).episode !== date) return;
    status.textContent = text ? "Somebody changed the episode; what you save is merged into it. " : "Somebody changed the episode. ";
    if (text) return;
    const link = document.createElement("a");
    link.href = location.pathname;
    link.textContent = "Show it";
    status.append(link);
  });

  // A finding selects its line.
  for (const link of document.querySelectorAll("[data-line]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const lines = text.value.split("\n");
      const at = Number(link.dataset.line) - 1;
      const start = lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0);
      text.focus();
      text.setSelectionRange(start, start + (lines[at] ?? "").length);
      text.scrollTop = (text.scrollHeight * start) / Math.max(text.value.length, 1) - text.clientHeight / 3;
    });
  }

  if (!bench.length) return;
  document.querySelector(".keys").hidden = false;
  const form = document.querySelector("#move");
  const move = (story, to) => {
    form.elements.story.value = story;
    form.elements.to.value = to;
    form.submit();
  };

  const stories = () => [...document.querySelectorAll(".bench > li")];
  const focus = (story) => story?.querySelector("h3 a").focus();

  document.addEventListener("keydown", (key) => {
    if (key.ctrlKey || key.metaKey || key.target.closest("input, textarea, select")) return;
    const story = key.target.closest(".bench > li");
    if (key.altKey) {
      const step = { ArrowUp: "up", ArrowDown: "down" }[key.key];
      if (!step || !story) return;
      key.preventDefault();
      story.querySelector(`[data-step=${step}]`)?.click();
      return;
    }
    const go = { j: 1, k: -1 }[key.key];
    if (go) focus(stories()[Math.max(stories().indexOf(story) + go, 0)]);
  });

  // Only by its handle, so that words can still be selected.
  let dragged = null;
  const clear = () => {
    for (const marked of document.querySelectorAll(".bench .here")) marked.classList.remove("here");
  };
  const target = (event) => {
    const list = event.target.closest?.(".bench");
    if (!dragged || !list) return null;
    const all = [...list.children].filter((one) => one !== dragged && !one.classList.contains("dropped"));
    const before = all.find((one) => {
      const { top, height } = one.getBoundingClientRect();
      return event.clientY < top + height / 2;
    });
    return { list, before, last: all.at(-1) };
  };
  for (const story of stories()) {
    if (story.classList.contains("dropped")) continue;
    const handle = document.createElement("span");
    handle.className = "handle";
    handle.draggable = true;
    handle.setAttribute("aria-hidden", "true");
    handle.textContent = "⠿";
    story.querySelector(".steps").prepend(handle);
    handle.addEventListener("dragstart", (event) => {
      dragged = story;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", story.dataset.story);
      event.dataTransfer.setDragImage(story, 0, 0);
    });
    handle.addEventListener("dragend", () => { dragged = null; clear(); });
  }
  document.addEventListener("dragover", (event) => {
    const place = target(event);
    if (!place) return;
    event.preventDefault();
    clear();
    (place.before ?? place.last ?? place.list).classList.add("here");
  });
  document.addEventListener("drop", (event) => {
    const place = target(event);
    if (!place) return;
    event.preventDefault();
    const story = dragged.dataset.story;
    if (place.list !== dragged.parentElement) return move(story, `section:${place.list.dataset.section}`);
    move(story, place.before ? `before:${place.before.dataset.story}` : "last");
  });
})();
