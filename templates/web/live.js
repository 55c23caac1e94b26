// The rundown follows what happens, and keys move through it. Without this file the page is whole as well.
"use strict";

(() => {
  const stories = () => [...document.querySelectorAll(".rundown > li")];

  const status = document.createElement("p");
  status.className = "note";
  status.setAttribute("role", "status");
  document.querySelector("main .opening").append(status);

  const again = () => {
    status.textContent = "Something is new. ";
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = "Show it";
    status.append(link);
  };

  const feed = new EventSource("/events");
  feed.addEventListener("again", again);
  feed.addEventListener("message", (message) => {
    const event = JSON.parse(message.data);
    if (!event.votes) return again();
    const id = (link) => decodeURIComponent(link.replace(/^\/stories\/|\/$/g, ""));
    for (const box of document.querySelectorAll(".votes[data-story]")) {
      if (id(box.dataset.story) !== event.story) continue;
      box.querySelector("[data-votes=for]").textContent = event.votes[0];
      box.querySelector("[data-votes=against]").textContent = event.votes[1];
    }
  });

  // j and k go to the next story and the one before, v votes for it, o opens it.
  let at = -1;
  document.addEventListener("keydown", (key) => {
    if (key.ctrlKey || key.metaKey || key.altKey || key.target.closest("input, textarea, select")) return;
    const all = stories();
    const go = { j: 1, k: -1 }[key.key];
    if (go) {
      at = Math.min(Math.max(at + go, 0), all.length - 1);
      all[at]?.querySelector("h3 a").focus();
    } else if (key.key === "v") {
      all[at]?.querySelector("button")?.click();
    } else if (key.key === "o") {
      all[at]?.querySelector("h3 a").click();
    }
  });
})();
