// Searches the files below search/: words with the episodes and seconds where they stand. They are
// loaded as scripts, so that the search works without a server, too.
(function () {
  "use strict";
  var form = document.getElementById("search");
  if (!form || !document.currentScript) return;
  var root = document.currentScript.src.replace(/search\.js.*$/, "");
  var query = document.getElementById("query"), found = document.getElementById("found");
  var results = document.getElementById("results");
  var index = null, words = {}, asked = {}, waiting = 0, then = null;

  window.lorecast = {
    index: function (data) { index = data; },
    words: function (data) { for (var word in data) words[word] = data[word]; }
  };

  function load(name) {
    if (asked[name]) return;
    asked[name] = true;
    waiting += 1;
    var script = document.createElement("script");
    script.src = root + "search/" + name;
    script.onload = script.onerror = function () {
      waiting -= 1;
      if (!waiting && then) then();
    };
    document.head.appendChild(script);
  }

  function whenLoaded(go) {
    then = go;
    if (!waiting) go();
  }

  function file(prefix) {
    return "w-" + Array.from(prefix).map(function (sign) {
      return /[0-9A-Za-z]/.test(sign) ? sign : "_" + sign.codePointAt(0).toString(16) + "_";
    }).join("") + ".js";
  }

  // As the words were taken apart when the site was made.
  function parts(text) {
    return text.split(/[^\p{Alphabetic}\p{N}_]+/u).map(function (word) {
      return word.replace(/^_+|_+$/g, "").toLowerCase();
    }).filter(function (word) { return Array.from(word).length > 1; }).slice(0, 8);
  }

  function filesOf(word) {
    return index.files.filter(function (prefix) {
      return word.indexOf(prefix) === 0 || prefix.indexOf(word) === 0;
    }).slice(0, 40);
  }

  // Episodes with a word that begins so: number -> seconds. A whole word counts more.
  function hits(word) {
    var all = {};
    Object.keys(words).forEach(function (known) {
      if (known.indexOf(word) !== 0) return;
      words[known].split(" ").forEach(function (place) {
        var numbers = place.split(".").map(function (n) { return parseInt(n, 36); });
        var hit = all[numbers[0]] = all[numbers[0]] || { seconds: [], weight: 0 };
        hit.seconds = hit.seconds.concat(numbers.slice(1));
        hit.weight += known === word ? 3 + numbers.length : 1;
      });
    });
    return all;
  }

  function clock(seconds) {
    function two(n) { return (n < 10 ? "0" : "") + n; }
    var h = Math.floor(seconds / 3600), m = Math.floor(seconds / 60) % 60, s = seconds % 60;
    return h ? h + ":" + two(m) + ":" + two(s) : m + ":" + two(s);
  }

  function add(parent, name, text) {
    var element = document.createElement(name);
    if (text) element.textContent = text;
    parent.appendChild(element);
    return element;
  }

  function show(asked) {
    var all = asked.map(hits);
    var numbers = Object.keys(all[0] || {}).filter(function (n) {
      return all.every(function (hit) { return hit[n]; });
    });
    function weight(n) { return all.reduce(function (sum, hit) { return sum + hit[n].weight; }, 0); }
    numbers.sort(function (a, b) { return weight(b) - weight(a) || b - a; });
    results.textContent = "";
    found.textContent = !asked.length ? "" : numbers.length === 1 ? "One episode" : numbers.length + " episodes";
    numbers.slice(0, 50).forEach(function (n) {
      var episode = index.episodes[n], item = add(results, "li");
      var page = root + episode[0] + "index.html";
      add(item, "a", episode[1]).href = page;
      var line = add(item, "span", episode[2]);
      line.className = "quiet";
      var seconds = [];
      all.forEach(function (hit) { seconds = seconds.concat(hit[n].seconds); });
      seconds.sort(function (a, b) { return a - b; });
      seconds.filter(function (s, i) { return s !== seconds[i - 1]; }).slice(0, 5).forEach(function (s) {
        line.appendChild(document.createTextNode(" · "));
        add(line, "a", clock(s)).href = page + "?t=" + s;
      });
    });
  }

  function search() {
    var asked = parts(query.value);
    history.replaceState(null, "", query.value ? "?q=" + encodeURIComponent(query.value) : location.pathname);
    load("index.js");
    whenLoaded(function () {
      if (!index) {
        found.textContent = "The search could not be loaded.";
        return;
      }
      asked.forEach(function (word) {
        filesOf(word).forEach(function (prefix) { load(file(prefix)); });
      });
      whenLoaded(function () { show(asked); });
    });
  }

  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); search(); });
  var soon = 0;
  query.addEventListener("input", function () {
    clearTimeout(soon);
    soon = setTimeout(search, 200);
  });
  var given = /[?&]q=([^&]*)/.exec(location.search);
  if (given) {
    try { query.value = decodeURIComponent(given[1].replace(/\+/g, " ")); } catch (e) { return; }
    search();
  }
})();
