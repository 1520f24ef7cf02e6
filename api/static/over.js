// Here is a sheet that lies over the page; hold the focus in it as long as it does.

const STOPS = "a[href], button, input, select, textarea, summary, [tabindex='0']";

// While `sheet` lies over `behind`, nothing behind it can be reached, and Tab goes round in it.
export function over(sheet, behind) {
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || sheet.getAttribute("aria-modal") !== "true") return;
    const stops = [...sheet.querySelectorAll(STOPS)].filter((one) => one.checkVisibility());
    const [first, last] = [stops[0], stops.at(-1)];
    const now = document.activeElement;
    if (event.shiftKey ? now === first || now === sheet : now === last) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  });
  return (lies) => {
    sheet.setAttribute("role", lies ? "dialog" : "complementary");
    if (lies) sheet.setAttribute("aria-modal", "true");
    else sheet.removeAttribute("aria-modal");
    for (const one of behind) one.inert = lies;
  };
}
