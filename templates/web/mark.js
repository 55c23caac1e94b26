// Words of a mail that are selected can be spoken of: a button leads to the form. Without this file they are copied there by hand.
"use strict";

(() => {
  const CONTEXT = 64;
  const LONGEST = 1500;
  const link = document.createElement("a");
  link.className = "speak";
  link.textContent = "Say something of these words";
  link.hidden = true;
  document.querySelector("main").append(link);

  const around = (mail, range) => {
    const before = range.cloneRange();
    before.selectNodeContents(mail);
    before.setEnd(range.startContainer, range.startOffset);
    const behind = range.cloneRange();
    behind.selectNodeContents(mail);
    behind.setStart(range.endContainer, range.endOffset);
    return [before.toString().slice(-CONTEXT), behind.toString().slice(0, CONTEXT)];
  };

  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    link.hidden = true;
    if (selection.isCollapsed || selection.rangeCount !== 1) return;
    const range = selection.getRangeAt(0);
    const text = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("article.mail pre");
    const [first, last] = [text(range.startContainer), text(range.endContainer)];
    const exact = selection.toString();
    if (!first || first !== last || !exact.trim() || exact.length > LONGEST) return;
    const [prefix, suffix] = around(first, range);
    link.href = `${first.closest("article.mail").dataset.mail}?${new URLSearchParams({ exact, prefix, suffix })}#annotate`;
    link.hidden = false;
  });
})();
