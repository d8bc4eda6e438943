// Boxes for own answers: read what is typed as an exact number, compare it with the key's digits, say what follows.
// Without this file the boxes stay hidden and nothing else changes.
//
// The rule: a value is right when it is at most half a unit of the key's last place away; exact values, such as counts, are
// right when they are equal, and a fraction also at three or more correct digits. It is "rounded too early" when it agrees at
// the two or more digits that were typed, or when it is at most three units of the key's last place and one percent off.
"use strict";

const ownAnswer = (() => {
  const MINUS = /[\u2010-\u2015\u2212\ufe63\uff0d]/g;
  const SPACE = /[\s\u00a0\u2000-\u200b\u202f\u205f]/g;
  const POWER = /(?:(^|[+-])|[×x*·⋅])10(?:\^|\*\*)[({]?([+-]?\d+)[)}]?$/;
  const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻";
  const SLIPPED = 3n;

  const ten = (power) => 10n ** BigInt(power);
  const size = (n) => (n < 0n ? -n : n);
  const off = (a, b) => ({ n: size(a.n * b.d - b.n * a.d), d: a.d * b.d });
  const atMost = (a, b) => a.n * b.d <= b.n * a.d;
  const times = (a, n, d) => ({ n: a.n * n, d: a.d * d });

  // One way of writing, whatever the keyboard or the program that a value was copied from.
  function plain(text) {
    const raised = new RegExp(`10([${SUPERSCRIPTS}]+)`, "g");
    return text.replace(raised, (_, sign) => "10^" + [...sign].map((one) => "0123456789+-"[SUPERSCRIPTS.indexOf(one)]).join(""))
      .replace(/^[^=≈]*[=≈]/, "").replace(MINUS, "-").replace(/\uff0b/g, "+").replace(/[⁄∕]/g, "/").replace(SPACE, " ").trim()
      .replace(/(^|[-+×x*·⋅/^({]) +| +(?=[-+×x*·⋅/^%)}]|e[-+\d])/gi, "$1");
  }

  // Spaces group digits by three, from the decimal mark outwards; other spaces are left, and make the text no number.
  function ungrouped(text) {
    const groups = /^([+-]?)(\d{1,3}(?: \d{3})+|\d*)(?:([.,])(\d{3}(?: \d{3})*(?: \d{1,3})?|\d*))?(?=$|[^\d.,])/;
    return text.replace(groups, (all) => all.replace(/ /g, ""));
  }

  // "1,234" is a decimal for some and a count for others: every reading, as digits with a point.
  function points(text) {
    const by = (mark) => new RegExp(`^[1-9]\\d{0,2}(?:\\${mark}\\d{3})+$`);
    const whole = (mark) => text.split(mark).join("");
    const dot = text.lastIndexOf("."), comma = text.lastIndexOf(",");
    if (comma < 0) return by(".").test(text) && text.indexOf(".") < dot ? [whole(".")] : [text];
    if (dot < 0) {
      const grouped = by(",").test(text) ? [whole(",")] : [];
      return text.indexOf(",") === comma ? [text.replace(",", "."), ...grouped] : grouped;
    }
    const [outer, inner, last] = dot > comma ? [".", ",", dot] : [",", ".", comma];
    const head = text.slice(0, last), tail = text.slice(last + 1);
    return by(inner).test(head) && !tail.includes(outer) ? [`${head.split(inner).join("")}.${tail}`] : [];
  }

  // A decimal as n/d, with the unit of its last place and the number of its digits.
  function decimal(text, power) {
    const found = /^([+-]?)(\d*)\.?(\d*)$/.exec(text);
    if (!found || !(found[2] + found[3])) return null;
    const digits = found[2] + found[3], last = power - found[3].length;
    const unit = last < 0 ? { n: 1n, d: ten(-last) } : { n: ten(last), d: 1n };
    const n = BigInt((found[1] === "-" ? "-" : "") + BigInt(digits));
    return { ...times(unit, n, 1n), unit, digits: digits.replace(/^0+/, "").length };
  }

  function readings(text) {
    let body = ungrouped(text), power = 0;
    if (body.endsWith("%")) [body, power] = [body.slice(0, -1).trim(), -2];
    const raised = POWER.exec(body), scientific = /e([+-]?\d+)$/i.exec(body);
    if (raised) body = body.slice(0, raised.index) + (raised[1] === undefined ? "" : `${raised[1]}1`);
    else if (scientific) body = body.slice(0, scientific.index);
    power += Number(raised ? raised[2] : scientific ? scientific[1] : 0);
    if (Math.abs(power) > 400) return [];
    const sign = /^[+-]/.exec(body), rest = sign ? body.slice(1) : body;
    return points(rest).map((one) => decimal((sign || "") + one, power)).filter(Boolean);
  }

  // Every number that a text can stand for; none when it is no number.
  function read(text) {
    const parts = text.length > 60 ? [] : plain(text).split("/");
    if (parts.length === 1) return readings(parts[0]);
    if (parts.length !== 2) return [];
    const found = [];
    for (const a of readings(parts[0])) {
      for (const b of readings(parts[1])) {
        const sign = b.n < 0n ? -1n : 1n;
        if (b.n) found.push({ n: sign * a.n * b.d, d: sign * a.d * b.n, unit: null, digits: 0 });
      }
    }
    return found;
  }

  // right, rounded or other
  function compare(typed, key, exact) {
    const distance = off(typed, key);
    if (!distance.n) return "right";
    if (!exact && key.unit && atMost(distance, times(key.unit, 1n, 2n))) return "right";
    const coarse = typed.unit && (!key.unit || !atMost(typed.unit, key.unit));
    if (coarse && typed.digits > 1 && atMost(distance, times(typed.unit, 1n, 2n))) {
      return key.unit || typed.digits < 3 ? "rounded" : "right";
    }
    const near = key.unit && !atMost({ n: 1n, d: 1n }, key.unit) && atMost(distance, times(key.unit, SLIPPED, 1n));
    return near && atMost(distance, { n: size(key.n), d: key.d * 100n }) ? "rounded" : "other";
  }

  // Digits of a wrong value count when they are met; a value of one or two digits has to be met exactly.
  function meets(typed, digits) {
    const [value] = read(digits);
    return compare(typed, value, value.unit !== null && (value.digits < 3 || /^-?\d+$/.test(digits))) === "right";
  }

  // {kind, rerun}: empty, unread, right, rounded, other, or who arrives at that value: key, convention, slip.
  function judge(text, value, exact, known) {
    if (!text.trim()) return { kind: "empty" };
    const typed = read(text), [key] = read(value);
    if (!typed.length) return { kind: "unread" };
    const verdicts = typed.map((one) => compare(one, key, exact));
    if (verdicts.includes("right")) return { kind: "right" };
    for (const entry of known.split(" ").filter(Boolean)) {
      const [kind, rerun, digits] = entry.split(":");
      if (typed.some((one) => meets(one, digits))) return { kind: kind === "rounding" ? "rounded" : kind, rerun };
    }
    return { kind: verdicts.includes("rounded") ? "rounded" : "other" };
  }

  return { read, judge };
})();

const SAID = {
  empty: "Type a number first.",
  unread: "Type a number, such as 0.5, 1/2 or 5e-1.",
  right: "Right.",
  rounded: "Right, but rounded too early.",
  other: "Not yet.",
  key: "That is what the published key prints",
  convention: "That is what the published key prints, under another convention",
  slip: "That is what a slip of the published key leads to",
};

// The words of a slip, formulas included, from the section on the published key of the same part.
function storyOf(form, number) {
  let place = form.closest("[data-new]") || form;
  while (place && !place.matches("details.published-key")) place = place.nextElementSibling;
  const story = place && place.querySelectorAll(".rerun")[number];
  const words = story && story.querySelector("p").cloneNode(true);
  if (words) words.querySelector("strong").remove(); // "The slip."
  return words ? [...words.childNodes] : [];
}

function answerTo(form, box) {
  const found = ownAnswer.judge(box.value, box.dataset.value, "exact" in box.dataset, box.dataset.known);
  const story = found.rerun ? storyOf(form, Number(found.rerun)) : [];
  const ends = story.length ? ":" : /\.$/.test(SAID[found.kind]) ? "" : ".";
  const more = found.kind === "key" && !story.length ? " No slip that we tried explains it." : "";
  const verdict = document.createElement("strong");
  verdict.append(SAID[found.kind] + ends + more);
  return [verdict, " ", ...story];
}

// The forms of a part are exchanged when it gets new numbers, so the page listens.
for (const form of document.querySelectorAll("form.tries")) form.hidden = false;

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form.tries");
  if (!form) return;
  event.preventDefault();
  const boxes = [...form.querySelectorAll("input")];
  const filled = boxes.filter((box) => box.value.trim());
  for (const box of filled.length ? filled : boxes.slice(0, 1)) {
    const output = box.closest("li").querySelector("output");
    if (!output.hasChildNodes()) output.replaceChildren(...answerTo(form, box));
  }
});

document.addEventListener("input", ({ target }) => {
  if (target.closest("form.tries")) target.closest("li").querySelector("output").replaceChildren();
});
