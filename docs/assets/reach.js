// What a keyboard has to reach: boxes that scroll sideways, and in the header the buttons that the theme makes of labels.
// Chromium and Firefox let the keyboard into every box that scrolls; Safari and screen readers need it said.
"use strict";

{
  const BOXES = ".maths-display, .maths-inline, .wide, .md-typeset__scrollwrap, .drawn, .sym, .num, .val, .steps .maths, .givens .maths, .answers .maths, .options label > :last-child";

  // What is skipped, in closed reveals or far below the screen, is left alone until it is shown: to measure it is to lay it out.
  function measure(place) {
    if (!place.offsetHeight) return; // asked for, since Chromium knows only after a layout what was opened
    const seen = [...place.querySelectorAll(BOXES)].filter((box) => box.checkVisibility?.({ contentVisibilityAuto: true }) !== false);
    const scrolls = seen.map((box) => box.scrollWidth > box.clientWidth + 8 && getComputedStyle(box).overflowX !== "visible");
    seen.forEach((box, number) => {
      if (scrolls[number] === "reach" in box.dataset) return;
      if (!scrolls[number]) {
        for (const name of ["tabindex", "role", "aria-label", "data-reach"]) box.removeAttribute(name);
      } else if (!box.hasAttribute("tabindex")) {
        const words = box.querySelector("table") ? "Table" : box.querySelector(".katex") ? "Formula" : "Figure";
        const names = { tabindex: "0", role: "group", "aria-label": words, "data-reach": "" };
        for (const [name, value] of Object.entries(names)) box.setAttribute(name, value);
      }
    });
  }

  const article = document.querySelector("article");
  let width = 0;
  let due = 0;
  if (article && "ResizeObserver" in window) {
    new ResizeObserver(([{ contentRect }]) => { // also once at the beginning
      if (contentRect.width === width) return;
      clearTimeout(due);
      due = setTimeout(measure, width && 200, article);
      width = contentRect.width;
    }).observe(article);
    document.fonts.addEventListener("loadingdone", () => measure(article)); // these have other widths
    article.addEventListener("toggle", ({ target }) => { if (target.open) measure(target); }, true);
    article.addEventListener("contentvisibilityautostatechange", ({ target, skipped }) => { if (!skipped) measure(target); }, true);
  }

  // A click on the button is one on the label, too: there the theme puts the cursor into the search.
  for (const [name, words] of [["__drawer", "Navigation"], ["__search", "Search"]]) {
    const label = document.querySelector(`label.md-header__button[for=${name}]`);
    if (!label) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", words);
    button.append(...label.childNodes);
    button.addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById(name).click();
    });
    label.append(button);
  }
}
