() => {
  // A mark leads to its card and a card's mark back to the sentence, without leaving the page.
  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.("a.jb-mark");
    if (!mark) return;
    event.preventDefault();
    const target = document.getElementById(mark.getAttribute("href").slice(1));
    if (!target) return;
    const folded = target.closest("details");
    if (folded) folded.open = true;
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea")) return;
    event.preventDefault();
    document.querySelector("#jb-box textarea, #jb-box input")?.focus();
  });
}
