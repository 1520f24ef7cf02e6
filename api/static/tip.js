// Here is a button and what it stands for; show that while the button is pointed at or has focus.

import { make } from "./make.js";

const EDGE = 8;
const tip = make("div", { id: "tip", className: "tip", role: "tooltip", lang: "zh-CN", hidden: true });
let owner = null;

// Above the button where there is room, and always inside the window.
function place() {
  if (!owner || !owner.isConnected) return hide();
  const at = owner.getBoundingClientRect();
  const above = at.top - tip.offsetHeight - EDGE;
  tip.style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - tip.offsetWidth - EDGE))}px`;
  tip.style.top = `${above > EDGE ? above : at.bottom + EDGE}px`;
}

function hide() {
  if (owner) owner.removeAttribute("aria-describedby");
  owner = null;
  tip.hidden = true;
}

function show(button, text) {
  hide();
  owner = button;
  tip.textContent = text;
  tip.hidden = false;
  button.setAttribute("aria-describedby", tip.id);
  place();
}

export function tipped(button, text) {
  button.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse") show(button, text);
  });
  // the pointer may go on to the text, to read or select it
  button.addEventListener("pointerleave", (event) => {
    if (event.relatedTarget !== tip && document.activeElement !== button) hide();
  });
  button.addEventListener("focus", () => {
    if (button.matches(":focus-visible")) show(button, text);
  });
  button.addEventListener("blur", hide);
  button.addEventListener("click", hide);
  return button;
}

tip.addEventListener("pointerleave", hide);
window.addEventListener("scroll", () => !tip.hidden && place(), { capture: true, passive: true });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
document.querySelector("main").append(tip);
