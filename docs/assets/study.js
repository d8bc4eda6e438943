// What a student leaves on this site, in this browser only: which reveals are open, which answers were opened, which parts are
// solved. Without this file, or where storage is blocked, every page still holds everything.
"use strict";

{
  const PREFIX = "recomputed:";
  const ROOT = new URL("..", document.currentScript.src); // this file lies in assets/
  const PAGE = `open ${location.pathname.replace(/index\.html$/, "")}`;
  const KINDS = ["hint", "answer", "derivation", "published-key"]; // what "Show all" opens; code is not among them
  const unkept = new Map(); // what could not be stored, until the page is left

  function read(name) {
    try {
      const value = JSON.parse(unkept.get(name) ?? localStorage.getItem(PREFIX + name));
      if (value && typeof value === "object" && !Array.isArray(value)) return value;
    } catch { /* blocked, or not written by this file */ }
    return {};
  }

  function change(name, key, value) {
    const text = JSON.stringify({ ...read(name), [key]: value }); // undefined leaves the key out
    try {
      localStorage.setItem(PREFIX + name, text);
      unkept.delete(name);
    } catch {
      unkept.set(name, text);
    }
  }

  // The reveals of a part stand before its footer; those of a page without parts belong to no part.
  function named() {
    const found = [];
    let count = {};
    for (const one of document.querySelectorAll("details.reveal, button.solved")) {
      if (one.matches("button")) {
        for (const reveal of found) reveal.part ??= one.dataset.part;
        count = {};
      } else {
        const kind = KINDS.find((name) => one.classList.contains(name)) || "code";
        count[kind] = (count[kind] || 0) + 1;
        found.push({ box: one, kind, which: `${kind} ${count[kind]}` });
      }
    }
    return found.map((reveal) => ({ ...reveal, name: `${reveal.part || ""} ${reveal.which}` }));
  }

  const reveals = named();
  const bulk = reveals.filter(({ kind }) => KINDS.includes(kind));
  const all = document.querySelector("button[data-all]");
  let paper = false; // reveals are opened for printing and closed afterwards: that is not the reader's doing

  function closed() {
    return bulk.some(({ box }) => !box.open);
  }

  function nameButton() {
    if (all) all.textContent = closed() ? "Show all" : "Hide all";
  }

  function showAll() {
    const open = closed();
    for (const { box } of bulk) box.open = open;
    nameButton();
    all.nextElementSibling.textContent = open ? "Everything but the code is open." : "Everything is closed.";
  }

  function follow(reveal) {
    const { box, kind, name, part } = reveal;
    const kept = read(PAGE)[name];
    if (kept !== undefined) box.open = Boolean(kept);
    let known = box.open;
    box.addEventListener("toggle", () => {
      nameButton();
      if (box.open === known || paper || matchMedia("print").matches) return;
      known = box.open;
      change(PAGE, name, Number(known));
      if (known && kind === "answer" && part) change("opened", part, 1);
      refresh();
    });
  }

  function target() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null; // a stray % in the address
    }
  }

  // A line of a derivation is seen only when the reveals around it are open.
  function openTarget() {
    const line = target();
    for (let box = line?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    if (line?.closest("details")) line.scrollIntoView();
  }

  // The buttons and the signs of this page as they are stored now, perhaps by another tab.
  function refresh() {
    const [solved, opened] = [read("solved"), read("opened")];
    for (const button of document.querySelectorAll("button.solved")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(button.dataset.part in solved));
    }
    for (const sign of document.querySelectorAll(".seen")) {
      const state = sign.dataset.part in solved ? "solved" : sign.dataset.part in opened ? "opened" : "";
      sign.textContent = { solved: "Solved", opened: "Answer opened" }[state] || "";
      sign.classList.toggle("seen-solved", state === "solved");
      sign.hidden = !state;
    }
  }

  async function everyPart() {
    const answer = await fetch(new URL("answers.json", ROOT));
    if (!answer.ok) throw new Error(answer.status);
    return Object.values((await answer.json()).parts).map(({ url }) => new URL(url, ROOT).href);
  }

  function unsolvedHere() {
    const solved = read("solved");
    const signs = [...document.querySelectorAll(".seen")].filter((sign) => !(sign.dataset.part in solved));
    return signs.map((sign) => sign.closest("tr").querySelector("a").href);
  }

  async function goToRandom(button) {
    const said = button.nextElementSibling;
    said.textContent = "";
    try {
      const parts = button.dataset.random === "topic" ? unsolvedHere() : await everyPart();
      if (parts.length) location.assign(parts[Math.floor(Math.random() * parts.length)]);
      else said.textContent = "You have marked every part of this topic as solved.";
    } catch {
      said.textContent = "The list of parts could not be loaded. Every paper lists its own.";
    }
  }

  // Ours, and the theme's: it keeps the palette under the address of the site.
  function keys(storage) {
    return Object.keys(storage).filter((key) => key.startsWith(PREFIX) || key.startsWith(`${ROOT.pathname}.`));
  }

  function many(count, one, more) {
    return count ? [`${count} ${count === 1 ? one : more}`] : [];
  }

  function stored() {
    try {
      const found = [...keys(localStorage), ...keys(sessionStorage)];
      const pages = found.filter((key) => key.startsWith(`${PREFIX}open `));
      const exams = found.filter((key) => key.startsWith(`${PREFIX}exam:`));
      const rest = found.filter((key) => !pages.includes(key) && !exams.includes(key) && ![`${PREFIX}solved`, `${PREFIX}opened`].includes(key));
      const words = [
        ...many(Object.keys(read("solved")).length, "part marked as solved", "parts marked as solved"),
        ...many(Object.keys(read("opened")).length, "opened answer", "opened answers"),
        ...many(pages.length, "page with its reveals", "pages with their reveals"),
        ...many(exams.length, "mock exam", "mock exams"),
        ...many(rest.length, "setting", "settings"),
      ];
      return words.length ? `Stored now: ${words.join(", ")}.` : "Nothing is stored now.";
    } catch {
      return "This browser does not let this site store anything.";
    }
  }

  function forget() {
    try {
      for (const storage of [localStorage, sessionStorage]) for (const key of keys(storage)) storage.removeItem(key);
    } catch { /* then nothing is stored */ }
  }

  function onClick(selector, does) {
    for (const button of document.querySelectorAll(selector)) {
      button.addEventListener("click", () => does(button));
      if (button.closest(".study")) button.closest(".study").hidden = false;
    }
  }

  reveals.forEach(follow);
  nameButton();
  openTarget();
  refresh();
  onClick("button[data-all]", showAll);
  onClick("button[data-random]", goToRandom);
  onClick("button.solved", ({ dataset: { part } }) => {
    change("solved", part, part in read("solved") ? undefined : 1);
    refresh();
  });
  onClick("button[data-forget]", (button) => {
    forget();
    button.nextElementSibling.textContent = stored();
  });
  for (const button of document.querySelectorAll("button[data-forget]")) button.nextElementSibling.textContent = stored();
  addEventListener("hashchange", openTarget);
  addEventListener("storage", refresh);
  addEventListener("pageshow", ({ persisted }) => { if (persisted) refresh(); });
  addEventListener("beforeprint", () => { paper = true; });
  addEventListener("afterprint", () => { paper = false; });
  addEventListener("keydown", (event) => {
    if (!all || event.code !== "KeyA" || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return; // there it may write a letter
    event.preventDefault();
    showAll();
  });
}
