// Print a page with its answers, or its questions only. Without this file the browser's own command prints everything.
// An address that ends in ?print=questions prints the questions only, too.
"use strict";

const printed = document.documentElement.dataset;
const wanted = new URLSearchParams(location.search).get("print") === "questions";

function printQuestions() {
  printed.print = "questions";
  window.print();
}

if (wanted) printed.print = "questions";
window.addEventListener("afterprint", () => { if (!wanted) delete printed.print; });

const notebook = document.querySelector(".md-content__inner .notebook");
if (notebook) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "md-button";
  button.textContent = "Print questions only";
  button.addEventListener("click", printQuestions);
  const line = document.createElement("p");
  line.className = "print-tools";
  line.append(button);
  notebook.before(line);
}
