// Chapter links move the player of the page. Without this script they open the sound at that time.
(function () {
  "use strict";
  var player = document.getElementById("player");
  if (!player) return;
  var links = Array.prototype.slice.call(document.querySelectorAll("a[data-start]"));

  function seek(seconds, play) {
    function go() {
      player.currentTime = seconds;
      if (play) player.play().catch(function () {});
    }
    if (player.readyState >= 1) go();
    else {
      player.addEventListener("loadedmetadata", go, { once: true });
      player.load();
    }
  }

  links.forEach(function (link) {
    link.addEventListener("click", function (event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      seek(parseFloat(link.dataset.start), true);
      history.replaceState(null, "", "#t=" + link.dataset.start);
    });
  });

  // Marks the chapter that is playing.
  player.addEventListener("timeupdate", function () {
    var current = null;
    links.forEach(function (link) {
      if (parseFloat(link.dataset.start) <= player.currentTime + 0.25) current = link;
    });
    links.forEach(function (link) {
      if (link === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  });

  // A link to this page may name a time: #t=75
  var time = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
  if (time) seek(parseFloat(time[1]), false);
})();
