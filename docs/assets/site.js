// Choice questions: compare the boxes that are ticked with the options that are right. Without this file the boxes still tick,
// and the answer below says which are right.
"use strict";

function sameSet(ticked, wanted) {
  return ticked.length === wanted.length && ticked.every((label) => wanted.includes(label));
}

function labels(text) {
  return text.split(" ").filter(Boolean);
}

function judge(options) {
  const ticked = [...options.querySelectorAll("input:checked")].map((box) => box.value);
  if (!ticked.length) return "Tick an option first.";
  if (sameSet(ticked, labels(options.dataset.right))) return "Right.";
  const readings = (options.dataset.readings || "").split("|").filter(Boolean).map(labels);
  if (readings.some((reading) => sameSet(ticked, reading))) return "Right under another reading, which the answer names.";
  return "Not yet.";
}

for (const options of document.querySelectorAll("fieldset.options[data-right]")) {
  const output = options.querySelector("output");
  options.querySelector(".try").hidden = false;
  options.querySelector("button").addEventListener("click", () => { output.textContent = judge(options); });
  options.addEventListener("change", () => { output.textContent = ""; });
}
