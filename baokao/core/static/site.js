// What the pages gain from JavaScript. Each of these works without it too: nothing here is needed to register.
"use strict";

// Focus moves to the summary of errors, so that it is read first.
document.querySelector(".errors")?.focus();

// Until the box is ticked the button says what is missing (rule B5).
for (const button of document.querySelectorAll("[data-until]")) {
  const box = document.getElementById(button.dataset.until);
  const ready = button.textContent;
  const show = () => { button.textContent = box.checked ? ready : button.dataset.asks; };
  box.addEventListener("change", show);
  show();
}

document.addEventListener("click", (event) => {
  const spoken = event.target.closest("[data-play]");
  if (!spoken) return;
  event.preventDefault();
  new Audio(spoken.href).play();
});

// 重置 clears what the server had filled in as well, which a reset button alone would bring back (rule A4).
document.addEventListener("reset", (event) => {
  event.preventDefault();
  for (const field of event.target.querySelectorAll("input.input")) field.value = "";
  event.target.querySelector("input.input")?.focus();
});

// Capacity lights ask again every few seconds while somebody looks.
setInterval(() => {
  if (document.visibilityState === "visible") document.body.dispatchEvent(new CustomEvent("look"));
}, 5000);

// Each light of the answer is shown where the page has it. A full offering's box can't be ticked, a freed one's can, as
// its light says (rule C9).
document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr, successful } = event.detail;
  if (!successful || !event.detail.pathInfo.requestPath.startsWith("/lights/")) return;
  const answer = new DOMParser().parseFromString(xhr.responseText, "text/html");
  for (const told of answer.querySelectorAll(".light[id]")) {
    const light = document.getElementById(told.id);
    if (!light || light.dataset.level === told.dataset.level) continue;
    light.dataset.level = told.dataset.level;
    light.textContent = told.textContent;
    const box = light.closest("tr")?.querySelector("input[type=checkbox][data-free]");
    if (box && !box.checked) box.disabled = told.dataset.level === "none";
  }
});

// A large figure and its unit, as the home page has them.
function figure([count, unit]) {
  const [large, small] = [document.createElement("b"), document.createElement("span")];
  large.textContent = count;
  small.textContent = unit;
  small.className = "unit";
  return [large, " ", small, " "];
}

// Time left counts down between two looks at the server, which alone decides.
const loaded = Date.now();
setInterval(() => {
  for (const shown of document.querySelectorAll("[data-left]")) {
    const minutes = Math.floor((Number(shown.dataset.left) - (Date.now() - loaded) / 1000) / 60);
    if (minutes < 0) continue;
    const parts = [[Math.floor(minutes / 1440), "天"], [Math.floor(minutes / 60) % 24, "小时"], [minutes % 60, "分"]];
    while (parts.length > 1 && parts[0][0] === 0) parts.shift();
    if ("figures" in shown.dataset) shown.replaceChildren(...parts.flatMap(figure));
    else shown.textContent = parts.map(([count, unit]) => `${count} ${unit}`).join(" ");
  }
}, 30000);
