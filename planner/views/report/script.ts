/** The page's only script: what leads to a component opens it. Without it, these are links. */
export const script = `
"use strict";
const open = (link) => {
  const target = link.getAttribute("href");
  const part = document.getElementById(target.slice(1));
  if (!part) return false;
  for (const other of document.querySelectorAll(".box[aria-current]")) other.removeAttribute("aria-current");
  for (const box of document.querySelectorAll(".box"))
    if (box.getAttribute("href") === target) box.setAttribute("aria-current", "true");
  part.open = true;
  part.querySelector("summary").focus();
  part.scrollIntoView({ block: "nearest" });
  return true;
};
for (const link of document.querySelectorAll('a[href^="#component-"]'))
  link.addEventListener("click", (event) => {
    if (open(link)) event.preventDefault();
  });
`;
