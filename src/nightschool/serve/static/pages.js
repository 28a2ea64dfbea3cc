// Everything works without this file: it saves a click here and there.
document.querySelectorAll(".scroll.end").forEach((box) => { box.scrollLeft = box.scrollWidth; });
const box = document.querySelector("form.ask textarea");
if (box) {
  box.addEventListener("keydown", (key) => {
    if (key.key === "Enter" && !key.shiftKey && !key.isComposing) { key.preventDefault(); box.form.requestSubmit(); }
  });
}
