// The player of an episode, and buttons that copy. Without this script chapters and times open the
// sound there, and every page can be read.
(function () {
  "use strict";
  function all(selector) {
    return Array.prototype.slice.call(document.querySelectorAll(selector));
  }

  function copy(text, done) {
    function byHand() {
      var field = document.createElement("textarea");
      field.value = text;
      document.body.appendChild(field);
      field.select();
      var copied = document.execCommand("copy");
      field.remove();
      if (copied) done();
    }
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, byHand);
    else byHand();
  }

  all("[data-copy]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      copy(button.dataset.copy, function () { button.textContent = "Copied"; });
    });
  });

  var player = document.getElementById("player");
  if (!player) return;
  var told = document.getElementById("told");
  var follow = document.getElementById("follow");
  all(".controls, .follow").forEach(function (element) { element.hidden = false; });

  function begins(element) { return parseFloat(element.dataset.start); }

  function seek(seconds, play) {
    function go() {
      player.currentTime = Math.max(0, seconds);
      if (play) player.play().catch(function () {});
    }
    if (player.readyState >= 1) go();
    else {
      player.addEventListener("loadedmetadata", go, { once: true });
      player.load();
    }
  }

  function here(seconds) {
    return location.href.replace(/[?#].*$/, "") + "?t=" + Math.floor(seconds);
  }

  // What starts at a time moves the player when it is clicked.
  document.addEventListener("click", function (event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    var target = event.target.closest("[data-start]");
    if (!target || String(getSelection())) return;
    event.preventDefault();
    seek(begins(target), true);
    history.replaceState(null, "", here(begins(target)));
  });

  all("[data-skip]").forEach(function (button) {
    button.addEventListener("click", function () {
      seek(player.currentTime + parseFloat(button.dataset.skip), false);
    });
  });

  document.getElementById("link").addEventListener("click", function () {
    copy(here(player.currentTime), function () { told.textContent = "The link is copied."; });
  });

  // The speed is kept for the next episode, where the browser lets it be.
  var speed = document.getElementById("speed");
  function setSpeed(value) {
    speed.value = value;
    if (speed.selectedIndex < 0) speed.value = "1";
    player.playbackRate = parseFloat(speed.value);
    try { localStorage.setItem("speed", speed.value); } catch (e) { /* not kept */ }
  }
  speed.addEventListener("change", function () { setSpeed(speed.value); });
  try { setSpeed(localStorage.getItem("speed") || "1"); } catch (e) { /* as it is */ }

  // Marks the chapter and the sentence that are heard. Starts are in order: a search by halves.
  function row(selector) {
    var elements = all(selector), starts = elements.map(begins), marked = null;
    return {
      at: function (time) {
        var low = 0, high = starts.length;
        while (low < high) {
          var middle = (low + high) >> 1;
          if (starts[middle] <= time + 0.25) low = middle + 1; else high = middle;
        }
        return low - 1;
      },
      start: function (n) { return starts[Math.max(0, Math.min(n, starts.length - 1))]; },
      mark: function (time) {
        var now = elements[this.at(time)] || null;
        if (now === marked) return null;
        if (marked) marked.removeAttribute("aria-current");
        if (now) now.setAttribute("aria-current", "true");
        marked = now;
        return now;
      },
      some: elements.length > 0
    };
  }
  var chapters = row(".chapters [data-start]"), sentences = row("#spoken span[data-start]");
  player.addEventListener("timeupdate", function () {
    chapters.mark(player.currentTime);
    var sentence = sentences.mark(player.currentTime);
    if (sentence && follow && follow.checked && !player.paused) {
      sentence.scrollIntoView({ block: "center" });
    }
  });

  var keys = {
    " ": function () { if (player.paused) player.play(); else player.pause(); },
    ArrowLeft: function () { seek(player.currentTime - 15); },
    ArrowRight: function () { seek(player.currentTime + 30); },
    "<": function () { step(-1); },
    ">": function () { step(1); },
    p: function () { chapter(-1); },
    n: function () { chapter(1); }
  };
  keys.k = keys[" "];
  keys.j = keys.ArrowLeft;
  keys.l = keys.ArrowRight;
  function step(by) {
    var next = speed.options[speed.selectedIndex + by];
    if (next) setSpeed(next.value);
  }
  function chapter(by) {
    if (chapters.some) seek(chapters.start(chapters.at(player.currentTime) + by), !player.paused);
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("a, button, input, select, textarea, audio, summary")) {
      if (event.key === " " || event.key.indexOf("Arrow") === 0 || event.target.matches("input, select, textarea")) return;
    }
    var act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // A link to this page may name a time: ?t=75, or #t=75 as media fragments have it.
  var time = /[?&#]t=(\d+(?:\.\d+)?)/.exec(location.search + location.hash);
  if (time) seek(parseFloat(time[1]), false);
})();
