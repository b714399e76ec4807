// Keys for who would rather not use the mouse: what bears data-key is pressed or followed by that key. Everything has a
// button or a link, and the keys can be turned off (WCAG 2.1.4).
"use strict";

const toggle = document.querySelector("[data-keys-switch]");
const box = toggle?.querySelector("input");
const kept = "baokao.keys";

if (toggle) {
  toggle.hidden = false;
  box.checked = localStorage.getItem(kept) !== "off";
  box.addEventListener("change", () => localStorage.setItem(kept, box.checked ? "on" : "off"));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || localStorage.getItem(kept) === "off") return;
  // Where somebody types, a letter is a letter.
  if (event.target.closest("textarea, select, input:not([type=radio], [type=checkbox])")) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
  if (wanted.type === "radio") wanted.focus();
});
