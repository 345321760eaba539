"use strict";
const steps = [...document.querySelectorAll("section")];
const place = document.getElementById("place");
const buttons = { back: document.getElementById("back"), next: document.getElementById("next") };
let at = Math.max(0, steps.findIndex((step) => "#" + step.id === location.hash));
function show(step, told) {
  at = Math.min(Math.max(step, 0), steps.length - 1);
  steps.forEach((section, index) => section.classList.toggle("shown", index === at));
  place.textContent = "step " + (at + 1) + " of " + steps.length;
  buttons.back.disabled = at === 0;
  buttons.next.disabled = at === steps.length - 1;
  if (told) history.replaceState(null, "", "#" + steps[at].id);
}
document.body.classList.add("steps");
buttons.back.addEventListener("click", () => show(at - 1, true));
buttons.next.addEventListener("click", () => show(at + 1, true));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const moves = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 };
  const move = event.key === "Home" ? -steps.length : event.key === "End" ? steps.length : moves[event.key];
  if (move === undefined || (event.key === " " && event.target.tagName === "BUTTON")) return;
  event.preventDefault();
  show(at + move, true);
});
show(at, false);
