/** The page's only script: a box of the topology opens its component. Without it, boxes are links. */
export const script = `
"use strict";
const open = (box) => {
  const part = document.getElementById(box.getAttribute("href").slice(1));
  if (!part) return false;
  for (const other of document.querySelectorAll(".box[aria-current]")) other.removeAttribute("aria-current");
  box.setAttribute("aria-current", "true");
  part.open = true;
  part.querySelector("summary").focus();
  part.scrollIntoView({ block: "nearest" });
  return true;
};
for (const box of document.querySelectorAll("a.box"))
  box.addEventListener("click", (event) => {
    if (open(box)) event.preventDefault();
  });
`;
