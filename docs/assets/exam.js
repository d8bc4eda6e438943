// A paper as a mock exam: own answers, a clock and own marks, kept in this browser under one key. Nothing is judged here.
// The solutions are not in the page: when the reader finishes, the solution pages are opened in hidden frames and asked for
// them by a message, which works from disk as well; solutions.js answers there. Without this file the questions and links to the solutions are left.
"use strict";

{
  const ASK = "recomputed:exam?";
  const exam = document.querySelector(".exam");

  function sit() {
    const { paper, title } = exam.dataset;
    const KEY = `recomputed:exam:${paper}`;
    const one = (selector, within = exam) => within.querySelector(selector);
    const button = (name) => one(`[data-do=${name}]`);
    const parts = [...exam.querySelectorAll(".exam-part")];
    const fields = [...exam.querySelectorAll("[name]")];
    const marks = fields.filter((field) => field.name.startsWith("marks "));
    const minutes = one("[name=minutes]");
    const [unkept, over, status] = [one(".exam-unkept"), one(".exam-over"), one(".exam-status")];
    let state; // { fields, began, finished, spent, since, hidden }: times in milliseconds; `since` while the clock runs

    function say(place, text) {
      if (place.textContent !== text) place.textContent = text; // or it would be read out again
    }

    function warn() {
      unkept.hidden = false;
      say(unkept, "This browser stores nothing for this site: what you write is lost when you leave the page. Export it before.");
    }

    function save() {
      try {
        localStorage.setItem(KEY, JSON.stringify(state));
        unkept.hidden = true;
      } catch {
        warn();
      }
    }

    function load() {
      state = {};
      try {
        const kept = JSON.parse(localStorage.getItem(KEY));
        if (kept && typeof kept === "object" && !Array.isArray(kept)) state = kept;
      } catch (error) {
        if (!(error instanceof SyntaxError)) warn();
      }
      for (const field of fields) {
        const kept = state.fields?.[field.name];
        if (field.type === "checkbox") field.checked = Boolean(kept);
        else field.value = kept ?? field.defaultValue;
      }
      show();
    }

    function spent() {
      return (Number(state.spent) || 0) + (state.since ? Math.max(0, Date.now() - state.since) : 0);
    }

    function clock(time) {
      const seconds = Math.floor(Math.abs(time) / 1000);
      const two = (number) => String(Math.floor(number) % 60).padStart(2, "0");
      return `${Math.floor(seconds / 3600)}:${two(seconds / 60)}:${two(seconds)}`;
    }

    function tick() {
      const left = minutes.validity.valid ? minutes.value * 60_000 - spent() : NaN;
      one(".exam-time").textContent = Number.isNaN(left) ? "" : `${clock(left)} ${left < 0 ? "over" : "left"}`;
      say(over, left <= 0 ? "Time is over. Go on, or finish when you like." : "");
    }

    function pause() {
      state.spent = spent();
      delete state.since;
    }

    // A field is named by its kind and its part; the label of a box or an option follows.
    function of(part, kind) {
      return fields.filter(({ name }) => `${name} `.startsWith(`${kind} ${part} `));
    }

    function pageOf(part) {
      return one(".exam-link a", part).href.split("#")[0];
    }

    function said(part) {
      const ticked = of(part, "tick").filter((box) => box.checked).map((box) => box.value);
      const boxes = of(part, "try").filter((box) => box.value).map((box) => `${box.name.split(" ")[2]} = ${box.value}`);
      return [ticked.length ? `Ticked: ${ticked.join(", ")}` : "", ...boxes, of(part, "text")[0].value].filter(Boolean).join("\n");
    }

    function total() {
      const given = marks.filter((field) => field.value && field.validity.valid);
      const sum = given.reduce((all, field) => all + Number(field.value), 0);
      const most = marks.reduce((all, field) => all + Number(field.max), 0);
      const none = parts.length - marks.length;
      return `Your marks: ${sum} of ${most}; ${given.length} of ${marks.length} parts with marks are marked.`
        + (none ? ` ${none} ${none === 1 ? "part bears" : "parts bear"} no marks and ${none === 1 ? "is" : "are"} left out.` : "");
    }

    function show() {
      const finished = Boolean(state.finished);
      exam.classList.toggle("exam-finished", finished);
      for (const part of parts) {
        one(".exam-own", part).hidden = finished;
        for (const after of part.querySelectorAll(".exam-review, .exam-link")) after.hidden = !finished;
        for (const options of part.querySelectorAll("fieldset")) options.disabled = finished;
        one(".exam-said", part).textContent = said(part.dataset.part) || "Nothing written.";
      }
      for (const group of exam.querySelectorAll(".exam-bar, .exam-end")) group.hidden = false;
      button("finish").textContent = finished ? "Back to the questions" : "Finish";
      button("clock").textContent = state.since ? "Pause" : spent() ? "Go on" : "Start";
      button("hide").textContent = state.hidden ? "Show clock" : "Hide clock";
      for (const piece of [button("clock"), one(".exam-time")]) piece.hidden = Boolean(state.hidden);
      minutes.parentElement.hidden = Boolean(state.hidden || state.since);
      say(one(".exam-total"), finished ? total() : "");
      tick();
      if (finished) fetchSolutions();
    }

    // Each solution page once, in a frame that is taken away when it has answered.
    function fetchSolutions() {
      if (exam.dataset.asked) return;
      exam.dataset.asked = "yes";
      for (const address of new Set(parts.map(pageOf))) {
        const frame = document.createElement("iframe");
        frame.hidden = true;
        frame.title = "Solutions";
        frame.src = address;
        frame.addEventListener("load", () => frame.contentWindow.postMessage(ASK, "*"));
        addEventListener("message", function take({ data, source }) {
          if (source !== frame.contentWindow || !data.solutions) return;
          for (const part of parts) {
            const html = data.solutions[part.dataset.part];
            if (html && pageOf(part) === address) place(part, html);
          }
          removeEventListener("message", take);
          frame.remove();
        });
        exam.append(frame);
      }
    }

    // What loses marks stands open above the field for the own marks.
    function place(part, html) {
      const box = one(".exam-solution", part);
      box.innerHTML = html;
      for (const reveal of box.querySelectorAll("details")) reveal.open = reveal.matches(".answer");
      for (const code of box.querySelectorAll("pre > code")) code.tabIndex = 0; // it scrolls
      box.append(...box.querySelectorAll(".marks"));
    }

    function file() {
      const time = (at) => (at ? `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC` : "–");
      const lines = [`# Mock exam: ${title}`, "", `- Began: ${time(state.began)}`, `- Finished: ${time(state.finished)}`,
        `- On the clock: ${clock(spent())}${minutes.value ? ` of ${minutes.value} minutes` : ""}`, `- ${total()}`];
      for (const { dataset: { part } } of parts) {
        const [mark] = of(part, "marks");
        lines.push("", `## ${paper}/${part}`, "", mark ? `Own marks: ${mark.value || "–"} of ${mark.max}` : "Bears no marks.", "");
        lines.push(...(said(part) || "Nothing written.").split("\n").map((line) => `> ${line}`));
      }
      return `${lines.join("\n")}\n`;
    }

    const does = {
      clock() {
        if (state.since) pause();
        else if (minutes.reportValidity()) {
          state.since = Date.now();
          state.began ??= state.since;
        }
      },
      hide() {
        state.hidden = !state.hidden;
      },
      finish() {
        if (state.since) pause();
        state.finished = state.finished ? undefined : Date.now();
        say(status, state.finished ? "Finished. The solutions stand beside your answers; the marks are yours to give." : "");
      },
      export() {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([file()], { type: "text/markdown" }));
        link.download = `exam-${paper}.md`;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      },
      delete() {
        if (!confirm("Delete your answers, marks and times of this exam from this browser?")) return;
        try {
          localStorage.removeItem(KEY);
        } catch { /* then nothing is stored */ }
        load();
        say(status, "Deleted.");
      },
    };

    for (const [name, act] of Object.entries(does)) {
      button(name).addEventListener("click", () => {
        act();
        if (name === "export" || name === "delete") return;
        save();
        show();
        if (name !== "finish") return;
        exam.focus({ preventScroll: true });
        exam.scrollIntoView();
      });
    }
    exam.addEventListener("input", ({ target }) => {
      state.began ??= Date.now();
      const written = fields.map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]);
      state.fields = Object.fromEntries(written.filter(([, value]) => value));
      save();
      if (target === minutes) tick();
      if (state.finished) say(one(".exam-total"), total());
    });
    addEventListener("storage", ({ key }) => { if (key === KEY || key === null) load(); });
    addEventListener("pageshow", ({ persisted }) => { if (persisted) load(); });
    setInterval(() => { if (state.since) tick(); }, 1000);
    load();
  }

  if (exam) sit();
}
