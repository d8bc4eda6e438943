// New numbers: the question, the boxes, the hints, the answer and the working of a part are exchanged together for those of one
// draw, which was solved when the site was built. The number of the draw stands in the address: ?4a=3. Its file and KaTeX are
// fetched when they are first asked for. Without this file every part keeps the paper's own numbers.
"use strict";

{
  const ROOT = new URL("..", document.currentScript.src); // this file lies in assets/
  const files = new Map(); // script -> the promise that it has run
  const drawn = new Map(); // full id of a part -> its file, as the script gave it

  window.newNumbers = (part, data) => { drawn.set(part, data); };

  function load(path) {
    if (!files.has(path)) {
      files.set(path, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL(path, ROOT);
        script.onload = resolve;
        script.onerror = () => { files.delete(path); reject(new Error(path)); };
        document.head.append(script);
      }));
    }
    return files.get(path);
  }

  function html(forms, slot) {
    return slot.split("|").map((piece) => {
      const [form, ...numbers] = piece.split(" ");
      return forms[form].split("¤").map((text, place) => text + (numbers[place] ?? "")).join("");
    }).join("");
  }

  function typeset(element) {
    for (const formula of element.querySelectorAll(".arithmatex")) {
      const [, open, tex] = /^\s*\\([([])([^]*)\\[)\]]\s*$/.exec(formula.textContent);
      const output = formula.closest("[aria-hidden], .maths") ? "html" : "htmlAndMathml";
      katex.render(tex.trim(), formula, { displayMode: open === "[", output, strict: false });
      formula.className = open === "[" ? "maths-display" : "maths-inline";
    }
  }

  class Part {
    constructor(control) {
      this.control = control;
      this.full = control.dataset.part;
      this.id = this.full.split("/")[1];
      this.count = Number(control.dataset.count);
      this.now = 0; // 0: the paper's own
      [this.another, this.back] = control.querySelectorAll("button");
      this.said = control.querySelector("output");
      this.slots = [...document.querySelectorAll(`[data-new^="${this.id} "]`)];
      this.own = this.slots.map((slot) => [...slot.childNodes]);
      const all = [...control.parentElement.children].slice([...control.parentElement.children].indexOf(control));
      const end = all.findIndex((element) => element.matches("h2"));
      const after = end < 0 ? all : all.slice(0, end);
      this.reveals = after.filter((element) => element.matches("details.reveal"));
      this.papers = this.reveals.find((element) => element.matches(".published-key")); // it speaks of the paper's numbers
      this.report = after.map((element) => element.querySelector('a[rel="nofollow"]')).find(Boolean);
      this.address = this.report?.href;
      this.another.addEventListener("click", () => this.show(this.now % this.count + 1));
      this.back.addEventListener("click", () => { this.show(0); this.another.focus(); });
      control.hidden = false;
    }

    async show(number, asked = true) {
      try {
        if (number) await Promise.all([load("assets/katex/katex.min.js"), load(`new-numbers/${this.full}.js`)]);
      } catch {
        this.said.textContent = "The new numbers could not be loaded.";
        return;
      }
      this.now = number;
      this.slots.forEach((slot, place) => slot.replaceChildren(...(number ? this.content(slot, number) : this.own[place])));
      if (asked) for (const reveal of this.reveals) reveal.open = false;
      if (this.papers) this.papers.hidden = number > 0;
      this.back.hidden = !number;
      this.another.textContent = number ? "Another one" : "New numbers";
      this.said.textContent = number
        ? `Numbers ${number} of ${this.count}: the same question, and not the paper’s own numbers.`
        : "These are the paper’s own numbers.";
      this.tell(asked);
    }

    content(slot, number) {
      const { slots, forms, draws } = drawn.get(this.full);
      const made = document.createElement("div");
      made.innerHTML = html(forms, draws[number - 1][slots.indexOf(slot.dataset.new.split(" ")[1])]);
      typeset(made);
      for (const form of made.querySelectorAll("form.tries")) form.hidden = false;
      return [...made.childNodes];
    }

    // The address of the page and the report of a mistake name the draw.
    tell(asked) {
      const name = this.now ? `${this.full}?${this.id}=${this.now}` : this.full;
      if (this.report) {
        const report = new URL(this.address);
        report.searchParams.set("part", name);
        report.searchParams.set("title", `[${name}] `);
        this.report.href = report;
      }
      if (!asked) return;
      const here = new URL(location);
      if (this.now) here.searchParams.set(this.id, this.now);
      else here.searchParams.delete(this.id);
      here.hash = this.id;
      history.replaceState(history.state, "", here);
    }
  }

  const asked = new URLSearchParams(location.search);
  for (const control of document.querySelectorAll(".new-numbers")) {
    const part = new Part(control);
    if (!asked.has(part.id)) continue;
    const number = Number(asked.get(part.id));
    if (Number.isInteger(number) && number > 0 && number <= part.count) part.show(number, false);
    else part.said.textContent = `There are ${part.count} draws, and no other; these are the paper’s own numbers.`;
  }
}
