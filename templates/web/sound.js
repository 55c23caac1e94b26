// Jobs are followed as they go on, and recordings are made in the page. Without this file the page is whole as well.
"use strict";

(() => {
  // Nobody loses a recording, or files just chosen, because a job ended.
  let recorder = null;
  const busy = () => recorder || [...document.querySelectorAll("input[type=file]")].some((input) => input.files.length);

  const list = document.querySelector("[data-events]");
  if (list) {
    const feed = new EventSource(list.dataset.events);
    feed.addEventListener("message", (message) => {
      const jobs = JSON.parse(message.data);
      for (const job of jobs) {
        const line = list.querySelector(`[data-job="${Number(job.id)}"]`);
        // Something that the page does not show yet, or that has ended: the server writes that page.
        if (!line || line.dataset.state !== job.state) {
          if (!busy()) location.reload();
          return;
        }
        line.querySelector(".words").textContent = job.words;
        const bar = line.querySelector("progress");
        if (bar) bar.value = job.share;
      }
    });
    addEventListener("pagehide", () => feed.close());
  }

  for (const form of document.querySelectorAll("[data-record]")) {
    if (!navigator.mediaDevices || !window.MediaRecorder) continue;
    const longest = Number(form.dataset.record) || 6 * 3600;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Record here";
    const status = document.createElement("p");
    status.className = "note";
    status.setAttribute("role", "status");
    form.append(button, status);

    const send = async (blob) => {
      status.textContent = "Sending…";
      const data = new FormData(form);
      data.delete("recording");
      data.append("recording", blob, "recording");
      try {
        const answer = await fetch(form.action, { method: "POST", body: data });
        if (answer.ok) return location.assign(answer.url);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const why = page.querySelector("[role=alert]") || page.querySelector("main");
        status.textContent = why ? why.textContent.trim() : "It was not taken.";
      } catch {
        status.textContent = "It could not be sent; try again.";
      }
    };

    const record = async () => {
      let stream;
      try {
        const plain = { autoGainControl: false, noiseSuppression: false, echoCancellation: false };
        stream = await navigator.mediaDevices.getUserMedia({ audio: plain });
      } catch {
        status.textContent = "No microphone may be used here.";
        return;
      }
      const pieces = [];
      const begun = Date.now();
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: 128000 });
      const clock = setInterval(() => {
        const seconds = Math.floor((Date.now() - begun) / 1000);
        status.textContent = `Recording, ${seconds} seconds`;
        if (seconds >= longest) recorder.stop();
      }, 500);
      recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
      recorder.addEventListener("stop", () => {
        clearInterval(clock);
        stream.getTracks().forEach((track) => track.stop());
        button.textContent = "Record here";
        const blob = new Blob(pieces, { type: recorder.mimeType });
        recorder = null;
        send(blob);
      });
      recorder.start(1000);
      button.textContent = "Stop and send";
    };

    button.addEventListener("click", () => (recorder ? recorder.stop() : record()));
  }
})();
